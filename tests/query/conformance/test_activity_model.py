"""Stickiness and lifecycle beside slow models, on random events in zones whose clocks change."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.query.conformance.asking import Person

FIRST = datetime(2021, 10, 20, tzinfo=UTC)
DAYS = 40
PEOPLE = 12
ZONES = ("UTC", "Europe/Berlin", "US/Pacific", "America/Sao_Paulo", "Australia/Sydney")


@pytest.fixture(scope="module")
def world(warehouse):
    chance = random.Random(5)

    def moment():
        return FIRST + timedelta(seconds=chance.randrange(DAYS * 86_400))

    people = [Person(f"p{number}", created_at=moment() - timedelta(days=3)) for number in range(PEOPLE)]
    events = [{"event": "view", "at": moment(), "person": chance.choice(people).name} for _ in range(300)]
    return (
        people,
        events,
        warehouse.kept("activity", lambda one: one.dataset(people, events, "2021-12-01T00:00")),
    )


def local_day(moment, zone):
    return moment.astimezone(zone).date()


def bucket_of(day, interval, week_start_day):
    if interval == "month":
        return day.replace(day=1)
    if interval == "week":
        return day - timedelta(days=(day.weekday() + 1 - week_start_day) % 7)
    return day


def asked(chance):
    start = FIRST.date() + timedelta(days=chance.randrange(2, 15))
    end = start + timedelta(days=chance.randrange(20))
    interval = chance.choice(("day", "day", "week", "month"))
    dates = {"date_from": start.isoformat(), "date_to": end.isoformat()}
    query = {"series": [{"kind": "EventsNode", "event": "view"}], "dateRange": dates, "interval": interval}
    return query, start, end, interval


def buckets_between(start, end, interval, week_start_day):
    found = []
    day = start
    while day <= end:
        bucket = bucket_of(day, interval, week_start_day)
        if bucket not in found:
            found.append(bucket)
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize("seed", range(15))
def test_stickiness_is_what_the_model_counts(world, seed):
    _, events, data = world
    chance = random.Random(seed)
    zone, week_start_day = chance.choice(ZONES), chance.choice((0, 1))
    query, start, end, interval = asked(chance)
    length, least = chance.choice((1, 1, 2, 3)), chance.choice((1, 1, 2))
    criteria = {"operator": "gte", "value": least}
    query |= {
        "kind": "StickinessQuery",
        "intervalCount": length,
        "stickinessFilter": {"stickinessCriteria": criteria},
    }
    buckets = buckets_between(start, end, interval, week_start_day)
    from_day = buckets[0] if interval == "month" else start
    counts = defaultdict(Counter)
    for one in events:
        day = local_day(one["at"], ZoneInfo(zone))
        if from_day <= day <= end:
            place = buckets.index(bucket_of(day, interval, week_start_day))
            # Stretches are counted back from the end.
            counts[one["person"]][(len(buckets) - 1 - place) // length] += 1
    active = [sum(number >= least for number in each.values()) for each in counts.values()]
    stretches = -(-len(buckets) // length)
    expected = [active.count(number) for number in range(1, stretches + 1)]
    (item,) = data.given(timezone=zone, week_start_day=week_start_day).results(query)
    assert item["data"] == expected, query
    assert item["count"] == sum(expected)


@pytest.mark.parametrize("seed", range(15))
def test_lifecycle_is_what_the_model_counts(world, seed):
    people, events, data = world
    chance = random.Random(seed)
    zone, week_start_day = chance.choice(ZONES), chance.choice((0, 1))
    query, start, end, interval = asked(chance)
    buckets = buckets_between(start, end, interval, week_start_day)
    before = bucket_of(buckets[0] - timedelta(days=1), interval, week_start_day)
    line = [before, *buckets]
    active = defaultdict(set)
    for one in events:
        day = local_day(one["at"], ZoneInfo(zone))
        if before <= day <= end:
            active[one["person"]].add(line.index(bucket_of(day, interval, week_start_day)))
    expected = {status: [0] * len(buckets) for status in ("new", "returning", "resurrecting", "dormant")}
    for person in people:
        created = bucket_of(local_day(person.created_at, ZoneInfo(zone)), interval, week_start_day)
        for place in range(1, len(line)):
            is_here, was_here = place in active[person.name], place - 1 in active[person.name]
            if is_here:
                status = "new" if line[place] == created else "returning" if was_here else "resurrecting"
                expected[status][place - 1] += 1
            elif was_here:
                expected["dormant"][place - 1] -= 1
    seen = data.given(timezone=zone, week_start_day=week_start_day)
    query |= {"kind": "LifecycleQuery"}
    found = seen.results(query)
    assert {item["status"]: item["data"] for item in found} == expected, query
    item = chance.choice(found)
    for day, count in list(zip(item["days"], item["data"], strict=True))[:4]:
        assert len(seen.actors(query, day=day, status=item["status"])) == abs(count)
