"""The contract's rows U1 to U17: the kernel's own tests hold the walking, these the whole way from events to answer."""

from datetime import timedelta

import pytest

from appliance.failures import Invalid
from appliance.query.insights.funnels import funnels
from appliance.query.insights.funnels.actors import funnel_actor_ids
from appliance.query.insights.funnels.correlation import correlation
from tests.query.conformance.asking import Person, at

DAY = at("2020-01-01T00:00")


def steps(*names, **more):
    return [{"kind": "EventsNode", "event": name, **more} for name in names]


def query(*series, dates=("2020-01-01", "2020-01-08"), breakdown=None, **funnels_filter):
    asked = {
        "kind": "FunnelsQuery",
        "series": list(series),
        "dateRange": {"date_from": dates[0], "date_to": dates[1]},
        "funnelsFilter": funnels_filter,
    }
    if breakdown:
        asked["breakdownFilter"] = {"breakdown": breakdown, "breakdown_type": "event"}
    return asked


def made(warehouse, name, by_person, now="2020-01-10T00:00", **definitions):
    """`by_person`: name to (seconds since the first of January, event, properties)."""

    def make(warehouse):
        events = [
            {
                "event": event,
                "at": DAY + timedelta(seconds=second),
                "person": person,
                "properties": properties,
            }
            for person, all_ in by_person.items()
            for second, event, properties in all_
        ]
        return warehouse.dataset([Person(one) for one in by_person], events, now, **definitions)

    return warehouse.kept(name, make)


def hour(day, number):
    return ((day - 1) * 24 + number) * 3600


@pytest.fixture(scope="module")
def browsers(warehouse):
    chrome, safari = {"$browser": "Chrome"}, {"$browser": "Safari"}
    return made(
        warehouse,
        "U1",
        {
            "p1": [
                (hour(1, 12), "sign up", chrome),
                (hour(1, 13), "play movie", chrome),
                (hour(1, 15), "buy", chrome),
            ],
            "p2": [(hour(2, 14), "sign up", safari), (hour(2, 16), "play movie", safari)],
            "p3": [(hour(2, 14), "sign up", safari)],
        },
    )


def letters(warehouse, name, *lines):
    return made(
        warehouse,
        name,
        {
            str(number): [(second, letter, {}) for second, letter in enumerate(line)]
            for number, line in enumerate(lines, 1)
        },
    )


def counts(dataset, asked):
    return [item["count"] for item in funnels(asked, dataset.asked())["results"]]


def names(dataset, asked, **which):
    people = {str(Person(str(number)).id): str(number) for number in range(1, 9)}
    found = funnel_actor_ids({"source": asked, **which}, dataset.asked())
    return sorted(people[one] for one in found)


STRICT = ("S", "PS", "SPBI", "IBPS", "PSBPI", "BSBP", "BSPIB", "IP")


def test_u1_a_breakdown_gives_a_funnel_for_each_value(browsers):
    asked = query(*steps("sign up", "play movie", "buy"), breakdown="$browser", funnelWindowInterval=7)
    first, second = funnels(asked, browsers.asked())["results"]
    assert [item["breakdown_value"] for item in (first[0], second[0])] == [["Chrome"], ["Safari"]]
    assert [item["count"] for item in first] == [1, 1, 1]
    assert [item["average_conversion_time"] for item in first] == [None, 3600, 7200]
    assert [item["count"] for item in second] == [2, 1, 0]
    assert [item["median_conversion_time"] for item in second] == [None, 7200, None]
    assert first[1]["name"] == first[1]["action_id"] == "play movie"
    assert first[1]["order"] == 1
    assert first[1]["people"] == []


def test_u4_the_window_is_inclusive_to_the_second(warehouse):
    data = made(
        warehouse,
        "U3",
        {
            "s1": [(hour(1, 14), "S", {}), (hour(1, 14) + 300, "P", {})],
            "s2": [(hour(1, 14) + 180, "S", {})],
            "s3": [(hour(1, 12), "S", {}), (hour(1, 12) + 900, "P", {})],
        },
    )
    wide = funnels(query(*steps("S", "P")), data.asked())["results"]
    assert [item["count"] for item in wide] == [3, 2]
    assert wide[1]["average_conversion_time"] == 600
    narrow = query(*steps("S", "P"), funnelWindowInterval=5, funnelWindowIntervalUnit="minute")
    found = funnels(narrow, data.asked())["results"]
    assert [item["count"] for item in found] == [3, 1]
    assert found[1]["average_conversion_time"] == 300


def test_u5_and_u6_strict_lets_nothing_between_and_ordered_does(warehouse):
    data = letters(warehouse, "U5", *STRICT)
    strict = query(*steps("S", "P", "I"), funnelOrderType="strict")
    assert counts(data, strict) == [7, 2, 1]
    assert names(data, strict, funnelStep=2) == ["3", "7"]
    assert names(data, strict, funnelStep=3) == ["7"]
    assert counts(data, query(*steps("S", "P", "I"))) == [7, 4, 3]


def test_u7_unordered_steps_are_called_by_how_many_are_done(warehouse):
    data = letters(warehouse, "U7", "S", "PS", "SPBI", "IPS", "PSBI", "BI", "PB", "IP")
    asked = query(*steps("S", "P", "I"), funnelOrderType="unordered")
    found = funnels(asked, data.asked())["results"]
    assert [item["count"] for item in found] == [8, 5, 3]
    assert [item["name"] for item in found] == ["Completed 1 step", "Completed 2 steps", "Completed 3 steps"]
    assert [item["action_id"] for item in found] == [None, None, None]
    assert len(names(data, asked, funnelStep=-2)) == 3
    assert len(names(data, asked, funnelStep=-3)) == 2


def test_u8_and_u9_exclusions_end_attempts(warehouse):
    exclusion = {"kind": "EventsNode", "event": "x", "funnelFromStep": 0, "funnelToStep": 1}
    asked = query(
        *steps("s1", "s2"), funnelWindowInterval=10, funnelWindowIntervalUnit="second", exclusions=[exclusion]
    )
    again = made(warehouse, "U8", {"a": [(100, "s1", {}), (101, "x", {}), (131, "s1", {})]})
    assert counts(again, asked) == [1, 0]
    gone = made(warehouse, "U9", {"a": [(100, "s1", {}), (101, "s1", {}), (102, "x", {})]})
    assert funnels(asked, gone.asked())["results"] == []


def test_u10_partial_exclusions_are_refused_in_unordered_funnels(browsers):
    exclusion = {"kind": "EventsNode", "event": "x", "funnelFromStep": 0, "funnelToStep": 1}
    asked = query(*steps("sign up", "play movie", "buy"), funnelOrderType="unordered", exclusions=[exclusion])
    with pytest.raises(Invalid, match="Partial Exclusions not allowed in unordered funnels"):
        funnels(asked, browsers.asked())


def test_u11_and_u12_time_to_convert_is_a_histogram(warehouse):
    data = made(
        warehouse,
        "U11",
        {
            name: [(0, "a", {}), (seconds, "b", {})]
            for name, seconds in (("x", 3600), ("y", 2220), ("z", 82800))
        },
    )
    asked = query(*steps("a", "b"), funnelVizType="time_to_convert", funnelFromStep=0, funnelToStep=1)
    assert funnels(asked, data.asked())["results"] == {
        "bins": [[2220, 2], [42510, 0], [82800, 1]],
        "average_conversion_time": 29540,
    }
    one = made(warehouse, "U12", {"x": [(0, "a", {}), (10800, "b", {})]})
    assert funnels(asked, one.asked())["results"] == {
        "bins": [[10800, 1], [10860, 0]],
        "average_conversion_time": 10800,
    }


def test_u13_trends_count_each_actor_in_the_interval_they_entered(warehouse):
    first = (at("2021-05-01T00:00") - DAY).days
    days = {
        "one": (1, 3, 5),
        "six": (1, 3, 5),
        "two": (2, 4),
        "seven": (2, 4),
        "three": (6,),
        "five": (1, 1, 1),
    }
    data = made(
        warehouse,
        "U13",
        {
            name: [
                ((first + day - 1) * 86_400 + index * 60, f"step {index}", {})
                for index, day in enumerate(all_, 1)
            ]
            for name, all_ in days.items()
        },
        now="2021-05-08T00:00",
    )
    asked = query(
        *steps("step 1", "step 2", "step 3"),
        dates=("2021-05-01", "2021-05-07"),
        funnelVizType="trends",
        funnelWindowInterval=7,
    )
    (line,) = funnels(asked, data.asked())["results"]
    assert line["data"] == [100, 0, 0, 0, 0, 0, 0]
    assert line["reached_from_step_count"] == [3, 2, 0, 0, 0, 1, 0]
    assert line["reached_to_step_count"] == [3, 0, 0, 0, 0, 0, 0]
    assert line["days"][0] == "2021-05-01"
    entered = {"funnelTrendsEntrancePeriodStart": "2021-05-02", "funnelTrendsDropOff": True}
    assert len(funnel_actor_ids({"source": asked, **entered}, data.asked())) == 2


def test_u14_months_are_those_of_the_projects_clock(warehouse):
    first = (at("2021-05-01T00:00") - DAY).days * 86_400
    data = made(
        warehouse, "U14", {"a": [(first, "1", {}), (first + 86_400, "2", {})]}, now="2021-05-31T00:00"
    )
    asked = query(*steps("1", "2"), dates=("2021-04-01", "2021-05-30"), funnelVizType="trends")
    asked["interval"] = "month"
    (line,) = funnels(asked, data.asked())["results"]
    assert dict(zip(line["days"], line["data"], strict=True)) == {"2021-04-01": 0, "2021-05-01": 100}
    (line,) = funnels(asked, data.given(timezone="US/Pacific").asked())["results"]
    assert dict(zip(line["days"], line["data"], strict=True)) == {"2021-04-01": 100, "2021-05-01": 0}


@pytest.fixture(scope="module")
def attributed(warehouse):
    def browser(value):
        return {"$browser": value} if value is not None else {}

    rows = {
        "p1": (hour(1, 12), "Chrome", hour(1, 13), None),
        "p2": (hour(1, 13), None, hour(2, 13), "Safari"),
        "p3": (hour(2, 14), "Mac", hour(2, 15), None),
        "p4": (hour(2, 15), 0, hour(2, 16), "alakazam"),
        "p5": (hour(2, 15), None, hour(2, 16), None),
    }
    return made(
        warehouse,
        "U15",
        {
            name: [(one, "sign up", browser(first)), (two, "buy", browser(second))]
            for name, (one, first, two, second) in rows.items()
        },
    )


def attribution(data, **funnels_filter):
    asked = query(*steps("sign up", "buy"), breakdown="$browser", funnelWindowInterval=7, **funnels_filter)
    return {
        items[0]["breakdown_value"][0]: (
            [item["count"] for item in items],
            items[1]["average_conversion_time"],
        )
        for items in funnels(asked, data.asked())["results"]
    }


def test_u15_first_touch_is_the_first_value_there_is(attributed):
    assert attribution(attributed, breakdownAttributionType="first_touch") == {
        "": ([1, 1], 3600),
        "0": ([1, 1], 3600),
        "Chrome": ([1, 1], 3600),
        "Mac": ([1, 1], 3600),
        "Safari": ([1, 1], 86400),
    }


def test_u16_a_step_attributes_by_the_event_that_does_it(attributed):
    found = attribution(attributed, breakdownAttributionType="step", breakdownAttributionValue=1)
    # Row U16 is without p5, who has no browser at all.
    assert found == {"": ([3, 3], 3600), "Safari": ([1, 1], 86400), "alakazam": ([1, 1], 3600)}


def test_last_touch_and_all_events(attributed):
    last = attribution(attributed, breakdownAttributionType="last_touch")
    assert {value: found[0] for value, found in last.items()} == {
        "": [1, 1],
        "Chrome": [1, 1],
        "Mac": [1, 1],
        "Safari": [1, 1],
        "alakazam": [1, 1],
    }
    every = attribution(attributed, breakdownAttributionType="all_events")
    # Only those who carry one value on both events convert with it.
    assert every[""] == ([2, 1], 3600)
    assert every["Chrome"][0] == [1, 0]


def test_u17_nothing_matching_is_an_empty_answer(browsers):
    assert funnels(query(*steps("never", "ever")), browsers.asked())["results"] == []


def test_more_values_than_are_shown_become_one(warehouse):
    data = made(
        warehouse,
        "many",
        {
            f"p{number}": [(0, "a", {"k": f"v{number}"}), (60, "b", {"k": f"v{number}"})]
            for number in range(30)
        },
    )
    found = funnels(query(*steps("a", "b"), breakdown="k"), data.asked())["results"]
    assert len(found) == 26
    other = next(items for items in found if items[0]["breakdown_value"] == ["Other"])
    assert [item["count"] for item in other] == [5, 5]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"series": steps("a")}, "at least two steps"),
        ({"funnelsFilter": {"funnelWindowInterval": 0}}, "more than zero"),
        ({"funnelsFilter": {"funnelFromStep": 1, "funnelToStep": 1}}, "must come after"),
        ({"funnelsFilter": {"funnelVizType": "pie"}}, "must be one of"),
    ],
)
def test_what_a_funnel_cannot_be_is_said(browsers, change, said):
    with pytest.raises(Invalid, match=said):
        funnels({**query(*steps("a", "b")), **change}, browsers.asked())


def test_correlation_compares_what_converts_with_what_does_not(warehouse):
    def line(converts, *others, **properties):
        events = [(0, "start", {}), *((60, other, properties) for other in others)]
        return [*events, (120, "done", {})] if converts else events

    by_person = {f"yes{n}": line(True, "read docs", plan="pro") for n in range(4)}
    by_person |= {f"no{n}": line(False, "saw error", plan="free") for n in range(3)}
    by_person["no3"] = line(False, "read docs", plan="free")
    data = made(warehouse, "correlation", by_person)
    source = {"kind": "FunnelsActorsQuery", "source": query(*steps("start", "done"))}

    def asked(**more):
        found = correlation({"kind": "FunnelCorrelationQuery", "source": source, **more}, data.asked())
        return {
            item["event"]["event"]: (item["success_count"], item["failure_count"], item["odds_ratio"])
            for item in found["results"]["events"]
        }

    # 4 converted and 4 did not: (s + 1)(F - f + 1) / ((S - s + 1)(f + 1)).
    assert asked() == {"read docs": (4, 1, 5 * 4 / 2), "saw error": (0, 3, 2 / (5 * 4))}
    assert asked(funnelCorrelationExcludeEventNames=["saw error"]).keys() == {"read docs"}
    plans = asked(funnelCorrelationType="event_with_properties", funnelCorrelationEventNames=["read docs"])
    assert plans == {
        "read docs::plan::pro": (4, 0, 5 * 5),
        "read docs::plan::free": (0, 1, 4 / (5 * 2)),
    }


def test_correlation_with_who_people_are(warehouse):
    def make(warehouse):
        people = [Person(f"p{n}", properties={"plan": "pro" if n < 2 else "free"}) for n in range(4)]
        events = [
            {"event": event, "at": DAY + timedelta(seconds=second), "person": f"p{n}"}
            for n in range(4)
            for second, event in enumerate(["start", "done"] if n < 2 else ["start"])
        ]
        return warehouse.dataset(people, events, "2020-01-10T00:00")

    data = warehouse.kept("correlation of people", make)
    source = {"kind": "FunnelsActorsQuery", "source": query(*steps("start", "done"))}
    for names in (["plan"], ["$all"]):
        asked = {"source": source, "funnelCorrelationType": "properties", "funnelCorrelationNames": names}
        found = correlation(asked, data.asked())["results"]["events"]
        counts = {item["event"]["event"]: (item["success_count"], item["failure_count"]) for item in found}
        assert counts == {"plan::pro": (2, 0), "plan::free": (0, 2)}


def test_first_time_steps_count_only_the_first_event_ever(warehouse):
    data = made(
        warehouse,
        "first time",
        {
            "old": [(hour(1, 0), "a", {}), (hour(6, 0), "a", {}), (hour(6, 1), "b", {})],
            "new": [(hour(6, 0), "a", {}), (hour(6, 1), "b", {})],
        },
    )
    asked = query(*steps("a", math="first_time_for_user"), *steps("b"), dates=("2020-01-05", "2020-01-08"))
    assert counts(data, asked) == [1, 1]
    assert counts(data, query(*steps("a", "b"), dates=("2020-01-05", "2020-01-08"))) == [2, 2]


def test_groups_and_expressions_may_be_the_actors(warehouse):
    def make(warehouse):
        events = [
            {
                "event": event,
                "at": DAY + timedelta(seconds=second),
                "person": person,
                "properties": {"team": group},
                "$group_0": group,
            }
            for second, (event, person, group) in enumerate(
                [("a", "x", "acme"), ("b", "y", "acme"), ("a", "y", "other"), ("b", "x", "")]
            )
        ]
        return warehouse.dataset([Person("x"), Person("y")], events, "2020-01-10T00:00")

    data = warehouse.kept("actors", make)
    assert counts(data, query(*steps("a", "b"))) == [2, 1]
    assert counts(data, {**query(*steps("a", "b")), "aggregation_group_type_index": 0}) == [2, 1]
    assert counts(data, query(*steps("a", "b"), funnelAggregateByHogQL="properties.team")) == [2, 1]
