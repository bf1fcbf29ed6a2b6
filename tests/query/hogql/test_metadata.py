"""What editors ask: mistakes, suggestions, the schema."""

import pytest

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.hogql.autocomplete import autocomplete
from appliance.query.hogql.database_schema import database_schema
from appliance.query.hogql.hogql_query import hogql_query
from appliance.query.hogql.metadata import metadata


@pytest.fixture
def asked(context, reader):
    return Asked(context(), reader, "an-id")


def test_a_query_is_answered_in_posthogs_shape(asked):
    query = "select event, count() from events where event = '$pageleave' group by event"
    found = hogql_query({"kind": "HogQLQuery", "query": query}, asked)
    assert found["results"] == [("$pageleave", 6)]
    assert found["columns"] == ["event", "count()"]
    assert found["types"] == [["event", "LowCardinality(String)"], ["count()", "UInt64"]]
    assert found["query"] == query
    assert (
        found["hogql"]
        == "SELECT event, count() FROM events WHERE equals(event, '$pageleave') GROUP BY event LIMIT 100"
    )
    assert (found["hasMore"], found["limit"], found["offset"]) == (False, 100, 0)
    assert "clickhouse" not in found


def test_the_printed_query_asks_the_same(asked):
    query = (
        "with x as (select distinct_id as d, count() as c from events where timestamp > '2020-01-10' group by d)"
        " select d, c, case when c > 1 then 'many' else 'one' end from x where d like 'p%' or d in ('a', 'b')"
        " and not (d is null) order by c desc, d limit 2 offset 1"
    )
    first = hogql_query({"query": query}, asked)
    again = hogql_query({"query": first["hogql"]}, asked)
    assert again["results"] == first["results"]
    assert again["hogql"] == first["hogql"]


@pytest.mark.parametrize(
    ("query", "bad"),
    [
        ("select nope from events", "nope"),
        ("select event frm events", "events"),
        ("select lower(event, 1) from events", "lower(event, 1)"),
        ("select event from nope", "nope"),
    ],
)
def test_mistakes_have_a_place(asked, query, bad):
    found = metadata({"kind": "HogQLMetadata", "language": "hogQL", "query": query}, asked)
    assert found["isValid"] is False
    (error,) = found["errors"]
    assert query[error["start"] : error["end"]] == bad


def test_a_good_query_tells_what_it_reads(asked):
    query = (
        "select properties.prop, person.properties.name from events where timestamp > now() - interval 1 day"
    )
    found = metadata({"language": "hogQL", "query": query}, asked)
    assert found["isValid"]
    assert found["errors"] == []
    assert found["table_names"] == ["events"]
    assert found["isUsingIndices"] == "yes"
    assert [one["message"] for one in found["notices"]] == ["Event property 'prop' is of type 'Float'."]


@pytest.mark.parametrize(
    ("language", "text", "is_valid"),
    [
        ("hogQLExpr", "properties.$browser = 'x'", True),
        ("hogQLExpr", "properties.$browser =", False),
        ("hogQLExpr", "nope + 1", False),
        ("hog", "let x := 1; return x", True),
        ("hog", "let x := ", False),
        ("hogTemplate", "Hello {event.name}", True),
        ("liquid", "{% if %}", True),
        ("hogQL", "select 1 where {filters}", False),
        ("hogQL", "select event from events where {filters}", True),
        ("hogQL", "select {variables.x}", False),
    ],
)
def test_languages(asked, language, text, is_valid):
    assert metadata({"language": language, "query": text}, asked)["isValid"] is is_valid


def test_an_expression_may_be_about_another_query(asked):
    source = {"kind": "HogQLQuery", "query": "select event as name from events"}
    asks = {"language": "hogQLExpr", "sourceQuery": source}
    assert metadata(asks | {"query": "upper(name)"}, asked)["isValid"]
    assert not metadata(asks | {"query": "upper(event)"}, asked)["isValid"]


def _labels(asked, text, **more):
    at = text.index("|")
    query = {
        "query": text.replace("|", ""),
        "startPosition": at,
        "endPosition": at,
        "language": "hogQL",
        **more,
    }
    return {one["label"] for one in autocomplete(query, asked)["suggestions"]}


def test_suggestions_fit_their_place(asked):
    assert {"events", "persons", "sessions"} <= _labels(asked, "select x from |")
    assert "toStartOfDay" not in _labels(asked, "select x from |")
    assert {"event", "timestamp", "toStartOfDay", "WHERE"} <= _labels(asked, "select | from events")
    assert {"properties", "id"} <= _labels(asked, "select e.person.| from events e")
    assert {"$session_duration", "$channel_type"} <= _labels(asked, "select session.| from events")
    assert {"$browser", "prop"} <= _labels(asked, "select properties.| from events")
    assert {"name", "email"} <= _labels(asked, "select p.properties.| from persons as p")
    assert {"event", "properties"} <= _labels(asked, "|", language="hogQLExpr")
    assert _labels(asked, "select nope.| from events") == set()


def test_a_place_outside_of_the_text_is_refused(asked):
    with pytest.raises(Invalid):
        autocomplete({"query": "select 1", "endPosition": 100}, asked)


def test_the_schema_leads_everywhere(asked):
    tables = database_schema({}, asked)["tables"]
    events = tables["events"]["fields"]
    assert events["timestamp"] == {
        "name": "timestamp", "hogql_value": "timestamp", "schema_valid": True, "type": "datetime",
    }  # fmt: skip
    assert events["properties"]["type"] == "json"
    assert events["pdi"]["table"] == "person_distinct_ids"
    assert events["session"]["type"] == "lazy_table"
    assert events["organization"] == {
        "name": "organization", "hogql_value": "organization", "schema_valid": True, "type": "field_traverser",
        "chain": ["group_0"],
    }  # fmt: skip
    for table in tables.values():
        for field in table["fields"].values():
            if field["type"] == "lazy_table":
                assert field["table"] in tables
