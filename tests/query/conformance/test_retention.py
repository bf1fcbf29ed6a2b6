"""The contract's rows R1 to R8."""

from datetime import timedelta

import pytest

from appliance.query.actors_query import actors_query
from appliance.query.insights.retention import retention
from tests.query.conformance.asking import Person, at

FIRST = at("2020-06-10T00:00")


def made(warehouse, name, by_person, now="2020-06-25T00:00", **definitions):
    """`by_person`: name to (time, event)."""

    def make(warehouse):
        events = [
            {"event": event, "at": moment, "person": person}
            for person, all_ in by_person.items()
            for moment, event in all_
        ]
        return warehouse.dataset([Person(one) for one in by_person], events, now, **definitions)

    return warehouse.kept(name, make)


def on_days(warehouse, name, **by_person):
    """Every event a $pageview at noon, day 0 is 10 June."""
    return made(
        warehouse,
        name,
        {
            person: [
                (FIRST + timedelta(days=day, hours=12, minutes=number), "$pageview")
                for number, day in enumerate(days)
            ]
            for person, days in by_person.items()
        },
    )


def query(date_to, intervals, **retention_filter):
    return {
        "kind": "RetentionQuery",
        "dateRange": {"date_to": date_to},
        "retentionFilter": {"totalIntervals": intervals, **retention_filter},
    }


def triangle(data, asked):
    results = retention(asked, data.asked())["results"]
    size = len(results)
    found = [[cell["count"] for cell in row["values"]] for row in results]
    assert all(len(row) == size for row in found)
    assert all(count == 0 for start, row in enumerate(found) for count in row[size - start :])
    return [row[: size - start] for start, row in enumerate(found)]


def padded(rows, size):
    """Upper-left triangles are written without their zeros."""
    rows = [*rows, *([[]] * (size - len(rows)))]
    return [row + [0] * (size - start - len(row)) for start, row in enumerate(rows)]


@pytest.fixture(scope="module")
def r1(warehouse):
    return on_days(warehouse, "R1", p1=(0, 1, 2, 5, 5, 6), p2=(1, 2, 3, 6))


def test_r1_days(r1):
    asked = query("2020-06-20", 11)
    assert triangle(r1, asked) == padded(
        [[1, 1, 1, 0, 0, 1, 1], [2, 2, 1, 0, 1, 2], [2, 1, 0, 1, 2], [1, 0, 0, 1], [], [1, 1], [2]], 11
    )
    results = retention(asked, r1.asked())["results"]
    assert [row["label"] for row in results] == [f"Day {number}" for number in range(11)]
    assert results[0]["date"] == "2020-06-10T00:00:00+00:00"
    assert results[0]["breakdown_value"] is None
    assert results[0]["values"][3]["label"] == "Day 3"


def test_r2_hours(warehouse):
    hours = {"p1": (6, 7, 8, 10, 11, 14), "p2": (6, 7, 8, 11, 12, 16)}
    data = made(
        warehouse,
        "R2",
        {
            name: [(FIRST + timedelta(hours=hour), "$pageview") for hour in all_]
            for name, all_ in hours.items()
        },
    )
    asked = query("2020-06-10T16:13:00", 11, period="Hour")
    assert triangle(data, asked) == [
        [2, 2, 2, 0, 1, 2, 1, 0, 1, 0, 1],
        [2, 2, 0, 1, 2, 1, 0, 1, 0, 1],
        [2, 0, 1, 2, 1, 0, 1, 0, 1],
        [0] * 8,
        [1, 1, 0, 0, 1, 0, 0],
        [2, 1, 0, 1, 0, 1],
        [1, 0, 0, 0, 1],
        [0] * 4,
        [1, 0, 0],
        [0, 0],
        [1],
    ]
    assert retention(asked, data.asked())["results"][0]["date"] == "2020-06-10T06:00:00+00:00"


def test_r3_weeks(warehouse):
    days = {
        "p1": ("06-10", "06-11", "06-17", "06-24", "07-04", "07-11"),
        "p2": ("06-10", "06-11", "06-17", "07-04", "07-11", "07-25"),
    }
    data = made(
        warehouse,
        "R3",
        {name: [(at(f"2020-{day}T13:00"), "$pageview") for day in all_] for name, all_ in days.items()},
        now="2020-08-01T00:00",
    )
    asked = query("2020-07-20", 7, period="Week")
    found = retention(asked, data.asked())["results"]
    assert [row["date"][:10] for row in found][:2] == ["2020-06-07", "2020-06-14"]
    assert found[-1]["date"][:10] == "2020-07-19"
    assert triangle(data, asked) == [
        [2, 2, 1, 2, 2, 0, 1],
        [2, 1, 2, 2, 0, 1],
        [1, 1, 1, 0, 0],
        [2, 2, 0, 1],
        [2, 0, 1],
        [0, 0],
        [1],
    ]


def test_r4_cumulative_counts_everyone_who_is_yet_to_come_back(warehouse):
    data = on_days(warehouse, "R4", p1=(0, 3, 4), p2=(0, 1), p3=(1, 2, 3), p4=(3, 4), p5=(4,))
    asked = query("2020-06-15", 5, cumulative=True)
    assert triangle(data, asked) == [[2, 1, 1, 0, 0], [1, 1, 0, 0], [3, 2, 0], [3, 0], [0]]


def test_r5_another_event_may_count_as_coming_back(warehouse):
    day = {number: FIRST + timedelta(days=number, hours=12) for number in range(7)}
    data = made(
        warehouse,
        "R5",
        {
            "p1": [(day[n], "a") for n in range(4)] + [(day[n], "b") for n in (5, 6)],
            "p2": [(day[n], "a") for n in range(4)] + [(day[5], "b")],
            "p3": [(day[5], "a")],
        },
    )
    entities = {
        "targetEntity": {"id": "a", "type": "events"},
        "returningEntity": {"id": "b", "type": "events"},
    }
    assert triangle(data, query("2020-06-16", 7, **entities)) == [
        [2, 0, 0, 0, 0, 2, 1],
        [2, 0, 0, 0, 2, 1],
        [2, 0, 0, 2, 1],
        [2, 0, 2, 1],
        [0, 0, 0],
        [1, 0],
        [0],
    ]


def test_r6_events_before_the_range_do_not_count(r1):
    assert triangle(r1, query("2021-06-20", 7)) == padded([], 7)


def test_r7_actors_come_with_the_cells_they_are_in(warehouse):
    data = on_days(warehouse, "R7", p1=(0, 1, 2, 5, 6), p2=(1, 2, 3, 6, 7))
    source = {"kind": "InsightActorsQuery", "source": query("2020-06-20", 11), "interval": 2}
    asked = {
        "kind": "ActorsQuery",
        "select": ["person", "appearances", "day_0", "day_1", "day_2"],
        "source": source,
    }
    found = actors_query(asked, data.asked())
    assert [(row[0]["distinct_ids"], row[1], row[2:]) for row in found["results"]] == [
        (["p2"], [0, 1, 4, 5], [1, 1, 0]),
        (["p1"], [0, 3, 4], [1, 0, 0]),
    ]


def test_r8_first_time_begins_only_once(r1):
    found = triangle(r1, query("2020-06-20", 11, retentionType="retention_first_time"))
    assert found == padded([[1, 1, 1, 0, 0, 1, 1], [1, 1, 1, 0, 0, 1]], 11)
