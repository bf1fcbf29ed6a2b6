"""Who is in a number of a funnel: always as many as the number says, and each step's within those before it."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from appliance.query.insights.funnels import funnels
from appliance.query.insights.funnels.actors import funnel_actor_ids
from tests.query.conformance.asking import Person

SEEDS = range(40)
FIRST = datetime(2021, 10, 28, tzinfo=UTC)
DAYS = 8  # with a clock change
PEOPLE = 25
NAMES = ("a", "b", "c", "x")
ZONES = ("UTC", "Europe/Berlin", "US/Pacific", "Asia/Kathmandu")
STEPS = 3


@pytest.fixture(scope="module")
def data(warehouse):
    chance = random.Random(20211031)
    events = [
        {
            "event": chance.choice(NAMES),
            # Whole minutes, so that some happen at the same moment.
            "at": FIRST + timedelta(minutes=chance.randrange(DAYS * 1440)),
            "person": f"p{int(chance.random() ** 2 * PEOPLE)}",
            "properties": {"color": chance.choice(("red", "green", "blue", None))},
        }
        for _ in range(400)
    ]
    people = [Person(f"p{number}") for number in range(PEOPLE)]
    now = (FIRST + timedelta(days=DAYS)).isoformat()[:19]
    return warehouse.kept("funnel actors", lambda one: one.dataset(people, events, now))


def question(chance, **more):
    order = chance.choice(("ordered", "strict", "unordered"))
    series = [{"kind": "EventsNode", "event": name} for name in chance.sample(NAMES[:STEPS], STEPS)]
    exclusion = {"kind": "EventsNode", "event": "x", "funnelFromStep": 0, "funnelToStep": STEPS - 1}
    return {
        "kind": "FunnelsQuery",
        "series": series,
        "dateRange": {"date_from": "2021-10-29", "date_to": f"2021-11-0{chance.randrange(1, 5)}"},
        "interval": chance.choice(("hour", "day", "week")),
        "funnelsFilter": {
            "funnelOrderType": order,
            "funnelWindowInterval": chance.choice((1, 12, 48)),
            "funnelWindowIntervalUnit": "hour",
            "exclusions": [exclusion] if chance.random() < 0.3 else [],
            **more,
        },
    }


def who(data, asked, **which):
    found = funnel_actor_ids({"kind": "FunnelsActorsQuery", "source": asked, **which}, data.asked())
    assert len(set(found)) == len(found), (asked, which)
    return set(found)


def check_steps(data, asked, counts, **which):
    reached = [who(data, asked, funnelStep=number, **which) for number in range(1, STEPS + 1)]
    assert [len(one) for one in reached] == counts, (asked, which)
    for number in range(2, STEPS + 1):
        dropped = who(data, asked, funnelStep=-number, **which)
        assert reached[number - 1] <= reached[number - 2], (asked, which)
        assert dropped == reached[number - 2] - reached[number - 1], (asked, which)


@pytest.mark.parametrize("seed", SEEDS)
def test_as_many_reach_a_step_or_drop_before_it_as_the_funnel_counts(data, seed):
    chance = random.Random(seed)
    data = data.given(timezone=chance.choice(ZONES))
    asked = question(chance)
    found = funnels(asked, data.asked())["results"]
    check_steps(data, asked, [one["count"] for one in found] or [0] * STEPS)


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_each_breakdown_has_the_people_it_counts(data, seed):
    chance = random.Random(1_000 + seed)
    attribution = chance.choice(("first_touch", "last_touch", "all_events", "step"))
    asked = question(chance, breakdownAttributionType=attribution, breakdownAttributionValue=0)
    limit = chance.choice((2, 25))
    asked["breakdownFilter"] = {"breakdown": "color", "breakdown_type": "event", "breakdown_limit": limit}
    for rows in funnels(asked, data.asked())["results"]:
        counts = [one["count"] for one in rows]
        check_steps(data, asked, counts, funnelStepBreakdown=rows[0]["breakdown_value"])


@pytest.mark.parametrize("seed", SEEDS[:15])
def test_each_interval_has_the_people_it_counts(data, seed):
    chance = random.Random(2_000 + seed)
    data = data.given(timezone=chance.choice(ZONES))
    asked = question(chance, funnelVizType="trends")
    asked["interval"] = "day"
    (line,) = funnels(asked, data.asked())["results"]
    for day, rate in zip(line["days"], line["data"], strict=True):
        converted = who(data, asked, funnelTrendsEntrancePeriodStart=day, funnelTrendsDropOff=False)
        dropped = who(data, asked, funnelTrendsEntrancePeriodStart=day, funnelTrendsDropOff=True)
        everybody = len(converted | dropped)
        assert not converted & dropped, (asked, day)
        assert rate == (round(100 * len(converted) / everybody, 2) if everybody else 0), (asked, day)
