"""An appliance's API over a catalog of its own, and the browsers of the people who use it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, create_engine, select, text

from appliance import catalog
from appliance.accounts import Bootstrap, bootstrap
from appliance.accounts.passwords import hash_password
from appliance.accounts.roles import Role
from appliance.api import build_api
from appliance.catalog import SnapshotKeeper, writing
from appliance.catalog.model import membership, organization, user_account
from appliance.config import Config

PASSWORD = "correct horse battery"
HASHED = hash_password(PASSWORD)


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


@dataclass(frozen=True)
class Template:
    """A catalog after `bootstrap`, to be copied: making one takes longer than most tests."""

    data_dir: Path
    first: Bootstrap
    catalog_url: str = ""

    @classmethod
    def make(cls, data_dir: Path, catalog_url: str = "") -> Self:
        config = Config(data_dir=data_dir, catalog_url=catalog_url)
        engine = catalog.connect(config)
        first = bootstrap(engine, config)
        engine.dispose()
        return cls(data_dir, first, catalog_url)


@pytest.fixture(scope="session")
def template_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template.make(tmp_path_factory.mktemp("template") / "data")


@pytest.fixture(scope="session")
def template_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Template:
    name = f"template_{uuid4().hex}"
    _maintain(postgresql, f"CREATE DATABASE {name}")
    return Template.make(tmp_path_factory.mktemp("template") / "data", f"{postgresql}/{name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """After `bootstrap`, on both databases."""
    template: Template = request.getfixturevalue(f"template_{request.param}")
    data_dir, url = tmp_path / "data", ""
    shutil.copytree(template.data_dir, data_dir)
    server, _, original = template.catalog_url.rpartition("/")
    if template.catalog_url:
        name = f"desk_{uuid4().hex}"
        _maintain(server, f"CREATE DATABASE {name} TEMPLATE {original}")
        url = f"{server}/{name}"
    config = Config(data_dir=data_dir, catalog_url=url)
    engine = catalog.connect(config)
    keeper = SnapshotKeeper.of(engine, config)
    keeper.open()
    yield Desk(config, engine, template.first, keeper)
    engine.dispose()
    if url:
        _maintain(server, f"DROP DATABASE {name} WITH (FORCE)")


def _maintain(server: str, statement: str) -> None:
    url = server.replace("postgresql://", "postgresql+psycopg://") + "/postgres"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
