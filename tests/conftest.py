"""The two databases a catalog may live in: tests that take `database_url` run on SQLite and on PostgreSQL."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text


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
