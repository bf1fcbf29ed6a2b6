"""Rows that the store refuses: they alone are set aside, and everything stays exactly once."""

from collections import Counter
from collections.abc import Callable

import pytest

from appliance.catalog import reading
from appliance.catalog.model import ingest_pending, rejected_record
from appliance.catalog.rejected import list_rejected
from appliance.failures import StoreRefused, StoreUnavailable
from appliance.ingest import insert
from appliance.ingest.rejected import replay
from tests.ingest.conftest import Road

_NOT_BAD = "event != 'bad'"


def _batch(events: int, bad: set[int]) -> list[dict[str, str]]:
    return [
        {"event": "bad" if at in bad else "good", "distinct_id": f"person {at % 5}"} for at in range(events)
    ]


def test_one_bad_row_is_set_aside_and_the_rest_is_stored(road: Road) -> None:
    road.refuse(_NOT_BAD)
    uuids = road.send(_batch(50, {17}))
    road.run()
    assert Counter(road.stored()) == Counter(uuids[:17] + uuids[18:])
    with reading(road.catalog) as connection:
        [rejected] = list_rejected(connection, 10)
    assert (rejected.project_id, rejected.lane) == (1, "events")
    assert "the store refused its event" in rejected.reason
    assert "of_a_test" in rejected.reason
    assert road.counters.get("hoglet_ingest_rejected_total") == 1
    assert road.table(ingest_pending) == []


def test_a_record_set_aside_comes_back_by_replaying_it(road: Road) -> None:
    road.refuse(_NOT_BAD)
    uuids = road.send(_batch(20, {0, 19}))
    road.run()
    assert len(road.stored()) == 18
    road.refuse_nothing()
    assert replay(road.config) == 2
    road.run_until(lambda: len(road.stored()) >= len(uuids))
    assert Counter(road.stored()) == Counter(uuids)
    assert replay(road.config) == 0


def test_rows_of_a_table_of_state_are_set_aside_as_they_are(road: Road) -> None:
    road.refuse("position(properties, 'poison') = 0", "person")
    bad = {"event": "e", "distinct_id": "bad", "properties": {"$set": {"plan": "poison"}}}
    uuids = road.send([{"distinct_id": "good"}, bad, {"distinct_id": "also good"}])
    road.run()
    assert Counter(road.stored()) == Counter(uuids)
    assert road.ask("SELECT count() FROM person") == [(2,)]
    [rejected] = road.table(rejected_record)
    assert (rejected["lane"], rejected["project_id"]) == ("rows", None)
    assert "1 rows of person" in rejected["reason"]
    road.refuse_nothing("person")
    road.publish_store()
    assert replay(road.config) == 1
    assert road.ask("SELECT count() FROM person") == [(3,)]


def test_side_rows_of_a_refused_record_wait_for_its_replay(road: Road) -> None:
    road.refuse(_NOT_BAD)
    data = {
        "$heatmap_data": {"https://e.example/": [{"x": 16, "y": 32, "target_fixed": False, "type": "click"}]}
    }
    heat = {**data, "$viewport_width": 320, "$viewport_height": 640}
    road.send([{"event": "bad", "properties": heat}, {"event": "good", "properties": heat}])
    road.run()
    assert road.ask("SELECT count() FROM heatmaps") == [(1,)]
    road.refuse_nothing()
    replay(road.config)
    road.run_until(lambda: len(road.stored()) == 2)
    assert road.ask("SELECT count() FROM heatmaps") == [(2,)]


def test_a_crash_at_any_moment_of_the_search_repeats_nothing_and_loses_nothing(
    build: Callable[..., Road], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insert, "_RETRY_S_FIRST", 0.001)
    road = build()
    road.refuse(_NOT_BAD)
    expected: Counter[str] = Counter()
    moment, crashes, rejected = 0, 1, 0
    while crashes:
        moment += 1
        uuids = road.send(_batch(12, {2, 9}))
        expected.update(uuid for at, uuid in enumerate(uuids) if at not in {2, 9})
        road.moments.passed, road.moments.crash_at = 0, moment
        crashes = road.run_through_crashes()
        rejected += 2
        assert Counter(road.stored()) == expected, f"after a crash at moment {moment}"
        assert len(road.table(rejected_record)) == rejected, f"after a crash at moment {moment}"
    # The search for two rows in twelve takes so many steps that could be interrupted.
    assert moment > 30


def test_a_block_of_nothing_but_bad_rows_does_not_stop_the_line(
    road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(insert, "_ATTEMPTS_MAX", 20)
    road.refuse(_NOT_BAD)
    road.send(_batch(200, set(range(200))))
    road.run()
    uuids = road.send(_batch(3, set()))
    road.run()
    assert Counter(road.stored()) == Counter(uuids)
    assert len(road.table(rejected_record)) == 200


@pytest.mark.parametrize(
    "failure", [StoreUnavailable("away"), StoreRefused("Code: 497. Not enough privileges", 497)]
)
def test_a_store_that_is_away_or_refuses_everything_sets_nothing_aside(
    road: Road, failure: Exception
) -> None:
    uuids = road.send(_batch(10, set()))
    # The insert, and the one without rows that asks whether the rows are at fault.
    road.store.failures = [failure, failure, failure, failure]
    road.run()
    assert Counter(road.stored()) == Counter(uuids)
    assert road.table(rejected_record) == []


def test_a_table_that_is_gone_is_waited_for(road: Road) -> None:
    uuids = road.send(_batch(10, set()))
    road.store.inner.execute("RENAME TABLE events TO events_elsewhere")
    road.run_until(lambda: len(road.store.probes) > 0)
    assert road.table(rejected_record) == []
    road.store.inner.execute("RENAME TABLE events_elsewhere TO events")
    road.run()
    assert Counter(road.stored()) == Counter(uuids)
    assert road.table(rejected_record) == []
