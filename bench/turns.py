"""Taking turns: what else the machine does then falls on all who are compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median


def rates(contenders: list[Callable[[], int]], *, turns: int = 5, turn_s: float = 0.1) -> list[float]:
    """For each contender, the median over its turns of what it does in a second of its own thread's processor time.

    A call returns how much it did. Processor time and not the clock, because others want the cores too.
    """
    measured: list[list[float]] = [[] for _ in contenders]
    for _ in range(turns):
        for contender, results in zip(contenders, measured, strict=True):
            done, started = 0, time.thread_time()
            while True:
                done += contender()
                took = time.thread_time() - started
                if took >= turn_s:
                    break
            results.append(done / took)
    return [median(results) for results in measured]
