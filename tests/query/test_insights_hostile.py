"""Whatever a query holds, it is answered or refused: nothing else ever escapes. The store is left out."""

import copy
import random
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from appliance.failures import Invalid
from appliance.query.hogql.context import Context
from appliance.query.hogql.printer import print_query
from appliance.query.insights.actors import insight_actors
from appliance.query.insights.actors_options import insight_actors_options
from appliance.query.insights.lifecycle import lifecycle
from appliance.query.insights.stickiness import stickiness
from appliance.query.insights.trends import trends
from appliance.query.project import Action, Cohort, GivenDefinitions, ProjectFacts

PROPERTY = {"type": "event", "key": "a", "operator": "exact", "value": ["b"]}
BEHAVIOR = {
    "type": "behavioral", "value": "performed_event_multiple", "key": "x", "event_type": "events", "time_value": 3,
    "time_interval": "day", "operator": "gte", "operator_value": 2,
}  # fmt: skip
SHARED = {
    "dateRange": {"date_from": "-7d", "date_to": None, "explicitDate": False},
    "interval": "day",
    "properties": {"type": "AND", "values": [{"type": "OR", "values": [PROPERTY, BEHAVIOR]}]},
    "filterTestAccounts": True,
    "samplingFactor": 0.5,
    "aggregation_group_type_index": None,
    "compareFilter": {"compare": True, "compare_to": "-1w"},
}
SERIES = [
    {"kind": "EventsNode", "event": "x", "math": "avg", "math_property": "p", "properties": [PROPERTY]},
    {"kind": "ActionsNode", "id": 1, "math": "weekly_active"},
    {"kind": "EventsNode", "event": None, "math": "unique_group", "math_group_type_index": 1},
]
TRENDS = {
    "kind": "TrendsQuery",
    "series": SERIES,
    "trendsFilter": {"display": "ActionsBar", "formula": "A + B", "smoothingIntervals": 2},
    "breakdownFilter": {
        "breakdowns": [{"property": "p", "type": "event", "normalize_url": True, "histogram_bin_count": 3}],
        "breakdown_limit": 5,
    },
    **SHARED,
}
COHORTS = {**TRENDS, "breakdownFilter": {"breakdown": [1, "all"], "breakdown_type": "cohort"}}
STICKINESS = {
    "kind": "StickinessQuery",
    "series": SERIES[:1],
    "intervalCount": 2,
    "stickinessFilter": {"computedAs": "cumulative", "stickinessCriteria": {"operator": "gte", "value": 2}},
    **SHARED,
}
LIFECYCLE = {
    "kind": "LifecycleQuery",
    "series": SERIES[:1],
    "lifecycleFilter": {"toggledLifecycles": ["new"]},
    **SHARED,
}
ANSWERS = {"TrendsQuery": trends, "StickinessQuery": stickiness, "LifecycleQuery": lifecycle}
GARBAGE = (
    None, True, False, 0, -1, 1, 3, 1.5, float("inf"), 10**30, "", "a", "1", "-7d", "x" * 300, "\0", "'", "(", "[",
    [], {}, [None], [[]], [{}], {"a": None}, {"kind": "EventsNode"}, {"type": "OR", "values": [1]}, ["-7d"], "all",
    "properties.x", "count()", "hogql", "cohort", "session", "group", "hour", "month", "2020-01-01", "total", "median",
    "first_time_for_user", "p99_count_per_actor", "monthly_active", "BoldNumber", "ActionsLineGraphCumulative",
)  # fmt: skip


class Asked:
    """Prints what the store would be asked, and finds nothing."""

    def __init__(self):
        person = {"type": "person", "key": "a", "value": "b"}
        filters = {"properties": {"type": "OR", "values": [{"type": "AND", "values": [person, BEHAVIOR]}]}}
        facts = ProjectFacts(
            1,
            timezone="Europe/Berlin",
            test_account_filters=[PROPERTY],
            definitions=GivenDefinitions(
                actions=[Action(1, "act", [{"event": "$autocapture", "selector": "a > b"}])],
                cohorts=[Cohort(1, "people", filters=filters)],
            ),
        )
        self.context = Context(project=facts, now=datetime(2024, 3, 31, 1, 30, tzinfo=UTC), shredded={})
        self.timings, self.is_export = [], False

    def run(self, select, **_):
        print_query(select, self.context)
        return SimpleNamespace(rows=[], hogql="", columns=())


def changed(query, chance):
    """A copy with something else in a random place, or two."""
    query = copy.deepcopy(query)
    for _ in range(chance.choice((1, 1, 2))):
        places = list(_places(query))
        holder, key = chance.choice(places)
        if chance.random() < 0.1 and isinstance(holder, dict):
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(GARBAGE))
    return query


def _places(value):
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from _places(value[key])


@pytest.mark.parametrize("query", [TRENDS, COHORTS, STICKINESS, LIFECYCLE], ids=lambda one: one["kind"])
def test_an_insight_is_answered_or_refused(query):
    assert ANSWERS[query["kind"]](query, Asked())["results"] is not None
    chance, answered = random.Random(7), 0
    for _ in range(120):
        given = changed(query, chance)
        try:
            ANSWERS[query["kind"]](given, Asked())
            answered += 1
        except Invalid:
            pass
    assert answered > 12


@pytest.mark.parametrize("query", [TRENDS, COHORTS, STICKINESS, LIFECYCLE], ids=lambda one: one["kind"])
def test_who_is_in_it_is_answered_or_refused(query):
    day = 1 if query["kind"] == "StickinessQuery" else "2024-03-30"
    wanted = {"day": day, "series": 0, "status": "new", "compare": "current", "breakdown": None}
    actors = {"kind": "InsightActorsQuery", "source": query, **wanted}
    asked = Asked()
    print_query(insight_actors(actors, asked), asked.context)
    chance = random.Random(8)
    for _ in range(60):
        given, asked = changed(actors, chance), Asked()
        try:
            print_query(insight_actors(given, asked), asked.context)
            insight_actors_options({"source": given}, asked)
        except Invalid:
            pass
