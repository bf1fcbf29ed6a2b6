"""A whole appliance for one test, in real processes, and the events it is made to hold.

The store may merge repeated rows away by itself, which would hide a row inserted twice: `turn_merges_off`, and
`count()` without FINAL tells the truth.
"""

import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from uuid import uuid4

from appliance.config import Config
from appliance.failures import HogletError
from appliance.store import WRITER, ClickHouseStore, connect
from appliance.store.address import address

EVENT = "crash"
_NAMES = f"('{EVENT}', '$exception')"
_READY_S = 90.0
_STOPPED_S = 40.0
_DRAINED_S = 40.0
_SETTLED_S = 1.0
_ANSWER_S = 10.0
_POLL_S = 0.05
_LOG_SHOWN_CHARACTERS = 8_000
# Restarts after many crashes come without the growing pause, or the appliance would mostly be pausing.
_SERVE = """
from appliance import cli, supervisor
supervisor._PAUSE_S_MAX = 0.1
raise SystemExit(cli.main(["serve"]))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(condition: Callable[[], bool], limit_s: float, what: str) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit_s} s: {what}"
        time.sleep(_POLL_S)


class Serving:
    """`hoglet serve` with these settings; may be stopped and started again."""

    def __init__(self, config: Config, log_path: Path, environment: Mapping[str, str] | None = None) -> None:
        self.config = config
        self.token = ""
        self.mixes_in_exceptions = False
        """Whether every fourth event is an exception, which goes through a lane of its own."""
        self._log_path = log_path
        self._environment = {**os.environ, **config.environment(), **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it says that it is ready."""
        told = self._log().count("ready http://")
        with self._log_path.open("ab") as log:
            self._process = process = subprocess.Popen(
                [sys.executable, "-c", _SERVE], env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )

        def is_ready() -> bool:
            assert process.poll() is None, self._log()
            return self._log().count("ready http://") > told

        wait_until(is_ready, _READY_S, "ready")
        known = subprocess.run(
            [sys.executable, "-m", "appliance.cli", "bootstrap", "--json"],
            env=self._environment, capture_output=True, check=True, timeout=_READY_S,
        )  # fmt: skip
        self.token = json.loads(known.stdout)["project_token"]

    def stop(self) -> None:
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOPPED_S)
        finally:
            self._process.kill()
            self._process = None

    def print_log(self) -> None:
        """For whoever reads why a test failed."""
        lines = [line for line in self._log().splitlines() if "supervisor: " not in line]
        print("\n".join(lines)[-_LOG_SHOWN_CHARACTERS:])

    def _log(self) -> str:
        with suppress(FileNotFoundError):
            return self._log_path.read_text()
        return ""

    def processes(self, module: str) -> list[int]:
        assert self._process is not None
        return [pid for pid in _children(self._process.pid) if module in _command(pid)]

    def engine(self) -> int:
        [engine] = self.processes("appliance.engine")
        return engine

    def post(self, uuids: Sequence[str], **more: Any) -> tuple[int, Mapping[str, str]]:
        """One batch; the status and headers of its answer."""
        batch = [
            {"uuid": uuid, "distinct_id": f"person {int(uuid[:2], 16)}", **more, **self._kind(uuid, more)}
            for uuid in uuids
        ]
        body = json.dumps({"api_key": self.token, "batch": batch})
        with closing(HTTPConnection("127.0.0.1", self.config.port, timeout=_ANSWER_S)) as connection:
            connection.request("POST", "/batch/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            answer.read()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}

    def _kind(self, uuid: str, more: Mapping[str, Any]) -> dict[str, Any]:
        number = int(uuid[2:4], 16)
        if not self.mixes_in_exceptions or number % 4:
            return {"event": more.get("event", EVENT)}
        exception = {"type": f"Error{number}", "value": "of a test"}
        return {"event": "$exception", "properties": {"$exception_list": [exception]}}

    def get(self, path: str) -> str:
        with closing(HTTPConnection("127.0.0.1", self.config.port, timeout=_ANSWER_S)) as connection:
            connection.request("GET", path)
            return connection.getresponse().read().decode()

    def health(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.get("/_health"))
        return told

    def metric(self, start: str) -> int:
        """The sum of the samples whose name and labels start so, over all processes."""
        name, _, labels = start.partition("{")
        lines = [line for line in self.get("/metrics").splitlines() if line.startswith(f"{name}{{")]
        return sum(int(line.rsplit(" ", 1)[1]) for line in lines if labels in line)

    def store(self) -> ClickHouseStore:
        found = address(self.config)
        return connect(found.url, user=found.user, password=found.password)

    def turn_merges_off(self) -> None:
        found = address(self.config)
        password = found.password if self.config.store_url else self.config.secret("store_token")
        with closing(connect(found.url, user=WRITER, password=password)) as store:
            store.execute("ALTER TABLE events MODIFY SETTING max_bytes_to_merge_at_max_space_in_pool = 1")

    def ask(self, sql: str) -> Sequence[Sequence[Any]]:
        with closing(self.store()) as store:
            return store.query(sql).rows

    def catalog(self, sql: str) -> list[Sequence[Any]]:
        with closing(sqlite3.connect(f"file:{self.config.catalog_path}?mode=ro", uri=True)) as catalog:
            return catalog.execute(sql).fetchall()

    def wait_until_drained(self) -> None:
        """The engine says that the backlog is empty, no block is in hand, and that stays so for a while."""
        wait_until(self._is_drained, _DRAINED_S, "the backlog is empty")

    def _is_drained(self) -> bool:
        try:
            first = self._progress()
            time.sleep(_SETTLED_S)
            return first[1:] == (0, 0) and self._progress() == first
        except (OSError, HTTPException, HogletError, sqlite3.OperationalError):
            return False

    def _progress(self) -> tuple[int, int, int]:
        lanes = ("events", "exceptions")
        backlog = sum(self.metric(f'hoglet_ingest_backlog_records{{lane="{lane}"') for lane in lanes)
        [[pending]] = self.catalog("SELECT count(*) FROM ingest_pending")
        return self.ask("SELECT count() FROM events")[0][0], backlog, pending

    def stored(self) -> list[str]:
        return [row[0] for row in self.ask(f"SELECT toString(uuid) FROM events WHERE event IN {_NAMES}")]

    def usage(self) -> int:
        [[count]] = self.catalog(
            "SELECT coalesce(sum(count), 0) FROM usage WHERE scope IN ('events', 'exceptions')"
        )
        return int(count)


@dataclass
class Load:
    """Batches posted one after the other until `stop`, with what was sent and what was acknowledged."""

    serving: Serving
    batches_per_second: float = 60
    batch_events_max: int = 40
    event_bytes: int = 0
    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    refusals: list[Mapping[str, str]] = field(default_factory=list)
    """The headers of each 503."""
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        assert self._thread is not None
        self._stopping.set()
        self._thread.join(2 * _ANSWER_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        generator = random.Random(1)
        while not self._stopping.wait(1 / self.batches_per_second):
            uuids = [str(uuid4()) for _ in range(generator.randint(1, self.batch_events_max))]
            self.sent.update(uuids)
            # A connection that breaks leaves the batch unacknowledged: it may be there or not.
            with suppress(OSError, HTTPException):
                status, headers = self.serving.post(uuids, properties={"text": "x" * self.event_bytes})
                self.statuses[status] += 1
                if status == 200:
                    self.acknowledged.update(uuids)
                if status == 503:
                    self.refusals.append(headers)


def assert_each_once(serving: Serving, load: Load, *, others: int = 0) -> None:
    """Every acknowledged event is in the store exactly once, and none that was not sent; `others` by other names."""
    serving.wait_until_drained()
    stored = serving.stored()
    assert len(load.acknowledged - set(stored)) == 0
    assert len(set(stored) - load.sent) == 0
    assert len(stored) == len(set(stored))
    counted = serving.ask(f"SELECT count(), uniqExact(uuid) FROM events WHERE event IN {_NAMES}")[0]
    assert tuple(counted) == (len(stored), len(stored))
    # The catalog counted each event once too: the block and its changes are one.
    assert serving.usage() == len(stored) + others


def is_dead(pid: int) -> bool:
    """Whether its last thread has ended; the supervisor may not have noticed yet."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


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
