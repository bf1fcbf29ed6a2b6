"""How many rows a second go from the journal into the store, beside a raw Arrow insert of the same rows?"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from appliance import catalog
from appliance._native import ingest, journal, wire
from appliance.catalog.snapshot import ProjectSnapshot, Snapshot
from appliance.config import Config
from appliance.ingest.load import load_needs
from appliance.ingest.loop import Loop
from appliance.operations.counters import Counters
from appliance.store import WRITER, ClickHouseStore, connect, migrate
from appliance.store.embedded import EmbeddedStore
from bench.events import event
from bench.figure import Figure

TURNS, ROWS, REQUEST_EVENTS = 3, 100_000, 1_000
PROJECT, TOKEN = 1, "phc_bench"
SETTINGS = [(PROJECT, False, True, "disabled", "UTC", False, None)]
EVENT_ROWS = 'hoglet_ingest_rows_total{table="events"}'
LIMIT_S = 120


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        config = Config(data_dir=Path(folder), journal_minimum_free_bytes=0)
        embedded = EmbeddedStore(config.store_dir, token="bench")
        embedded.start()
        try:
            store = connect(f"{embedded.url}/hoglet", user=WRITER, password="bench")
            migrate(store)
            return [_rates(config, store)]
        finally:
            embedded.stop()


def _rates(config: Config, store: ClickHouseStore) -> Figure:
    database = catalog.connect(config)
    catalog.upgrade(database)
    slot = journal.claim_slot(config.journal_dir)
    limits = {"segment_bytes_max": 64 << 20, "budget_bytes_max": 8 << 30, "minimum_free_bytes": 0}
    writer = journal.Writer(slot, "events", **limits)
    reader = journal.Reader(config.journal_dir, "events", {})
    counters = Counters(config.counters_dir, "engine")
    loop = Loop(config, database, store, counters)
    loop.take_snapshot(Snapshot(1, "2026-01", (ProjectSnapshot(PROJECT, TOKEN),)))
    state = ingest.Ingest()
    state.set_projects(SETTINGS)
    running = threading.Thread(target=loop.run)
    ours, theirs = [], []
    for turn in range(TURNS):
        _fill(writer, turn)
        raw = []
        while (batch := reader.read(config.ingest_rows_max, config.ingest_bytes_max)) is not None:
            load_needs(database, state, batch)
            tables = state.process(batch, time.time_ns() // 1000).tables()
            raw += [table.read(0, table.size) for table in tables if table.name == "events"]
        started = time.perf_counter()
        if turn == 0:
            running.start()
        while counters.get(EVENT_ROWS) < (turn + 1) * ROWS:
            if time.perf_counter() - started > LIMIT_S:
                raise RuntimeError("the loop does not get through")
            time.sleep(0.002)
        ours.append(ROWS / (time.perf_counter() - started))
        started = time.perf_counter()
        for number, body in enumerate(raw):
            store.insert_arrow_stream("events", body, f"raw-{turn}-{number}")
        theirs.append(ROWS / (time.perf_counter() - started))
    loop.stop()
    running.join()
    writer.close()
    database.dispose()
    beside = "raw Arrow insert of the same rows"
    return Figure("journal to store", median(ours), "rows/s", beside, median(theirs), "≥ 0.7")


def _fill(writer: journal.Writer, turn: int) -> None:
    """Distinct events of 500 persons, received a second ago so that none is held back."""
    projects = wire.Projects([(TOKEN, PROJECT, 0)])
    last = 0
    for first in range(turn * ROWS, (turn + 1) * ROWS, REQUEST_EVENTS):
        batch = [event(number) for number in range(first, first + REQUEST_EVENTS)]
        body = json.dumps({"api_key": TOKEN, "batch": batch}).encode()
        nothing = (None,) * 8
        received_at_us = time.time_ns() // 1000 - 1_000_000
        answer = wire.accept(
            projects, wire.ROUTES["/batch"], False, "", *nothing, body, "89.160.20.129", received_at_us
        )
        assert answer.records is not None
        last = writer.append(answer.records)
    while writer.progress()[0] < last:
        time.sleep(0.001)
