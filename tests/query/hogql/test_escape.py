"""Attempts to see another project's rows: each is refused, or shows our own rows only.

Both projects hold the same kinds of rows; what belongs to the other one says so in its text: `@2.test`, `org:2`,
`secret of 2`, `"team_id": 2`, or the ids of its persons.
"""

import pytest

from appliance.failures import HogletError
from appliance.query.hogql.schema import Schema, physical_tables
from tests.query.hogql.conftest import THEIRS, person_id

PEOPLE = "person.properties.email, team_id, person_id"

ATTEMPTS = [
    # Plain, and conditions that say more than AND.
    f"select {PEOPLE} from events",
    f"select {PEOPLE} from events where 1 = 1 or team_id = 2",
    f"select {PEOPLE} from events where true or true",
    f"select {PEOPLE} from events where team_id = 2",
    f"select {PEOPLE} from events where team_id in (1, 2)",
    f"select {PEOPLE} from events where not (team_id = 1)",
    f"select {PEOPLE} from events where 1 or 1 = 1 or (1) or not 0",
    f"select {PEOPLE} from events prewhere 1 or team_id = 2",
    f"select {PEOPLE} from events prewhere team_id = 2 where team_id = 2 or 1",
    f"select {PEOPLE} from events having 1 or team_id = 2",
    f"select {PEOPLE} from events qualify 1 or team_id = 2",
    "select team_id, count() from events group by team_id having count() > 0 or 1",
    "select team_id, count() from events group by team_id with totals",
    "select team_id, count() from events group by rollup(team_id)",
    "select team_id, count() from events group by cube(team_id, event)",
    "select team_id, event, count() from events group by grouping sets ((team_id), (event))",
    "select team_id, count() from events group by all",
    # Comments and odd quoting.
    f"select {PEOPLE} from events -- where team_id = 1",
    f"select {PEOPLE} from events /* where */",
    f"select {PEOPLE} from events where 1 /*",
    f"select {PEOPLE} from events where 1 -- \n or team_id = 2",
    f"select {PEOPLE} from events where 1 // \n or team_id = 2",
    f"select {PEOPLE} from events where event = '\\' or 1=1 --'",
    f"select {PEOPLE} from events where event = ''' or 1=1 --'",
    f"select {PEOPLE} from events where event = 'a\\\\' or team_id = 2",
    "select event as `x`) from events --` from events",
    "select event as `a\\`, team_id from events --` from events",
    'select team_id as "a\\", b" from events',
    "select 1 as `{p_0:String}` from events",
    "select team_id as `a{x:Identifier}` from events",
    "select 1 as `%s%(x)s` from events",
    # Names that hide ours.
    "select 1 as team_id, event from events",
    "select 1 as TEAM_ID from events",
    "select team_id as source, 2 as x from events",
    "select tuple(1, 2) as source, source.team_id, team_id from events",
    "select 1 as events, team_id from events",
    "select (1 as team_id) from events",
    f"select {PEOPLE} from events as source",
    f"select {PEOPLE} from events as person",
    "select x.team_id, x.person.properties.email from events as x",
    "select team_id.team_id from events as team_id",
    "select `source`.`team_id` from events as `source`",
    "select x.email from (select 1 as team_id, person.properties.email as email from events) as x",
    "select true as true from events",
    "select 2 as `null`, team_id from events",
    "with 1 as team_id select team_id from events",
    "with (select 2) as team_id select team_id, event from events",
    "with team_id as (select 2) select * from events",
    "with events as (select 2 as x) select x from events",
    "with source as (select 2 as team_id) select team_id from events as source",
    "with (select 1) as source select source, team_id from events",
    "with person as (select 1 as id) select team_id, person.properties.email from events",
    "with raw_persons as (select * from persons) select team_id, properties from raw_persons",
    "with cte_1_x as (select * from events) select team_id from cte_1_x",
    "select arrayMap(source -> source.team_id, [tuple(2)]), team_id from events",
    "select arrayMap(team_id -> team_id, [1, 2]), team_id from events",
    "select arrayFilter(events -> 1, [1]), events.team_id from events",
    "select arrayMap((team_id, source) -> team_id or 1, [2], [3]), team_id from events",
    # Subqueries.
    "select team_id, email from (select team_id, person.properties.email as email from events)",
    "select * from (select * from events)",
    "select * from (select * from (select * from persons))",
    "select (select any(person.properties.email) from events where team_id = 2)",
    "select count() from events where person_id in (select id from persons where team_id = 2)",
    "select count() from events where team_id in (select 2)",
    "select count(), any(team_id) from events where 2 in (select team_id from events)",
    "select count() from events where exists (select 1 from events where team_id = 2)",
    "select groupArray(tuple(team_id, properties)) from persons",
    "select groupArray(properties) from raw_persons",
    "select * from raw_persons where team_id = 2",
    "select * from raw_groups where team_id = 2 or 1",
    "select * from groups",
    "select organization.properties.name, group_0.key from events",
    "select * from log_entries",
    "select * from console_logs_log_entries where 1 or team_id = 2",
    "select * from cohort_people",
    "select * from raw_cohort_people",
    "select * from static_cohort_people",
    "select person.properties.email, team_id from static_cohort_people",
    "select * from person_distinct_ids",
    "select * from raw_person_distinct_ids where team_id = 2",
    "select * from sessions",
    "select * from session_replay_events",
    "select * from raw_session_replay_events",
    # Joins.
    "select e.team_id, p.properties from events e join persons p on 1 = 1",
    "select e.team_id, p.properties from events e cross join persons p",
    "select e.team_id, p.properties from events e, persons p",
    "select e.team_id, p.properties from events e left join persons p on p.team_id = 2",
    "select e.team_id, p.team_id, p.properties from events e right join persons p on e.person_id != p.id",
    "select e.team_id, p.team_id, p.properties from events e full join persons p on 1 = 0",
    "select e.team_id, p.team_id, p.properties from events e full outer join raw_persons p on e.person_id = p.id",
    "select e.team_id, p.properties from events e any left join persons p on e.person_id = p.id",
    "select e.team_id, p.properties from events e semi left join persons p on e.person_id = p.id",
    "select p.properties, p.team_id from persons p anti left join events e on e.person_id = p.id",
    (
        "select e.team_id, p.team_id from events e asof left join raw_persons p on e.person_id = p.id"
        " and e.timestamp >= p.created_at"
    ),
    "select e.team_id, p.team_id from events e join raw_persons p using (team_id)",
    "select a.team_id, b.properties from raw_persons a join raw_persons b using team_id",
    "select e.team_id, p.properties from events e join persons p on e.person_id = p.id or 1 = 1",
    "select e.team_id, p.properties from events e join (select * from persons) p on true",
    "select p.pdi.person.properties, p.pdi.person.team_id from persons p right join events e on 1 = 1",
    "select pdi.person.properties, pdi.person.team_id, pdi.team_id from events",
    "select group_0.properties, group_0.team_id, group_1.key from events",
    "select e.team_id, g.properties from events e full join groups g on e.event = g.key",
    # Combined queries.
    "select team_id, properties from events union all select team_id, properties from persons where team_id = 2",
    "select team_id from events union all select team_id from events where team_id = 2 or 1",
    "select team_id from events where 1 union distinct select 2 from numbers(1) where 0",
    "(select team_id from events) intersect (select 2)",
    "select team_id from events except select 1",
    "select team_id from events except select 1 union all select team_id from events",
    "select 1 union all (select team_id from events intersect select 2)",
    "with x as (select team_id, properties from persons) select * from x union all select * from x",
    (
        "with recursive x as (select team_id, 1 as n from events union all select team_id, n + 1 from x where n < 3)"
        " select team_id from x"
    ),
    # Clauses that read differently.
    "select team_id, properties from events final",
    "select team_id, properties from events sample 1",
    "select team_id, properties from events sample 1/2 offset 1/2 where team_id = 2",
    "select team_id, x from events array join [1, 2] as x where x = team_id",
    "select x, team_id from events array join [2] as team_id",
    "select team_id, properties from events limit 1 by team_id",
    "select team_id, properties from events limit 1000000000",
    "select team_id from events limit 10 with ties",
    "select team_id, row_number() over (partition by team_id) from events",
    "select first_value(team_id) over (order by team_id desc) from events",
    "select team_id from events window w as (partition by 2)",
    "select team_id from events order by team_id = 2 desc, properties with fill",
    "select columns('.*') from events",
    "select * exclude (event) from events",
    "select e.* from events e",
    # Table functions, other databases, other statements.
    "select * from url('http://127.0.0.1/', CSV, 'a String')",
    "select * from file('/etc/passwd')",
    "select * from s3('http://x/y')",
    "select * from remote('127.0.0.1', 'hoglet', 'events')",
    "select * from cluster('default', 'hoglet', 'events')",
    "select * from merge('hoglet', 'events')",
    "select * from merge('events')",
    "select * from input('a String')",
    "select * from view(select * from events)",
    "select * from executable('cat', 'CSV', 'a String')",
    "select * from mysql('h', 'd', 't', 'u', 'p')",
    "select * from postgresql('h', 'd', 't', 'u', 'p')",
    "select * from dictionary('x')",
    "select * from generateRandom('a UInt8')",
    "select * from zeros(1)",
    "select * from values('a UInt8', 1)",
    "select * from null('a UInt8')",
    "select * from events(1)",
    "select * from numbers((select count() from events))",
    "select * from hoglet.events",
    "select * from hoglet.person",
    "select * from default.events",
    "select * from `hoglet.events`",
    "select * from person",
    "select * from person_distinct_id2",
    "select * from raw_sessions_v3",
    "select * from cohortpeople",
    "select * from schema_migrations",
    "select * from property_definitions",
    "select * from ingestion_warnings",
    "select * from system.tables",
    "select * from system.processes",
    "select * from system.query_log",
    "select * from system.parts",
    "select * from information_schema.tables",
    "select * from group_0",
    "select * from `events` as e, `hoglet`.`events` as f",
    "insert into events values (1)",
    "drop table events",
    "alter table events delete where 1",
    "select 1; select * from events",
    "select * from events; drop table events",
    "select * from events settings additional_table_filters = {}",
    "select * from events settings readonly = 0",
    "select * from events format CSV",
    "select * from events into outfile '/tmp/x'",
    "explain select * from events",
    "show tables",
    "kill query where 1",
    # Functions that look elsewhere.
    "select dictGet('d', 'a', 1)",
    "select dictGetOrDefault('d', 'a', 1, 2)",
    "select joinGet('hoglet.events', 'properties', 1)",
    "select file('/etc/passwd')",
    "select url('http://127.0.0.1')",
    "select getSetting('additional_table_filters')",
    "select currentDatabase(), hostName()",
    "select catboostEvaluate('x', 1)",
    "select initializeAggregation('sumState', team_id) from events",
    "select _toInt64(team_id) from events where team_id = 2",
    "select arrayReduce('groupArray', [team_id]) from events",
    "select remote('x')",
    "select evalMLMethod(1)",
    "select sleep(3)",
    "select `equals(source.team_id, 1) or 1` from events",
    "select properties.`x')) or 1 = 1 --`, team_id from events",
    "select properties['x\\')) or 1 = 1 --'], team_id from events",
    "select person.properties.`') as x from person where 1 --`, team_id from persons",
    "select properties.`a`.`b'`.`c\"`.1, team_id from events",
    "select toTypeName(source.team_id), team_id from events",
    "select source.team_id from events",
    "select events.source.team_id from events",
    "select person_id from events where person_id in cohort '1) or 1 = 1 --'",
    "select person_id from events where person_id in cohort 2",
    "select team_id from events where matchesAction('x) or 1 --')",
    "select cast(team_id as `String) or (1`) from events",
    "select cast(team_id as Enum8('a' = 1)) from events",
    "select team_id::`UInt64)--` from events",
    "select quantile(team_id)(team_id) from events",
    "select quantile((select 1))(team_id) from events",
    "select topK('1) --')(team_id) from events",
    "select <a href='x'>{team_id}</a> from events where 1 or team_id = 2",
    "select f'{team_id} {properties}' from persons",
    "select interval '1) or 1' day from events",
    "select {x} from events",
    "select {team_id} from events",
    "select * from {x}",
    "select event from events where {filters} or 1 = 1 or team_id = 2",
]


def _leaks(value) -> bool:
    text = str(value)
    theirs = [str(person_id(who, THEIRS)) for who in ("p1", "p2", "p3", "p4")]
    return any(sign in text for sign in ("@2.test", "org:2", "org of 2", "secret of 2", *theirs))


def test_there_are_at_least_a_hundred_attempts():
    assert len(set(ATTEMPTS)) >= 100


@pytest.mark.parametrize("query", ATTEMPTS)
def test_no_attempt_shows_rows_of_another_project(ask, query):
    try:
        answer = ask(query, None, limit_default=50_000)
    except HogletError:
        return
    assert not _leaks(answer.rows)
    for name, column in zip(answer.columns, zip(*answer.rows, strict=True), strict=False):
        if name.endswith("team_id"):
            # Zero is what an outer join fills in.
            assert set(column) <= {0, 1, None}, name


@pytest.mark.parametrize("query", ATTEMPTS)
def test_the_printed_text_alone_holds_too(reader, context, query):
    """Without the second fence in the request's settings."""
    from appliance.query.hogql.printer import print_query  # noqa: PLC0415
    from appliance.query.hogql.user_text import query_of  # noqa: PLC0415

    asked = context(limit_default=50_000)
    try:
        sql = print_query(query_of(query), asked).sql
        found = reader.query(sql, asked.parameters, {"transform_null_in": 1})
    except HogletError:
        return
    assert not _leaks(found.rows)


PLACED = [
    "1 or 1 = 1",
    "') or 1 = 1 --",
    "\\') or 1 = 1 --",
    "`) or 1 --",
    "{p_1:Identifier}",
    "{team_id:Int64}",
    "%s %(x)s",
    "\0' or 1",
    "a\nb\tc\\",
    "'; drop table events; --",
]


@pytest.mark.parametrize("text", PLACED)
def test_values_are_values(rows, text):
    assert rows("select {value}", {"value": text}) == [(text,)]
    assert rows("select count() from events where event = {value}", {"value": text}) == [(0,)]
    assert rows("select count() from events where properties[{value}] = {value}", {"value": text}) == [(0,)]
    assert rows("select {list}", {"list": [text, "x"]}) == [([text, "x"],)]


@pytest.mark.parametrize("text", PLACED)
def test_names_are_names(rows, text):
    quoted = text.replace("\\", "\\\\").replace("`", "\\`").replace("\0", "")
    try:
        found = rows(
            f"select x.`{quoted}`, team_id from (select 1 as `{quoted}`) as x, events as e where e.team_id = 2"
        )
    except HogletError:
        return
    assert found == []


def test_every_table_of_the_schema_shows_our_rows_only(ask, context):
    for table in Schema(context()):
        answer = ask(f"select * from {table.name}", None, limit_default=50_000)
        assert not _leaks(answer.rows), table.name


def test_the_second_fence_knows_every_physical_table(reader):
    found = reader.query(
        "SELECT DISTINCT table FROM system.columns WHERE name = 'team_id' AND database = 'hoglet'"
    )
    stored = {row[0] for row in found.rows}
    assert set(physical_tables()) <= stored
