"""An appliance's API over a catalog of its own, and the browsers of the people who use it."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Connection, Engine, Table, create_engine, select, text

from appliance import catalog
from appliance.accounts import Bootstrap, bootstrap
from appliance.accounts.roles import Role
from appliance.api import build_api
from appliance.catalog import SnapshotKeeper, writing
from appliance.catalog.model import membership, metadata, organization, user_account
from appliance.config import Config

PASSWORD = "correct horse battery"


def quickly_hashed(password: str) -> str:
    """A hash says by itself how much work it takes: the least there is, since tests sign in all the time."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(password)


HASHED = quickly_hashed(PASSWORD)


@dataclass
class Browser:
    """Keeps cookies, and brings the CSRF token along as our pages do."""

    client: TestClient
    token: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        headers = {"x-csrftoken": self.token, **self.headers, **more.pop("headers", {})}
        if body is not None:
            more["json"] = body
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path: str, **more: Any) -> Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> Response:
        return self.ask("POST", path, body or {}, **more)

    def patch(self, path: str, body: Any) -> Response:
        return self.ask("PATCH", path, body)

    def delete(self, path: str) -> Response:
        return self.ask("DELETE", path)

    def sign_in(self, email: str, password: str = PASSWORD) -> Response:
        return self.keep(self.post("/api/login/", {"email": email, "password": password}))

    def keep(self, answer: Response) -> Response:
        """Remembers the token of an answer that signed in."""
        if answer.status_code in (200, 201):
            self.token = answer.json()["csrf_token"]
        return answer

    @property
    def is_signed_in(self) -> bool:
        return self.get("/api/session/").json()["is_signed_in"]

    def me(self) -> dict[str, Any]:
        answer = self.get("/api/users/@me/")
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Desk:
    config: Config
    engine: Engine
    first: Bootstrap
    keeper: SnapshotKeeper
    workers: dict[Config, FastAPI] = field(default_factory=dict)

    def browser(self, address: str = "127.0.0.1", **changed: Any) -> Browser:
        """Somebody's, who comes from `address`; other settings make another worker of the same appliance."""
        config = replace(self.config, **changed)
        if config not in self.workers:
            self.workers[config] = build_api(config, self.engine, self.keeper, lambda: True)
        scheme = "https" if config.public_url.startswith("https") else "http"
        host = config.public_url.partition("://")[2] or "127.0.0.1:8000"
        return Browser(
            TestClient(self.workers[config], base_url=f"{scheme}://{host}", client=(address, 50_000))
        )

    def organization(self) -> UUID:
        """The first one."""
        with catalog.reading(self.engine) as connection:
            query = select(organization.c.id).order_by(organization.c.created_at).limit(1)
            return connection.execute(query).scalar_one()

    def user(self, email: str, role: Role | None = Role.MEMBER, organization_id: UUID | None = None) -> int:
        """Somebody with a password and a role."""
        with writing(self.engine) as connection:
            values = {"uuid": uuid4(), "email": email, "password_hash": HASHED, "created_at": 1}
            user_id: int = connection.execute(
                user_account.insert().values(values).returning(user_account.c.id)
            ).scalar_one()
            if role is not None:
                connection.execute(
                    membership.insert().values(
                        organization_id=organization_id or self.organization(),
                        user_id=user_id,
                        role=role.text,
                        created_at=2,
                    )
                )
        return user_id

    def signed_in(self, email: str, role: Role | None = Role.MEMBER, **more: Any) -> Browser:
        self.user(email, role, **more)
        browser = self.browser()
        answer = browser.sign_in(email)
        assert answer.status_code == 200, answer.text
        return browser

    def owner(self) -> Browser:
        """The first user, signed in."""
        browser = self.browser()
        assert self.first.password is not None
        answer = browser.sign_in(self.first.email, self.first.password)
        assert answer.status_code == 200, answer.text
        return browser


class Premises:
    """What all tests share: a catalog, and the applications over it, which take longer to build than most tests.

    `cleared` puts back the rows and the secrets of `bootstrap`, so that each test finds what the first one found.
    """

    def __init__(self, data_dir: Path, catalog_url: str = "") -> None:
        self._config = Config(data_dir=data_dir, catalog_url=catalog_url)
        self._engine = catalog.connect(self._config)
        self._first = bootstrap(self._engine, self._config)
        self._keeper = SnapshotKeeper.of(self._engine, self._config)
        self._workers: dict[Config, FastAPI] = {}
        assert self._first.password is not None
        with writing(self._engine) as connection:
            quick = user_account.update().values(password_hash=quickly_hashed(self._first.password))
            connection.execute(quick)
            self._rows = {table: _rows_of(connection, table) for table in metadata.sorted_tables}
        self._secrets = data_dir.with_name("secrets")
        shutil.copytree(data_dir / "secrets", self._secrets)

    @contextmanager
    def cleared(self) -> Iterator[Desk]:
        with writing(self._engine) as connection:
            is_sqlite = connection.dialect.name == "sqlite"
            # Some tables point at each other.
            connection.execute(
                text(
                    "PRAGMA defer_foreign_keys = ON"
                    if is_sqlite
                    else "SET LOCAL session_replication_role = replica"
                )
            )
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            for table, rows in self._rows.items():
                if rows:
                    connection.execute(table.insert(), rows)
        shutil.copytree(self._secrets, self._config.data_dir / "secrets", dirs_exist_ok=True)
        # The counter of changes went back too.
        self._keeper.reachable = False
        assert self._keeper.refresh()
        # A provider of sign-ins is remembered by its worker, so each test has its own.
        workers = {config: one for config, one in self._workers.items() if not config.oidc_issuer}
        self._workers = workers
        yield Desk(self._config, self._engine, self._first, self._keeper, workers)

    def close(self) -> None:
        self._engine.dispose()


def _rows_of(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


@pytest.fixture(scope="session")
def premises_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    with closing(Premises(tmp_path_factory.mktemp("premises") / "data")) as found:
        yield found


@pytest.fixture(scope="session")
def premises_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Iterator[Premises]:
    name = f"premises_{uuid4().hex}"
    url = postgresql.replace("postgresql://", "postgresql+psycopg://") + "/postgres"
    maintenance = create_engine(url, isolation_level="AUTOCOMMIT")
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    maintenance.dispose()
    data_dir = tmp_path_factory.mktemp("premises") / "data"
    with closing(Premises(data_dir, f"{postgresql}/{name}")) as found:
        yield found


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    """After `bootstrap`, on both databases."""
    premises: Premises = request.getfixturevalue(f"premises_{request.param}")
    with premises.cleared() as found:
        yield found
