"""Trends beside a slow model in plain Python, on random events and random questions."""

import random
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.query.insights.breakdown import NULL_VALUE, OTHER_VALUE
from tests.query.conformance.asking import Person

SEEDS = range(40)
FIRST = datetime(2021, 10, 20, tzinfo=UTC)
DAYS = 45  # with clock changes in both hemispheres
NAMES = ("view", "click")
COLORS = ("red", "green", "blue", "teal", "", None)
PEOPLE = 9
ZONES = ("UTC", "Europe/Berlin", "US/Pacific", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Sydney")
MATHS = ("total", "dau", "weekly_active", "monthly_active", "sum", "max", "avg", "first_time_for_user",
         "unique_session", "avg_count_per_actor", "max_count_per_actor", "first_matching_event_for_user")  # fmt: skip
WINDOWS = {"weekly_active": 7, "monthly_active": 30}
STATISTICS = {"sum": sum, "max": max, "avg": lambda numbers: sum(numbers) / len(numbers)}


@pytest.fixture(scope="module")
def world(warehouse):
    chance = random.Random(20211031)
    events = [
        {
            "event": chance.choice(NAMES),
            "at": FIRST
            + timedelta(seconds=chance.randrange(DAYS * 86_400), microseconds=chance.randrange(1_000_000)),
            "person": f"p{chance.randrange(PEOPLE)}",
            "properties": {"color": chance.choice(COLORS), "size": chance.randrange(5)},
            "$session_id": chance.choice(("", "s1", "s2", "s3")),
        }
        for _ in range(600)
    ]
    people = [Person(f"p{number}") for number in range(PEOPLE)]
    now = (FIRST + timedelta(days=DAYS)).isoformat()[:19]
    return events, warehouse.kept("model", lambda one: one.dataset(people, events, now))


@pytest.mark.parametrize("seed", SEEDS)
def test_trends_are_what_the_model_counts(world, seed):
    events, data = world
    chance = random.Random(seed)
    zone, week_start_day = chance.choice(ZONES), chance.choice((0, 1))
    query, plain = question(chance, ZoneInfo(zone))
    found = data.given(timezone=zone, week_start_day=week_start_day).results(query)
    model = Model(events, ZoneInfo(zone), week_start_day, plain)
    shown = {item.get("breakdown_value"): item for item in found}
    expected = model.lines()
    assert list(shown) == list(expected), query
    for value, (total, line) in expected.items():
        if plain["is_total"]:
            assert shown[value]["aggregated_value"] == pytest.approx(total), (value, query)
        else:
            assert shown[value]["days"] == [name for name, _, _ in model.points], query
            assert shown[value]["data"] == pytest.approx(line), (value, query)


def question(chance, zone):
    """The query, and what it asks in plain words."""
    start = FIRST.date() + timedelta(days=chance.randrange(5, 20))
    end = start + timedelta(days=chance.randrange(20))
    interval = chance.choice(("hour", "day", "day", "week", "month"))
    if interval == "hour":
        end = start + timedelta(days=2)
    math, event = chance.choice(MATHS), chance.choice((*NAMES, None))
    color = chance.choice((None, None, "red", "blue"))
    limit = chance.choice((2, 25))
    plain = {
        "start": datetime.combine(start, datetime.min.time(), zone),
        "end": datetime.combine(end, datetime.min.time(), zone),
        "interval": interval,
        "math": math,
        "event": event,
        "size_at_least": chance.choice((None, None, 2)),
        "color": color,
        "by_color": color is None and chance.random() < 0.5,
        "limit": limit,
        "is_total": chance.random() < 0.25,
    }
    series = {"kind": "EventsNode", "event": event, "math": math, "math_property": "size"}
    filters = []
    if color is not None:
        filters.append({"type": "event", "key": "color", "value": [color], "operator": "exact"})
    if plain["size_at_least"] is not None:
        filters.append({"type": "event", "key": "size", "value": plain["size_at_least"], "operator": "gte"})
    query = {
        "kind": "TrendsQuery",
        "series": [series],
        "interval": interval,
        "dateRange": {"date_from": start.isoformat(), "date_to": end.isoformat()},
        "properties": filters,
        "trendsFilter": {"display": "BoldNumber" if plain["is_total"] else "ActionsLineGraph"},
    }
    if plain["by_color"]:
        query["breakdownFilter"] = {"breakdown": "color", "breakdown_type": "event", "breakdown_limit": limit}
    return query, plain


class Model:
    """Says everything the long way."""

    def __init__(self, events, zone, week_start_day, plain):
        self.zone, self.week_start_day, self.plain = zone, week_start_day, plain
        self.events = sorted(events, key=lambda one: one["at"])
        last = plain["end"].date() + timedelta(days=1)
        self.end = plain["end"].astimezone(UTC) if plain["interval"] == "hour" else self.midnight(last)
        self.points = self.make_points()
        self.lower = self.points[0][1] if plain["interval"] == "month" else plain["start"].astimezone(UTC)

    def midnight(self, day):
        return datetime.combine(day, datetime.min.time(), self.zone).astimezone(UTC)

    def make_points(self):
        """Name, beginning and end of each."""
        interval, day = self.plain["interval"], self.plain["start"].date()
        if interval == "hour":
            start = self.midnight(day)
            hours = [start + timedelta(hours=number) for number in range(500)]
            return [
                (f"{hour.astimezone(self.zone):%Y-%m-%d %H:%M:%S}", hour, hour + timedelta(hours=1))
                for hour in hours
                if hour <= self.end
            ]
        if interval == "week":
            while (day.weekday() + 1) % 7 != self.week_start_day:
                day -= timedelta(days=1)
        if interval == "month":
            day = day.replace(day=1)
        points = []
        while self.midnight(day) < self.end:
            following = day + timedelta(days={"day": 1, "week": 7}.get(interval, 31))
            following = following.replace(day=1) if interval == "month" else following
            points.append((day.isoformat(), self.midnight(day), self.midnight(following)))
            day = following
        return points

    def matches(self, event):
        return self.plain["event"] in (None, event["event"])

    def passes(self, event):
        plain, given = self.plain, event["properties"]
        by_color = plain["color"] is None or given["color"] == plain["color"]
        return by_color and (plain["size_at_least"] is None or given["size"] >= plain["size_at_least"])

    def in_range(self, event):
        is_after = self.plain["interval"] == "hour" and event["at"] > self.end
        return (
            self.lower <= event["at"]
            and not is_after
            and (event["at"] < self.end or self.plain["interval"] == "hour")
        )

    def lines(self):
        """Value → (total, numbers), in the order of the response."""
        if not self.plain["by_color"]:
            return {None: self.line(lambda _: True)}
        named = {color: self.line(lambda one, color=color: value_of(one) == color) for color in
                 (*(color for color in COLORS if color), NULL_VALUE)}  # fmt: skip
        present = {
            color
            for color in named
            if any(self.concerns(one) and value_of(one) == color for one in self.events)
        }
        order = sorted(present, key=lambda color: (color == NULL_VALUE, -named[color][0], color))
        shown = {color: named[color] for color in order[: self.plain["limit"]]}
        if len(order) > self.plain["limit"]:
            shown[OTHER_VALUE] = self.line(lambda one: value_of(one) not in shown)
        return shown

    def concerns(self, event):
        """Whether an event makes its color appear at all."""
        math = self.plain["math"]
        if math.startswith("first"):
            return self.matches(event) and any(one is event for one in self.firsts()) and self.in_range(event)
        if math in WINDOWS and self.window():
            windows = self.windows()
            return (
                self.matches(event) and self.passes(event) and any(a <= event["at"] < b for a, b in windows)
            )
        return self.matches(event) and self.passes(event) and self.in_range(event)

    def line(self, keep):
        if self.plain["is_total"]:
            total = self.total(keep)
            return total, [total]
        numbers = self.numbers(keep)
        return sum(numbers), numbers

    def numbers(self, keep):
        if self.plain["math"] in WINDOWS and self.window():
            return [self.distinct_between(*window, keep) for window in self.windows()]
        buckets = [[] for _ in self.points]
        for event in self.counted(keep):
            for bucket, (_, start, end) in zip(buckets, self.points, strict=True):
                if start <= event["at"] < end:
                    bucket.append(event)
        return [self.value(bucket) for bucket in buckets]

    def total(self, keep):
        if self.plain["math"] in WINDOWS:
            ((start, end),) = self.windows()
            return self.distinct_between(start, end, keep)
        return self.value(self.counted(keep))

    def window(self):
        days, interval = WINDOWS[self.plain["math"]], self.plain["interval"]
        if not self.plain["is_total"] and (interval == "month" or (interval == "week" and days == 7)):
            return None
        return days

    def windows(self):
        """From and until, for each point (or for the whole)."""
        days, interval = self.window(), self.plain["interval"]
        if self.plain["is_total"]:
            after_end = self.end + (timedelta(microseconds=1) if interval == "hour" else timedelta())
            return [(after_end - timedelta(days=days), after_end)]
        if interval == "hour":
            until = self.end + timedelta(microseconds=1)
            return [(end - timedelta(days=days), min(end, until)) for _, _, end in self.points]
        found = []
        for _, start, _ in self.points:
            day = start.astimezone(self.zone).date()
            last = min(self.midnight(day + timedelta(days=1)), self.end)
            found.append((self.midnight(day - timedelta(days=days - 1)), last))
        return found

    def distinct_between(self, start, end, keep):
        return len({
            one["person"] for one in self.events
            if self.matches(one) and self.passes(one) and keep(one) and start <= one["at"] < end
        })  # fmt: skip

    def firsts(self):
        is_matching = self.plain["math"] == "first_matching_event_for_user"
        first = {}
        for one in self.events:
            if self.matches(one) and (self.passes(one) or not is_matching):
                first.setdefault(one["person"], one)
        return [one for one in first.values() if self.passes(one)]

    def counted(self, keep):
        if self.plain["math"].startswith("first"):
            return [one for one in self.firsts() if self.in_range(one) and keep(one)]
        return [
            one
            for one in self.events
            if self.matches(one) and self.passes(one) and self.in_range(one) and keep(one)
        ]

    def value(self, bucket):
        math = self.plain["math"]
        if math == "total" or math.startswith("first"):
            return len(bucket)
        if math == "unique_session":
            return len({one["$session_id"] for one in bucket})
        if math in ("dau", *WINDOWS):
            return len({one["person"] for one in bucket})
        if math.endswith("_count_per_actor"):
            per_actor = list(Counter(one["person"] for one in bucket).values())
            return STATISTICS[math.split("_")[0]](per_actor) if per_actor else 0
        sizes = [one["properties"]["size"] for one in bucket]
        return STATISTICS[math](sizes) if sizes else 0


def value_of(event):
    return event["properties"]["color"] or NULL_VALUE


def test_who_is_in_each_number_are_as_many_as_it_says(world):
    events, data = world
    expected = defaultdict(set)
    for one in events:
        if one["event"] == "view" and one["properties"]["color"] == "red":
            expected[one["at"].astimezone(ZoneInfo("US/Pacific")).date().isoformat()].add(one["person"])
    query = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "view", "math": "dau"}],
        "dateRange": {"date_from": "2021-11-01", "date_to": "2021-11-15"},
        "breakdownFilter": {"breakdown": "color", "breakdown_type": "event"},
    }
    seen = data.given(timezone="US/Pacific")
    ids = {str(Person(f"p{number}").id): f"p{number}" for number in range(PEOPLE)}
    for item in seen.results(query):
        for day, count in zip(item["days"], item["data"], strict=True):
            found = seen.actors(query, day=day, breakdown=item["breakdown_value"])
            assert len(found) == count
            if item["breakdown_value"] == "red":
                assert {ids[actor] for actor, _ in found} == expected[day]


@pytest.mark.parametrize("interval", ["hour", "day", "week"])
@pytest.mark.parametrize("math", ["weekly_active", "monthly_active", "first_time_for_user", "dau"])
def test_who_is_in_a_window(world, math, interval):
    _, data = world
    query = {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "click", "math": math}],
        "dateRange": {
            "date_from": "2021-10-30",
            "date_to": "2021-11-10" if interval != "hour" else "2021-10-31T10:00",
        },
        "interval": interval,
    }
    (item,) = data.results(query)
    points = list(zip(item["days"], item["data"], strict=True))
    for day, count in points[:: max(1, len(points) // 6)]:
        assert len(data.actors(query, day=day)) == count, day
    query["trendsFilter"] = {"display": "BoldNumber"}
    (item,) = data.results(query)
    assert len(data.actors(query)) == item["aggregated_value"]
