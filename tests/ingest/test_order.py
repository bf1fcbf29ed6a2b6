"""Events of one person through two workers: ingest sees them in the order in which they were received."""

import time
from collections.abc import Callable

from appliance.catalog.model import person
from tests.ingest.conftest import Road


def test_blocks_follow_the_order_of_receipt_over_two_workers(build: Callable[..., Road]) -> None:
    # Blocks of a few records each, so that the order has to hold across blocks.
    road = build(ingest_rows_max=7)
    start_us = time.time_ns() // 1000 - 10_000_000
    for step in range(60):
        said = {"$set": {"last": step, f"seen_{step}": True}}
        # One worker is quick, the other gets its share in larger pieces: its slot lags behind.
        worker = 0 if step % 5 else 1
        road.send(
            [{"event": "said", "properties": said}], worker=worker, received_at_us=start_us + step * 1_000
        )
    road.run()
    [found] = road.table(person)
    assert '"last":59' in found["properties"]
    [(in_order,)] = road.ask(
        "SELECT groupArray(toUInt32(JSONExtractUInt(person_properties, 'last')) AS said)"
        " = range(60) FROM (SELECT * FROM events ORDER BY created_at)"
    )
    assert in_order == 1
    # Each event carries what was said before it, and nothing that was said after it.
    rows = road.ask("SELECT person_properties FROM events ORDER BY created_at")
    for step, (properties,) in enumerate(rows):
        assert f'"seen_{step}"' in properties
        assert f'"seen_{step + 1}"' not in properties


def test_a_young_record_waits_for_an_older_one_of_another_worker(build: Callable[..., Road]) -> None:
    road = build()
    now_us = time.time_ns() // 1000
    road.send([{"event": "later", "properties": {"$set": {"last": 2}}}], worker=1, received_at_us=now_us)
    life_began = now_us - 50_000
    road.send(
        [{"event": "earlier", "properties": {"$set": {"last": 1}}}], worker=0, received_at_us=life_began
    )
    road.run()
    [found] = road.table(person)
    assert '"last":2' in found["properties"]


def test_a_record_from_a_clock_that_was_set_back_is_not_waited_with(build: Callable[..., Road]) -> None:
    road = build()
    ahead_us = time.time_ns() // 1000 + 3_600_000_000
    uuids = road.send([{}], received_at_us=ahead_us)
    road.run()
    assert road.stored() == uuids


def test_warnings_tell_their_category_and_severity(build: Callable[..., Road]) -> None:
    road = build()
    road.send(
        [
            {
                "event": "$$client_ingestion_warning",
                "properties": {"$$client_ingestion_warning_message": "m"},
            },
            {"event": "$create_alias", "properties": {"alias": "null"}},
        ]
    )
    road.run()
    rows = road.ask("SELECT type, category, severity FROM ingestion_warnings ORDER BY type")
    assert [tuple(row) for row in rows] == [
        ("cannot_merge_with_illegal_distinct_id", "merge", "warning"),
        ("client_ingestion_warning", "event", "info"),
    ]
