"""How many events a second does capture take over HTTP, made durable, beside a bare Granian 200?"""

from __future__ import annotations

import os
import tempfile
from statistics import median

from bench import http_load
from bench.events import body
from bench.figure import Figure
from bench.serving import Appliance, appliance, bare_granian

TURNS = 7
WORKERS = min(2, os.cpu_count() or 1)


def measure() -> list[Figure]:
    figures = []
    with (
        tempfile.TemporaryDirectory() as folder,
        appliance(folder, WORKERS) as ours,
        bare_granian(WORKERS) as bare,
    ):
        with ours.engine_paused():
            for events in (1, 10, 100, 1000):
                figures += _beside_bare(ours, bare, events, "capture alone")
        figures += _beside_bare(ours, bare, 1, "with ingest beside it")
        figures += _beside_bare(ours, bare, 100, "with ingest beside it")
    return figures


def _beside_bare(ours: Appliance, bare: int, events: int, how: str) -> list[Figure]:
    request, path = body(ours.token, events), "/i/v0/e/" if events == 1 else "/batch/"
    connections = 128 if events <= 10 else 32
    rates: list[float] = []
    floors: list[float] = []
    for _ in range(TURNS):
        floors.append(http_load.saturate(bare, path, request, connections=connections))
        rates.append(http_load.saturate(ours.port, path, request, connections=connections))
    rate, floor = median(rates), median(floors)
    name = f"{events} a request, {how} ({WORKERS} workers, {http_load.generator()})"
    goals = {1: "≥ 0.7 of bare", 100: "≥ 300,000 events/s"}
    beside = f"bare Granian, {WORKERS} processes, same body"
    figures = [Figure(name, rate, "requests/s", beside, floor, goals.get(events, "") if events == 1 else "")]
    if events > 1:
        figures.append(Figure(name, rate * events, "events/s", goal=goals.get(events, "")))
    return figures
