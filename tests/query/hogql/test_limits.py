"""What keeps a query within bounds, and how it ends early."""

import threading
import time

import pytest

from appliance.failures import HogletError, StoreRefused
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.execute import run
from appliance.query.hogql.printer import print_query
from appliance.query.hogql.user_text import query_of

SLOW = "select sum(cityHash64(a.number, b.number)) from numbers(1000000) a cross join numbers(1000000) b"


def test_a_query_ends_when_its_time_is_over(context, reader):
    began = time.monotonic()
    with pytest.raises(StoreRefused) as refusal:
        run(SLOW, context(), reader, time_s_max=0.5)
    assert refusal.value.code == 159
    assert time.monotonic() - began < 20


def test_a_running_query_can_be_cancelled(context, running):
    failures = []

    def ask():
        try:
            run(SLOW, context(), running.store("hoglet_reader"), query_id="to be cancelled")
        except HogletError as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask)
    thread.start()
    killer = running.store("hoglet_reader")
    deadline = time.monotonic() + 20
    while thread.is_alive() and time.monotonic() < deadline:
        killer.command("KILL QUERY WHERE query_id = {id:String}", {"id": "to be cancelled"})
        thread.join(0.1)
    assert not thread.is_alive()
    assert failures


def test_nothing_can_be_written(reader):
    with pytest.raises(StoreRefused):
        reader.command("INSERT INTO events (event) VALUES ('x')")


def test_combined_queries_keep_the_limit_of_their_last(ask):
    query = "select number from numbers(200) union all select number from numbers(300) limit 150"
    assert len(ask(query).rows) == 350
    assert len(ask("select number from numbers(200) union all select number from numbers(300)").rows) == 100


@pytest.mark.parametrize(
    ("limit", "printed"),
    [
        ("10", "LIMIT 10"),
        ("1000000", "LIMIT 50000"),
        ("5 + 5", "LIMIT least(plus(5, 5), 50000)"),
        ("0", "LIMIT 0"),
    ],
)
def test_limits_are_capped(context, limit, printed):
    assert print_query(query_of(f"select event from events limit {limit}"), context()).sql.endswith(printed)


def test_an_export_may_have_more(context):
    asked = context(limit_max=300_000, limit_default=300_000)
    assert print_query(query_of("select event from events"), asked).sql.endswith("LIMIT 300000")


def test_failures_of_the_query_are_told_apart_from_ours(ask):
    for query in (
        "select toIntervalDay('x')",
        "select arrayMap(x -> x, 1)",
        "select event, count() from events",
        "select intDiv(1, 0)",
        "select match('a', '(')",
        "select 1 + 'a'",
        "select throwing from events",
        "select count() from events where 'text'",
        "select (1, 2) in (1)",
        "select sumState(number) from numbers(3)",
        "select now() - interval number * 100000000 day from numbers(2)",
    ):
        with pytest.raises(QueryError):
            ask(query)


def test_sessions_far_from_the_times_asked_for_are_not_gathered(context):
    query = "select session.duration from events where timestamp >= '2020-01-10' and timestamp < '2020-01-12'"
    sql = print_query(query_of(query), context()).sql
    assert "source.session_timestamp, toDateTime64('2020-01-07 00:00:00', 3, 'UTC')" in sql
    assert "source.session_timestamp, toDateTime64('2020-01-13 00:00:00', 3, 'UTC')" in sql
    either = "select session.duration from events where timestamp >= '2020-01-10' or event = 'x'"
    assert "session_timestamp" not in print_query(query_of(either), context()).sql


def test_a_session_is_looked_up_by_its_id(context):
    known = "016f9a7c-0c00-7abc-8def-0123456789ab"
    sql = print_query(query_of(f"select duration from sessions where id = '{known}'"), context()).sql
    assert "in(source.session_id_v7, tuple(toUInt128('1908706266167795590476172937562393003')))" in sql
    either = print_query(query_of(f"select duration from sessions where id = '{known}' or 1"), context()).sql
    assert "in(source.session_id_v7" not in either


def test_only_what_is_needed_is_read(context):
    sql = print_query(
        query_of("select person.properties.name, properties.$browser from events"), context()
    ).sql
    assert "source.properties" not in sql
    assert "elements_chain" not in sql
    disabled = context(modifiers={"personsOnEventsMode": "disabled"})
    sql = print_query(query_of("select person.properties.name from events"), disabled).sql
    # The property goes through the grouping of versions, the document does not.
    assert "tuple(source.properties)" not in sql
