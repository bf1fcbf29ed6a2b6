"""The REST resources over a real catalog, on SQLite and on PostgreSQL.

`rest` is one server for each database and test session; every test asks about a project of its own.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine, create_engine, text

from appliance import catalog
from appliance.accounts import Bootstrap, bootstrap, create_personal_api_key, create_project
from appliance.api import build_api
from appliance.catalog import SnapshotKeeper, writing
from appliance.config import Config
from appliance.persons import save


@dataclass(frozen=True, slots=True)
class Rest:
    """A project as its owner's key sees it. Paths are within the project."""

    client: TestClient
    engine: Engine
    keeper: SnapshotKeeper
    first: Bootstrap
    key: str
    project_id: int
    data_dir: Path

    def get(self, path: str, **parameters: Any) -> Response:
        return self.ask("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, **more: Any) -> Response:
        return self.ask("POST", path, json=body, **more)

    def patch(self, path: str, body: Any) -> Response:
        return self.ask("PATCH", path, json=body)

    def delete(self, path: str) -> Response:
        return self.ask("DELETE", path)

    def ask(self, method: str, path: str, **more: Any) -> Response:
        address = path if path.startswith("/api/") else f"/api/projects/{self.project_id}/{path}"
        return self.client.request(method, address, headers={"authorization": f"Bearer {self.key}"}, **more)

    def made(self, path: str, **body: Any) -> dict[str, Any]:
        """What a POST has made; fails unless it did."""
        answer = self.post(path, body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def results(self, path: str, **parameters: Any) -> list[Any]:
        answer = self.get(path, **parameters)
        assert answer.status_code == 200, answer.text
        found: list[Any] = answer.json()["results"]
        return found

    def with_key(self, *scopes: str) -> "Rest":
        with writing(self.engine) as connection:
            return replace(self, key=create_personal_api_key(connection, 1, "test", scopes))

    def other_project(self) -> "Rest":
        """Another project of the same owner."""
        with writing(self.engine) as connection:
            project_id = create_project(connection, f"project {uuid4().hex[:8]}")
        assert self.keeper.refresh()
        return replace(self, project_id=project_id)

    def person(self, *distinct_ids: str, **properties: Any) -> UUID:
        """Somebody as ingest would have written them."""
        id_ = uuid4()
        with writing(self.engine) as connection:
            save(
                connection,
                persons=[(self.project_id, id_.bytes, 0, json.dumps(properties), True, 0, False)],
                distinct_ids=[(self.project_id, name, id_.bytes, 0, False) for name in distinct_ids],
            )
        return id_


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def rest_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rest]:
    url = _database(request.getfixturevalue("postgresql")) if request.param == "postgresql" else ""
    config = Config(data_dir=_directory(tmp_path_factory), catalog_url=url, catalog_wait_s=20)
    engine = catalog.connect(config)
    first = bootstrap(engine, config)
    keeper = SnapshotKeeper.of(engine, config)
    keeper.open()
    client = TestClient(build_api(config, engine, keeper, lambda: True), raise_server_exceptions=True)
    assert first.personal_api_key is not None
    assert first.project_id is not None
    yield Rest(client, engine, keeper, first, first.personal_api_key, first.project_id, config.data_dir)
    engine.dispose()


@pytest.fixture
def rest(rest_server: Rest) -> Rest:
    return rest_server.other_project()


def _directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rest") / "data"


def _database(server: str) -> str:
    name = f"rest_{uuid4().hex}"
    maintenance = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    maintenance.dispose()
    return f"{server}/{name}"
