"""Retention beside a slow model in plain Python, on random events and random questions."""

import random
from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.query.insights.breakdown import OTHER_VALUE
from appliance.query.insights.retention import retention
from appliance.query.insights.retention.actors import retention_actors
from tests.query.conformance.asking import Person

SEEDS = range(60)
FIRST = datetime(2021, 10, 20, tzinfo=UTC)
DAYS = 40  # with clock changes in both hemispheres
PEOPLE = 25
ZONES = ("UTC", "Europe/Berlin", "US/Pacific", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Sydney")
KINDS = ("retention_recurring", "retention_first_time", "retention_first_ever_occurrence")
NAMES = ("view", "click")
WINDOWS = {"Hour": 1, "Day": 24, "Week": 7 * 24, "Month": 30 * 24}


@pytest.fixture(scope="module")
def world(warehouse):
    chance = random.Random(20211107)
    events = []
    for number in range(PEOPLE):
        # They come one after another, often at first, so that neither rows nor cells are always empty.
        begin_s = number / PEOPLE * DAYS * 86_400 * 0.8
        for _ in range(chance.randrange(1, 60)):
            second = begin_s + chance.random() ** 3 * (DAYS * 86_400 - begin_s)
            events.append(
                {
                    "event": chance.choice(NAMES),
                    "at": FIRST + timedelta(microseconds=int(second * 1_000_000)),
                    "person": f"p{number}",
                    "properties": {
                        "color": chance.choice(("red", "blue")),
                        "size": chance.choice(("s", "m", "l")),
                    },
                }
            )
    people = [Person(f"p{number}") for number in range(PEOPLE)]
    now = (FIRST + timedelta(days=DAYS)).isoformat()[:19]
    return events, warehouse.kept("retention model", lambda one: one.dataset(people, events, now))


@pytest.mark.parametrize("seed", SEEDS)
def test_retention_is_what_the_model_counts(world, seed):
    events, data = world
    chance = random.Random(seed)
    zone, week_start_day = chance.choice(ZONES), chance.choice((0, 1))
    data = data.given(timezone=zone, week_start_day=week_start_day)
    query, plain = question(chance)
    model = Model(events, plain, ZoneInfo(zone), week_start_day)
    found = retention(query, data.asked())["results"]
    assert [row["date"] for row in found] == [
        point.astimezone(ZoneInfo(zone)).isoformat() for point in model.points[:-1]
    ], query
    assert [row["label"] for row in found] == [f"{plain['period']} {n}" for n in range(model.size)], query
    assert [[cell["count"] for cell in row["values"]] for row in found] == model.rows(), query
    assert [cell["label"] for cell in found[0]["values"]] == model.labels(), query
    row = chance.randrange(model.size)
    asked = data.asked()
    shown = {str(actor): list(cells) for actor, cells in asked.run(retention_actors(query, row, asked)).rows}
    expected = {str(Person(name).id): sorted(cells) for name, cells in model.people(row).items()}
    assert shown == expected, (row, query)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_a_breakdown_is_by_what_the_first_event_says(world, seed):
    events, data = world
    chance = random.Random(1_000 + seed)
    data = data.given(timezone="Europe/Berlin", week_start_day=0)
    query, plain = question(chance)
    limit = chance.choice((1, 2, 25))
    query["breakdownFilter"] = {"breakdown": "size", "breakdown_type": "event", "breakdown_limit": limit}
    model = Model(events, plain, ZoneInfo("Europe/Berlin"), 0)
    shown = {}
    for row in retention(query, data.asked())["results"]:
        cells = [cell["count"] for cell in row["values"]]
        shown.setdefault(row["breakdown_value"], []).append(cells)
    sizes = Counter()
    for row in range(model.size):
        sizes.update(model.value_of(name) for name in model.people(row))
    ordered = sorted(sizes, key=lambda value: (-sizes[value], value))
    expected = {value: model.rows({value}) for value in ordered[:limit]}
    if ordered[limit:]:
        expected[OTHER_VALUE] = model.rows(set(ordered[limit:]))
    assert shown == expected, query
    row = chance.randrange(model.size)
    for value in shown:
        among = set(ordered[limit:]) if value == OTHER_VALUE else {value}
        asked = data.asked()
        actors = asked.run(retention_actors(query, row, asked, value)).rows
        assert {str(actor): list(cells) for actor, cells in actors} == {
            str(Person(name).id): sorted(cells)
            for name, cells in model.people(row).items()
            if model.value_of(name) in among
        }, (row, value, query)


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_without_a_beginning_there_are_as_many_intervals_as_asked_for(world, seed):
    events, data = world
    chance = random.Random(2_000 + seed)
    zone, week_start_day = chance.choice(ZONES), chance.choice((0, 1))
    query, plain = question(chance)
    number = chance.randrange(1, 9)
    del query["dateRange"]["date_from"]
    query["retentionFilter"]["totalIntervals"] = number
    back = {"Hour": timedelta(hours=number - 1), "Day": timedelta(days=number - 1)}
    if plain["period"] == "Month":
        month = plain["end"].year * 12 + plain["end"].month - number
        plain["start"] = datetime(month // 12, month % 12 + 1, 1)  # noqa: DTZ001 - the wall's
    elif plain["period"] == "Hour":
        end = plain["end"].replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - back["Hour"]
        plain["start"] = end.astimezone(ZoneInfo(zone)).replace(tzinfo=None, minute=0)
    else:
        plain["start"] = plain["end"] - back.get(plain["period"], timedelta(weeks=number - 1))
    model = Model(events, plain, ZoneInfo(zone), week_start_day)
    found = retention(query, data.given(timezone=zone, week_start_day=week_start_day).asked())["results"]
    assert len(found) == number, query
    assert [[cell["count"] for cell in row["values"]] for row in found] == model.rows(), query


def question(chance):
    """The query, and what it asks in plain words."""
    period = chance.choice(("Hour", "Day", "Day", "Week", "Month"))
    start = datetime.combine(FIRST.date() + timedelta(days=chance.randrange(20)), datetime.min.time())
    start += timedelta(hours=chance.randrange(24))
    longest = {"Hour": 40, "Day": 14 * 24, "Week": 25 * 24, "Month": 35 * 24}[period]
    end = start + timedelta(hours=chance.randrange(longest), minutes=chance.randrange(60))
    is_rolling = chance.random() < 0.3
    plain = {
        "period": period,
        "start": start,
        "end": end,
        "kind": chance.choice(KINDS),
        "target": chance.choice((*NAMES, None)),
        "returning": chance.choice((*NAMES, None)),
        "color": chance.choice((None, "red")),
        "cumulative": not is_rolling and chance.random() < 0.3,
        "occurrences": chance.choice((1, 1, 2, 3)),
        "brackets": chance.choice(([], [], [1, 3, 5], [2, 2], [4])),
        "rolling": is_rolling,
    }
    colors = [{"type": "event", "key": "color", "value": [plain["color"]], "operator": "exact"}]
    query = {
        "kind": "RetentionQuery",
        "dateRange": {"date_from": start.isoformat(), "date_to": end.isoformat(), "explicitDate": True},
        "retentionFilter": {
            "period": period,
            "retentionType": plain["kind"],
            "targetEntity": {
                "id": plain["target"],
                "type": "events",
                "properties": colors if plain["color"] else [],
            },
            "returningEntity": {"id": plain["returning"], "type": "events"},
            "cumulative": plain["cumulative"],
            "minimumOccurrences": plain["occurrences"],
            "retentionCustomBrackets": plain["brackets"],
            "timeWindowMode": "24_hour_windows" if is_rolling else "strict_calendar_dates",
        },
    }
    return query, plain


class Model:
    """Says everything the long way."""

    def __init__(self, events, plain, zone, week_start_day):
        self.plain, self.zone, self.week_start_day = plain, zone, week_start_day
        self.points = self.make_points()
        self.size = len(self.points) - 1
        self.by_person = {}
        for event in sorted(events, key=lambda one: one["at"]):
            if event["at"] < self.points[-1]:
                self.by_person.setdefault(event["person"], []).append(event)

    def make_points(self):
        """Where each interval begins, and the end of the last."""
        period, start, end = self.plain["period"], self.plain["start"], self.plain["end"]
        if period == "Hour":
            first = start.replace(tzinfo=self.zone).astimezone(UTC)
            last = end.replace(tzinfo=self.zone, minute=0).astimezone(UTC)
            hours = int((last - first) / timedelta(hours=1))
            return [first + timedelta(hours=number) for number in range(hours + 2)]
        day, last = start.date(), end.date()
        if period == "Week":
            day -= timedelta(days=((day.weekday() + 1) % 7 - self.week_start_day) % 7)
        if period == "Month":
            day = day.replace(day=1)
        found = [day]
        while found[-1] <= last:
            following = found[-1] + timedelta(days={"Day": 1, "Week": 7, "Month": 31}[period])
            found.append(following.replace(day=1) if period == "Month" else following)
        return [datetime.combine(one, datetime.min.time(), self.zone).astimezone(UTC) for one in found]

    def number(self, moment):
        return bisect_right(self.points, moment) - 1

    def is_target(self, event):
        color = self.plain["color"]
        return self.plain["target"] in (None, event["event"]) and color in (
            None,
            event["properties"]["color"],
        )

    def starts(self, events):
        """The intervals in which a person begins, and when they began."""
        targets = [one["at"] for one in events if self.is_target(one)]
        kind = self.plain["kind"]
        if kind == "retention_recurring":
            within = [at for at in targets if at >= self.points[0]]
            if self.plain["rolling"]:
                within = within[:1]
            return {self.number(at): at for at in reversed(within)}
        if kind == "retention_first_ever_occurrence":
            ever = [one for one in events if self.plain["target"] in (None, one["event"])]
            targets = targets[:1] if ever and targets and ever[0]["at"] == targets[0] else []
        return {self.number(at): at for at in targets[:1] if at >= self.points[0]}

    def offsets(self, events, start, began):
        """How many intervals later a person came back often enough."""
        times = [
            one["at"]
            for one in events
            if self.plain["returning"] in (None, one["event"]) and one["at"] >= self.points[0]
        ]
        if self.plain["rolling"]:
            window = timedelta(hours=WINDOWS[self.plain["period"]])
            found = [(at - began) // window for at in times]
        else:
            found = [self.number(at) - start for at in times]
        return {one for one in found if one > 0 and found.count(one) >= self.plain["occurrences"]}

    def cell(self, offset):
        if offset == 0 or not self.plain["brackets"]:
            return offset if offset < self.size else None
        last = 0
        for number, length in enumerate(self.plain["brackets"], 1):
            last += length
            if offset <= last:
                return number
        return None

    def people(self, row):
        """Everybody who begins in a row, with the cells they are in."""
        found = {}
        for name, events in self.by_person.items():
            began = self.starts(events).get(row)
            if began is None:
                continue
            offsets = {0} | self.offsets(events, row, began)
            if self.plain["cumulative"]:
                offsets = set(range(max(offsets) + 1))
            found[name] = {self.cell(one) for one in offsets} - {None}
        return found

    def value_of(self, name):
        """What a person's first target event in the range says."""
        events = self.by_person[name]
        return next(
            one["properties"]["size"] for one in events if one["at"] >= self.points[0] and self.is_target(one)
        )

    def rows(self, values=None):
        """Of everybody, or of those with one of the values."""
        found = []
        for row in range(self.size):
            people = [
                cells
                for name, cells in self.people(row).items()
                if values is None or self.value_of(name) in values
            ]
            found.append([sum(cell in one for one in people) for cell in range(len(self.labels()))])
        return found

    def labels(self):
        period, brackets = self.plain["period"], self.plain["brackets"]
        if not brackets:
            return [f"{period} {number}" for number in range(self.size)]
        found, first = [f"{period} 0"], 1
        for length in brackets:
            last = first + length - 1
            found.append(f"{period} {first}" if length == 1 else f"{period} {first}-{last}")
            first = last + 1
        return found
