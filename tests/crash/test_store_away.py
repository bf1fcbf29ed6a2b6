"""While the store does not answer, capture goes on; when it is back, it gets every acknowledged event once."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.crash.serving import Load, Serving, assert_each_once, free_port, wait_until

_AWAY_S = 20
_LOADED_S = 2
_TOKEN = "the writer's"


def test_capture_goes_on_while_the_engine_hangs(serve: Callable[..., Serving]) -> None:
    serving = serve()
    serving.turn_merges_off()
    load = Load(serving, batches_per_second=20)
    load.start()
    engine = serving.engine()
    os.kill(engine, signal.SIGSTOP)
    try:
        wait_until(lambda: serving.health()["parts"]["engine"] == "down", _AWAY_S, "health tells")
        before, acknowledged = serving.health(), len(load.acknowledged)
        wait_until(lambda: len(load.acknowledged) >= acknowledged + 500, _AWAY_S, "capture goes on")
        after = serving.health()
    finally:
        os.kill(engine, signal.SIGCONT)
    load.stop()
    assert after["status"] == "degraded"
    assert after["parts"] == {
        "capture": "ok",
        "engine": "down",
        "store": "down",
        "catalog": "down",
        "ingest": "down",
    }
    _assert_the_backlog_grew(before, after, 300)
    assert set(load.statuses) == {200}
    assert_each_once(serving, load)
    assert serving.health()["status"] == "ok"


class Store:
    """A store of its own on a fixed port, which may be killed and started again."""

    def __init__(self, directory: Path) -> None:
        self.port = free_port()
        self._directory = directory
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://hoglet:{_TOKEN.replace(' ', '%20')}@127.0.0.1:{self.port}/hoglet"

    def start(self) -> None:
        command = [sys.executable, "-m", "appliance.store.embedded", "--directory", str(self._directory)]
        command += ["--token", _TOKEN, "--port", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline().startswith("ready ")

    def signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
            self._process.communicate()
            self._process = None


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "store elsewhere")
    yield store
    store.kill()


def test_a_store_by_url_may_be_away_at_the_start_die_and_hang(
    serve: Callable[..., Serving], store: Store
) -> None:
    serving = serve(store_url=store.url)
    load = Load(serving, batches_per_second=20)
    load.start()
    wait_until(lambda: len(load.acknowledged) >= 500, _AWAY_S, "capture works without a store")
    before = serving.health()
    assert (before["status"], before["parts"]["store"], before["parts"]["engine"]) == (
        "degraded",
        "down",
        "ok",
    )
    acknowledged = len(load.acknowledged)
    wait_until(lambda: len(load.acknowledged) >= acknowledged + 500, _AWAY_S, "capture goes on")
    _assert_the_backlog_grew(before, serving.health(), 300)
    store.start()
    wait_until(lambda: serving.health()["parts"]["store"] == "ok", _AWAY_S, "the store is found")
    serving.turn_merges_off()
    for _ in range(2):
        time.sleep(_LOADED_S / 2)
        store.kill()
        wait_until(lambda: serving.health()["parts"]["store"] == "down", _AWAY_S, "health tells")
        store.start()
        wait_until(lambda: serving.health()["parts"]["store"] == "ok", _AWAY_S, "the store is found again")
    store.signal(signal.SIGSTOP)
    wait_until(
        lambda: serving.health()["parts"]["store"] == "down", _AWAY_S, "health tells of a store that hangs"
    )
    store.signal(signal.SIGCONT)
    load.stop()
    assert set(load.statuses) == {200}
    assert_each_once(serving, load)
    assert serving.health()["status"] == "ok"


def _assert_the_backlog_grew(before: dict, after: dict, events: int) -> None:
    earlier, later = before["journal"]["events"], after["journal"]["events"]
    assert later["backlog_events"] >= earlier["backlog_events"] + events
    assert later["bytes"] > earlier["bytes"]
    assert after["ingest"]["lag_seconds"] > before["ingest"]["lag_seconds"]
