"""Who is in a number: for each point of an insight the SELECT of those it counts.

Every SELECT has `actor_id` (a person's id, or a group's key), most have `event_count` and `matching_events` (tuples of
timestamp, uuid, session and window), so that whatever reads them can order, page and expand them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.dates import Point
from appliance.query.filters.properties import group_index
from appliance.query.filters.terms import (
    TRUE,
    alias,
    call,
    compare,
    constant,
    equals,
    every,
    field,
)
from appliance.query.hogql import ast
from appliance.query.insights import math
from appliance.query.insights.breakdown import NULL_VALUE, OTHER_VALUE, Breakdown, read_breakdown
from appliance.query.insights.lifecycle import lifecycle_actors, read_lifecycle
from appliance.query.insights.periods import TIME, between, point_of_day, read_periods
from appliance.query.insights.series import Actor, read_series
from appliance.query.insights.stickiness import chosen_period, stickiness_actors
from appliance.query.insights.trends import questions, read_display, top_values
from appliance.query.insights.trends_rows import Question, active_window

MATCHING_EVENTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which number of an insight. `day` None: the whole range."""

    day: str | int | None = None
    series: int = 0
    breakdown: Any = None
    compare: str = "current"
    status: str | None = None
    operator: str = "exact"

    @classmethod
    def of(cls, query: Mapping[str, Any]) -> "Wanted":
        """As an InsightActorsQuery or a StickinessActorsQuery says it."""
        series = query.get("series") or 0
        if not isinstance(series, int) or isinstance(series, bool):
            raise Invalid("series must be the number of a series", attr="series")
        return cls(
            query.get("day"),
            series,
            query.get("breakdown"),
            str(query.get("compare") or "current"),
            query.get("status"),
            str(query.get("operator") or "exact"),
        )


def trends_actors(query: Mapping[str, Any], wanted: Wanted, asked: Asked) -> ast.SelectQuery:
    """Who is in a number of a TrendsQuery."""
    series = read_series(query, asked.context)
    if not 0 <= wanted.series < len(series):
        raise Invalid("there is no such series", attr="series")
    display = read_display(query)
    period = chosen_period(read_periods(query, asked), wanted.compare)
    breakdown = read_breakdown(query, asked.context, is_export=asked.is_export)
    asked_for = questions(series[wanted.series], period, breakdown, query=query, display=display, asked=asked)
    question = _with_breakdown(asked_for, breakdown, wanted.breakdown, asked)
    if question.series.math == "unique_group":
        index = group_index(question.series.node.get("math_group_type_index"))
        question = replace(question, actor=Actor(index))
    point = None
    if wanted.day is not None and not display.is_total:
        point = point_of_day(period.dates, wanted.day, period.dates.clock)
        if point is None:
            return _nobody()
    if question.series.math in math.FIRST_TIME:
        return _first_timers(question, point)
    return _acting(question, every((question.where(_time(question, point)),)))


def insight_actors(query: Mapping[str, Any], asked: Asked) -> ast.SelectQuery:
    """The SELECT for an InsightActorsQuery (or StickinessActorsQuery) over one of the insights of this room."""
    source = query.get("source")
    if not isinstance(source, Mapping):
        raise Invalid("an actors query needs a source", attr="source")
    wanted = Wanted.of(query)
    kind = source.get("kind")
    find = ACTORS.get(str(kind))
    if find is None:
        raise Invalid(f"who is in a {str(kind)[:50]} cannot be told", attr="source.kind")
    return find(source, wanted, asked)


def _with_breakdown(
    asked_for: list[Question], breakdown: Breakdown | None, wanted: Any, asked: Asked
) -> Question:
    """The one question whose number is meant."""
    question = asked_for[0]
    if breakdown is None or wanted is None:
        return replace(question, breakdown=None, split=None)
    if breakdown.splits:
        found = next((one for one in asked_for if one.split and str(one.split.value) == str(wanted)), None)
        if found is None:
            raise Invalid("there is no such breakdown", attr="breakdown")
        return found
    several = question.breakdown
    if several is None:
        return question
    given = wanted if isinstance(wanted, list | tuple) else [wanted]
    values = tuple(_value(one) for one in given)
    if len(values) != len(several.parts):
        raise Invalid("the breakdown needs one value for each property", attr="breakdown")
    if OTHER_VALUE in values:
        top = top_values(question, asked)
        condition: ast.Expr = ast.Not(several.among(top)) if top else TRUE
    else:
        condition = several.among([values])
    return replace(question, breakdown=None, shared=every((question.shared, condition)))


def _value(given: Any) -> str:
    if given is None or given == "":
        return NULL_VALUE
    if isinstance(given, bool):
        return "true" if given else "false"
    return str(given)


def _time(question: Question, point: Point | None) -> ast.Expr:
    dates = question.period.dates
    days = question.active_days
    if point is None:
        if not days:
            return question.period.holds
        return active_window(
            replace(dates, interval="day"),
            days,
            dates.clock.after(dates.clock.floor(dates.date_to, "day"), "day"),
        )
    if days:
        return every((active_window(dates, days, point.end), compare(TIME, "<=", constant(dates.date_to))))
    if question.is_cumulative:
        return every((question.period.holds, compare(TIME, "<", constant(point.end))))
    start, end = max(point.start, dates.lower), compare(TIME, "<", constant(point.end))
    return every((between(start, dates.date_to), end))


def _acting(question: Question, where: ast.Expr) -> ast.SelectQuery:
    actor = question.actor
    return ast.SelectQuery(
        [
            alias("actor_id", actor.id),
            alias("event_count", call("count")),
            alias("matching_events", matching_events()),
        ],
        select_from=question.table,
        where=every((where, actor.is_there)),
        group_by=[field("actor_id")],
    )


def matching_events() -> ast.Expr:
    """Some of the events behind a number, to find their recordings by."""
    event = call("tuple", TIME, field("uuid"), field("$session_id"), field("$window_id"))
    return ast.Call("groupUniqArray", [event], params=[constant(MATCHING_EVENTS_MAX)])


def _first_timers(question: Question, point: Point | None) -> ast.SelectQuery:
    """Those whose first event ever lies in the point and passes the filters."""
    dates = question.period.dates
    is_any = question.series.math == "first_time_for_user"
    passes = call("if", question.filters, constant(1), constant(0)) if is_any else constant(1)
    event = call("tuple", TIME, field("uuid"), field("$session_id"), field("$window_id"))
    inner = ast.SelectQuery(
        [
            alias("actor_id", question.actor.id),
            alias("first_at", call("min", TIME)),
            alias("passes", call("argMin", passes, TIME)),
            alias("first_event", call("argMin", event, TIME)),
        ],
        select_from=question.table,
        where=every(
            (
                question.matches,
                compare(TIME, "<=", constant(dates.date_to)),
                TRUE if is_any else question.filters,
            )
        ),
        group_by=[field("actor_id")],
    )
    first_at = field("first_at")
    lower = dates.lower if point is None else max(dates.lower, point.start)
    within = [compare(first_at, ">=", constant(lower)), equals(field("passes"), 1)]
    if point is not None:
        within.append(compare(first_at, "<", constant(point.end)))
    return ast.SelectQuery(
        [
            field("actor_id"),
            alias("event_count", constant(1)),
            alias("matching_events", call("array", field("first_event"))),
        ],
        select_from=ast.JoinExpr(inner, alias="firsts"),
        where=every(within),
    )


def _nobody() -> ast.SelectQuery:
    return ast.SelectQuery(
        [alias("actor_id", field("person_id")), alias("event_count", call("count"))],
        select_from=ast.JoinExpr(field("events")),
        where=constant(False),
        group_by=[field("actor_id")],
    )


def _of_stickiness(query: Mapping[str, Any], wanted: Wanted, asked: Asked) -> ast.SelectQuery:
    return stickiness_actors(
        query,
        asked,
        day=wanted.day,
        series=wanted.series,
        operator=wanted.operator,
        compare_to=wanted.compare,
    )


def _of_lifecycle(query: Mapping[str, Any], wanted: Wanted, asked: Asked) -> ast.SelectQuery:
    dates = read_lifecycle(query, asked).dates
    point = point_of_day(dates, wanted.day, dates.clock)
    if point is None:
        return _nobody()
    return lifecycle_actors(query, asked, point=point, status=str(wanted.status))


ACTORS: dict[str, Callable[[Mapping[str, Any], Wanted, Asked], ast.SelectQuery]] = {
    "TrendsQuery": trends_actors,
    "StickinessQuery": _of_stickiness,
    "LifecycleQuery": _of_lifecycle,
}
"""By the kind of the insight."""
