"""What tests share.

- `database_url`: the two databases a catalog may live in; a test that takes it runs on SQLite and on PostgreSQL.
- `rest`: the REST resources of a project of its own, over both kinds of catalog; see `rest.py`.
- `appliance`: a whole running appliance on a free port, one for the test session. Tests share its project, so
  they keep apart by their distinct ids; what uses a project up takes one of its own, `with_project`.
- `demo`: the project that `hoglet demo` fills there, once for the session; see `demo_project.py`.
"""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from appliance import config
from appliance.accounts import create_project, generate_project_token, set_quota
from appliance.catalog import connect, writing
from appliance.store.address import reader
from tests.demo_project import demo
from tests.rest import rest, rest_server

__all__ = ["demo", "rest", "rest_server"]

_READY_S = 180
_STOPPED_S = 60
_VISIBLE_S = 20
_POLL_S = 0.1
_ASKED_TIMES = 30


def _binaries() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root: as root, drop to its own user or the least one."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["runuser", "-u", "postgres" if "postgres" in names else "nobody", "--"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a server that lives as long as the test session, without a database name."""
    binaries = _binaries()
    if binaries is None:
        assert not os.environ.get("CI"), "PostgreSQL must be installed where CI runs"
        pytest.skip("PostgreSQL is not installed")
    with tempfile.TemporaryDirectory(prefix="hoglet-pg-") as name:
        folder, who, port = Path(name), _as_postgres(), _free_port()
        data, log = folder / "data", folder / "log"
        if who:
            shutil.chown(folder, who[2])
        _run([*who, binaries / "initdb", "-D", data, "-U", "hoglet", "-A", "trust", "-E", "UTF8", "-N"])
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        control = [*who, binaries / "pg_ctl", "-D", data, "-w"]
        _run([*control, "-l", log, "-o", options, "start"])
        try:
            yield f"postgresql://hoglet@127.0.0.1:{port}"
        finally:
            _run([*control, "-m", "immediate", "stop"])


def _run(command: list[str | Path]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A catalog URL of a database nobody else uses; empty for SQLite in the data folder."""
    if request.param == "sqlite":
        yield ""
        return
    server: str = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    maintenance = create_engine(
        server.replace("postgresql://", "postgresql+psycopg://") + "/postgres", isolation_level="AUTOCOMMIT"
    )
    with maintenance.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield f"{server}/{name}"
    with maintenance.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    maintenance.dispose()


@dataclass(frozen=True, slots=True)
class Appliance:
    """A running appliance and the keys of its first project."""

    url: str
    port: int
    token: str
    key: str
    project_id: int
    data_dir: Path
    email: str = ""
    password: str = ""

    def events(self, **where: str) -> list[dict[str, Any]]:
        """Events as the API shows them, newest first: `distinct_id=…`, `event=…`, `limit=…`."""
        # An event shortly ahead of our clock is still an event.
        where.setdefault("before", "2100-01-01T00:00:00Z")
        where.setdefault("after", "1971-01-01T00:00:00Z")
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=_VISIBLE_S)) as connection:
            path = f"/api/projects/{self.project_id}/events/?{urlencode(where)}"
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.key}"})
            answer = connection.getresponse()
            body = answer.read()
        assert answer.status == 200, body
        results: list[dict[str, Any]] = json.loads(body)["results"]
        return results

    def wait_for_event(self, distinct_id: str, count: int = 1, **where: str) -> list[dict[str, Any]]:
        """The events of this id once there are at least `count`; fails if that takes too long."""
        deadline = time.monotonic() + _VISIBLE_S
        while True:
            found = self.events(distinct_id=distinct_id, **where)
            if len(found) >= count:
                return found
            assert time.monotonic() < deadline, (
                f"{len(found)} of {count} events of {distinct_id!r} are visible"
            )
            time.sleep(_POLL_S)

    def with_project(self, name: str, **limits_per_month: int) -> "Appliance":
        """The same appliance seen through a new project, once every worker knows it."""
        settings = config.load({"HOGLET_DATA_DIR": str(self.data_dir)})
        catalog, token = connect(settings), generate_project_token()
        with writing(catalog) as connection:
            project_id = create_project(connection, name, token)
            for scope, limit in limits_per_month.items():
                set_quota(connection, project_id, scope, limit)
        catalog.dispose()
        found = replace(self, token=token, project_id=project_id)
        deadline, known = time.monotonic() + _VISIBLE_S, 0
        # Each connection meets any one of the workers, and each of those looks for new projects by itself.
        while known < _ASKED_TIMES:
            known = known + 1 if found.is_known() else 0
            assert time.monotonic() < deadline, f"the project {name!r} is not known everywhere"
        return found

    def is_known(self) -> bool:
        """Whether the worker that answers knows this project."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=_VISIBLE_S)) as connection:
            body = json.dumps({"resourceLogs": []})
            connection.request("POST", f"/i/v1/logs?token={self.token}", body)
            answer = connection.getresponse()
            answer.read()
        return answer.status != HTTPStatus.UNAUTHORIZED

    def sql(self, query: str, parameters: dict[str, Any] | None = None) -> list[Any]:
        """Rows of the running store."""
        with closing(reader(config.load({"HOGLET_DATA_DIR": str(self.data_dir)}))) as store:
            return list(store.query(query, parameters).rows)


@contextmanager
def running(data_dir: Path, **settings: str) -> Iterator[Appliance]:
    """`hoglet serve` as an operator starts it, until the end of the block; it must stop cleanly when asked."""
    port = _free_port()
    hoglet = Path(sys.executable).with_name("hoglet")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOGLET_")} | {
        "HOGLET_DATA_DIR": str(data_dir),
        "HOGLET_PORT": str(port),
        "HOGLET_WORKERS": "2",
        "HOGLET_JOURNAL_MINIMUM_FREE_BYTES": "0",
        # Somebody may be building the web application while these tests run.
        "HOGLET_UI_DIR": os.environ.get("HOGLET_UI_DIR", ""),
        **{f"HOGLET_{name.upper()}": value for name, value in settings.items()},
    }
    output, log = data_dir.with_suffix(".out"), data_dir.with_suffix(".log")
    with output.open("wb") as stdout, log.open("wb") as stderr:
        process = subprocess.Popen([hoglet, "serve"], env=environment, stdout=stdout, stderr=stderr)
    try:
        deadline = time.monotonic() + _READY_S
        while "ready http://" not in output.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, f"not ready after {_READY_S} s:\n{log.read_text()}"
            time.sleep(_POLL_S)
        told = subprocess.run(
            [hoglet, "bootstrap", "--json"],
            env=environment,
            capture_output=True,
            timeout=_READY_S,
            check=True,
        )
        first = json.loads(told.stdout)
        yield Appliance(
            url=f"http://127.0.0.1:{port}",
            port=port,
            token=first["project_token"],
            key=first["personal_api_key"],
            project_id=first["project_id"],
            data_dir=data_dir,
            email=first["email"],
            password=first["password"],
        )
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(_STOPPED_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
    assert code == 0, log.read_text()


@pytest.fixture(scope="session")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("appliance")) as found:
        yield found
