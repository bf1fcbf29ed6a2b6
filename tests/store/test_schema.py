import re
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from appliance.failures import StoreRefused
from appliance.store import migrate, schema_state
from appliance.store.migrations import STEPS
from appliance.store.schema import Step
from tests.store.conftest import shredded
from tests.store.rows import NOON, block, event


def test_migrating_again_changes_nothing(store):
    before = store.query("SELECT name, create_table_query FROM system.tables WHERE database = 'hoglet'").rows
    assert migrate(store, shredded()).is_current
    after = store.query("SELECT name, create_table_query FROM system.tables WHERE database = 'hoglet'").rows
    assert sorted(before) == sorted(after)


def test_a_column_of_a_later_release_is_added_and_empty_for_older_events(start):
    store = start().store()
    migrate(store, shredded())
    store.insert_arrow_stream("events", block([event()]), "one")
    later = (*shredded(), ("plan", "mat_plan", "few"), ("note", "mat_note", "many"))
    assert schema_state(store, later).missing_columns == ("mat_plan", "mat_note")
    assert migrate(store, later).is_current
    store.insert_arrow_stream("events", block([event(mat_plan="pro", mat_note="hi")]), "two")
    found = store.query("SELECT mat_plan, mat_note FROM events ORDER BY mat_plan").rows
    assert [tuple(row) for row in found] == [("pro", "hi"), (None, None)]


def test_a_migration_that_broke_off_is_repeated_and_those_before_it_are_not(start):
    store = start().store()
    ran = []

    def breaks_once(inner, _shredded):
        ran.append("second")
        inner.execute("CREATE TABLE IF NOT EXISTS extra (x UInt8) ENGINE = MergeTree ORDER BY x")
        if len(ran) == 1:
            raise InterruptedError

    steps = (*STEPS, Step(len(STEPS) + 1, "second", breaks_once))
    with pytest.raises(InterruptedError):
        migrate(store, shredded(), steps)
    assert schema_state(store, shredded(), steps).found == len(STEPS)
    assert migrate(store, shredded(), steps).is_current
    assert migrate(store, shredded(), steps).is_current
    assert ran == ["second", "second"]
    with pytest.raises(StoreRefused, match="newer"):
        migrate(store, shredded())


def test_a_repeated_block_is_dropped_in_every_partition_and_after_a_restart(start):
    running = start()
    store = running.store()
    migrate(store, shredded())
    body = block([event(timestamp=NOON - timedelta(days=31 * month)) for month in range(40)])
    assert store.insert_arrow_stream("events", body, "w0:1-40") == 40
    store.insert_arrow_stream("events", body, "w0:1-40")
    assert running.stop() == 0
    store = start(directory=running.directory).store()
    store.insert_arrow_stream("events", body, "w0:1-40")
    assert store.query("SELECT count(), uniq(_partition_id) FROM events").rows[0] == (40, 40)
    store.insert_arrow_stream("events", body, "w0:41-80")
    assert store.query("SELECT count() FROM events").rows[0][0] == 80


def test_a_repeated_block_counts_once_in_sessions(store):
    session = str(uuid.UUID(int=(1_772_000_000_000 << 80) | (7 << 76) | (2 << 62) | 99))
    body = block([event(team_id=77, **{"$session_id": session})])
    for _ in range(2):
        store.insert_arrow_stream("events", body, "session-once")
    found = store.query(
        "SELECT count(), uniqExactMerge(pageview_uniq) FROM raw_sessions_v3 WHERE team_id = 77"
    )
    assert found.rows[0] == (1, 1)


def test_hostile_times_share_one_partition_and_the_rest_is_pruned(store):
    hostile = [datetime(1971, 1, 1, tzinfo=UTC) + timedelta(days=40 * n) for n in range(300)]
    hostile += [datetime(2100, 1, 1, tzinfo=UTC) + timedelta(days=40 * n) for n in range(300)]
    rows = [event(team_id=9, timestamp=each) for each in [*hostile, NOON, NOON + timedelta(days=60)]]
    assert store.insert_arrow_stream("events", block(rows), "hostile") == len(rows)
    parts = store.query("SELECT uniq(_partition_id), count() FROM events WHERE team_id = 9").rows[0]
    assert parts[1] == len(rows)
    outside = store.query(
        "SELECT uniq(_partition_id) FROM events WHERE team_id = 9"
        " AND (toYear(timestamp) < 2010 OR toYear(timestamp) > 2099)"
    )
    assert outside.rows[0][0] == 1
    plan = store.query(
        "EXPLAIN indexes = 1 SELECT count() FROM events WHERE team_id = 9"
        " AND timestamp >= '2026-03-01 00:00:00' AND timestamp < '2026-03-02 00:00:00'"
        " AND properties != 'x'"
    )
    text = "\n".join(row[0] for row in plan.rows)
    print(text)
    selected, total = map(int, re.findall(r"Parts: (\d+)/(\d+)", text)[0])
    assert selected < total


def test_a_block_may_spread_over_every_month_that_has_a_partition(store):
    first = datetime(2010, 1, 15, tzinfo=UTC)
    months = [first.replace(year=2010 + n // 12, month=1 + n % 12) for n in range(90 * 12)]
    rows = [event(team_id=10, timestamp=each) for each in months]
    assert store.insert_arrow_stream("events", block(rows), "every month") == len(rows)


def test_an_event_sent_twice_is_one_after_merging(store):
    row = event(team_id=11)
    store.insert_arrow_stream("events", block([row]), "sent first")
    store.insert_arrow_stream("events", block([row]), "sent again")
    assert store.query("SELECT count() FROM events FINAL WHERE team_id = 11").rows[0][0] == 1


def test_elements_of_a_click_are_read_from_the_chain(store):
    chain = (
        'a.btn:attr__class="btn"attr_id="buy"href="https://x.test/buy"nth-child="1"text="Buy now";'
        'div:nth-child="2"text="Shop";button:attr_id="outer"text="Buy now"'
    )
    store.insert_arrow_stream("events", block([event(team_id=12, elements_chain=chain)]), "chain")
    found = store.query(
        "SELECT elements_chain_href, elements_chain_texts, elements_chain_ids, elements_chain_elements"
        " FROM events WHERE team_id = 12"
    ).rows[0]
    assert found == ("https://x.test/buy", ["Buy now", "Shop"], ["buy", "outer"], ["a", "button"])


def test_a_session_tells_how_it_began_and_ended(store):
    started_ms = 1_772_366_400_000
    session = str(uuid.UUID(int=(started_ms << 80) | (7 << 76) | (2 << 62) | 7))
    at = datetime.fromtimestamp(started_ms / 1000, UTC)
    rows = [
        event(team_id=13, event="$autocapture", timestamp=at, **page(session, "", "", "Firefox")),
        event(
            team_id=13,
            timestamp=at + timedelta(seconds=1),
            properties='{"fbclid":"f1","$viewport_width":1280,"msclkid":"m"}',
            **page(session, "https://x.test/in", "news", "Firefox"),
        ),
        event(
            team_id=13,
            timestamp=at + timedelta(seconds=30),
            distinct_id="b",
            **page(session, "https://x.test/out", "", "Firefox"),
        ),
        event(team_id=13, timestamp=at, **page("not a uuid", "https://x.test/no", "", "Chrome")),
        event(team_id=13, timestamp=at, **page(str(uuid.uuid4()), "https://x.test/no", "", "Chrome")),
    ]
    store.insert_arrow_stream("events", block(rows), "session")
    found = store.query(
        "SELECT session_timestamp, argMaxMerge(distinct_id), arraySort(groupUniqArrayArray(distinct_ids)),"
        " dateDiff('second', min(min_timestamp), max(max_timestamp)), argMinMerge(entry_url),"
        " argMaxMerge(end_url), argMinMerge(browser),"
        " argMinMerge(entry_utm_source), argMinMerge(entry_fbclid),"
        " argMinMerge(viewport_width), argMinMerge(entry_ad_ids_map), uniqExactMerge(pageview_uniq),"
        " uniqExactMerge(autocapture_uniq), uniqUpToMerge(1)(page_screen_autocapture_uniq_up_to),"
        " argMinMerge(entry_channel_type_properties).1"
        " FROM raw_sessions_v3 WHERE team_id = 13 GROUP BY session_id_v7, session_timestamp"
    ).rows
    assert [tuple(row) for row in found] == [
        (at.replace(tzinfo=None) if found[0][0].tzinfo is None else at, "b", ["a", "b"], 30, "https://x.test/in",
         "https://x.test/out", "Firefox", "news", "f1", 1280, {"msclkid": "m"}, 2, 1, 2, "news")
    ]  # fmt: skip


def page(session: str, url: str, source: str, browser: str) -> dict:
    return {
        "$session_id": session,
        "mat_$current_url": url,
        "mat_utm_source": source,
        "mat_$browser": browser,
    }
