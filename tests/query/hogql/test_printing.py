"""Each construct, printed and run on a real store, beside what it must give."""

# ruff: noqa: E501  a query and its answer are one line of a table

from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from appliance.query.hogql.errors import QueryError
from tests.query.hogql.conftest import OURS, SESSION, event, person_id

PEOPLE = "distinct_id in ('p1', 'p2', 'p3', 'p4')"
PAGES = f"event = '$pageview' and {PEOPLE}"

VALUES = [
    ("1 + 2 * 3 - 4 / 2 % 3", 5.0),
    ("'a' || 'b' || 'c'", "abc"),
    ("'it''s'", "it's"),
    ("f'text {1 + 1}!'", "text 2!"),
    ("null ?? 3", 3),
    ("1 ? 'x' : 'y'", "x"),
    ("case when 1 = 2 then 'a' when 1 = 1 then 'b' else 'c' end", "b"),
    ("case 2 when 1 then 'a' when 2 then 'b' else 'c' end", "b"),
    ("cast('12' as Int)", 12),
    ("cast('x' as Int)", None),
    ("'1.5'::Float", 1.5),
    ("try_cast('x' as Date)", None),
    ("cast('2020-01-02' as Date)", date(2020, 1, 2)),
    ("'2020-01-02'::date", date(2020, 1, 2)),
    ("1::String", "1"),
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3, 4][2:3]", [2, 3]),
    ("(1, 'a').2", "a"),
    ("tuple(1, 'a').1", 1),
    ("{'a': 1, 'b': 2}['b']", 2),
    ("map('k', 'v')", {"k": "v"}),
    ("arrayMap((x, y) -> x + y, [1, 2], [10, 20])", [11, 22]),
    ("arrayFilter(x -> x > 1, [1, 2, 3])", [2, 3]),
    ("arrayExists(x -> x = 'a', ['a', 'b'])", 1),
    ("arrayReduce('sum', [1, 2, 3])", None),
    ("1 in (1, 2)", 1),
    ("'a' in 'a'", 1),
    ("'a' not in ['b']", 1),
    ("1 in (select 1)", 1),
    ("3 between 1 and 5", 1),
    ("3 not between 1 and 5", 0),
    ("null between 1 and 5", 0),
    ("null not between 1 and 5", 0),
    ("null = null", 1),
    ("null != null", 0),
    ("1 = null", 0),
    ("1 is null", 0),
    ("null is null", 1),
    ("1 is not null", 1),
    ("1 is distinct from null", 1),
    ("null is not distinct from null", 1),
    ("null <=> null", 1),
    ("nullIf(1, 1) = 1", 0),
    ("nullIf(1, 1) != 1", 1),
    ("nullIf(1, 1) = nullIf(2, 2)", 1),
    ("nullIf(1, 1) != nullIf(2, 2)", 0),
    ("nullIf(1, 1) < 1", 0),
    ("nullIf('a', 'a') like 'a'", 0),
    ("nullIf('a', 'a') not like 'a'", 1),
    ("nullIf('a', 'a') =~ 'a'", 0),
    ("nullIf('a', 'a') !~ 'a'", 1),
    ("nullIf('a', 'a') in ('a')", 0),
    ("nullIf('a', 'a') not in ('a')", 1),
    ("'ABC' ilike 'a%'", 1),
    ("'ABC' like 'a%'", 0),
    ("'ABC' =~ 'B.'", 1),
    ("'ABC' =~* 'b.'", 1),
    ("'ABC' !~* 'b.'", 0),
    ("not true", 0),
    ("true and false or true", 1),
    ("toInt('7')", 7),
    ("toInt('7.5')", None),
    ("toFloat('7.5')", 7.5),
    ("toFloatOrZero('x')", 0.0),
    ("toIntOrZero('12')", 12),
    ("toDecimal('1.25', 2) = 1.25", 1),
    ("toUUID('x')", None),
    ("toDate('2020-01-05')", date(2020, 1, 5)),
    ("toDate('nothing')", None),
    ("toDateTime('2020-01-05 10:00:00')", datetime(2020, 1, 5, 10, tzinfo=UTC)),
    ("toDateTime(concat('2020-01-05', ' 10:00:00'))", datetime(2020, 1, 5, 10, tzinfo=UTC)),
    ("now()", datetime(2020, 1, 20, 12, tzinfo=UTC)),
    ("today()", date(2020, 1, 20)),
    ("yesterday()", date(2020, 1, 19)),
    ("now() - interval 7 day", datetime(2020, 1, 13, 12, tzinfo=UTC)),
    ("now() - interval '1 hour'", datetime(2020, 1, 20, 11, tzinfo=UTC)),
    ("dateDiff('day', toDate('2020-01-01'), toDate('2020-01-05'))", 4),
    ("dateTrunc('month', toDateTime('2020-01-05 10:00:00'))", date(2020, 1, 1)),
    ("toStartOfWeek(toDate('2020-01-08'))", date(2020, 1, 5)),
    ("toYYYYMM(toDate('2020-01-08'))", 202001),
    ("coalesce(null, null, 'z')", "z"),
    ("if(1 = 2, 'a', null)", None),
    ("multiIf(0, 'a', 1, 'b', 'c')", "b"),
    ("lower('ABC')", "abc"),
    ("UPPER('abc')", "ABC"),
    ("splitByChar(',', 'a,b')", ["a", "b"]),
    ("replaceAll('aXbX', 'X', '-')", "a-b-"),
    ("extract('abc123', '[0-9]+')", "123"),
    ("JSONExtractString('{\"a\": \"b\"}', 'a')", "b"),
    ("domain('https://x.com/a')", "x.com"),
    ("length([1, 2])", 2),
    ("empty('')", 1),
    ("round(2.567, 1)", 2.6),
    ("greatest(1, 3, 2)", 3),
    ("sortableSemver('v1.20.3-beta')", [1, 20, 3]),
    ("sparkline([1, 2])", ("__hx_tag", "Sparkline", "data", [1, 2])),
    ("recording_button('s')", ("__hx_tag", "RecordingButton", "sessionId", "s")),
    ("<a href='x' />", ("__hx_tag", "a", "href", "x")),
    (f"UUIDv7ToDateTime(toUUID('{SESSION}')) > toDateTime('2020-01-01')", 1),
    ("inf", float("inf")),
    ("0x10", 16),
    ("-(1 + 2)", -3),
    ("interval 1 day = toIntervalDay(1)", 1),
    ("(select 5)", 5),
    ("hex('a')", "61"),
    ("concat('a', null, 1)", "a1"),
    ("'a' || null", "a"),
    ("languageCodeToName('de')", "German"),
    ("hogql_lookupDomainType('www.google.com')", "Search"),
    ("hogql_lookupOrganicMediumType('email')", "Email"),
    (
        "toStartOfInterval(toDateTime('2020-01-05 10:20:00'), interval 1 hour)",
        datetime(2020, 1, 5, 10, tzinfo=UTC),
    ),
    ("JSONExtract('{\"a\": [1]}', 'a', 'Array(Int64)')", [1]),
    ("dateAdd('day', 2, toDate('2020-01-05'))", date(2020, 1, 7)),
    ("dateSub(toDate('2020-01-05'), interval 1 day)", date(2020, 1, 4)),
    ("lag(1) over ()", None),
]


@pytest.mark.parametrize(("expression", "expected"), [one for one in VALUES if "arrayReduce" not in one[0]])
def test_expressions(rows, expression, expected):
    assert rows(f"select {expression}") == [(expected,)]


QUERIES = [
    (f"select count() from events where {PAGES}", [(10,)]),
    (f"select event, count() as c from events where {PEOPLE} group by event order by c desc", [("$pageview", 10), ("$pageleave", 6)]),
    (
        f"select properties.$browser as b, count() from events where {PAGES} group by b order by count() desc, b",
        [("Chrome", 6), ("Firefox", 2), ("Edge", 1), ("Safari", 1)],
    ),
    (f"select count() from events where {PAGES} and properties.$browser = 'Chrome'", [(6,)]),
    (f"select count() from events where {PAGES} and properties.$browser != 'Chrome'", [(4,)]),
    (f"select count() from events where {PAGES} and properties['$browser'] in ('Edge', 'Safari')", [(2,)]),
    (f"select count() from events where {PAGES} and properties.$browser not in ('Edge', 'Safari')", [(8,)]),
    (f"select count() from events where {PAGES} and properties.missing = 'x'", [(0,)]),
    (f"select count() from events where {PAGES} and properties.missing != 'x'", [(10,)]),
    (f"select count() from events where {PAGES} and properties.missing is null", [(10,)]),
    (f"select sum(properties.prop), max(properties.prop) from events where {PAGES}", [(170.0, 40.0)]),
    (f"select count() from events where {PAGES} and properties.prop >= 20", [(4,)]),
    (f"select count() from events where {PAGES} and properties.prop = '20'", [(2,)]),
    (f"select count() from events where {PAGES} and properties.prop in ('10', '20')", [(8,)]),
    (f"select count() from events where {PAGES} and properties.prop not in ('10', 'x')", [(4,)]),
    ("select count() from events where event = 'untyped' and properties.prop = ''", [(0,)]),
    ("select count() from events where event = 'untyped' and properties.prop != 'x'", [(1,)]),
    ("select count() from events where event = 'untyped' and properties.prop in ('x', '')", [(0,)]),
    ("select count() from events where event = 'untyped' and properties.prop not in ('x')", [(1,)]),
    ("select count() from events where event = 'untyped' and properties.prop in (null)", [(1,)]),
    ("select count() from events where person_id = 'no such id'", [(0,)]),
    ("select count() from events where event = 'untyped' and person_id != 'no such id'", [(1,)]),
    ("select count() from events where person_id in ('no such id')", [(0,)]),
    (f"select count() from events where person_id = '{person_id('p3')}' and {PAGES}", [(1,)]),
    (f"select count() from events where person_id in ('{person_id('p3')}', 'x') and {PAGES}", [(1,)]),
    (f"select countIf(properties.bool_field) from events where {PAGES}", [(7,)]),
    (f"select count() from events where {PAGES} and properties.bool_field = true", [(7,)]),
    (f"select count() from events where {PAGES} and properties.bool_field = 'false'", [(3,)]),
    (f"select count() from events where {PAGES} and poe.properties.name = 5", [(0,)]),
    ("select count() from events where event = 'untyped' and properties.number = 5", [(1,)]),
    ("select count() from events where event = 'untyped' and properties.number > 4.5", [(1,)]),
    ("select count() from events where event = 'untyped' and properties.flag = true", [(1,)]),
    ("select getSurveyResponse(1), getSurveyResponse(0, 'x') from events where event = 'untyped'", [("good", "by id")]),
    ("select getSurveyResponse(2, '', true) from events where event = 'untyped'", [(["a", "b"],)]),
    ("select splitByChar('o', properties.$survey_response_1), splitByChar(',', properties.no), JSONExtractArrayRaw(properties, 'no') from events where event = 'untyped'",
     [(["g", "", "d"], [""], [])]),
    ("select count() from events where uniqueSurveySubmissionsFilter('none')", [(0,)]),
    ("select distinct person.$virt_initial_channel_type from events where distinct_id = 'p1'", [("Unknown",)]),
    ("select distinct $virt_initial_channel_type from persons", [("Unknown",)]),
    (f"select count() from events where {PAGES} and timestamp >= toDate('2020-01-13')", [(5,)]),
    (f"select count() from events where {PAGES} and dateTrunc('week', timestamp) = '2020-01-13'", [(5,)]),
    (f"select count() from events where {PAGES} and toStartOfDay(timestamp) = '2020-01-12'", [(3,)]),
    (f"select count(distinct distinct_id), uniq(person_id) from events where {PAGES}", [(4, 4)]),
    (f"select countDistinct(distinct_id) from events where {PAGES}", [(4,)]),
    (f"select count() filter (where distinct_id = 'p1') from events where {PAGES}", [(6,)]),
    (f"select quantile(0.5)(properties.prop) from events where {PAGES}", [(10.0,)]),
    (f"select count() from events where {PAGES} and timestamp >= '2020-01-13'", [(5,)]),
    (f"select count() from events where {PAGES} and timestamp > '2020-01-13 12:00:00'", [(4,)]),
    (f"select count() from events where {PAGES} and timestamp between '2020-01-12' and '2020-01-13'", [(3,)]),
    (f"select count() from events where {PAGES} and toDate(timestamp) = '2020-01-12'", [(3,)]),
    (f"select count() from events where {PAGES} and timestamp >= now() - interval 5 day", [(4,)]),
    (f"select distinct toStartOfDay(timestamp) as d from events where {PAGES} order by d limit 1", [(datetime(2020, 1, 9, tzinfo=UTC),)]),
    (f"select person.properties.name, count() from events where {PAGES} group by person.properties.name order by 1",
     [("p1", 6), ("p2", 2), ("p3", 1), ("p4", 1)]),
    (f"select distinct pdi.person.properties.email from events where {PAGES} order by 1",
     [(f"p{n}@1.test",) for n in range(1, 5)]),
    (f"select distinct poe.properties.name from events where {PAGES} order by 1", [(f"p{n}",) for n in range(1, 5)]),
    ("select properties.email from persons order by properties.email", [(f"p{n}@1.test",) for n in range(1, 5)]),
    ("select pdi.distinct_id from persons order by pdi.distinct_id", [(f"p{n}",) for n in range(1, 5)]),
    ("select count() from persons where properties.email = 'old'", [(0,)]),
    ("select person.properties.name from person_distinct_ids where distinct_id = 'p2'", [("p2",)]),
    ("select key, properties.name from groups where index = 0", [("org:1", "org of 1")]),
    ("select person.properties.name from static_cohort_people", [("p1",)]),
    ("select person.properties.name from cohort_people", [("p2",)]),
    ("select message from console_logs_log_entries", [("secret of 1",)]),
    (f"select e.event, p.properties.name from events e join persons p on e.person_id = p.id where e.{PAGES[:19]} and p.properties.name = 'p3'",
     [("$pageview", "p3")]),
    (f"select count() from events e left join (select id from persons where properties.name = 'p1') p on e.person_id = p.id where e.{PAGES[:19]} and notEmpty(toString(p.id)) and p.id != '00000000-0000-0000-0000-000000000000'",
     [(6,)]),
    ("select a.n, b.n from (select number as n from numbers(3)) a join (select number as n from numbers(2)) b using n order by a.n", [(0, 0), (1, 1)]),
    ("select count() from numbers(3) a cross join numbers(4) b", [(12,)]),
    ("select count() from numbers(3) a, numbers(4) b where a.number = b.number", [(3,)]),
    ("with x as (select 1 as a union all select 2) select sum(a) from x", [(3,)]),
    ("with x as (select 1 as a), y as (select a + 1 as b from x) select b from y", [(2,)]),
    ("with 1 + 2 as x select x * 2", [(6,)]),
    ("with (select 5) as x select x + 1", [(6,)]),
    ("with x as (select 5 as a) select 5 in x, 6 in x", [(1, 0)]),
    ("with toDate(timestamp) as day select day, count() from events where event = '$pageleave' group by day order by day limit 1", [(date(2020, 1, 11), 1)]),
    ("with recursive n as (select 1 as i union all select i + 1 from n where i < 5) select sum(i) from n", [(15,)]),
    ("with recursive n(i) as (select 1 union all select i + 1 from n where i < 4) select max(i) from n", [(4,)]),
    ("with x(a, b) as (select 1, 2) select b, a from x", [(2, 1)]),
    ("select * from (select 1 as a union all select 2 union all select 2) order by a", [(1,), (2,), (2,)]),
    ("select a from (select 1 as a union select 1) order by a", [(1,)]),
    ("select 1 as a intersect select 1", [(1,)]),
    ("select number from (select number from numbers(3) except select 1) order by number", [(0,), (2,)]),
    ("select x, y from (values (1, 'a'), (2, 'b')) as t(x, y) order by x", [(1, "a"), (2, "b")]),
    ("select n, x from (select 1 as n, ['a', 'b'] as l) array join l as x order by x", [(1, "a"), (1, "b")]),
    ("select n, x from (select 1 as n, arrayFilter(x -> x > 5, [1]) as l) left array join l as x", [(1, 0)]),
    ("select number, sum(number) over (order by number rows between unbounded preceding and current row) from numbers(3)", [(0, 0), (1, 1), (2, 3)]),
    ("select number, row_number() over w from numbers(2) window w as (order by number desc) order by number", [(0, 2), (1, 1)]),
    ("select number, lag(number) over (order by number) as l from numbers(3) order by number", [(0, None), (1, 0), (2, 1)]),
    ("select number from numbers(5) qualify row_number() over (order by number desc) = 1", [(4,)]),
    ("select number % 2 as k, number from numbers(6) order by number desc limit 1 by k", [(1, 5), (0, 4)]),
    ("select number from numbers(10) order by number limit 2 offset 3", [(3,), (4,)]),
    ("select number % 2 as k, count() from numbers(5) group by k having count() > 2", [(0, 3)]),
    ("select number % 2 as k, count() as c from numbers(4) group by all order by all", [(0, 2), (1, 2)]),
    ("select count() as c from numbers(4) group by rollup(number % 2) order by c", [(2,), (2,), (4,)]),
    ("select count() as c from numbers(4) group by grouping sets ((number % 2), (number)) order by c limit 1", [(1,)]),
    ("select number from numbers(3) order by number desc nulls last", [(2,), (1,), (0,)]),
    ("select arraySort(x -> -x, groupArray(number)) from numbers(3)", [([2, 1, 0],)]),
    ("select array_agg(number order by number desc) from numbers(3)", [([2, 1, 0],)]),
    ("select string_agg(toString(number), '-') from (select number from numbers(3) order by number)", [("0-1-2",)]),
    ("select every(number >= 0), every(number > 0) from numbers(3)", [(True, False)]),
    ("select sumIf(number, number > 1), argMax(number, number) from numbers(4)", [(5, 3)]),
    ("select sumMerge(s) from (select sumState(number) as s from numbers(4))", [(6,)]),
    ("select p.$browser from (select properties as p from events where event = '$pageleave' and distinct_id = 'p4') as x", [("Safari",)]),
    ("select x.properties.$browser from (select * from events where event = '$pageleave' and distinct_id = 'p4') as x", [("Safari",)]),
    ("select t.1, t.2 from (select tuple(1, 'b') as t)", [(1, "b")]),
    ("select columns('^a') from (select 1 as a, 2 as ab, 3 as b)", [(1, 2)]),
    ("select n from (select a.number as n, a.number, b.number from numbers(1) a cross join numbers(2) b) order by n", [(0,), (0,)]),
    ("select count() from (select * from numbers(2) a cross join numbers(2) b)", [(4,)]),
    ("select * from numbers(1) a cross join (select 5 as number) b", [(0, 5)]),
    ("select columns(* replace (a + 1 as a)) from (select 1 as a, 3 as b)", [(2, 3)]),
    ("select *columns('^b') from (select 1 as a, 3 as b)", [(3,)]),
    ("select number % 2, count() from numbers(3) group by #1 order by #1", [(0, 2), (1, 1)]),
    ("select percentile_cont(0.5) within group (order by number) from numbers(3)", [(1.0,)]),
    ("select number, 'x' as y from numbers(1) order by number with fill from 0 to 3 interpolate (y)", [(0, "x"), (1, "x"), (2, "x")]),
    ("select * exclude (b) from (select 1 as a, 3 as b)", [(1,)]),
    ("select matchesAction('viewed') as m, count() from events where distinct_id = 'p2' group by m order by m", [(0, 1), (1, 2)]),
    ("select count() from events sample 1 where event = '$pageleave'", [(6,)]),
    ("select count() from events where event = '$pageleave' and `events`.distinct_id = \"distinct_id\"", [(6,)]),
    ("select table_name from system.information_schema.tables where table_name = 'events'", [("events",)]),
    ("select f'{event}!' from events where event = '$pageleave' limit 1", [("$pageleave!",)]),
    ("select events from (select 1 as events)", [(1,)]),
    ("select tuple(1, 2) as events, count() from events where events.event = '$pageleave' group by 1", [((1, 2), 6)]),
    ("select arrayMap(events -> events + 1, [1]) from events where event = '$pageleave' limit 1", [([2],)]),
]  # fmt: skip


@pytest.fixture(scope="session", autouse=True)
def _untyped(insert):
    properties = {
        "number": 5, "flag": True, "$survey_response_1": "good", "$survey_response_x": "by id",
        "$survey_response_2": ["a", "b"],
    }  # fmt: skip
    insert("events", event("untyped", "2020-02-02 10:00:00", "untyped", properties))


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_queries(rows, query, expected):
    assert rows(query) == expected


def test_group_by_day_agrees_with_counting_in_python(ask, reader):
    zone = ZoneInfo("Pacific/Auckland")
    stored = reader.query("SELECT timestamp FROM events WHERE team_id = 1 AND event = '$pageview'").rows
    expected = Counter(row[0].replace(tzinfo=UTC).astimezone(zone).date() for row in stored)
    found = ask(
        "select toDate(timestamp) as day, count() from events where event = '$pageview' group by day",
        timezone=zone.key,
    )
    assert dict(found.rows) == expected


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
