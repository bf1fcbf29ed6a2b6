"""The contract's rows T1 to T32, on its dataset TR."""

import pytest

from appliance.failures import Invalid
from appliance.query.insights.breakdown import NULL_VALUE, OTHER_VALUE
from appliance.query.project import Action
from tests.query.conformance.asking import Person, cohort

VISITS = {"p1": (11, 12, 13, 15, 17, 19), "p2": (9, 12), "p3": (12,), "p4": (15,)}
LEAVES = {"p1": (11, 12, 13), "p2": (13,), "p3": (13,), "p4": (16,)}
PROPERTIES = {
    "p1": {"$browser": "Chrome", "prop": 10, "bool_field": True},
    "p2": {"$browser": "Firefox", "prop": 20, "bool_field": False},
    "p3": {"$browser": "Edge", "prop": 30, "bool_field": True},
    "p4": {"$browser": "Safari", "prop": 40, "bool_field": False},
}
GROUPS = {"p1": "org:5", "p2": "org:6", "p3": "org:7", "p4": ""}
CREATED = {"p1": 11, "p2": 9, "p3": 12, "p4": 15}
A = {"kind": "EventsNode", "event": "$pageview"}
B = {"kind": "EventsNode", "event": "$pageleave"}
A_9_20 = [1, 0, 1, 3, 1, 0, 2, 0, 1, 0, 1, 0]


def make_tr(warehouse):
    people = [Person(name, created_at=_at(CREATED[name]), properties={"name": name}) for name in VISITS]
    events = [
        {
            "event": event,
            "at": _at(day),
            "person": name,
            "properties": PROPERTIES[name],
            "$group_0": GROUPS[name],
        }
        for event, days in (("$pageview", VISITS), ("$pageleave", LEAVES))
        for name, each in days.items()
        for day in each
    ]
    is_p1 = {"type": "person", "key": "name", "operator": "exact", "value": "p1"}
    types = {
        ("event", "prop", None): "Numeric",
        ("event", "bool_field", None): "Boolean",
        ("event", "$browser", None): "String",
    }
    cohorts = [cohort(1, "the first", is_p1)]
    return warehouse.dataset(people, events, "2020-01-25T12:00", property_types=types, cohorts=cohorts)


def _at(day):
    from tests.query.conformance.asking import at  # noqa: PLC0415

    return at(f"2020-01-{day:02}T12:00")


@pytest.fixture(scope="module")
def tr(warehouse):
    return warehouse.kept("TR", make_tr)


def query(first, last, *series, **more):
    dates = {"date_from": f"2020-01-{first:02}", "date_to": f"2020-01-{last:02}"}
    return {"kind": "TrendsQuery", "series": list(series), "dateRange": dates, "interval": "day", **more}


def display(name, **more):
    return {"trendsFilter": {"display": name, **more}}


def formula(text, **more):
    return {"trendsFilter": {"formula": text, **more}}


def broken_down(name, kind="event", **more):
    return {"breakdownFilter": {"breakdown": name, "breakdown_type": kind, **more}}


COMPARED = {"compareFilter": {"compare": True}}


def brief(results):
    return [(item.get("breakdown_value"), item["data"], item["count"]) for item in results]


def counts(results):
    return [(item["label"], item["count"]) for item in results]


def test_t1_t2_events_by_day(tr):
    (item,) = tr.results(query(9, 19, A))
    assert (item["data"], item["count"]) == ([1, 0, 1, 3, 1, 0, 2, 0, 1, 0, 1], 10)
    assert item["days"] == [f"2020-01-{day:02}" for day in range(9, 20)]
    assert item["labels"][0] == "9-Jan-2020"
    assert item["label"] == "$pageview"
    assert item["action"]["type"] == "events"
    (item,) = tr.results(query(9, 19, B))
    assert (item["data"], item["count"]) == ([0, 0, 1, 1, 3, 0, 0, 1, 0, 0, 0], 6)


def test_t3_a_formula_is_one_item(tr):
    (item,) = tr.results(query(9, 19, A, B, **formula("A+2*B")))
    assert (item["data"], item["count"]) == ([1, 0, 3, 5, 7, 0, 2, 2, 1, 0, 1], 22)
    assert (item["label"], item["action"]) == ("Formula (A+2*B)", None)


def test_t4_t5_a_formula_compared(tr):
    current, previous = tr.results(query(15, 19, A, B, **formula("A+2*B"), **COMPARED))
    assert (current["data"], current["count"]) == ([2, 2, 1, 0, 1], 6)
    assert (previous["data"], previous["count"]) == ([0, 3, 5, 7, 0], 15)
    assert (current["compare_label"], previous["compare_label"]) == ("current", "previous")
    earlier = {"compareFilter": {"compare": True, "compare_to": "-2d"}}
    _, previous = tr.results(query(15, 19, A, B, **formula("A+2*B"), **earlier))
    assert (previous["data"], previous["count"]) == ([7, 0, 2, 2, 1], 12)


def test_t6_a_formula_of_totals(tr):
    found = tr.results(query(15, 19, A, B, **formula("A+2*B", display="BoldNumber"), **COMPARED))
    assert [(item["aggregated_value"], item["data"], item["count"]) for item in found] == [
        (6, None, 0),
        (15, None, 0),
    ]


def test_t7_a_formula_by_browser(tr):
    found = tr.results(query(9, 20, A, B, **formula("A+2*B"), **broken_down("$browser")))
    assert brief(found) == [
        ("Chrome", [0, 0, 3, 3, 3, 0, 1, 0, 1, 0, 1, 0], 12),
        ("Firefox", [1, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0], 4),
        ("Edge", [0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 0], 3),
        ("Safari", [0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0], 3),
    ]


def test_t8_t9_a_formula_by_browser_compared(tr):
    found = tr.results(query(15, 19, A, B, **formula("A+2*B"), **broken_down("$browser"), **COMPARED))
    assert [(item["compare_label"], *one) for item, one in zip(found, brief(found), strict=True)] == [
        ("current", "Chrome", [1, 0, 1, 0, 1], 3),
        ("current", "Safari", [1, 2, 0, 0, 0], 3),
        ("previous", "Chrome", [0, 3, 3, 3, 0], 9),
        ("previous", "Edge", [0, 0, 1, 2, 0], 3),
        ("previous", "Firefox", [0, 0, 1, 2, 0], 3),
    ]
    earlier = {"compareFilter": {"compare": True, "compare_to": "-3d"}}
    found = tr.results(query(15, 19, A, B, **formula("A+2*B"), **broken_down("$browser"), **earlier))
    assert len(found) == 6
    assert brief(found)[2] == ("Chrome", [3, 3, 0, 1, 0], 7)


def test_t10_by_cohort(tr):
    (item,) = tr.results(query(9, 20, A, **broken_down([1], "cohort")))
    assert (item["data"], item["count"]) == ([0, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0], 6)
    assert (item["label"], item["breakdown_value"]) == ("the first", 1)


def test_t11_t12_a_formula_by_cohort(tr):
    by_cohort = broken_down([1, "all"], "cohort")
    first, everyone = tr.results(query(9, 20, A, B, **formula("A+B"), **by_cohort))
    assert (first["data"], first["count"]) == ([0, 0, 2, 2, 2, 0, 1, 0, 1, 0, 1, 0], 9)
    assert (everyone["data"], everyone["count"]) == ([1, 0, 2, 4, 4, 0, 2, 1, 1, 0, 1, 0], 16)
    assert (everyone["label"], everyone["breakdown_value"]) == ("all users", "all")
    found = tr.results(query(15, 20, A, B, **formula("A+B"), **by_cohort, **COMPARED))
    assert [(item["compare_label"], item["breakdown_value"], item["count"]) for item in found] == [
        ("current", 1, 3), ("current", "all", 5), ("previous", 1, 6), ("previous", "all", 11),
    ]  # fmt: skip


def test_t13_a_histogram(tr):
    found = tr.results(query(9, 20, A, **broken_down("prop", breakdown_histogram_bin_count=4)))
    assert counts(found) == [("[10,17.5]", 6), ("[17.5,25]", 2), ("[25,32.5]", 1), ("[32.5,40.01]", 1)]


def test_t14_by_an_expression(tr):
    found = tr.results(query(9, 20, A, **broken_down("properties.$browser", "hogql")))
    assert counts(found) == [("Chrome", 6), ("Firefox", 2), ("Edge", 1), ("Safari", 1)]


def test_t15_two_series_by_browser(tr):
    found = tr.results(query(9, 20, A, B, **broken_down("$browser")))
    assert counts(found) == [
        ("$pageview - Chrome", 6), ("$pageview - Firefox", 2), ("$pageview - Edge", 1), ("$pageview - Safari", 1),
        ("$pageleave - Chrome", 3), ("$pageleave - Edge", 1), ("$pageleave - Firefox", 1), ("$pageleave - Safari", 1),
    ]  # fmt: skip


def test_t16_by_browser_compared(tr):
    found = tr.results(query(15, 20, A, **broken_down("$browser"), **COMPARED))
    assert [(item["compare_label"], item["label"], item["count"]) for item in found] == [
        ("current", "Chrome", 3), ("current", "Safari", 1),
        ("previous", "Chrome", 3), ("previous", "Firefox", 2), ("previous", "Edge", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "math", "data"),
    [
        ("T17", {"math": "sum", "math_property": "prop"}, [20, 0, 10, 60, 10, 0, 50, 0, 10, 0, 10, 0]),
        ("T18", {"math": "dau"}, A_9_20),
        ("T19", {"math": "weekly_active"}, [1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 2, 2]),
        ("T20", {"math": "monthly_active"}, [1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4]),
        ("T21", {"math": "unique_session"}, [1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0]),
        ("T22", {"math": "max_count_per_actor"}, [1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 0]),
        ("avg", {"math": "avg", "math_property": "prop"}, [20, 0, 10, 20, 10, 0, 25, 0, 10, 0, 10, 0]),
        ("median", {"math": "median", "math_property": "prop"}, [20, 0, 10, 20, 10, 0, 25, 0, 10, 0, 10, 0]),
        ("hogql", {"math": "hogql", "math_hogql": "count() * 2"}, [2, 0, 2, 6, 2, 0, 4, 0, 2, 0, 2, 0]),
        ("first", {"math": "first_time_for_user"}, [1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0]),
        ("groups", {"math": "unique_group", "math_group_type_index": 0}, [1, 0, 1, 3, 1, 0, 1, 0, 1, 0, 1, 0]),
        ("multiplied", {"math": "total", "math_multiplier": 3}, [3, 0, 3, 9, 3, 0, 6, 0, 3, 0, 3, 0]),
    ],
)  # fmt: skip
def test_t17_to_t22_ways_to_count(tr, row, math, data):
    (item,) = tr.results(query(9, 20, A | math))
    assert item["data"] == data, row


def test_t23_a_total(tr):
    (item,) = tr.results(query(9, 20, A, **display("BoldNumber")))
    assert (item["aggregated_value"], item["data"], item["days"], item["count"]) == (10, [], [], 0)


def test_t24_t25_cumulative_and_smoothed(tr):
    (item,) = tr.results(query(9, 20, A, **display("ActionsLineGraphCumulative")))
    assert (item["data"], item["count"]) == ([1, 1, 2, 5, 6, 6, 8, 8, 9, 9, 10, 10], 10)
    (item,) = tr.results(query(9, 20, A, trendsFilter={"smoothingIntervals": 7}))
    assert item["data"] == [1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0]
    (item,) = tr.results(query(9, 20, A | {"math": "dau"}, **display("ActionsLineGraphCumulative")))
    assert item["data"] == [1, 1, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4]


def test_t26_three_breakdowns(tr):
    parts = [
        {"property": "$browser", "type": "event"},
        {"property": "name", "type": "person"},
        {"property": "bool_field", "type": "event"},
    ]
    found = tr.results(query(9, 20, A, breakdownFilter={"breakdowns": parts}))
    assert counts(found) == [
        ("Chrome::p1::true", 6), ("Firefox::p2::false", 2), ("Edge::p3::true", 1), ("Safari::p4::false", 1),
    ]  # fmt: skip
    assert found[0]["breakdown_value"] == ["Chrome", "p1", "true"]
    with pytest.raises(Invalid):
        tr.results(query(9, 20, A, breakdownFilter={"breakdowns": [*parts, parts[0]]}))


def test_t27_division_by_zero_is_zero(tr):
    (item,) = tr.results(query(9, 19, A, B, **formula("B/A")))
    assert item["data"] == pytest.approx([0, 0, 1, 1 / 3, 3, 0, 0, 0, 0, 0, 0])


def test_t28_an_unknown_action_is_nothing(tr):
    assert tr.results(query(9, 19, {"kind": "ActionsNode", "id": 99})) == []


def test_an_action_counts_what_matches_any_step(tr):
    steps = [
        {"event": "$pageview", "properties": [{"key": "prop", "value": 10, "type": "event"}]},
        {"event": "$pageleave"},
    ]
    definitions = tr.facts.definitions
    seen = tr.given(
        definitions=type(definitions)(definitions.property_types, actions=[Action(7, "seen", steps)])
    )
    (item,) = seen.results(query(9, 19, {"kind": "ActionsNode", "id": 7}))
    assert (item["data"], item["label"]) == ([0, 0, 2, 2, 4, 0, 1, 1, 1, 0, 1], "seen")
    assert (item["action"]["id"], item["action"]["type"]) == (7, "actions")


def test_t29_the_limit_of_a_breakdown(warehouse):
    def make(warehouse):
        events = [
            {
                "event": "$pageview",
                "at": "2020-01-10T12:00",
                "person": "p",
                "properties": {"$browser": f"{n:02}"},
            }
            for n in range(30)
        ]
        return warehouse.dataset([Person("p")], events, "2020-01-25T12:00")

    data = warehouse.kept("thirty browsers", make)
    asked = query(9, 12, A, **broken_down("$browser"))
    answer = data.answer(asked)
    assert len(answer["results"]) == 26
    assert answer["hasMore"] is True
    assert (answer["results"][-1]["breakdown_value"], answer["results"][-1]["count"]) == (OTHER_VALUE, 5)
    assert len(data.results(query(9, 12, A, **broken_down("$browser", breakdown_limit=10)))) == 11
    hidden = broken_down("$browser", breakdown_limit=10, breakdown_hide_other_aggregation=True)
    assert len(data.results(query(9, 12, A, **hidden))) == 10
    assert len(data.results(asked, is_export=True)) == 30
    assert data.answer(asked, is_export=True)["hasMore"] is False
    # Whoever is in several values counts once in what remains.
    (*_, other) = data.results(query(9, 12, A | {"math": "dau"}, **broken_down("$browser")))
    assert other["count"] == 1


def test_t30_urls_without_their_ends(warehouse):
    def make(warehouse):
        urls = ("https://a.b/x", "https://a.b/x/", "https://a.b/y", "https://a.b/y/")
        events = [
            {
                "event": "$pageview",
                "at": "2020-01-10T12:00",
                "person": "p",
                "properties": {"$current_url": url},
            }
            for url in urls
        ]
        return warehouse.dataset([Person("p")], events, "2020-01-25T12:00")

    data = warehouse.kept("urls", make)
    found = data.results(query(9, 12, A, **broken_down("$current_url", breakdown_normalize_url=True)))
    assert counts(found) == [("https://a.b/x", 2), ("https://a.b/y", 2)]
    assert len(data.results(query(9, 12, A, **broken_down("$current_url")))) == 4


def test_t31_null_empty_and_missing_are_one_bucket(warehouse):
    def make(warehouse):
        given = ({"x": None}, {"x": ""}, {}, {"x": "1"})
        events = [
            {"event": "$pageview", "at": "2020-01-10T12:00", "person": "p", "properties": one}
            for one in given
        ]
        return warehouse.dataset([Person("p")], events, "2020-01-25T12:00")

    found = warehouse.kept("nulls", make).results(query(9, 12, A, **broken_down("x")))
    assert [(item["breakdown_value"], item["count"]) for item in found] == [("1", 1), (NULL_VALUE, 3)]


def test_t32_by_the_key_of_a_group(tr):
    def filtered(operator):
        given = {"type": "event_metadata", "key": "$group_0", "operator": operator, "value": "org:5"}
        return tr.results(query(9, 20, A, properties=[given]))[0]["count"]

    assert (filtered("exact"), filtered("is_not")) == (6, 4)
