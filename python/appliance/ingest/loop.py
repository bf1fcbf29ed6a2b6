"""The loop from the journal to the store.

Promises:
- Each record of the lane reaches the store exactly once: the plan is saved, the rows are inserted under the plan's
  tokens, then one catalog transaction saves the changes and moves the checkpoint.
- Blocks follow on each other in the order of receipt, whichever worker took their records.
- The store or the catalog being away stops the loop, not the appliance: it tries again until they answer.
- A record that cannot be ingested, and a row that the store refuses, is set aside and the rest goes on.

Two blocks are in hand where there is much to do: while one is inserted and committed (``fill``), the next is read
and prepared here. What the first changes about persons is in the memory that the second is prepared from. If the
first fails, the second and that memory are dropped, and both are taken again from what the catalog knows.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import Engine

from appliance._native import ingest, journal
from appliance.catalog import Snapshot, changes, load_snapshot, reading, writing
from appliance.catalog.model import CookielessMode
from appliance.catalog.snapshot import month_of
from appliance.config import Config
from appliance.failures import CatalogUnavailable, StoreUnavailable
from appliance.ingest.fill import Filler, Prepared
from appliance.ingest.load import forget_salts, load_needs
from appliance.ingest.plan import Plan, load_checkpoints, load_plan, plan_of
from appliance.ingest.progress import Progress
from appliance.ingest.requests import Requests
from appliance.operations.counters import Counters
from appliance.store import ClickHouseStore

log = logging.getLogger(__name__)

LANE = "events"
_IDLE_S = 0.05
_RETRY_S_FIRST = 0.2
_RETRY_S_MAX = 10.0
_SALTS_EVERY_S = 3600
# A record waits this long for older ones that another worker is still writing to disk. A record from further ahead
# than a clock can be is not waited with: then the clock was set back.
_SETTLED_AFTER_US = 100_000
_AHEAD_US = 1_000_000
# What the store holds in memory of a block while it takes it: rows as they come, as columns, sorted and compressed.
_STORE_BYTES_PER_JOURNAL_BYTE = 20
_MODES = {
    CookielessMode.DISABLED: "disabled",
    CookielessMode.STATELESS: "stateless",
    CookielessMode.STATEFUL: "stateful",
}


class Loop:
    """Moves the ``events`` lane into the store, in the thread that calls ``run``."""

    def __init__(self, config: Config, catalog: Engine, store: ClickHouseStore, counters: Counters) -> None:
        self._config = config
        self._bytes_max = _bytes_max(config)
        self._catalog = catalog
        self._stopping = threading.Event()
        self._progress = Progress(config.journal_dir, LANE, counters)
        self._requests = Requests(catalog, store)
        self._filler = Filler(catalog, store, counters, self._progress, self._stopping)
        self._snapshot: Snapshot | None = None
        self._state: ingest.Ingest | None = None
        self._last: Snapshot | None = None
        self._applied: ingest.Ingest | None = None
        self._salts_forgotten_at = 0.0
        self._filling: Future[None] | None = None

    def stop(self) -> None:
        """The blocks in hand are finished, then ``run`` returns."""
        self._stopping.set()

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Projects and their settings, as of now. Called from any thread; used from the next block on."""
        self._snapshot = snapshot

    def publish(self) -> None:
        """Tells how much waits and for how long. Called from any thread, also while the store is away."""
        try:
            self._progress.publish(self._load_checkpoints)
        except CatalogUnavailable:
            return

    def run(self) -> None:
        """Until ``stop``. A failed block is taken again from the catalog's state, which is behind no store."""
        pause_s = _RETRY_S_FIRST
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="fill") as pool:
            while not self._stopping.is_set():
                moved = False
                try:
                    self._open()
                    while not self._stopping.is_set():
                        moved = self._move(pool) or moved
                    self._filled()
                except (CatalogUnavailable, StoreUnavailable) as failure:
                    log.warning("ingest waits: %s", failure)
                except Exception:
                    log.exception("ingest failed on a block and takes it again")
                self._give_up()
                pause_s = _RETRY_S_FIRST if moved else min(pause_s * 2, _RETRY_S_MAX)
                self._stopping.wait(pause_s)

    def _open(self) -> None:
        """State as the catalog has it, and the block that a crash or failure left behind."""
        with reading(self._catalog) as connection:
            checkpoints = load_checkpoints(connection, LANE)
            plan = load_plan(connection, LANE)
        self._progress.open(checkpoints)
        self._state = self._new_state()
        self._apply_settings()
        if plan is not None:
            batch = self._progress.read_ranges(plan.ranges)
            self._filler.fill(self._prepare(batch, plan, is_saved=True))

    def _new_state(self) -> ingest.Ingest:
        """Empty: it loads what it needs from the catalog."""
        return ingest.Ingest(self._config.geoip_path or None, self._config.persons_cache_max)

    def _move(self, pool: ThreadPoolExecutor) -> bool:
        """Takes what there is one stage further; whether there was anything."""
        assert self._state is not None  # noqa: S101 - _open() made it
        if self._requests.are_waiting():
            self._filled()
            if self._requests.done():
                self._state = self._new_state()
        self._apply_settings()
        if self._state.is_over_limits():
            self._filled()
            self._state.evict()
        started_at = time.monotonic()
        batch = self._read()
        if batch is not None:
            self._catch_up()
        prepared = None if batch is None else self._prepare(batch, plan_of(LANE, batch), is_saved=False)
        self._filled()
        if prepared is None:
            self._stopping.wait(_IDLE_S)
            return False
        self._filling = pool.submit(self._filler.fill, prepared)
        if not self._is_much(prepared.batch):
            # Nothing is gained by preparing little ahead; records gather for a while, as many parts cost the store.
            self._filled()
            self._stopping.wait(self._config.ingest_wait_ms / 1000 - (time.monotonic() - started_at))
        return True

    def _is_much(self, batch: journal.Batch) -> bool:
        return len(batch) >= self._config.ingest_rows_max // 4 or batch.bytes >= self._bytes_max // 4

    def _read(self) -> journal.Batch | None:
        now_us = _now_us()
        return self._progress.read(
            self._config.ingest_rows_max,
            self._bytes_max,
            (now_us - _SETTLED_AFTER_US, now_us + _AHEAD_US),
        )

    def _prepare(self, batch: journal.Batch, plan: Plan, *, is_saved: bool) -> Prepared:
        assert self._state is not None  # noqa: S101 - _open() made it
        if len(batch) == 0:
            return Prepared(batch, None, plan, is_saved)
        if time.monotonic() - self._salts_forgotten_at > _SALTS_EVERY_S:
            with writing(self._catalog) as connection:
                forget_salts(connection, self._state)
            self._salts_forgotten_at = time.monotonic()
        load_needs(self._catalog, self._state, batch)
        return Prepared(batch, self._state.process(batch, _now_us()), plan, is_saved)

    def _filled(self) -> None:
        """The block being inserted is in the store and in the catalog, or its failure is raised."""
        filling, self._filling = self._filling, None
        if filling is not None:
            filling.result()

    def _give_up(self) -> None:
        """Waits until nothing is being inserted, and drops what the catalog does not have."""
        try:
            self._filled()
        except (CatalogUnavailable, StoreUnavailable) as failure:
            log.warning("the block in hand is taken again: %s", failure)
        except Exception:
            log.exception("the block in hand is taken again")
        self._state = None

    def _load_checkpoints(self) -> dict[int, journal.Checkpoint]:
        with reading(self._catalog) as connection:
            return load_checkpoints(connection, LANE)

    def _catch_up(self) -> None:
        """A worker may know of a project before this process does: what it took must not be dropped as nobody's."""
        with reading(self._catalog) as connection:
            if self._last is not None and changes.version(connection) <= self._last.version:
                return
            self._snapshot = load_snapshot(connection, month_of(time.time()))
        self._apply_settings()

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
                    _MODES[CookielessMode(one.cookieless_mode)],
                    one.timezone,
                    one.person_processing_opt_out,
                    one.drop_events_older_than_s,
                )
                for one in snapshot.projects
            ]
        )


def _bytes_max(config: Config) -> int:
    """No block may be more than the embedded store's memory for one statement can take: it would never get in."""
    if config.store_url:
        return config.ingest_bytes_max
    return min(config.ingest_bytes_max, config.store_memory_bytes_max // 2 // _STORE_BYTES_PER_JOURNAL_BYTE)


def _now_us() -> int:
    return time.time_ns() // 1000
