"""Paths beside a slow model in plain Python, on random visits and random questions."""

import itertools
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.query.insights.paths import paths, paths_actors
from tests.query.conformance.asking import Person

SEEDS = range(50)
FIRST = datetime(2021, 10, 28, tzinfo=UTC)
DAYS = 6  # with a clock change
PEOPLE = 12
PAGES = ("/", "/a", "/a/", "/b", "/c/", "/d")
ZONES = ("UTC", "Europe/Berlin", "US/Pacific", "Asia/Kathmandu")
TYPES = (["$pageview"], ["custom_event"], ["$pageview", "$screen"], ["$pageview", "custom_event"], [])
MINUTE_US = 60_000_000
GAP = timedelta(minutes=30)
SHORTENED = "..."


@pytest.fixture(scope="module")
def world(warehouse):
    chance = random.Random(20211028)
    events = []
    for number in range(PEOPLE):
        moment = FIRST + timedelta(hours=chance.randrange(12))
        while moment < FIRST + timedelta(days=DAYS):
            events.append(visit(chance, moment, f"p{number}"))
            # Exactly half an hour is a gap, a microsecond less is none.
            step_us = chance.choice(
                (MINUTE_US, 5 * MINUTE_US, 30 * MINUTE_US - 1, 30 * MINUTE_US, 900 * MINUTE_US)
            )
            moment += timedelta(microseconds=step_us)
    people = [Person(f"p{number}") for number in range(PEOPLE)]
    now = (FIRST + timedelta(days=DAYS)).isoformat()[:19]
    return events, warehouse.kept("paths model", lambda one: one.dataset(people, events, now))


def visit(chance, moment, person):
    event = chance.choice(("$pageview", "$pageview", "$screen", "buy", "$set", "leave"))
    properties = {}
    if event == "$pageview":
        properties["$current_url"] = chance.choice(PAGES)
    if event == "$screen":
        properties["$screen_name"] = chance.choice(("Home", "List"))
    return {"event": event, "at": moment, "person": person, "properties": properties}


@pytest.mark.parametrize("seed", SEEDS)
def test_paths_are_what_the_model_walks(world, seed):
    events, data = world
    chance = random.Random(seed)
    zone = chance.choice(ZONES)
    data = data.given(timezone=zone)
    query, plain = question(chance)
    model = Model(events, plain, ZoneInfo(zone))
    found = paths(query, data.asked())["results"]
    expected = model.edges()
    assert [(one["source"], one["target"], one["value"]) for one in found] == [one[:3] for one in expected], (
        query
    )
    for one, (_, _, _, times) in zip(found, expected, strict=True):
        if SHORTENED not in one["source"] + one["target"]:
            seconds = [time / timedelta(milliseconds=1) for time in times]
            assert one["average_conversion_time"] == pytest.approx(sum(seconds) / len(seconds)), query
    for one in chance.sample(found, min(2, len(found))):
        keys = {"pathStartKey": one["source"], "pathEndKey": one["target"]}
        wanted = {**query, "pathsFilter": {**query["pathsFilter"], **keys}}
        asked = data.asked()
        actors = dict(asked.run(paths_actors(wanted, asked)).rows)
        who = model.who[one["source"], one["target"]]
        assert {str(id_): count for id_, count in actors.items()} == {
            str(Person(name).id): who.count(name) for name in who
        }, wanted


@pytest.mark.parametrize("seed", SEEDS[:20])
def test_who_left_at_a_step_is_whose_path_ends_there(world, seed):
    events, data = world
    chance = random.Random(1_000 + seed)
    zone = chance.choice(ZONES)
    data = data.given(timezone=zone)
    query, plain = question(chance)
    model = Model(events, plain, ZoneInfo(zone))
    for key in [*chance.sample(sorted(model.left), min(3, len(model.left))), "1_nowhere"]:
        filters = {**query["pathsFilter"], "pathDropoffKey": key}
        asked = data.asked()
        actors = dict(asked.run(paths_actors({**query, "pathsFilter": filters}, asked)).rows)
        who = model.left.get(key, [])
        assert {str(id_): count for id_, count in actors.items()} == {
            str(Person(name).id): who.count(name) for name in who
        }, (key, query)


def question(chance):
    """The query, and what it asks in plain words."""
    first = FIRST.date() + timedelta(days=chance.randrange(3))
    points = chance.sample(("/a", "/", "/b", "buy"), 2)
    plain = {
        "start": first,
        "end": first + timedelta(days=chance.randrange(4)),
        "types": chance.choice(TYPES),
        "excluded": chance.choice(([], [], ["/a"], ["buy", "/d"])),
        "from": points[0] if chance.random() < 0.4 else None,
        "to": points[1] if chance.random() < 0.4 else None,
        "steps": chance.choice((2, 4, 4, 6)),
        "edges": chance.choice((3, 10, 50)),
        "least": chance.choice((None, None, 2)),
        "most": chance.choice((None, None, 6)),
    }
    query = {
        "kind": "PathsQuery",
        "dateRange": {"date_from": plain["start"].isoformat(), "date_to": plain["end"].isoformat()},
        "pathsFilter": {
            "includeEventTypes": plain["types"],
            "excludeEvents": plain["excluded"],
            "startPoint": plain["from"],
            "endPoint": plain["to"],
            "stepLimit": plain["steps"],
            "edgeLimit": plain["edges"],
            "minEdgeWeight": plain["least"],
            "maxEdgeWeight": plain["most"],
        },
    }
    return query, plain


class Model:
    """Says everything the long way."""

    def __init__(self, events, plain, zone):
        self.plain = plain
        midnights = [plain["start"], plain["end"] + timedelta(days=1)]
        self.first, self.last = (datetime.combine(one, datetime.min.time(), zone) for one in midnights)
        self.by_person = defaultdict(list)
        for event in sorted(events, key=lambda one: one["at"]):
            item = item_of(event)
            if self.first <= event["at"] < self.last and self.is_included(event, item):
                self.by_person[event["person"]].append((event["at"], item))
        self.who = defaultdict(list)
        self.times = defaultdict(list)
        self.left = defaultdict(list)
        for name, visits in self.by_person.items():
            for path in paths_of(visits):
                self.walk(name, self.cut(path))

    def is_included(self, event, item):
        if item in self.plain["excluded"]:
            return False
        types, name = self.plain["types"], event["event"]
        return not types or name in types or ("custom_event" in types and not name.startswith("$"))

    def cut(self, path):
        names = [name for _, name in path]
        start, end, limit = self.plain["from"], self.plain["to"], self.plain["steps"]
        if start is not None:
            if start not in names:
                return []
            path, names = path[names.index(start) :], names[names.index(start) :]
        if end is not None:
            if end not in names:
                return []
            path = path[: names.index(end) + 1]
        if end is None or len(path) <= limit:
            return path[:limit]
        if start is None:
            return path[-limit:]
        half = limit // 2
        return [*path[:half], (path[half - 1][0], SHORTENED), *path[-half:]]

    def walk(self, name, path):
        if path:
            self.left[f"{len(path)}_{path[-1][1]}"].append(name)
        for number, ((left, source), (came, target)) in enumerate(itertools.pairwise(path), 1):
            edge = f"{number}_{source}", f"{number + 1}_{target}"
            self.who[edge].append(name)
            self.times[edge].append(came - left)

    def edges(self):
        least, most = self.plain["least"] or 0, self.plain["most"] or 10**9
        counted = [(*edge, len(who), self.times[edge]) for edge, who in self.who.items()]
        counted = [one for one in counted if least <= one[2] <= most]
        counted.sort(key=lambda one: (-one[2], one[0], one[1]))
        shown = counted[: self.plain["edges"]]
        reached = set()
        for _ in range(10):
            reached |= {one[1] for one in shown if one[0].startswith("1_") or one[0] in reached}
        return [one for one in shown if one[0].startswith("1_") or one[0] in reached]


def item_of(event):
    properties = event["properties"]
    if event["event"] == "$pageview":
        url = properties["$current_url"]
        return url[:-1] if url.endswith("/") and url != "/" else url
    return properties.get("$screen_name", event["event"]) if event["event"] == "$screen" else event["event"]


def paths_of(visits):
    """Cut where nothing happened for half an hour; then what repeats at once is one."""
    found, before = [], None
    for moment, item in visits:
        if before is None or moment - before >= GAP:
            found.append([])
        before = moment
        if not found[-1] or found[-1][-1][1] != item:
            found[-1].append((moment, item))
    return found
