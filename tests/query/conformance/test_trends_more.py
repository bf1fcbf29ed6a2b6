"""Trends beyond the contract: other owners of properties, sampling, cumulative answers, and who is in a number."""

import uuid

import pytest

from appliance.failures import Invalid
from appliance.query.actors_query import actors_query
from appliance.query.insights.actors_options import insight_actors_options
from appliance.query.insights.breakdown import OTHER_VALUE
from tests.query.conformance.asking import Person, at
from tests.query.conformance.test_trends import COMPARED, A, B, broken_down, counts, display, make_tr, query

SECONDS = {"short": (0, 30), "long": (0, 90), "other": (0, 60)}


@pytest.fixture(scope="module")
def tr(warehouse):
    return warehouse.kept("TR", make_tr)


def uuid7(text, number):
    milliseconds = int(at(text).timestamp() * 1000)
    return str(uuid.UUID(int=milliseconds << 80 | 7 << 76 | 2 << 62 | number))


@pytest.fixture(scope="module")
def visits(warehouse):
    """Two sessions on the 10th, one on the 11th; a person older than the events, and one in a group."""

    def make(warehouse):
        start = {"short": "2020-01-10T12:00", "long": "2020-01-10T15:00", "other": "2020-01-11T12:00"}
        events = [
            {
                "event": "$pageview",
                "at": at(start[name]).replace(minute=seconds // 60, second=seconds % 60),
                "person": "ada" if name == "other" else "bob",
                "properties": {"$current_url": f"https://a.b/{name}"},
                "$session_id": uuid7(start[name], number),
                "$group_0": "org:5" if name == "other" else "",
            }
            for number, (name, each) in enumerate(SECONDS.items())
            for seconds in each
        ]
        people = [Person("ada", properties={"age": 36}), Person("bob", properties={"age": 20})]
        data = warehouse.dataset(people, events, "2020-01-25T12:00")
        warehouse.store.execute(
            "INSERT INTO groups (group_type_index, group_key, created_at, team_id, group_properties, _timestamp) "
            f"VALUES (0, 'org:5', '2020-01-01 00:00:00', {data.facts.id}, '{{\"plan\":\"gold\"}}', now())"
        )
        return data

    return warehouse.kept("visits", make)


def test_the_length_of_sessions_counts_once_for_each(visits):
    series = A | {
        "math": "avg",
        "math_property": "$session_duration",
        "math_property_type": "session_properties",
    }
    assert visits.results(query(10, 11, series))[0]["data"] == [60, 60]
    assert visits.results(query(10, 11, series | {"math": "max"}))[0]["data"] == [90, 60]
    assert (
        visits.results(query(10, 11, series | {"math": "sum"}, **display("BoldNumber")))[0][
            "aggregated_value"
        ]
        == 180
    )


def test_numbers_of_persons(visits):
    series = A | {"math": "max", "math_property": "age", "math_property_type": "person_properties"}
    assert visits.results(query(10, 11, series))[0]["data"] == [20, 36]


def test_the_time_of_events_is_a_number(visits):
    series = A | {"math": "min", "math_property": "$time"}
    assert visits.results(query(10, 10, series))[0]["data"] == [at("2020-01-10T12:00").timestamp()]


def test_breakdowns_by_other_owners(visits):
    by_group = broken_down("plan", "group", breakdown_group_type_index=0)
    assert [item["count"] for item in visits.results(query(10, 11, A, **by_group))] == [2, 4]
    by_age = broken_down("age", "person")
    assert counts(visits.results(query(10, 11, A, **by_age))) == [("20", 4), ("36", 2)]
    by_duration = broken_down("$session_duration", "session")
    assert sorted(counts(visits.results(query(10, 11, A, **by_duration)))) == [
        ("30", 2),
        ("60", 2),
        ("90", 2),
    ]
    by_key = broken_down("$group_0", "event_metadata")
    assert counts(visits.results(query(10, 11, A, **by_key)))[0] == ("org:5", 2)


def test_filters_by_sessions_and_groups(visits):
    long = {"type": "session", "key": "$session_duration", "operator": "gt", "value": 50}
    assert visits.results(query(10, 11, A, properties=[long]))[0]["count"] == 4
    gold = {"type": "group", "key": "plan", "operator": "exact", "value": "gold", "group_type_index": 0}
    assert visits.results(query(10, 11, A, properties=[gold]))[0]["count"] == 2


def test_groups_as_actors(tr):
    by_group = query(9, 12, A | {"math": "dau"}, aggregation_group_type_index=0)
    assert tr.results(by_group)[0]["data"] == [1, 0, 1, 3]
    assert tr.actors(by_group, day="2020-01-12") == [("org:5", 1), ("org:6", 1), ("org:7", 1)]
    # An event of nobody's group has no actor.
    assert tr.actors(
        by_group | {"dateRange": {"date_from": "2020-01-15", "date_to": "2020-01-15"}}, day="2020-01-15"
    ) == [("org:5", 1)]


def test_a_sample_stands_for_all(warehouse):
    def make(warehouse):
        people = [Person(f"p{number}") for number in range(400)]
        events = [{"event": "$pageview", "at": "2020-01-10T12:00", "person": one.name} for one in people]
        return warehouse.dataset(people, events, "2020-01-25T12:00")

    data = warehouse.kept("sample", make)
    (item,) = data.results(query(10, 10, A, samplingFactor=0.5))
    assert 280 < item["count"] < 520
    assert item["count"] % 2 == 0
    (item,) = data.results(query(10, 10, A | {"math": "avg_count_per_actor"}, samplingFactor=0.5))
    assert item["data"] == [1]
    for factor in (0, 2, "half"):
        with pytest.raises(Invalid):
            data.results(query(10, 10, A, samplingFactor=factor))


def test_minutes_and_exact_ends(visits):
    dates = {"date_from": "2020-01-10T15:00", "date_to": "2020-01-10T15:02"}
    (item,) = visits.results(query(10, 10, A, interval="minute") | {"dateRange": dates})
    assert (item["data"], item["days"][1]) == ([1, 1, 0], "2020-01-10 15:01:00")
    exact = {"date_from": "2020-01-10T12:00:01", "date_to": "2020-01-10T15:00:00", "explicitDate": True}
    (item,) = visits.results(query(10, 10, A) | {"dateRange": exact})
    assert item["data"] == [2]


def test_all_time_begins_with_the_first_event(tr):
    (item,) = tr.results(query(9, 10, A) | {"dateRange": {"date_from": "all", "date_to": "2020-01-12"}})
    assert (item["days"][0], item["data"]) == ("2020-01-09", [1, 0, 1, 3])


def test_several_nodes_count_as_one_series(tr):
    group = {
        "kind": "GroupNode",
        "name": "either",
        "nodes": [A, B | {"properties": [{"key": "prop", "value": 10}]}],
    }
    (item,) = tr.results(query(9, 19, group))
    assert (item["label"], item["count"]) == ("either", 13)


@pytest.mark.parametrize("days", [("2020-01-12", 3), ("2020-01-13", 1), ("2020-01-10", 0), ("2019-01-10", 0)])
def test_who_was_active_on_a_day(tr, days):
    day, count = days
    assert len(tr.actors(query(9, 20, A | {"math": "dau"}), day=day)) == count


def test_who_is_in_the_whole_in_a_breakdown_and_in_the_past(tr):
    assert sum(events for _, events in tr.actors(query(9, 20, A))) == 10
    by_browser = query(9, 20, A, **broken_down("$browser", breakdown_limit=2))
    assert len(tr.actors(by_browser, breakdown="Chrome")) == 1
    (*_, other) = tr.results(by_browser)
    assert other["breakdown_value"] == OTHER_VALUE
    assert sum(events for _, events in tr.actors(by_browser, breakdown=OTHER_VALUE)) == other["count"] == 2
    compared = query(15, 20, A, **COMPARED)
    assert sum(events for _, events in tr.actors(compared, compare="previous")) == 6
    assert len(tr.actors(compared, compare="previous", day="2020-01-12")) == 3
    cumulative = query(9, 20, A | {"math": "dau"}, **display("ActionsLineGraphCumulative"))
    assert len(tr.actors(cumulative, day="2020-01-11")) == 2
    by_cohort = query(9, 20, A, **broken_down([1, "all"], "cohort"))
    assert len(tr.actors(by_cohort, breakdown=1)) == 1
    assert len(tr.actors(by_cohort, breakdown="all")) == 4
    several = query(
        9,
        20,
        A,
        breakdownFilter={"breakdowns": [{"property": "$browser"}, {"property": "name", "type": "person"}]},
    )
    assert len(tr.actors(several, breakdown=["Chrome", "p1"])) == 1
    assert tr.actors(several, breakdown=["Chrome", "p2"]) == []
    binned = query(9, 20, A, **broken_down("prop", breakdown_histogram_bin_count=4))
    assert len(tr.actors(binned, breakdown="[17.5,25]")) == 1
    with pytest.raises(Invalid):
        tr.actors(query(9, 20, A), series=3)


def test_what_can_be_asked_for(tr):
    source = query(9, 11, A, B, **broken_down("$browser"), **COMPARED)
    options = insight_actors_options({"source": {"kind": "InsightActorsQuery", "source": source}}, tr.asked())
    assert [one["value"] for one in options["day"]] == ["2020-01-09", "2020-01-10", "2020-01-11"]
    assert options["series"] == [{"label": "$pageview", "value": 0}, {"label": "$pageleave", "value": 1}]
    assert [one["value"] for one in options["compare"]] == ["current", "previous"]
    assert {one["value"] for one in options["breakdown"]} == {"Chrome", "Firefox"}


@pytest.mark.parametrize(
    "given",
    [
        {"series": []},
        {"series": [{"kind": "DataWarehouseNode", "id": "x"}]},
        {"series": [A | {"math": "magic"}]},
        {"series": [A | {"math": "sum"}]},
        {"series": [A | {"math": "hogql"}]},
        {"series": [A | {"math": "unique_group"}]},
        {"series": [A | {"math": "unique_group", "math_group_type_index": 7}]},
        {"breakdownFilter": {"breakdown": "x", "breakdown_type": "weather"}},
        {"breakdownFilter": {"breakdown": [12], "breakdown_type": "cohort"}},
        {"trendsFilter": {"formula": "A + B"}},
        {"interval": "century"},
        {"dateRange": {"date_from": "some day"}},
    ],
)
def test_what_cannot_be_answered_is_refused(tr, given):
    with pytest.raises(Invalid):
        tr.results(query(9, 11, A) | given)


def test_actors_as_a_client_asks_for_them(tr):
    source = {
        "kind": "InsightActorsQuery",
        "source": query(9, 20, A, **broken_down("$browser")),
        "breakdown": "Chrome",
    }
    asked = {
        "kind": "ActorsQuery",
        "source": source,
        "select": ["actor", "event_count"],
        "orderBy": ["event_count DESC", "actor_id DESC"],
    }
    ((actor, events),) = actors_query(asked, tr.asked())["results"]
    assert (actor["distinct_ids"], actor["properties"], events) == (["p1"], {"name": "p1"}, 6)
    everyone = asked | {"source": source | {"breakdown": None}}
    assert [events for _, events in actors_query(everyone, tr.asked())["results"]] == [6, 2, 1, 1]
    one_day = {
        "kind": "LifecycleQuery",
        "series": [A],
        "dateRange": {"date_from": "2020-01-09", "date_to": "2020-01-19"},
    }
    status = {"kind": "InsightActorsQuery", "source": one_day, "day": "2020-01-13", "status": "dormant"}
    dormant = actors_query({"kind": "ActorsQuery", "source": status, "select": ["actor"]}, tr.asked())[
        "results"
    ]
    assert sorted(row[0]["properties"]["name"] for row in dormant) == ["p2", "p3"]
    sticky = {"kind": "StickinessActorsQuery", "source": one_day | {"kind": "StickinessQuery"}, "day": 6}
    found = actors_query({"kind": "ActorsQuery", "source": sticky, "select": ["actor"]}, tr.asked())[
        "results"
    ]
    assert [row[0]["properties"]["name"] for row in found] == ["p1"]


def test_options_of_other_insights(tr):
    dates = {"date_from": "2020-01-09", "date_to": "2020-01-11"}
    retention = {"kind": "RetentionQuery", "dateRange": dates, "retentionFilter": {"period": "Day"}}
    options = insight_actors_options({"source": retention}, tr.asked())
    assert options == {"interval": [{"label": f"Day {number}", "value": number} for number in range(3)]}
    assert insight_actors_options({"source": {"kind": "PathsQuery"}}, tr.asked()) == {}
    lifecycle = {"kind": "LifecycleQuery", "series": [A], "dateRange": dates}
    statuses = insight_actors_options({"source": lifecycle}, tr.asked())["status"]
    assert [one["value"] for one in statuses] == ["new", "returning", "resurrecting", "dormant"]


def test_any_column_of_events_can_break_down(tr):
    for column in ("uuid", "person_id", "timestamp", "distinct_id", "event"):
        assert tr.results(query(9, 20, A, **broken_down(column, "event_metadata")))[0]["count"] >= 1


def test_formulas_by_a_breakdown_that_nobody_has(tr):
    several = {"trendsFilter": {"formulas": ["A", "A*2"]}}
    assert tr.results(query(1, 2, A, **several, **broken_down("$browser"))) == []
    assert counts(tr.results(query(9, 9, A, **several, **broken_down("$browser")))) == [
        ("Formula (A) - Firefox", 1),
        ("Formula (A*2) - Firefox", 2),
    ]


def test_more_than_a_chart_can_hold_is_refused(tr):
    many = broken_down("$browser", breakdown_limit=5_000)
    with pytest.raises(Invalid):
        tr.results(query(1, 20, A, **many, interval="minute"))
    with pytest.raises(Invalid):
        tr.results(query(1, 20, *[A] * 10, **broken_down(["all"] * 60, "cohort")))


@pytest.mark.parametrize("kind", ["TrendsQuery", "StickinessQuery"])
def test_who_is_in_a_number_of_groups_are_groups(visits, kind):
    groups = A | {"math": "unique_group", "math_group_type_index": 0}
    day = {"TrendsQuery": "2020-01-11", "StickinessQuery": 1}[kind]
    source = {
        "kind": "InsightActorsQuery",
        "source": query(10, 11, B, groups) | {"kind": kind},
        "series": 1,
        "day": day,
    }
    found = actors_query({"kind": "ActorsQuery", "source": source, "select": ["actor"]}, visits.asked())[
        "results"
    ]
    assert [(row[0]["id"], row[0]["type"], row[0]["properties"]) for row in found] == [
        ("org:5", "group", {"plan": "gold"})
    ]
