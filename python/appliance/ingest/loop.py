"""The loop from the journal to the store.

Promises:
- Each record of the lane reaches the store exactly once: the plan is saved, the rows are inserted under the plan's
  token, then one catalog transaction saves the changes and moves the checkpoint.
- The store or the catalog being away stops the loop, not the appliance: it tries again until they answer.
- A record that cannot be ingested is set aside and the rest of its block goes on.
"""

from __future__ import annotations

import logging
import threading
import time

from sqlalchemy import Engine

from appliance._native import ingest, journal
from appliance.catalog import Snapshot, reading, writing
from appliance.catalog.model import CookielessMode
from appliance.config import Config
from appliance.failures import CatalogUnavailable, StoreRefused, StoreUnavailable
from appliance.ingest.commit import reject, save_block, save_checkpoints
from appliance.ingest.load import forget_salts, load_needs
from appliance.ingest.plan import Plan, forget_plan, load_checkpoints, load_plan, save_plan
from appliance.ingest.requests import Requests
from appliance.operations.counters import Counters, Reasons
from appliance.operations.metrics import (
    ENGINE_SEEN,
    STORE_UP,
    STORED_SEQUENCE,
    WAITING_SINCE,
    lane_metric,
    slot_metric,
)
from appliance.store import ClickHouseStore

log = logging.getLogger(__name__)

LANE = "events"
_IDLE_S = 0.05
_RETRY_S_FIRST = 0.2
_RETRY_S_MAX = 10.0
# A block that the store refuses (not: that it cannot be reached) this often is set aside.
_REFUSALS_MAX = 5
_SALTS_EVERY_S = 3600


class Loop:
    """Moves the ``events`` lane into the store, one block at a time, in the thread that calls ``run``."""

    def __init__(self, config: Config, catalog: Engine, store: ClickHouseStore, counters: Counters) -> None:
        self._config = config
        self._catalog = catalog
        self._store = store
        self._counters = counters
        self._reasons = Reasons(counters, [])
        self._requests = Requests(catalog, store)
        self._stopping = threading.Event()
        self._snapshot: Snapshot | None = None
        self._state: ingest.Ingest | None = None
        self._reader: journal.Reader | None = None
        self._last: Snapshot | None = None
        self._applied: ingest.Ingest | None = None
        self._salts_forgotten_at = 0.0
        # The reader, what is taken from it and not yet stored, and since when something waits change together.
        self._position = threading.Lock()
        self._in_hand: journal.Batch | None = None
        self._waiting_since_us = _waiting_since_us(counters)

    def stop(self) -> None:
        """The block in hand is finished, then ``run`` returns."""
        self._stopping.set()

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Projects and their settings, as of now. Called from any thread; used from the next block on."""
        self._snapshot = snapshot

    def publish(self) -> None:
        """Tells how much waits and for how long. Called from any thread, also while the store is away."""
        with self._position:
            if self._reader is None:
                try:
                    with reading(self._catalog) as connection:
                        self._read_from(load_checkpoints(connection, LANE))
                except CatalogUnavailable:
                    return
            assert self._reader is not None  # noqa: S101 - just made
            records, size = self._reader.backlog()
            if self._in_hand is not None:
                records, size = records + len(self._in_hand), size + self._in_hand.bytes
            if records == 0:
                self._waiting_since_us = _now_us()
            waiting_since_us = self._waiting_since_us
        lag_ms = max(0, _now_us() - waiting_since_us) // 1000 if records else 0
        self._counters.set(lane_metric("hoglet_ingest_backlog_records", LANE), records)
        self._counters.set(lane_metric("hoglet_ingest_backlog_bytes", LANE), size)
        self._counters.set("hoglet_ingest_lag_milliseconds", lag_ms)
        self._counters.set(WAITING_SINCE, waiting_since_us // 1_000_000 if records else 0)

    def run(self) -> None:
        """Until ``stop``. A failed block is taken again from the catalog's state, which is behind no store."""
        pause_s = _RETRY_S_FIRST
        while not self._stopping.is_set():
            try:
                self._open()
                while not self._stopping.is_set():
                    if self._requests.done():
                        self._state = self._new_state()
                    moved = self._block()
                    pause_s = _RETRY_S_FIRST
                    self._stopping.wait(self._pause_s(moved))
            except (CatalogUnavailable, StoreUnavailable) as failure:
                log.warning("ingest waits: %s", failure)
            except Exception:
                log.exception("ingest failed on a block and takes it again")
            self._state = None
            self._stopping.wait(pause_s)
            pause_s = min(pause_s * 2, _RETRY_S_MAX)

    def _new_state(self) -> ingest.Ingest:
        """Empty: it loads what it needs from the catalog."""
        return ingest.Ingest(self._config.geoip_path or None, self._config.persons_cache_max)

    def _pause_s(self, moved: int) -> float:
        """Full blocks follow each other; otherwise records gather for a while, as many parts cost the store."""
        if moved >= self._config.ingest_rows_max // 4:
            return 0.0
        return self._config.ingest_wait_ms / 1000 if moved else _IDLE_S

    def _open(self) -> None:
        """State as the catalog has it, and the block that a crash or failure left behind."""
        with reading(self._catalog) as connection:
            checkpoints = load_checkpoints(connection, LANE)
            plan = load_plan(connection, LANE)
        with self._position:
            self._read_from(checkpoints)
        self._state = self._new_state()
        self._apply_settings()
        if plan is not None:
            with self._position:
                assert self._reader is not None  # noqa: S101 - just made
                self._in_hand = batch = self._reader.read_ranges(plan.ranges)
            self._finish(batch, plan)

    def _read_from(self, checkpoints: dict[int, journal.Checkpoint]) -> None:
        """A reader at the catalog's position; nothing is in hand then."""
        self._reader, self._in_hand = None, None
        self._reader = journal.Reader(self._config.journal_dir, LANE, checkpoints)
        for slot, checkpoint in checkpoints.items():
            self._counters.set(slot_metric(STORED_SEQUENCE, LANE, slot), checkpoint[2] - 1)

    def _block(self) -> int:
        """Moves one block; the number of its records."""
        assert self._reader is not None  # noqa: S101 - _open() made it
        self._apply_settings()
        with self._position:
            batch = self._reader.read(self._config.ingest_rows_max, self._config.ingest_bytes_max)
            self._in_hand = batch
        for warning in self._reader.take_warnings():
            log.warning("journal: %s", warning)
        if batch is None:
            return 0
        plan = Plan(batch.ranges, batch.token)
        with writing(self._catalog) as connection:
            save_plan(connection, LANE, plan, _now_us())
        self._finish(batch, plan)
        return len(batch)

    def _finish(self, batch: journal.Batch, plan: Plan) -> None:
        assert self._state is not None  # noqa: S101 - _open() made it
        if len(batch) == 0:
            self._commit_empty(batch)
            return
        with writing(self._catalog) as connection:
            load_needs(connection, self._state, batch)
            if time.monotonic() - self._salts_forgotten_at > _SALTS_EVERY_S:
                forget_salts(connection, self._state)
                self._salts_forgotten_at = time.monotonic()
        now_us = _now_us()
        block = self._state.process(batch, now_us)
        try:
            for table, rows, body in block.tables():
                self._insert(table, body, f"{plan.token}:{table}")
                self._counters.add(f'hoglet_ingest_rows_total{{table="{table}"}}', rows)
        except StoreRefused as refusal:
            self._set_aside(batch, f"the store refused the block: {refusal}")
            raise
        with writing(self._catalog) as connection:
            save_block(connection, block, batch, LANE, now_us)
            forget_plan(connection, LANE)
        self._committed(batch, block.newest_received_at_us)
        for _, reason, count in block.drops():
            self._reasons.add(reason, count)
        poison = block.poison()
        self._counters.add("hoglet_ingest_rejected_total", len(poison))
        for _, reason in poison[:10]:
            log.error("a record was set aside: %s", reason)
        self._counters.add("hoglet_ingest_blocks_total")
        self._state.evict()

    def _insert(self, table: str, body: bytes, token: str) -> None:
        """Tries until the store takes it; refusals are final after a few tries."""
        pause_s, refusals = _RETRY_S_FIRST, 0
        while True:
            try:
                self._store.insert_arrow_stream(table, body, token)
            except StoreUnavailable as failure:
                self._counters.set(STORE_UP, 0)
                log.warning("the store does not take a block: %s", failure)
                if self._stopping.is_set():
                    raise
            except StoreRefused as refusal:
                refusals += 1
                log.warning("the store refused a block for %s: %s", table, refusal)
                if refusals >= _REFUSALS_MAX:
                    raise
            else:
                self._counters.set(STORE_UP, 1)
                return
            self._stopping.wait(pause_s)
            pause_s = min(pause_s * 2, _RETRY_S_MAX)

    def _set_aside(self, batch: journal.Batch, reason: str) -> None:
        """The whole block, so that the line goes on; ``hoglet rejected replay`` sends its records round again."""
        with writing(self._catalog) as connection:
            reject(connection, batch, [(index, reason) for index in range(len(batch))], LANE)
            save_checkpoints(connection, LANE, batch.checkpoints)
            forget_plan(connection, LANE)
        self._counters.add("hoglet_ingest_rejected_total", len(batch))
        self._committed(batch)

    def _commit_empty(self, batch: journal.Batch) -> None:
        """Nothing but damage: moves past it."""
        with writing(self._catalog) as connection:
            save_checkpoints(connection, LANE, batch.checkpoints)
            forget_plan(connection, LANE)
        self._committed(batch)

    def _committed(self, batch: journal.Batch, newest_received_at_us: int = 0) -> None:
        assert self._reader is not None  # noqa: S101 - _open() made it
        with self._position:
            self._in_hand = None
            # What still waits came later than what was just stored.
            self._waiting_since_us = newest_received_at_us or self._waiting_since_us
        if batch.lost_records or batch.lost_bytes:
            log.error("the disk lost %d records (%d bytes)", batch.lost_records, batch.lost_bytes)
            self._counters.add("hoglet_ingest_lost_records_total", batch.lost_records)
        for slot, checkpoint in batch.checkpoints.items():
            self._counters.set(slot_metric(STORED_SEQUENCE, LANE, slot), checkpoint[2] - 1)
            self._reader.release(slot, checkpoint)

    def _apply_settings(self) -> None:
        snapshot, self._snapshot = self._snapshot, None
        if snapshot is None and self._state is not None and self._applied is self._state:
            return
        snapshot = snapshot or self._last
        if snapshot is None or self._state is None:
            return
        self._last, self._applied = snapshot, self._state
        self._state.set_projects(
            [
                (
                    one.id,
                    one.anonymize_ips,
                    one.heatmaps_opt_in,
                    _cookieless(one.cookieless_mode),
                    one.timezone,
                    one.person_processing_opt_out,
                    one.drop_events_older_than_s,
                )
                for one in snapshot.projects
            ]
        )


def _cookieless(mode: int) -> str:
    # Stateful visitors are counted as stateless ones: one session a day, no identify.
    return "disabled" if mode == CookielessMode.DISABLED else "stateless"


def _waiting_since_us(counters: Counters) -> int:
    """What an earlier life of the engine left: since when something waited, or else when it last looked."""
    return (counters.get(WAITING_SINCE) or counters.get(ENGINE_SEEN)) * 1_000_000 or _now_us()


def _now_us() -> int:
    return time.time_ns() // 1000
