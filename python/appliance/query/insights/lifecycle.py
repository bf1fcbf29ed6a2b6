"""Lifecycle: who of an interval's actors is new, returned, came back after a pause, or stayed away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.dates import DateRange, Point
from appliance.query.filters.terms import (
    alias,
    call,
    compare,
    constant,
    equals,
    every,
    field,
)
from appliance.query.hogql import ast
from appliance.query.insights.periods import Period, between, read_dates, resolved_dates, unit_number
from appliance.query.insights.series import (
    Actor,
    Series,
    events_table,
    query_filters,
    read_actor,
    read_series,
    sample_scale,
)

STATUSES = ("new", "returning", "resurrecting", "dormant")
_ROWS_MAX = 200_000


@dataclass(frozen=True, slots=True)
class Question:
    query: Mapping[str, Any]
    asked: Asked
    series: Series
    period: Period
    actor: Actor

    @property
    def dates(self) -> DateRange:
        return self.period.dates

    @property
    def start(self) -> datetime:
        """One interval before the first point, which tells who was there already."""
        first = self.dates.clock.floor(self.dates.date_from, self.dates.interval)
        return self.dates.clock.after(first, self.dates.interval, -1)

    @property
    def number(self) -> ast.Expr:
        return unit_number(self.dates, self.start)

    @property
    def created_number(self) -> ast.Expr:
        return unit_number(self.dates, self.start, self.created_at)

    @property
    def where(self) -> ast.Expr:
        """Events from one interval before the range on; those without a person's profile count for nobody."""
        context = self.asked.context
        return every(
            (
                self.series.matches(context),
                between(self.start, self.dates.date_to),
                self.series.filters(context),
                query_filters(self.query, context),
                self.actor.is_there,
                equals(field("person_mode"), "full"),
            )
        )

    @property
    def created_at(self) -> ast.Expr:
        index = self.actor.group_type_index
        return field("person", "created_at") if index is None else field(f"group_{index}", "created_at")


def lifecycle(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The response to a LifecycleQuery."""
    question = read_lifecycle(query, asked)
    points = question.period.points
    factor = sample_scale(query)
    found: dict[tuple[str, int], float] = {}
    hogql = ""
    if points and question.series.exists:
        answer = asked.run(_numbers(question), name="lifecycle")
        hogql = answer.hogql
        found = {(str(status), int(number)): count * factor for status, number, count in answer.rows}
    items = []
    for status in _shown(query) if question.series.exists else ():
        sign = -1 if status == "dormant" else 1
        # The first row's number is 0 one interval before the range.
        data = [sign * found.get((status, point.number + 1), 0) for point in points]
        items.append(_item(question, status, data))
    return {
        "results": items,
        "hogql": hogql,
        "timings": asked.timings,
        "resolved_date_range": resolved_dates(question.dates),
    }


def lifecycle_actors(query: Mapping[str, Any], asked: Asked, *, point: Point, status: str) -> ast.SelectQuery:
    """Who had this status at a point: `actor_id`, `event_count`."""
    if status not in STATUSES:
        raise Invalid(f"status must be one of {', '.join(STATUSES)}", attr="status")
    question = read_lifecycle(query, asked)
    # Numbers begin one interval before the range.
    here = point.number + 1
    is_here = compare(field("event_count"), ">", constant(0))
    was_before = compare(field("events_before"), ">", constant(0))
    is_new = equals(field("created_number"), here)
    having = {
        "new": every((is_here, is_new)),
        "returning": every((is_here, ast.Not(is_new), was_before)),
        "resurrecting": every((is_here, ast.Not(is_new), ast.Not(was_before))),
        "dormant": every((ast.Not(is_here), was_before)),
    }[status]
    return ast.SelectQuery(
        [
            alias("actor_id", question.actor.id),
            alias("event_count", call("countIf", equals(question.number, here))),
            alias("events_before", call("countIf", equals(question.number, here - 1))),
            alias("created_number", call("min", question.created_number)),
        ],
        select_from=events_table(query),
        where=question.where,
        group_by=[field("actor_id")],
        having=having,
    )


def read_lifecycle(query: Mapping[str, Any], asked: Asked) -> Question:
    series = read_series(query, asked.context)
    if len(series) != 1:
        raise Invalid("a lifecycle is of exactly one series", attr="series")
    return Question(query, asked, series[0], Period(read_dates(query, asked)), read_actor(query))


def _numbers(question: Question) -> ast.SelectQuery:
    """Rows of status, number (0 is the interval before the range) and how many."""
    active = ast.SelectQuery(
        [
            alias("actor", question.actor.id),
            alias("active", call("arraySort", call("groupUniqArray", question.number))),
            alias("created", call("min", question.created_number)),
        ],
        select_from=events_table(question.query),
        where=question.where,
        group_by=[field("actor")],
    )
    # An actor's intervals beside the one before and the one after each; -2 and the far end are nobody's neighbours.
    before = call("arrayPushFront", call("arrayPopBack", field("active")), constant(-2))
    after = call("arrayPushBack", call("arrayPopFront", field("active")), constant(_ROWS_MAX))
    number = field("number")
    present = call(
        "arrayMap",
        ast.Lambda(
            ["number", "earlier"],
            call(
                "tuple",
                call(
                    "multiIf",
                    compare(number, "==", field("created")),
                    constant("new"),
                    compare(field("earlier"), "==", _plus(number, -1)),
                    constant("returning"),
                    constant("resurrecting"),
                ),
                number,
            ),
        ),
        field("active"),
        before,
    )
    absent = call(
        "arrayMap",
        ast.Lambda(["number"], call("tuple", constant("dormant"), _plus(number, 1))),
        call(
            "arrayFilter",
            ast.Lambda(["number", "later"], compare(field("later"), "!=", _plus(number, 1))),
            field("active"),
            after,
        ),
    )
    spread = ast.SelectQuery(
        [alias("state", call("arrayJoin", call("arrayConcat", present, absent)))],
        select_from=ast.JoinExpr(active, alias="activity"),
    )
    return ast.SelectQuery(
        [
            alias("status", call("tupleElement", field("state"), constant(1))),
            alias("number", call("tupleElement", field("state"), constant(2))),
            alias("actors", call("count")),
        ],
        select_from=ast.JoinExpr(spread, alias="states"),
        group_by=[field("status"), field("number")],
        limit=constant(_ROWS_MAX),
    )


def _shown(query: Mapping[str, Any]) -> list[str]:
    given = query.get("lifecycleFilter") or {}
    if not isinstance(given, Mapping):
        raise Invalid("lifecycleFilter must be an object", attr="lifecycleFilter")
    toggled = given.get("toggledLifecycles")
    if toggled is None:
        return list(STATUSES)
    if not isinstance(toggled, list | tuple):
        raise Invalid("toggledLifecycles must be a list", attr="lifecycleFilter.toggledLifecycles")
    return [status for status in STATUSES if status in toggled]


def _item(question: Question, status: str, data: list[float]) -> dict[str, Any]:
    period, series = question.period, question.series
    description = series.description() | {"math": "total"}
    return {
        "data": data,
        "days": period.days,
        "labels": period.labels,
        "count": sum(data),
        "label": f"{series.label} - {status}",
        "status": status,
        "action": description,
        "filter": {"insight": "LIFECYCLE", "interval": period.dates.interval},
    }


def _plus(expr: ast.Expr, number: int) -> ast.Expr:
    return ast.ArithmeticOperation(expr, constant(number), "+")
