"""How far the journal was read and stored, and what still waits: what health and metrics tell of ingest."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from appliance._native import journal
from appliance.operations.counters import Counters
from appliance.operations.metrics import (
    ENGINE_SEEN,
    LAG,
    STORED_SEQUENCE,
    WAITING_SINCE,
    lane_metric,
    slot_metric,
)

log = logging.getLogger(__name__)

if TYPE_CHECKING:
    _Checkpoints: TypeAlias = dict[int, journal.Checkpoint]


class Progress:
    """The reader of a lane, with what is taken from it and not yet stored. Every method may be called by any thread."""

    def __init__(self, root: Path, lane: str, counters: Counters) -> None:
        self.lane = lane
        self._root = root
        self._counters = counters
        # The reader, what is in hand, and since when something waits change together.
        self._lock = threading.Lock()
        self._reader: journal.Reader | None = None
        self._in_hand: list[journal.Batch] = []
        self._waiting_since_us = _waiting_since_us(counters, lane)

    def open(self, checkpoints: _Checkpoints) -> None:
        """Goes on from the catalog's position; nothing is in hand then."""
        with self._lock:
            self._open(checkpoints)

    def _open(self, checkpoints: _Checkpoints) -> journal.Reader:
        self._reader, self._in_hand = None, []
        self._reader = reader = journal.Reader(self._root, self.lane, checkpoints)
        for slot, checkpoint in checkpoints.items():
            self._counters.set(slot_metric(STORED_SEQUENCE, self.lane, slot), checkpoint[2] - 1)
        return reader

    def read(self, records_max: int, bytes_max: int, held: tuple[int, int]) -> journal.Batch | None:
        with self._lock:
            assert self._reader is not None  # noqa: S101 - opened before it is read
            batch = self._reader.read(records_max, bytes_max, held)
            warnings = self._reader.take_warnings()
            if batch is not None:
                self._in_hand.append(batch)
        for warning in warnings:
            log.warning("journal: %s", warning)
        return batch

    def read_ranges(self, ranges: list[journal.Range]) -> journal.Batch:
        with self._lock:
            assert self._reader is not None  # noqa: S101 - opened before it is read
            batch = self._reader.read_ranges(ranges)
            self._in_hand.append(batch)
            return batch

    def stored(self, batch: journal.Batch, newest_received_at_us: int = 0) -> None:
        """The batch is in the store for good: its segments may go."""
        with self._lock:
            assert self._reader is not None  # noqa: S101 - the batch came from it
            reader = self._reader
            self._in_hand = [one for one in self._in_hand if one is not batch]
            # What still waits came later than what was just stored.
            self._waiting_since_us = newest_received_at_us or self._waiting_since_us
        if batch.lost_records or batch.lost_bytes:
            log.error("the disk lost %d records (%d bytes)", batch.lost_records, batch.lost_bytes)
            self._counters.add("hoglet_ingest_lost_records_total", batch.lost_records)
        for slot, checkpoint in batch.checkpoints.items():
            self._counters.set(slot_metric(STORED_SEQUENCE, self.lane, slot), checkpoint[2] - 1)
            reader.release(slot, checkpoint)

    def publish(self, load_checkpoints: Callable[[], _Checkpoints]) -> None:
        """Tells how much waits and for how long."""
        with self._lock:
            reader = self._reader or self._open(load_checkpoints())
            records, size = reader.backlog()
            records += sum(map(len, self._in_hand))
            size += sum(batch.bytes for batch in self._in_hand)
            if records == 0:
                self._waiting_since_us = _now_us()
            waiting_since_us = self._waiting_since_us
        lag_ms = max(0, _now_us() - waiting_since_us) // 1000 if records else 0
        self._counters.set(lane_metric("hoglet_ingest_backlog_records", self.lane), records)
        self._counters.set(lane_metric("hoglet_ingest_backlog_bytes", self.lane), size)
        self._counters.set(lane_metric(LAG, self.lane), lag_ms)
        self._counters.set(
            lane_metric(WAITING_SINCE, self.lane), waiting_since_us // 1_000_000 if records else 0
        )


def _waiting_since_us(counters: Counters, lane: str) -> int:
    """What an earlier life of the engine left: since when something waited, or else when it last looked."""
    return (
        counters.get(lane_metric(WAITING_SINCE, lane)) or counters.get(ENGINE_SEEN)
    ) * 1_000_000 or _now_us()


def _now_us() -> int:
    return time.time_ns() // 1000
