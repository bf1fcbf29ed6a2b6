"""The contract's HogQL rows: Q1 to Q14."""

import pytest

from appliance.failures import Invalid
from appliance.query.hogql import hogql_query
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.printer import print_query
from appliance.query.hogql.user_text import query_of
from tests.query.hogql.conftest import DYNAMIC, STATIC, event


@pytest.fixture(scope="session", autouse=True)
def _values(insert):
    odd = {"empty_string": "", "null": None, "str_zero": "0", "num_zero": 0}
    insert(
        "events",
        event("odd values", "2020-01-02 10:00:00", "odd", odd),
        event("random event", "2020-01-02 10:00:00", "random"),
        event("random event", "2020-01-02 10:00:01", "random"),
    )  # fmt: skip


def test_q1_counts_by_event(ask):
    answer = ask("select count(), event from events where distinct_id = 'random' group by event")
    assert [tuple(row) for row in answer.rows] == [(2, "random event")]
    assert answer.columns == ("count()", "event")
    assert answer.hogql.endswith("LIMIT 100")


def test_q2_arrays_count_from_one(rows):
    assert rows("select [10,11,12][1]") == [(10,)]


def test_q3_lambdas(rows):
    assert rows("select arrayMap(x -> x * 2, [1,2,3])") == [([2, 4, 6],)]


def test_q4_properties_are_texts_and_missing_ones_null(rows):
    names = "properties.empty_string, properties.`null`, properties.missing, properties.str_zero, properties.num_zero"
    assert rows(f"select {names} from events where event = 'odd values'") == [("", None, None, "0", "0")]


def test_q5_guard_and_limits(context):
    sql = print_query(query_of("select event from events"), context()).sql
    assert "equals(source.team_id, 1)" in sql
    assert sql.endswith("LIMIT 100")
    assert print_query(query_of("select event from events limit 1000000"), context()).sql.endswith(
        "LIMIT 50000"
    )


def test_q10_null_is_asked_for_by_name(context):
    assert "isNull(" in print_query(query_of("select event from events where event = null"), context()).sql
    assert (
        "isNotNull(" in print_query(query_of("select event from events where event != null"), context()).sql
    )


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("select 1 as team_id", "Alias 'team_id' is a reserved keyword."),
        ("select properties.0 from events", "SQL indexes start from one, not from zero. E.g: array[1]"),
        ("select [1,2][0]", "SQL indexes start from one, not from zero. E.g: array[1]"),
        (
            "select count(1,2,3,4) from events",
            "Aggregation 'count' requires between 0 and 1 arguments, found 4",
        ),
        (
            "select avg(avg(timestamp)) from events",
            "Aggregation 'avg' cannot be nested inside another aggregation 'avg'.",
        ),
        ("select x from nope", "Unknown table `nope`."),
        ("select nope from events", "Unable to resolve field: nope"),
        ("select poe.nope from events", "Field not found: nope"),
        ("select bla(1)", "Unsupported function call 'bla(...)'."),
        (
            "select tostring(1)",
            "Unsupported function call 'tostring(...)'. Perhaps you meant 'toString(...)'?",
        ),
        ("select lower()", "Function 'lower' requires exactly 1 argument, found 0"),
        ("select concat()", "Function 'concat' requires at least 1 argument, found 0"),
        ("select round(1, 2, 3)", "Function 'round' requires at most 2 arguments, found 3"),
        ("select 1 as a, 2 as a", "Cannot redefine an alias with the name: a"),
        ("select {x}", "Unresolved placeholder: {x}"),
    ],
)
def test_q6_to_q11_errors(ask, query, message):
    with pytest.raises(QueryError) as error:
        ask(query)
    assert str(error.value) == message
    assert error.value.start is not None


def _filtered(context, ask, query, filters=None):
    prepared = hogql_query.prepare({"query": query, "filters": filters}, context())
    return ask(prepared.tree).rows


def test_q12_filters(context, ask):
    query = "select event from events where {filters} and distinct_id in ('p1', 'p2', 'p3', 'p4')"
    assert len(_filtered(context, ask, query)) == 16
    dates = {"dateRange": {"date_from": "2020-01-11", "date_to": "2020-01-13"}}
    assert len(_filtered(context, ask, query, dates)) == 6


def test_q12_ends_of_the_range_alone(context, ask):
    query = (
        "select event from events where timestamp >= {filters.dateRange.from} and timestamp < {filters.dateRange.to}"
        " and distinct_id in ('p1', 'p2', 'p3', 'p4')"
    )
    assert len(_filtered(context, ask, query)) == 16
    assert len(_filtered(context, ask, query, {"dateRange": {"date_from": "2020-01-19"}})) == 1


def test_q13_filters_need_a_table_that_has_them(context, ask):
    with pytest.raises(
        QueryError, match="Cannot use 'filters' placeholder in a SELECT clause that does not select"
    ):
        _filtered(context, ask, "select id from persons where {filters}")


def test_q14_cohorts(rows):
    count = "select count() from events where distinct_id in ('p1', 'p2', 'p3', 'p4') and person_id"
    assert rows(f"{count} in cohort {STATIC}") == [(9,)]
    assert rows(f"{count} not in cohort {STATIC}") == [(7,)]
    assert rows(f"{count} in cohort 'chosen'") == [(9,)]
    # Of a calculated cohort the version that counts.
    assert rows(f"{count} in cohort {DYNAMIC}") == [(3,)]
    with pytest.raises(QueryError, match="Could not find a cohort with ID 99"):
        rows(f"{count} in cohort 99")


def test_variables_and_values(context, ask):
    query = {
        "query": "select {variables.name}, {number} + 1, {variables.none}, {list}",
        "values": {"number": 41, "list": ["a", "b"]},
        "variables": {
            "1": {"variableId": "1", "code_name": "name", "value": "it's"},
            "2": {"variableId": "2", "code_name": "none", "value": "x", "isNull": True},
        },
    }
    assert ask(hogql_query.prepare(query, context()).tree).rows[0] == ("it's", 42, None, ["a", "b"])
    with pytest.raises(QueryError, match=r"Unresolved placeholder: \{variables.gone\}"):
        hogql_query.prepare({"query": "select {variables.gone}"}, context())
    with pytest.raises(Invalid):
        hogql_query.prepare({"query": "select 1", "variables": [1]}, context())
