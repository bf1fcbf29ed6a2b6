"""Processes killed at any moment lose nothing that was acknowledged, and nothing reaches the store twice.

The store may merge repeated rows away by itself, which would hide a row inserted twice: merges are off here,
so `count()` without FINAL tells the truth.
"""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from appliance.config import Config
from appliance.failures import HogletError
from appliance.store import WRITER, connect
from appliance.store.address import address

ROUNDS = 50
_READY_S = 30.0
_DRAINED_S = 30.0
_ENGINE_WAIT_S = 2.5
_BATCH_EVENTS_MAX = 40
_POSTS_A_SECOND = 60
_POLL_S = 0.05
# Restarts after `ROUNDS` crashes come without the growing pause, or the appliance would mostly be pausing.
_SERVE = """
from appliance import cli, supervisor
supervisor._PAUSE_S_MAX = 0.1
raise SystemExit(cli.main(["serve"]))
"""


@dataclass(frozen=True)
class Crashing:
    """An appliance whose processes may be killed."""

    config: Config
    supervisor: int
    token: str

    def processes(self, module: str) -> list[int]:
        return [pid for pid in _children(self.supervisor) if module in _command(pid)]

    def ingesting_since_its_start(self, engine: int) -> bool:
        """The engine publishes the store's address just before it begins to ingest."""
        with suppress(OSError):
            published_ns = self.config.store_address_path.stat().st_mtime_ns
            return published_ns > Path(f"/proc/{engine}").stat().st_mtime_ns
        return False


@dataclass
class Load:
    """Batches posted one after the other until `stop`, with what was sent and what was acknowledged."""

    port: int
    token: str
    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        generator = random.Random(1)
        while not self._stopping.wait(1 / _POSTS_A_SECOND):
            uuids = [str(uuid4()) for _ in range(generator.randint(1, _BATCH_EVENTS_MAX))]
            self.sent.update(uuids)
            # A connection that breaks leaves the batch unacknowledged: it may be there or not.
            with suppress(OSError, HTTPException):
                if self._post(uuids) == 200:
                    self.acknowledged.update(uuids)

    def stop(self) -> None:
        self._stopping.set()

    def _post(self, uuids: list[str]) -> int:
        batch = [
            {"uuid": uuid, "event": "crash", "distinct_id": f"person {int(uuid[:2], 16)}"} for uuid in uuids
        ]
        body = json.dumps({"api_key": self.token, "batch": batch})
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=10)) as connection:
            connection.request("POST", "/batch/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status


@pytest.fixture
def crashing(tmp_path: Path) -> Iterator[Crashing]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = Config(
        data_dir=tmp_path / "data", port=port, workers=2, journal_minimum_free_bytes=0, ingest_wait_ms=20
    )
    environment = {**os.environ, **config.environment()}
    log_path = tmp_path / "log"
    with log_path.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until(lambda: b"ready http://" in log_path.read_bytes(), _READY_S, "ready")
        told = subprocess.run(
            [sys.executable, "-m", "appliance.cli", "bootstrap", "--json"],
            env=environment, capture_output=True, check=True, timeout=_READY_S,
        )  # fmt: skip
        yield Crashing(config, process.pid, json.loads(told.stdout)["project_token"])
    finally:
        process.terminate()
        try:
            process.wait(40)
        finally:
            process.kill()
            lines = log_path.read_text().splitlines()
            print("\n".join(line for line in lines if " supervisor: " not in line)[-8_000:])


def test_kill_9_at_any_moment_loses_nothing_and_repeats_nothing(crashing: Crashing) -> None:
    seed = int(os.environ.get("CRASH_SEED", random.randrange(2**32)))
    print(f"CRASH_SEED={seed}")
    _turn_merges_off(crashing.config)
    load = Load(crashing.config.port, crashing.token)
    posting = threading.Thread(target=load.run, daemon=True)
    posting.start()
    killed = _kill_at_random(crashing, random.Random(seed))
    load.stop()
    posting.join(20)
    assert not posting.is_alive()
    print(f"killed {killed}; {len(load.acknowledged)} of {len(load.sent)} events acknowledged")
    assert min(killed.values()) >= 10
    assert len(load.acknowledged) > 1_000
    _wait_until(lambda: _drained(crashing.config), _DRAINED_S, "the backlog is empty")
    stored = _stored(crashing.config)
    assert len(load.acknowledged - set(stored)) == 0
    assert len(set(stored) - load.sent) == 0
    assert len(stored) == len(set(stored))
    counted = _ask(crashing.config, "SELECT count(), uniqExact(uuid) FROM events WHERE event = 'crash'")[0]
    assert tuple(counted) == (len(stored), len(stored))
    # The catalog counted each event once too: the block and its changes are one.
    assert _usage(crashing.config) == len(stored)


def _kill_at_random(crashing: Crashing, generator: random.Random) -> dict[str, int]:
    killed = {"worker": 0, "engine": 0}
    for _ in range(ROUNDS):
        time.sleep(generator.uniform(0.3, 0.6))
        victims = generator.choice([["worker"], ["worker"], ["engine"], ["worker", "engine"]])
        if "engine" in victims:
            _wait_for_ingest(crashing)
            time.sleep(generator.uniform(0, 0.5))
        for victim in victims:
            processes = crashing.processes(f"appliance.{victim}")
            if processes:
                with suppress(ProcessLookupError):
                    os.kill(generator.choice(sorted(processes)), signal.SIGKILL)
                    killed[victim] += 1
    return killed


def _wait_for_ingest(crashing: Crashing) -> None:
    """Most crashes should hit a block in hand; where the start takes too long, the start is hit."""
    deadline = time.monotonic() + _ENGINE_WAIT_S
    while time.monotonic() < deadline:
        if any(map(crashing.ingesting_since_its_start, crashing.processes("appliance.engine"))):
            return
        time.sleep(_POLL_S)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):
            found.extend(map(int, (task / "children").read_text().split()))
    return found


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def _wait_until(condition: Callable[[], bool], limit_s: float, what: str) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s} s: {what}"
        time.sleep(_POLL_S)


def _turn_merges_off(config: Config) -> None:
    with closing(connect(address(config).url, user=WRITER, password=config.secret("store_token"))) as store:
        store.execute("ALTER TABLE events MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1")


def _drained(config: Config) -> bool:
    """The engine says that the backlog is empty, no block is in hand, and the answer stays the same for a while."""
    try:
        first = _progress(config)
        time.sleep(1.5)
        return first[1:] == (0, 0) and _progress(config) == first
    except (OSError, HTTPException, HogletError):
        return False


def _progress(config: Config) -> tuple[int, int, int]:
    with closing(HTTPConnection("127.0.0.1", config.port, timeout=10)) as connection:
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
    backlog = [line for line in lines if line.startswith("hoglet_ingest_backlog_records{")]
    [events] = [line for line in backlog if 'lane="events"' in line]
    [pending] = _catalog(config, "SELECT count(*) FROM ingest_pending")
    stored = _ask(config, "SELECT count() FROM events")[0][0]
    return stored, int(float(events.rsplit(" ", 1)[1])), pending


def _stored(config: Config) -> list[str]:
    return [row[0] for row in _ask(config, "SELECT toString(uuid) FROM events WHERE event = 'crash'")]


def _ask(config: Config, sql: str) -> Sequence[Sequence[Any]]:
    found = address(config)
    with closing(connect(found.url, user=found.user, password=found.password)) as store:
        return store.query(sql).rows


def _usage(config: Config) -> int:
    [count] = _catalog(config, "SELECT coalesce(sum(count), 0) FROM usage WHERE scope = 'events'")
    return count


def _catalog(config: Config, sql: str) -> tuple[int, ...]:
    with closing(sqlite3.connect(f"file:{config.catalog_path}?mode=ro", uri=True)) as catalog:
        row: tuple[int, ...] = catalog.execute(sql).fetchone()
    return row
