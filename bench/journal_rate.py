"""How many appends a second does the journal make durable, beside a raw write and fsync of the same bytes?"""

from __future__ import annotations

import os
import select
import struct
import tempfile
import time
from pathlib import Path
from statistics import median

from appliance._native import journal
from bench.figure import Figure

RECORD_BYTES = 400
RECORD = struct.pack("<I", RECORD_BYTES) + b"x" * RECORD_BYTES
TURNS, TURN_S = 7, 0.3


def measure() -> list[Figure]:
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        slot = journal.claim_slot(folder)
        limits = {"segment_bytes_max": 64 << 20, "budget_bytes_max": 8 << 30, "minimum_free_bytes": 1 << 28}
        writer = journal.Writer(slot, "events", **limits)
        raw = Path(folder, "raw").open("wb", buffering=0)  # noqa: SIM115 - closed below, with the writer
        for waiting in (1, 16, 128, 1024):
            ours, theirs = [], []
            for _ in range(TURNS):
                ours.append(_appends(writer, waiting))
                theirs.append(_writes(raw.fileno(), waiting))
            figures.append(
                Figure(
                    f"durable appends, {waiting} waiting at a time",
                    median(ours),
                    "appends/s",
                    "write + fdatasync of as many",
                    median(theirs),
                )
            )
        writer.close()
        raw.close()
    return figures


def _appends(writer: journal.Writer, waiting: int) -> float:
    """``waiting`` appends are under way at any time, as from so many clients."""
    done, under_way, through = 0, 0, 0
    positions: list[int] = []
    started = time.perf_counter()
    while time.perf_counter() - started < TURN_S:
        positions.extend(writer.append(RECORD) for _ in range(waiting - under_way))
        select.select([writer.event_fd], [], [], 5)
        through, failures = writer.progress()
        if failures:
            raise RuntimeError(f"the disk refused: {failures[0][2]}")
        before = len(positions)
        positions = [position for position in positions if position > through]
        done += before - len(positions)
        under_way = len(positions)
    rate = done / (time.perf_counter() - started)
    while positions and positions[-1] > through:
        select.select([writer.event_fd], [], [], 5)
        through, _ = writer.progress()
    return rate


def _writes(descriptor: int, waiting: int) -> float:
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < TURN_S:
        os.write(descriptor, RECORD * waiting)
        os.fdatasync(descriptor)
        done += waiting
    return done / (time.perf_counter() - started)
