"""What answers mean: times and zones, persons, sessions, types of properties, columns of their own, hostile sizes."""

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.schema.channels import channel_sql
from tests.query.hogql.conftest import OURS, PEOPLE, SESSION, event, person_id


def test_group_by_day_agrees_with_counting_in_python(ask, reader):
    zone = ZoneInfo("Pacific/Auckland")
    stored = reader.query("SELECT timestamp FROM events WHERE team_id = 1 AND event = '$pageview'").rows
    expected = Counter(row[0].replace(tzinfo=UTC).astimezone(zone).date() for row in stored)
    found = ask(
        "select toDate(timestamp) as day, count() from events where event = '$pageview' group by day",
        timezone=zone.key,
    )
    assert dict(found.rows) == expected


def test_an_answer_without_rows_still_names_its_columns(ask):
    found = ask("select event, count() as often from events where event = 'never' group by event")
    assert (found.rows, list(found.columns)) == ([], ["event", "often"])


def test_times_are_shown_and_read_in_the_projects_zone(rows):
    pacific = {"timezone": "US/Pacific"}
    (found,) = rows(
        "select timestamp from events where event = '$pageview' and distinct_id = 'p3'", **pacific
    )
    assert found[0] == datetime(2020, 1, 12, 12, tzinfo=UTC)
    assert found[0].utcoffset() == ZoneInfo("US/Pacific").utcoffset(datetime(2020, 1, 12))  # noqa: DTZ001
    # Noon in UTC is four in the morning there.
    where = "event = '$pageview' and distinct_id = 'p3'"
    assert rows(
        f"select count() from events where {where} and timestamp >= '2020-01-12 04:00:00'", **pacific
    ) == [(1,)]
    assert rows(
        f"select count() from events where {where} and timestamp > '2020-01-12 04:00:00'", **pacific
    ) == [(0,)]
    assert rows(
        f"select count() from events where {where} and timestamp = '2020-01-12T12:00:00Z'", **pacific
    ) == [(1,)]
    assert rows(f"select toHour(timestamp) from events where {where}", **pacific) == [(4,)]


def test_the_sort_key_serves_a_range_of_times(context, running):
    from appliance.query.hogql.printer import print_query  # noqa: PLC0415
    from appliance.query.hogql.user_text import query_of  # noqa: PLC0415

    asked = context(timezone="US/Pacific")
    query = "select count() from events where timestamp >= '2020-01-12' and timestamp < '2020-01-14' and event = 'x'"
    printed = print_query(query_of(query), asked)
    plan = "\n".join(
        row[0] for row in running.store().query(f"EXPLAIN indexes = 1 {printed.sql}", asked.parameters).rows
    )
    key = plan.split("PrimaryKey")[1]
    assert "toDate(timestamp) in" in key
    assert "team_id in [1, 1]" in key
    assert "event in" in key


def test_days_begin_in_the_projects_zone(rows):
    where = "event = '$pageview' and distinct_id = 'p3'"
    zone = {"timezone": "Pacific/Auckland"}
    # Noon in UTC is one in the morning of the 13th there.
    for condition, count in (
        ("timestamp >= toDate('2020-01-13')", 1),
        ("timestamp >= toDate('2020-01-14')", 0),
        ("toDate(timestamp) = '2020-01-13'", 1),
        ("toStartOfDay(timestamp) = '2020-01-13'", 1),
        ("toStartOfMonth(timestamp) = '2020-01-01'", 1),
        ("dateTrunc('month', timestamp) >= '2020-01-01'", 1),
        ("timestamp < '2020-01-13'", 0),
        # There today is the 21st already.
        ("timestamp >= today() - 8", 1),
        ("timestamp >= today() - 7", 0),
    ):
        assert rows(f"select count() from events where {where} and {condition}", **zone) == [(count,)], (
            condition
        )


def test_weeks_begin_as_the_project_says(rows):
    query = "select toStartOfWeek(toDate('2020-01-08'))"
    assert rows(query) == [(date(2020, 1, 5),)]
    assert rows(query, week_start_day=1) == [(date(2020, 1, 6),)]


@pytest.mark.parametrize(
    ("mode", "person", "name"),
    [
        ("disabled", "p3", "p3@1.test"),
        ("person_id_no_override_properties_on_events", "p9", "stored"),
        ("person_id_override_properties_on_events", "p3", "stored"),
        ("person_id_override_properties_joined", "p3", "p3@1.test"),
    ],
)
def test_person_modes(rows, insert, mode, person, name):
    """An event of a person who has since been merged into p3."""
    who = f"merged {mode}"
    insert(
        "events",
        event(
            "merged", "2020-02-02 10:00:00", who,
            person_id=str(person_id("p9")), person_properties='{"email": "stored"}',
        ),
    )  # fmt: skip
    link = {
        "distinct_id": who,
        "person_id": str(person_id("p3")),
        "version": 1,
        "team_id": OURS,
        "is_deleted": 0,
    }
    insert("person_distinct_id2", link)
    insert("person_distinct_id_overrides", link)
    found = rows(
        f"select person_id, person.id, person.properties.email from events where distinct_id = '{who}'",
        modifiers={"personsOnEventsMode": mode},
    )
    assert found == [(person_id(person), person_id(person), name)]


def test_a_property_that_went_away_is_gone_from_the_person(rows, insert):
    """The latest version counts, also where it lacks what an older one had."""
    one = {
        "id": str(person_id("changed")),
        "created_at": "2020-01-01 00:00:00",
        "team_id": OURS,
        "is_deleted": 0,
    }
    insert("person", one | {"version": 1, "properties": '{"plan": "a", "kind": "changed"}'})
    insert("person", one | {"version": 2, "properties": '{"kind": "changed"}'})
    assert rows("select properties.plan from persons where properties.kind = 'changed'") == [(None,)]
    insert("person", one | {"version": 3, "is_deleted": 1, "properties": "{}"})
    assert rows("select count() from persons where properties.kind = 'changed'") == [(0,)]


def test_sessions_and_their_channel(rows, insert):
    insert(
        "events",
        event(
            "$pageview", "2020-01-12 10:00:00", "visitor",
            {"$session_id": SESSION, "$current_url": "https://x.com/a?b", "$referring_domain": "www.google.com"},
        ),
        event("$pageview", "2020-01-12 10:05:00", "visitor", {"$session_id": SESSION, "$current_url": "https://x.com/z"}),
    )  # fmt: skip
    selected = (
        "id, $session_duration, $pageview_count, $is_bounce, $entry_pathname, $end_pathname, $channel_type"
    )
    assert rows(f"select {selected} from sessions where id = '{SESSION}'") == [
        (SESSION, 300, 2, False, "/a", "/z", "Organic Search")
    ]
    assert rows(f"select count() from sessions where session_id in ('{SESSION}', '{SESSION[:-1]}c')") == [
        (1,)
    ]
    assert rows(f"select count() from sessions where id = '{SESSION[:-1]}c'") == [(0,)]
    assert rows(f"select session.duration from events where $session_id = '{SESSION}' limit 1") == [(300,)]
    assert rows("select count() from sessions where id = 'nothing'") == [(0,)]
    where = "where distinct_id = 'visitor'"
    assert rows(f"select session.duration, session.$channel_type from events {where} limit 1") == [
        (300, "Organic Search")
    ]
    assert rows(f"select session.duration from events {where} and session.$pageview_count = 2 limit 1") == [
        (300,)
    ]


def test_types_of_properties(rows, insert):
    properties = {
        "prop": "12.5",
        "bool_field": "true",
        "when": "2020-03-01 10:00:00",
        "deep": {"a": [{"b": "c"}]},
    }
    insert("events", event("typed", "2020-02-02 10:00:00", "typed", properties))
    where = "from events where event = 'typed'"
    assert rows(f"select properties.prop, properties.bool_field {where}") == [(12.5, True)]
    assert rows(f"select properties.when {where}", timezone="US/Pacific") == [
        (datetime(2020, 3, 1, 18, tzinfo=UTC),)
    ]
    assert rows(f"select properties.deep.a.1.b, properties['deep']['a'][1]['b'] {where}") == [("c", "c")]
    assert rows(f"select properties.deep.a.1, properties.deep.a.2 {where}") == [('{"b":"c"}', None)]
    assert rows(f"select toFloatOrZero(properties.prop), toFloatOrZero(properties.none) {where}") == [
        (12.5, 0.0)
    ]


def test_errors_point_at_their_place(ask):
    query = "select event, lower(nope) from events"
    with pytest.raises(QueryError) as error:
        ask(query)
    assert query[error.value.start : error.value.end] == "nope"


def test_what_the_query_caused_in_the_store_is_its_error(ask):
    with pytest.raises(QueryError) as error:
        ask("select toIntervalDay('x')")
    assert "Cannot parse" in str(error.value)
    assert "SELECT" not in str(error.value)


@pytest.mark.parametrize(
    "query",
    [
        "select " + "(" * 500 + "1" + ")" * 500,
        "select " + "-" * 500 + "1",
        "select " + " + ".join(["1"] * 5000),
        "select " + "lower(" * 300 + "'a'" + ")" * 300,
        "select * from " + "(select * from " * 300 + "events" + ")" * 300,
        "select " + ", ".join(["1"] * 5000),
        "select 1 in (" + ", ".join(["1"] * 200_000) + ")",
        "with " + ", ".join(f"a{n} as (select 1)" for n in range(500)) + " select 1",
        "with a0 as (select 1 as x)"
        + "".join(f", a{n + 1} as (select * from a{n} union all select * from a{n})" for n in range(30))
        + " select count() from a30",
        "with 1 as a0" + "".join(f", a{n} + a{n} as a{n + 1}" for n in range(40)) + " select a40",
        "select 1 as a0" + "".join(f", a{n} + a{n} as a{n + 1}" for n in range(40)),
        "select * from " + ", ".join(f"events e{n}" for n in range(60)),
        "select "
        + ", ".join(f"pdi.person.pdi.person.pdi.person.pdi.person.pdi.id as a{n}" for n in range(3))
        + " from events",
        "select properties" + ".a" * 200 + " from events",
        "select " + " ? ".join(["1"] * 100) + " from events",
        "select count() from events where " + " or ".join([f"properties.a{n} = '{n}'" for n in range(2000)]),
    ],
)
def test_hostile_sizes_are_answered_or_refused(ask, query):
    try:
        ask(query)
    except QueryError:
        return


def test_has_more(ask):
    answer = ask("select number from numbers(10) limit 3")
    assert answer.has_more
    assert len(answer.rows) == 3
    assert not ask("select number from numbers(3) limit 3").has_more
    assert ask("select number from numbers(1000)").has_more
    assert len(ask("select number from numbers(1000)").rows) == 100


def test_hundreds_of_constants_are_served(rows):
    conditions = " or ".join(f"properties.a{number} = 'v{number}'" for number in range(400))
    assert rows(f"select count() from events where {conditions}") == [(0,)]
    listed = ", ".join(f"'value {number}'" for number in range(20_000))
    assert rows(f"select count() from events where {PEOPLE} and event in ({listed}, '$pageview')") == [(10,)]
    numbers = ", ".join(str(number) for number in range(20_000))
    assert rows(f"select count() from numbers(100000) where number in ({numbers})") == [(20_000,)]


ODD = ["", None, "x", "5", 5, 1.5, True, False, {"a": [1, "b"]}, [], "null", 'a"b\\c', "é — 🦔", " "]


@pytest.fixture(scope="session")
def _odd_browsers(insert):
    rows = [
        event("odd browser", "2020-02-03 10:00:00", "odd", {"$browser": one, "$screen_name": one})
        for one in ODD
    ]
    insert("events", *rows, event("odd browser", "2020-02-03 10:00:00", "odd", {}))


@pytest.mark.usefixtures("_odd_browsers")
@pytest.mark.parametrize(
    "expression",
    [
        "properties.{name}", "properties.{name} = 'x'", "properties.{name} != 'x'", "properties.{name} = ''",
        "properties.{name} is null", "properties.{name} in ('x', '5')", "properties.{name} not in ('x', '5')",
        "properties.{name} in ('x', '')", "properties.{name} like '%'", "properties.{name} not like 'x'",
        "properties.{name} =~ 'x'", "properties.{name} = properties.{name}", "properties.{name} = event",
        "properties.{name} > '1'", "properties.{name} = 5", "properties.{name} = true", "empty(properties.{name})",
        "coalesce(properties.{name}, 'none')", "concat(properties.{name}, '!')", "toFloatOrZero(properties.{name})",
        "toInt(properties.{name})", "properties.{name}.a.2", "upper(properties.{name})",
    ],
)  # fmt: skip
@pytest.mark.parametrize("name", ["$browser", "$screen_name"])
def test_a_column_of_its_own_changes_no_answer(rows, expression, name):
    query = f"select {expression.format(name=name)} as answer from events where event = 'odd browser'"
    by_column, by_document = rows(query), rows(query, shredded={})
    assert sorted(map(repr, by_column)) == sorted(map(repr, by_document))


@pytest.mark.parametrize(
    ("domain", "source", "medium", "ids", "channel"),
    [
        ("$direct", "", "", {}, "Direct"),
        ("www.google.com", "", "", {}, "Organic Search"),
        ("www.google.com", "", "", {"gclid": 1}, "Paid Search"),
        ("$direct", "", "", {"gad_source": "1"}, "Paid Search"),
        ("$direct", "newsletter-x", "email", {}, "Email"),
        ("blog.example.com", "", "", {}, "Referral"),
        ("$direct", "", "cpc", {}, "Paid Unknown"),
        ("$direct", "facebook", "cpc", {}, "Paid Social"),
        ("$direct", "", "", {"campaign": "a cross-network b"}, "Cross Network"),
        ("l.facebook.com", "", "", {}, "Organic Social"),
        ("", "", "", {}, "Unknown"),
        ("", "null", "push", {}, "Push"),
        ("$direct", "", "", {"fbclid": 1}, "Organic Social"),
        ("$direct", "", "paid-thing", {"campaign": "summer video"}, "Paid Video"),
        ("www.youtube.com", "", "", {}, "Organic Video"),
        ("m.amazon.com", "", "", {}, "Organic Shopping"),
    ],
)
def test_channels(reader, domain, source, medium, ids, channel):  # noqa: PLR0917  a row of a table
    """The contract's table, and one for each further rule."""
    values = {"source": source, "medium": medium, "campaign": ids.get("campaign", ""), "domain": domain}
    texts = ", ".join(f"{{{name}:String}}" for name in values)
    entry = f"tuple({texts}, {ids.get('gclid', 0)}, {ids.get('fbclid', 0)}, '{ids.get('gad_source', '')}')"
    assert reader.query(f"SELECT {channel_sql(entry)}", values).rows == [(channel,)]
