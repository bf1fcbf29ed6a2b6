"""The contract's rows L1 to L3."""

import pytest

from tests.query.conformance.asking import Person, at
from tests.query.conformance.test_trends import A, make_tr

WHOLE = {"date_from": "2020-01-09", "date_to": "2020-01-19"}
QUERY = {"kind": "LifecycleQuery", "series": [A], "dateRange": WHOLE, "interval": "day"}


@pytest.fixture(scope="module")
def tr(warehouse):
    return warehouse.kept("TR", make_tr)


def test_l1_who_is_new_returning_resurrecting_dormant(tr):
    found = tr.results(QUERY)
    assert [(item["status"], item["data"], item["count"]) for item in found] == [
        ("new", [1, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0], 4),
        ("returning", [0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0], 2),
        ("resurrecting", [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1], 4),
        ("dormant", [0, -1, 0, 0, -2, -1, 0, -2, 0, -1, 0], -7),
    ]
    assert [item["label"] for item in found] == [
        "$pageview - new", "$pageview - returning", "$pageview - resurrecting", "$pageview - dormant",
    ]  # fmt: skip
    assert found[0]["days"][0] == "2020-01-09"
    assert found[0]["action"]["math"] == "total"


def test_statuses_can_be_left_out(tr):
    toggled = {"lifecycleFilter": {"toggledLifecycles": ["dormant", "new"]}}
    assert [item["status"] for item in tr.results(QUERY | toggled)] == ["new", "dormant"]


def test_who_is_in_each_number_are_as_many_as_it_says(tr):
    for item in tr.results(QUERY):
        for day, count in zip(item["days"], item["data"], strict=True):
            assert len(tr.actors(QUERY, day=day, status=item["status"])) == abs(count), (item["status"], day)


@pytest.fixture(scope="module")
def earlier(warehouse):
    def make(warehouse):
        person = Person("p", created_at=at("2020-01-01"))
        events = [
            {"event": "$pageview", "at": "2020-01-11T12:00", "person": "p", "$group_0": "org:5"},
            {"event": "$pageview", "at": "2020-01-12T12:00", "person": "p", "person_mode": 1},
        ]
        data = warehouse.dataset([person], events, "2020-01-25T12:00")
        warehouse.store.execute(
            "INSERT INTO groups (group_type_index, group_key, created_at, team_id, group_properties, _timestamp) "
            f"VALUES (0, 'org:5', '2020-01-01 00:00:00', {data.facts.id}, '{{}}', now())"
        )
        return data

    return warehouse.kept("created earlier", make)


def counts(results):
    return {item["status"]: item["count"] for item in results}


def test_l2_a_person_created_before_is_resurrecting(earlier):
    assert counts(earlier.results(QUERY)) == {"new": 0, "returning": 0, "resurrecting": 1, "dormant": -1}


def test_l3_a_group_created_before_is_never_new(earlier):
    by_group = QUERY | {"aggregation_group_type_index": 0}
    assert counts(earlier.results(by_group)) == {"new": 0, "returning": 0, "resurrecting": 1, "dormant": -1}
    assert earlier.actors(by_group, day="2020-01-11", status="resurrecting") == [("org:5", 1)]


@pytest.mark.parametrize("interval", ["hour", "week", "month"])
def test_other_intervals(tr, interval):
    found = tr.results(QUERY | {"interval": interval})
    assert (
        found[0]["count"] + found[1]["count"] + found[2]["count"]
        == {"hour": 9, "week": 7, "month": 4}[interval]
    )
