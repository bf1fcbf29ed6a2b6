"""How fast are insights over ten million events, beside the same questions on a table in PostHog's layout?

`HOGLET_BENCH_EVENTS` asks about fewer. `HOGLET_BENCH_STORE` names a folder in which the generated store stays for the
next run; else it goes with the question.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from appliance.promotion.columns import column_of
from appliance.query.asked import Asked
from appliance.query.hogql.context import Context
from appliance.query.kinds import KINDS
from appliance.query.project import GivenDefinitions, ProjectFacts
from appliance.store import READER, WRITER, ClickHouseStore, connect, migrate
from appliance.store.schema import shredded_columns
from bench import query_data
from bench.figure import Figure
from bench.query_rivals import ASKINGS, Asking, dashboard

EVENTS = 10_000_000
TURNS, TURNS_S, DASHBOARD_TURNS = 5, 25, 5
_TOKENS = {WRITER: "bench writer", READER: "bench reader"}
_TICKS_S = os.sysconf("SC_CLK_TCK")
_STOP_S = 60


@dataclass
class Running:
    process: subprocess.Popen[str]
    writer: ClickHouseStore
    reader: ClickHouseStore

    def asked(self) -> Asked:
        facts = ProjectFacts(query_data.PROJECT, definitions=GivenDefinitions())
        promoted = {query_data.PROMOTED: column_of(query_data.PROMOTED)}
        shredded = {name: column for name, column, _ in shredded_columns()}
        context = Context(
            project=facts,
            now=query_data.NOW,
            shredded={**shredded, **promoted},
            promoted=frozenset(promoted),
        )
        return Asked(context, self.reader, str(uuid.uuid4()))

    def answer(self, query: Any) -> dict[str, Any]:
        return KINDS[query["kind"]].answer(query, self.asked())

    def processor_s(self) -> float:
        """What the store has taken of the processors so far, and this process, which walks the funnels."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_S + time.process_time()


def measure() -> list[Figure]:
    events = int(os.environ.get("HOGLET_BENCH_EVENTS", EVENTS))
    with _running(events) as running:
        figures = []
        for asking in ASKINGS:
            figures += _compared(running, asking)
        return [*figures, *_dashboard(running)]


def _compared(running: Running, asking: Asking) -> list[Figure]:
    """By the clock, and by the processors' time, which other work on the machine hardly touches."""

    def ours() -> Any:
        return asking.ours(running.answer(asking.query))

    def theirs() -> Any:
        return asking.theirs(running.reader.query(asking.sql).rows)

    if (found := ours()) != (expected := theirs()):
        raise RuntimeError(f"{asking.name}: {found} and {expected} are not the same")
    (our_s, our_cpu_s), (their_s, their_cpu_s) = _turns(running, [ours, theirs], TURNS)
    beside = "PostHog's layout (ms)"
    return [
        Figure(asking.name, our_s * 1e3, "ms", beside, their_s * 1e3, _goal(asking)),
        Figure(f"{asking.name}, processor time", our_cpu_s * 1e3, "ms", beside, their_cpu_s * 1e3),
    ]


def _goal(asking: Asking) -> str:
    least = float(asking.goal.removeprefix("≥ "))
    return f"≤ {1 / least:.1f}"


def _turns(running: Running, contenders: list[Callable[[], Any]], turns: int) -> list[tuple[float, float]]:
    """For each, the medians of seconds and of the processors' seconds; fewer turns where one takes long."""
    measured: list[list[tuple[float, float]]] = [[] for _ in contenders]
    began = time.perf_counter()
    for turn in range(turns):
        if turn and time.perf_counter() - began > TURNS_S:
            break
        for contender, results in zip(contenders, measured, strict=True):
            gc.collect()
            started, used = time.perf_counter(), running.processor_s()
            contender()
            results.append((time.perf_counter() - started, running.processor_s() - used))
    return [(median(one[0] for one in each), median(one[1] for one in each)) for each in measured]


def _dashboard(running: Running) -> list[Figure]:
    """Tile after tile; a browser asks for several at once, which on two cores takes no longer."""
    tiles = dashboard()
    [(took_s, cpu_s)] = _turns(running, [lambda: [running.answer(tile) for tile in tiles]], DASHBOARD_TURNS)
    return [
        Figure("dashboard of 10 insights over 30 days", took_s, "s", goal="< 2 s"),
        Figure("dashboard of 10 insights over 30 days, processor time", cpu_s, "s", goal="< 4 s (2 cores)"),
    ]


@contextmanager
def _running(events: int) -> Iterator[Running]:
    """A store under its usual limits, that was filled under wider ones."""
    kept = os.environ.get("HOGLET_BENCH_STORE")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(kept or temporary) / f"events-{events}"
        if not (folder / "filled").exists():
            with _store(folder, "memory_bytes=6000000000", "query_memory_bytes=4000000000") as filling:
                migrate(filling.writer)
                query_data.fill(filling.writer, events)
            (folder / "filled").touch()
        with _store(folder) as running:
            yield running


@contextmanager
def _store(folder: Path, *limits: str) -> Iterator[Running]:
    command = [sys.executable, "-m", "appliance.store.embedded", "--directory", str(folder)]
    command += ["--token", _TOKENS[WRITER], "--reader-token", _TOKENS[READER]]
    for limit in limits:
        command += ["--limit", limit]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        url = f"{process.stdout.readline().split()[1]}/hoglet"
        writer, reader = (connect(url, user=user, password=token) for user, token in _TOKENS.items())
        yield Running(process, writer, reader)
    finally:
        process.terminate()
        process.wait(_STOP_S)
