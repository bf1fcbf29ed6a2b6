"""Health is told from what the processes publish, and stays true when one of them publishes no more."""

from pathlib import Path
from typing import Any

import pytest

from appliance.operations.counters import Counters
from appliance.operations.health import health
from appliance.operations.metrics import (
    CATALOG_UP,
    ENGINE_SEEN,
    EXCEPTIONS_ENGINE,
    LAG,
    LAST_SEQUENCE,
    OPENED_SEQUENCE,
    STORE_UP,
    STORED_SEQUENCE,
    WAITING_SINCE,
    WORKER_SEEN,
    lane_metric,
    slot_metric,
)

NOW_S = 1_000_000
LONG_AGO_S = NOW_S - 60


@pytest.fixture
def engine(tmp_path: Path) -> Counters:
    counters = Counters(tmp_path, "engine")
    for part in (STORE_UP, CATALOG_UP):
        counters.set(part, 1)
    counters.set(ENGINE_SEEN, NOW_S)
    return counters


@pytest.fixture
def workers(tmp_path: Path) -> list[Counters]:
    found = [Counters(tmp_path, f"http-{slot}") for slot in (0, 1)]
    for counters in found:
        counters.set(WORKER_SEEN, NOW_S)
        counters.set(lane_metric(OPENED_SEQUENCE, "events"), 100)
        counters.set(lane_metric(LAST_SEQUENCE, "events"), 150)
    return found


def _told(folder: Path) -> dict[str, Any]:
    return health(folder, now_s=NOW_S)


@pytest.mark.usefixtures("engine")
def test_all_is_well_where_all_processes_say_so(tmp_path: Path, workers: list[Counters]) -> None:
    assert _told(tmp_path)["status"] == "ok"
    assert _told(tmp_path)["workers"] == len(workers)


@pytest.mark.parametrize("part", [STORE_UP, CATALOG_UP])
@pytest.mark.usefixtures("workers")
def test_capture_goes_on_without_the_rest(tmp_path: Path, engine: Counters, part: str) -> None:
    engine.set(part, 0)
    told = _told(tmp_path)
    assert (told["status"], told["parts"]["capture"], told["parts"]["engine"]) == ("degraded", "ok", "ok")
    assert "down" in (told["parts"]["store"], told["parts"]["catalog"])


@pytest.mark.usefixtures("engine")
def test_without_a_worker_all_is_down(tmp_path: Path, workers: list[Counters]) -> None:
    for counters in workers:
        counters.set(WORKER_SEEN, LONG_AGO_S)
    assert _told(tmp_path)["status"] == "down"


@pytest.mark.usefixtures("engine", "workers")
def test_exceptions_that_wait_are_told_apart_from_other_events(tmp_path: Path) -> None:
    exceptions = Counters(tmp_path, EXCEPTIONS_ENGINE)
    exceptions.set(lane_metric(LAG, "exceptions"), 61_000)
    exceptions.set(lane_metric("hoglet_ingest_backlog_records", "exceptions"), 7)
    told = _told(tmp_path)
    assert (told["status"], told["parts"]["ingest"]) == ("degraded", "degraded")
    assert (told["ingest"]["exceptions_lag_seconds"], told["ingest"]["lag_seconds"]) == (61, 0)
    assert told["journal"]["exceptions"]["backlog_events"] == 7
    assert told["journal"]["events"]["backlog_events"] == 0


@pytest.mark.usefixtures("workers")
def test_an_engine_that_is_gone_leaves_a_backlog_that_grows(tmp_path: Path, engine: Counters) -> None:
    engine.set(ENGINE_SEEN, LONG_AGO_S)
    engine.set(slot_metric(STORED_SEQUENCE, "events", 0), 120)
    told = _told(tmp_path)
    assert told["parts"]["engine"] == told["parts"]["store"] == told["parts"]["ingest"] == "down"
    # 30 of the slot it knew, and all of the one it never saw.
    assert told["journal"]["events"]["backlog_events"] == 80
    assert told["ingest"]["lag_seconds"] == NOW_S - LONG_AGO_S
    engine.set(lane_metric(WAITING_SINCE, "events"), LONG_AGO_S - 5)
    assert _told(tmp_path)["ingest"]["lag_seconds"] == NOW_S - LONG_AGO_S + 5
