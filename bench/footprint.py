"""How much memory do all processes take, idle and under a million events, and how long does a start take?"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path

from bench import http_load
from bench.events import body
from bench.figure import Figure
from bench.serving import Appliance, appliance

WORKERS = min(2, os.cpu_count() or 1)
EVENTS = 1_000_000
BATCH = 500
MIB = 1 << 20
IDLE_AFTER_S = 5.0
INGEST_S_MAX = 120.0


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        with appliance(folder, WORKERS) as first:
            fresh_s = first.ready_after_s
        with appliance(folder, WORKERS) as ours:
            time.sleep(IDLE_AFTER_S)
            idle = memory(ours)
            figures = [
                Figure("start to ready, fresh folder", fresh_s, "s", goal="< 5 s"),
                Figure("start to ready, second start", ours.ready_after_s, "s", goal="< 5 s"),
                Figure(
                    f"idle memory, all processes, {WORKERS} workers",
                    sum(idle.values()) / MIB,
                    "MiB",
                    goal="< 1 GB",
                ),
            ]
            figures += [Figure(f"idle memory, {kind}", taken / MIB, "MiB") for kind, taken in idle.items()]
            figures += _under_load(ours)
    return figures


def memory(ours: Appliance) -> dict[str, int]:
    """Proportional set size by kind of process: shared pages count once over all that share them."""
    return {kind: sum(map(_proportional_bytes, ids)) for kind, ids in ours.processes().items()}


def _proportional_bytes(process: int) -> int:
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("the kernel tells no proportional set size")


def _under_load(ours: Appliance) -> list[Figure]:
    """A million events as fast as they are taken, until all are in the store."""
    peak: dict[str, int] = {}
    done = threading.Event()

    def sample() -> None:
        while not done.wait(0.1):
            now = memory(ours)
            now["all processes"] = sum(now.values())
            for kind, taken in now.items():
                peak[kind] = max(peak.get(kind, 0), taken)

    sampler = threading.Thread(target=sample)
    sampler.start()
    started = time.perf_counter()
    try:
        http_load.send(ours.port, "/batch/", body(ours.token, BATCH), requests=EVENTS // BATCH)
        accepted_s = time.perf_counter() - started
        _wait_until_ingested(ours.port)
        stored_s = time.perf_counter() - started
    finally:
        done.set()
        sampler.join()
    figures = [
        Figure(
            f"most memory while {EVENTS:,} events arrive and are stored, {kind}",
            taken / MIB,
            "MiB",
            goal=goal,
        )
        for kind, taken in peak.items()
        for goal in ("< 2 GB" if kind == "all processes" else "",)
    ]
    figures.append(Figure("events taken, one client, batches of 500", EVENTS / accepted_s, "events/s"))
    figures.append(Figure("events from first request to the store", EVENTS / stored_s, "events/s"))
    return figures


def _wait_until_ingested(port: int) -> None:
    deadline, at_rest = time.monotonic() + INGEST_S_MAX, 0
    while time.monotonic() < deadline:
        # Gauges are published twice a second, so one look at zero says little.
        at_rest = at_rest + 1 if http_load.health(port)["journal"]["events"]["backlog_events"] == 0 else 0
        if at_rest == 4:
            return
        time.sleep(0.4)
    raise RuntimeError("ingest did not catch up")
