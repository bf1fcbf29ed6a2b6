"""The contract's rows S1 to S6."""

import pytest

from tests.query.conformance.asking import Person
from tests.query.conformance.test_trends import A


def events_of(days):
    """`{person: [day, …]}`, a day once for each event."""
    return [
        {"event": "$pageview", "at": f"2020-01-{day:02}T12:00", "person": name, "$group_0": "org:5"}
        for name, each in days.items()
        for day in each
    ]


def dataset(warehouse, name, days):
    people = [Person(name) for name in days]
    return warehouse.kept(name, lambda one: one.dataset(people, events_of(days), "2020-01-25T12:00"))


@pytest.fixture(scope="module")
def s1(warehouse):
    return dataset(warehouse, "S1", {"p1": range(11, 20), "p2": (11, 13, 15, 17, 19)})


@pytest.fixture(scope="module")
def s4(warehouse):
    p1 = (11, 11, 13, 13, 15, 15, 17, 17, 17, 19)
    return dataset(warehouse, "S4", {"p1": p1, "p2": (12, 12, 13, 13, 19)})


def query(first, last, **more):
    dates = {"date_from": f"2020-01-{first:02}", "date_to": f"2020-01-{last:02}"}
    return {"kind": "StickinessQuery", "series": [A], "dateRange": dates, "interval": "day", **more}


def test_s1_days_of_activity(s1):
    (item,) = s1.results(query(11, 20))
    assert (item["data"], item["count"]) == ([0, 0, 0, 0, 1, 0, 0, 0, 1, 0], 2)
    assert item["labels"][:2] == ["1 day", "2 days"]
    assert item["days"] == list(range(1, 11))


def test_s2_weeks_and_months(s1):
    assert s1.results(query(11, 20, interval="week"))[0]["data"] == [0, 0, 2]
    assert s1.results(query(11, 20, interval="month"))[0]["data"] == [2]


def test_s3_stretches_of_two_days(s1):
    assert s1.results(query(11, 20, intervalCount=2))[0]["data"] == [0, 0, 0, 0, 2]


@pytest.mark.parametrize(
    ("criteria", "data"),
    [
        ({"operator": "gte", "value": 2}, [0, 1, 1, 0, 0, 0, 0, 0, 0]),
        ({"operator": "lte", "value": 1}, [2, 0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_s4_s5_criteria(s4, criteria, data):
    assert s4.results(query(12, 20, stickinessFilter={"stickinessCriteria": criteria}))[0]["data"] == data


def test_s6_cumulative(warehouse):
    data = dataset(warehouse, "S6", {"p1": (11, 12, 13), "p2": (11, 12), "p3": (11,)})
    (item,) = data.results(query(11, 13, stickinessFilter={"computedAs": "cumulative"}))
    assert item["data"] == [3, 2, 1]
    assert item["labels"] == ["1 day or more", "2 days or more", "3 days or more"]
    asked = query(11, 13, stickinessFilter={"computedAs": "cumulative"})
    assert [len(data.actors(asked, day=day)) for day in (1, 2, 3)] == [3, 2, 1]


def test_who_is_in_each_number(s1):
    (item,) = s1.results(query(11, 20))
    for day, count in zip(item["days"], item["data"], strict=True):
        assert len(s1.actors(query(11, 20), day=day)) == count
    assert len(s1.actors(query(11, 20), day=5, operator="gte")) == 2
    assert len(s1.actors(query(11, 20), day=5, operator="lte")) == 1


def test_by_group_and_compared(s1):
    by_group = query(11, 20) | {"series": [A | {"math": "unique_group", "math_group_type_index": 0}]}
    assert s1.results(by_group)[0]["data"] == [0, 0, 0, 0, 0, 0, 0, 0, 1, 0]
    current, previous = s1.results(query(15, 19, compareFilter={"compare": True}))
    assert (current["data"], current["compare_label"]) == ([0, 0, 1, 0, 1], "current")
    assert (previous["data"], previous["compare_label"]) == ([0, 1, 0, 1, 0], "previous")
