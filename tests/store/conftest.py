"""A real embedded store in a process of its own: chDB lives once per process."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import clickhouse_connect
import pytest

from appliance.store import ClickHouseStore, connect, migrate

ROOT = Path(__file__).parents[2]
TOKEN, READER_TOKEN = "writer's secret", "reader's secret"


def shredded() -> tuple[tuple[str, str, str], ...]:
    """The list as Rust has it, read from its source: these tests need no native build."""
    text = (ROOT / "native/columns/src/shredded.rs").read_text()
    rows = re.findall(r'^\s+"([^"]+)" "([^"]+)" (Few|Many),$', text, re.MULTILINE)
    assert rows
    return tuple((name, column, storage.lower()) for name, column, storage in rows)


@dataclass
class Running:
    process: subprocess.Popen
    url: str
    directory: Path

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def store(self, user: str = "hoglet", **more) -> ClickHouseStore:
        token = READER_TOKEN if user == "hoglet_reader" else TOKEN
        return connect(self.url, user=user, password=token, **more)

    def client(self, user: str = "hoglet", **more):
        token = READER_TOKEN if user == "hoglet_reader" else TOKEN
        return clickhouse_connect.get_client(
            host="127.0.0.1", port=self.port, username=user, password=token, **more
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(30)


def launch(directory: Path, *limits: str) -> Running:
    command = [sys.executable, "-m", "appliance.store.embedded", "--directory", str(directory)]
    command += ["--token", TOKEN, "--reader-token", READER_TOKEN]
    for limit in limits:
        command += ["--limit", limit]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT / "python")
    line = process.stdout.readline()
    assert line.startswith("ready "), process.wait(10)
    return Running(process, line.split()[1], directory)


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[..., Running]]:
    """Starts stores of the test's own and ends those it leaves."""
    started: list[Running] = []

    def one(*limits: str, directory: Path | None = None) -> Running:
        started.append(launch(directory or tmp_path / "store", *limits))
        return started[-1]

    yield one
    for each in started:
        each.kill()


@pytest.fixture(scope="session")
def running(tmp_path_factory) -> Iterator[Running]:
    """One migrated store for every test that only adds to it."""
    running = launch(tmp_path_factory.mktemp("store") / "data", "query_time_s=2", "result_rows=1000000")
    migrate(running.store(), shredded())
    yield running
    assert running.stop() == 0


@pytest.fixture
def store(running) -> Iterator[ClickHouseStore]:
    store = running.store()
    yield store
    store.close()


@pytest.fixture
def reader(running) -> Iterator[ClickHouseStore]:
    reader = running.store("hoglet_reader")
    yield reader
    reader.close()
