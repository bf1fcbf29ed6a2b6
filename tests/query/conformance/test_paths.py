"""The contract's rows P1 to P4, and what else paths can be asked."""

import pytest

from appliance.query.insights.paths import paths
from tests.query.conformance.asking import Person, at

NOW = "2012-01-15T12:00"


@pytest.fixture(scope="module")
def p1(warehouse):
    visits = {
        "person_1": (("/", "03:21:34"), ("/about", "03:28:34")),
        "person_2": (("/", "03:21:34"), ("/pricing", "03:28:34"), ("/about", "03:29:34")),
        "person_3": (("/pricing", "03:21:34"), ("/", "03:28:34")),
        "person_4": (("/", "03:21:34"), ("/pricing", "03:28:34")),
    }

    def make(warehouse):
        people = [Person("fake"), *(Person(name) for name in visits)]
        people[1].properties["email"] = "test@posthog.com"
        people[2].distinct_ids = ("person_2b",)
        events = [
            {
                "event": "$pageview",
                "at": at(f"2012-01-14T{time}"),
                "person": name,
                "distinct_id": "person_2b" if (name, url) == ("person_2", "/about") else name,
                "properties": {"$current_url": url},
            }
            for name, all_ in visits.items()
            for url, time in all_
        ]
        fake = {"event": "$pageview", "person": "fake", "properties": {"$current_url": "/"}}
        events += [{**fake, "at": at("2012-01-01T03:21:34")}, {**fake, "at": at("2012-01-01T03:22:34")}]
        return warehouse.dataset(people, events, NOW)

    return warehouse.kept("P1", make)


def query(dates=None, **paths_filter):
    asked = {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["$pageview"], **paths_filter}}
    return {**asked, "dateRange": dates} if dates else asked


def edges(data, asked):
    return [(edge["source"], edge["target"], edge["value"]) for edge in paths(asked, data.asked())["results"]]


def test_p1_edges_come_with_their_number_and_time(p1):
    assert paths(query(), p1.asked())["results"] == [
        {"source": "1_/", "target": "2_/pricing", "value": 2, "average_conversion_time": 420000},
        {"source": "1_/", "target": "2_/about", "value": 1, "average_conversion_time": 420000},
        {"source": "1_/pricing", "target": "2_/", "value": 1, "average_conversion_time": 420000},
        {"source": "2_/pricing", "target": "3_/about", "value": 1, "average_conversion_time": 60000},
    ]


def test_p2_test_accounts_can_be_left_out(p1):
    own = {"type": "person", "key": "email", "operator": "not_icontains", "value": "@posthog.com"}
    data = p1.given(test_account_filters=[own])
    assert len(edges(data, {**query(), "filterTestAccounts": True})) == 3


@pytest.mark.parametrize(
    "dates", [{"date_from": "2012-01-22"}, {"date_from": "2012-01-02", "date_to": "2012-01-08"}]
)
def test_p3_a_range_without_events_has_no_paths(p1, dates):
    assert edges(p1, query(dates)) == []


def test_p4_events_of_ones_own(warehouse):
    lines = {"1": ("e1", "e3", "$pageview"), "2": ("e1", "e2", "e3"), "3": ("e2", "e1"), "4": ("e1", "e2")}

    def make(warehouse):
        events = [
            {"event": event, "at": at(f"2012-01-14T03:{20 + number}:00"), "person": name}
            for name, all_ in lines.items()
            for number, event in enumerate(all_)
        ]
        return warehouse.dataset([Person(name) for name in lines], events, NOW)

    data = warehouse.kept("P4", make)
    assert edges(data, query(includeEventTypes=["custom_event"])) == [
        ("1_e1", "2_e2", 2),
        ("1_e1", "2_e3", 1),
        ("1_e2", "2_e1", 1),
        ("2_e2", "3_e3", 1),
    ]


def visits(warehouse, name, *lines):
    """Each line is a person's pages with the minute they were seen."""

    def make(warehouse):
        events = [
            {
                "event": "$pageview",
                "at": at(f"2012-01-14T{3 + minute // 60:02}:{minute % 60:02}:00"),
                "person": f"p{number}",
                "properties": {"$current_url": url},
            }
            for number, line in enumerate(lines)
            for minute, url in line
        ]
        return warehouse.dataset([Person(f"p{number}") for number in range(len(lines))], events, NOW)

    return warehouse.kept(name, make)


def test_half_an_hour_of_nothing_begins_a_new_path(warehouse):
    data = visits(warehouse, "gap", [(0, "/a"), (1, "/b"), (31, "/c"), (32, "/d")])
    assert edges(data, query()) == [("1_/a", "2_/b", 1), ("1_/c", "2_/d", 1)]


def test_repeats_collapse_and_slashes_at_the_end_do_not_matter(warehouse):
    data = visits(warehouse, "repeats", [(0, "/a"), (1, "/a/"), (2, "/b")])
    assert edges(data, query()) == [("1_/a", "2_/b", 1)]


def test_paths_begin_and_end_where_asked(warehouse):
    pages = [(number, f"/{name}") for number, name in enumerate("abcdefgh")]
    data = visits(warehouse, "points", pages)
    assert [edge[:2] for edge in edges(data, query(startPoint="/f"))] == [("1_/f", "2_/g"), ("2_/g", "3_/h")]
    assert [edge[:2] for edge in edges(data, query(endPoint="/c"))] == [("1_/a", "2_/b"), ("2_/b", "3_/c")]
    both = [edge[:2] for edge in edges(data, query(startPoint="/a", endPoint="/h", stepLimit=4))]
    assert both == [("1_/a", "2_/b"), ("2_/b", "3_..."), ("3_...", "4_/g"), ("4_/g", "5_/h")]


def test_edges_may_be_limited_and_those_left_without_a_beginning_are_dropped(warehouse):
    often = [[(0, "/a"), (1, "/b")]] * 2
    data = visits(warehouse, "limits", *often, [(0, "/x"), (1, "/y"), (2, "/z")])
    assert edges(data, query(minEdgeWeight=2)) == [("1_/a", "2_/b", 2)]
    assert edges(data, query(edgeLimit=2)) == [("1_/a", "2_/b", 2), ("1_/x", "2_/y", 1)]


def test_pages_can_be_excluded_and_grouped(warehouse):
    data = visits(warehouse, "groups", [(0, "/a"), (1, "/user/1"), (2, "/user/2"), (3, "/z")])
    assert edges(data, query(excludeEvents=["/a"])) == [
        ("1_/user/1", "2_/user/2", 1),
        ("2_/user/2", "3_/z", 1),
    ]
    assert edges(data, query(pathGroupings=["/user/*"])) == [
        ("1_/a", "2_/user/*", 1),
        ("2_/user/*", "3_/z", 1),
    ]
