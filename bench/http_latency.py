"""How long does capture take to answer at 1,000 requests a second, fsync included, beside a bare Granian 200?"""

from __future__ import annotations

import os
import tempfile

from bench import http_load
from bench.events import body
from bench.figure import Figure
from bench.serving import appliance, bare_granian

A_SECOND, SECONDS, TURNS = 1000, 3.0, 4
WORKERS = min(2, os.cpu_count() or 1)


def measure() -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        appliance(folder, WORKERS) as ours,
        bare_granian(WORKERS) as bare,
    ):
        request = body(ours.token, 1)
        taken: dict[int, list[float]] = {ours.port: [], bare: []}
        for _ in range(TURNS):
            for port in taken:
                taken[port] += http_load.pace(port, "/i/v0/e/", request, a_second=A_SECOND, seconds=SECONDS)
    figures = []
    for name, share, goal in (("p50", 0.5, "< 1 ms added"), ("p99", 0.99, "< 5 ms added")):
        answer, floor = (_share(taken[port], share) for port in (ours.port, bare))
        figures += [
            Figure(f"{name} at {A_SECOND:,} requests/s", answer, "ms", "bare Granian", floor),
            Figure(f"{name} added by capture and fsync", answer - floor, "ms", goal=goal),
        ]
    return figures


def _share(latencies: list[float], share: float) -> float:
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
