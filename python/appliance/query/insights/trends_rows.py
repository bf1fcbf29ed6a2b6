"""One SELECT for each number of a trend: rows of (point, breakdown values, value).

Promise: which events count is said in one place (`Question.where`), for the numbers and for who is in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from appliance.query.dates import DateRange
from appliance.query.filters.terms import (
    TRUE,
    alias,
    ascending,
    call,
    compare,
    constant,
    descending,
    equals,
    every,
    field,
)
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.insights import math
from appliance.query.insights.breakdown import Breakdown, Split, Values
from appliance.query.insights.periods import TIME, Period, between, day_number, unit_number
from appliance.query.insights.series import Actor, Series

_DAY = timedelta(days=1)
_DAYS_OF_WEEK = 7
_LENGTHS: dict[str, timedelta] = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": _DAY,
}
POINT, VALUE = "point", "value"


@dataclass(frozen=True, slots=True)
class Question:
    """One series over one period."""

    series: Series
    period: Period
    actor: Actor
    context: Context
    table: ast.JoinExpr
    shared: ast.Expr
    """The filters of all series."""
    breakdown: Breakdown | None = None
    split: Split | None = None
    is_total: bool = False
    """One value for the whole period."""
    is_cumulative: bool = False

    @property
    def matches(self) -> ast.Expr:
        """Whether an event is of the series and has its actor, before property filters."""
        by_actor = self.series.math != "total"
        return every((self.series.matches(self.context), self.actor.is_there if by_actor else TRUE))

    @property
    def filters(self) -> ast.Expr:
        split = self.split.condition if self.split else TRUE
        return every((self.series.filters(self.context), self.shared, split))

    def where(self, time: ast.Expr) -> ast.Expr:
        return every((self.matches, time, self.filters))

    @property
    def math(self) -> math.Math:
        return math.read_math(self.series, self.actor.id, self.context)

    @property
    def active_days(self) -> int | None:
        """Length of the sliding window; None where a bucket stands for itself."""
        days, interval = math.ACTIVE_DAYS.get(self.series.math), self.period.dates.interval
        is_long = interval == "month" or (interval == "week" and days == _DAYS_OF_WEEK)
        return None if is_long and not self.is_total else days


def value_rows(  # noqa: PLR0911  one line for each way to count
    question: Question, besides: Sequence[Values] | None = None
) -> ast.SelectQuery:
    """`point` (unless total), the breakdown's columns, and `value`.

    With `besides` everything that has none of these breakdown values is one.
    """
    name = question.series.math
    if name in math.FIRST_TIME:
        return _first_times(question, besides)
    if question.active_days and question.is_total:
        end = question.period.dates.date_to
        window = every(
            (
                compare(TIME, ">", constant(end - _DAY * question.active_days)),
                compare(TIME, "<=", constant(end)),
            )
        )
        return _grouped(question, besides, window)
    if question.active_days:
        return _active(question, besides)
    if name.endswith(math.PER_ACTOR):
        counted = {"actor": question.actor.id}
        return _in_two_steps(question, besides, counted, alias("per_actor", call("count")))
    if question.math.is_per_session:
        duration = call("any", field("session", math.SESSION_DURATION))
        rows = _in_two_steps(
            question, besides, {"of_session": field("$session_id")}, alias("per_session", duration)
        )
        return _only(rows, compare(field("$session_id"), "!=", constant("")))
    if question.is_cumulative and question.math.counted is not None and not question.is_total:
        return _first_in_range(question, besides)
    return _grouped(question, besides, question.period.holds)


def ranked(question: Question) -> ast.SelectQuery:
    """The largest breakdown values, one more than the limit: their columns, `points`, `values` (or `value`)."""
    breakdown = question.breakdown
    assert breakdown is not None  # noqa: S101  the caller asks only with one
    rows = ast.JoinExpr(value_rows(question), alias="numbers")
    limit = constant(breakdown.limit + 1)
    by_name: list[ast.OrderExpr] = [ascending(name) for name in breakdown.fields]
    if question.is_total:
        columns = [*breakdown.fields, field(VALUE)]
        order = [ascending(_flag(breakdown.has_null)), descending(field(VALUE)), *by_name]
        return ast.SelectQuery(columns, select_from=rows, order_by=order, limit=limit)
    columns = [
        *breakdown.fields,
        alias("points", call("groupArray", field(POINT))),
        alias("values", call("groupArray", field(VALUE))),
        alias("total", call("sum", field(VALUE))),
    ]
    order = [ascending(_flag(breakdown.has_null)), descending(field("total")), *by_name]
    return ast.SelectQuery(
        columns, select_from=rows, group_by=list(breakdown.fields), order_by=order, limit=limit
    )


def active_window(dates: DateRange, days: int, end: datetime) -> ast.Expr:
    """The so many days that end with the bucket which ends at `end`."""
    if dates.interval in ("week", "month"):
        start = dates.clock.floor(end - timedelta(microseconds=1), dates.interval)
        end = dates.clock.after(start, "day")
    if dates.interval in ("day", "week", "month"):
        lower = dates.clock.after(dates.clock.floor(end - timedelta(microseconds=1), "day"), "day", 1 - days)
    else:
        lower = end - _DAY * days
    return every((compare(TIME, ">=", constant(lower)), compare(TIME, "<", constant(end))))


def _grouped(question: Question, besides: Sequence[Values] | None, time: ast.Expr) -> ast.SelectQuery:
    keys, names = _keys(question, besides)
    return ast.SelectQuery(
        [*keys, alias(VALUE, question.math.value)],
        select_from=question.table,
        where=every((question.where(time), _remaining(question, besides))),
        group_by=names or None,
    )


def _in_two_steps(
    question: Question, besides: Sequence[Values] | None, once: dict[str, ast.Expr], inner_value: ast.Expr
) -> ast.SelectQuery:
    """First a value for each of `once` in a bucket, then the value of the bucket."""
    keys, names = _keys(question, besides)
    inner = ast.SelectQuery(
        [*keys, *(alias(name, expr) for name, expr in once.items()), inner_value],
        select_from=question.table,
        where=every((question.where(question.period.holds), _remaining(question, besides))),
        group_by=[*names, *(field(name) for name in once)],
    )
    return ast.SelectQuery(
        [*names, alias(VALUE, question.math.value)],
        select_from=ast.JoinExpr(inner, alias="once"),
        group_by=names or None,
    )


def _only(rows: ast.SelectQuery, condition: ast.Expr) -> ast.SelectQuery:
    inner = rows.select_from.table if rows.select_from else None
    if isinstance(inner, ast.SelectQuery):
        inner.where = condition if inner.where is None else every((inner.where, condition))
    return rows


def _first_in_range(question: Question, besides: Sequence[Values] | None) -> ast.SelectQuery:
    """Each thing counted in the first bucket that has it."""
    breakdown = _breakdown(question, besides)
    names = breakdown.fields if breakdown else []
    counted = question.math.counted or question.actor.id
    inner = ast.SelectQuery(
        [
            alias(POINT, call("min", question.period.number)),
            *(breakdown.columns if breakdown else ()),
            alias("counted", counted),
        ],
        select_from=question.table,
        where=every(
            (question.where(question.period.holds), call("isNotNull", counted), _remaining(question, besides))
        ),
        group_by=[*names, field("counted")],
    )
    return ast.SelectQuery(
        [field(POINT), *names, alias(VALUE, call("count"))],
        select_from=ast.JoinExpr(inner, alias="firsts"),
        group_by=[field(POINT), *names],
    )


def _active(question: Question, besides: Sequence[Values] | None) -> ast.SelectQuery:
    """Each actor in every point whose window holds one of their events."""
    dates, days = question.period.dates, question.active_days or 1
    first = dates.clock.floor(dates.date_from, dates.interval)
    start, number, low, high = _window_points(dates, days, first)
    points = len(question.period.points) and question.period.points[-1].number + 1
    breakdown = _breakdown(question, besides)
    names = breakdown.fields if breakdown else []
    inner = ast.SelectQuery(
        [
            alias("unit", number),
            *(breakdown.columns if breakdown else ()),
            alias("actor", question.actor.id),
        ],
        distinct=True,
        select_from=question.table,
        where=every((question.where(between(start, dates.date_to)), _remaining(question, besides))),
    )
    lasting = call(
        "range",
        call("toInt", call("greatest", constant(0), low)),
        call("toInt", call("greatest", constant(0), call("least", constant(points), high))),
    )
    spread = ast.SelectQuery(
        [alias(POINT, call("arrayJoin", lasting)), *names, field("actor")],
        select_from=ast.JoinExpr(inner, alias="activity"),
    )
    return ast.SelectQuery(
        [field(POINT), *names, alias(VALUE, call("count", field("actor"), distinct=True))],
        select_from=ast.JoinExpr(spread, alias="active"),
        group_by=[field(POINT), *names],
    )


def _window_points(
    dates: DateRange, days: int, first: datetime
) -> tuple[datetime, ast.Expr, ast.Expr, ast.Expr]:
    """Where the first window begins, the unit of an event since then, its first point and the one after its last."""
    unit = field("unit")
    if dates.interval == "week":
        start = dates.clock.after(first, "day", 1 - days)
        number = day_number(dates, start)
        # Point p holds the units from 7p to 7p + days - 1.
        low = call("intDiv", _plus(unit, _DAYS_OF_WEEK - days), constant(_DAYS_OF_WEEK))
        return start, number, low, _plus(call("intDiv", unit, constant(_DAYS_OF_WEEK)), 1)
    width = days if dates.interval == "day" else int(_DAY * days / _LENGTHS[dates.interval])
    start = dates.clock.after(first, dates.interval, 1 - width)
    return start, unit_number(dates, start), _plus(unit, 1 - width), _plus(unit, 1)


def _first_times(question: Question, besides: Sequence[Values] | None) -> ast.SelectQuery:
    """Each actor in the bucket of their first event ever, as far as that event passes the filters."""
    dates, series = question.period.dates, question.series
    breakdown = _breakdown(question, besides)
    names = breakdown.fields if breakdown else []
    is_any = series.math == "first_time_for_user"
    everything = compare(TIME, "<=", constant(dates.date_to))
    remaining = _remaining(question, besides)
    earliest = (
        [
            alias(name, call("argMin", part.text, TIME))
            for name, part in zip(breakdown.names, breakdown.parts, strict=True)
        ]
        if breakdown
        else []
    )
    passes = every((question.filters, remaining)) if is_any else remaining
    inner = ast.SelectQuery(
        [
            alias("actor", question.actor.id),
            alias("first_at", call("min", TIME)),
            alias("passes", call("argMin", _flag(passes), TIME)),
            *earliest,
        ],
        select_from=question.table,
        where=every((question.matches, everything, TRUE if is_any else question.filters)),
        group_by=[field("actor")],
    )
    first_at = field("first_at")
    number = unit_number(dates, dates.clock.floor(dates.date_from, dates.interval), first_at)
    point = [] if question.is_total else [alias(POINT, number)]
    keys = [*([] if question.is_total else [field(POINT)]), *names]
    return ast.SelectQuery(
        [*point, *names, alias(VALUE, call("count"))],
        select_from=ast.JoinExpr(inner, alias="firsts"),
        where=every((compare(first_at, ">=", constant(dates.lower)), equals(field("passes"), 1))),
        group_by=keys or None,
    )


def _keys(question: Question, besides: Sequence[Values] | None) -> tuple[list[ast.Expr], list[ast.Expr]]:
    """What rows are grouped by: as columns, and as names of those."""
    breakdown = _breakdown(question, besides)
    columns: list[ast.Expr] = [] if question.is_total else [alias(POINT, question.period.number)]
    names: list[ast.Expr] = [] if question.is_total else [field(POINT)]
    if breakdown:
        columns += breakdown.columns
        names += breakdown.fields
    return columns, names


def _breakdown(question: Question, besides: Sequence[Values] | None) -> Breakdown | None:
    return question.breakdown if besides is None and question.breakdown and question.breakdown.parts else None


def _remaining(question: Question, besides: Sequence[Values] | None) -> ast.Expr:
    if besides is None or question.breakdown is None:
        return TRUE
    return ast.Not(question.breakdown.among(besides))


def _flag(condition: ast.Expr) -> ast.Expr:
    return call("if", condition, constant(1), constant(0))


def _plus(expr: ast.Expr, number: int) -> ast.Expr:
    return ast.ArithmeticOperation(expr, constant(number), "+") if number else expr


def number_of(value: Any) -> float:
    """A value of the store as a number; 0 for none."""
    if value is None:
        return 0
    found = value if isinstance(value, int | float) else float(value)
    return found if found == found and abs(found) != float("inf") else 0  # noqa: PLR0124
