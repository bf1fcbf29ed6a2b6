"""Stickiness: in how many stretches of time each actor was active."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.choices import chosen
from appliance.query.filters.properties import group_index
from appliance.query.filters.terms import (
    alias,
    ascending,
    call,
    compare,
    constant,
    descending,
    every,
    field,
)
from appliance.query.hogql import ast
from appliance.query.insights.math import parse_math_hogql
from appliance.query.insights.periods import Period, read_periods, resolved_dates
from appliance.query.insights.series import (
    Series,
    events_table,
    query_filters,
    read_actor,
    read_series,
    sample_scale,
)

INTERVALS_MAX = 1_000
_SIGNS: Mapping[str, ast.CompareOperator] = {"gte": ">=", "lte": "<=", "exact": "=="}
_ROWS_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Stretches:
    """Every `length` points of a period are one stretch, counted back from the end: the first may be shorter."""

    period: Period
    length: int = 1

    @property
    def count(self) -> int:
        return -(-self._points // self.length)

    @property
    def number(self) -> ast.Expr:
        """The stretch that an event belongs to."""
        if self.length == 1:
            return self.period.number
        missing = -self._points % self.length
        moved = (
            ast.ArithmeticOperation(self.period.number, constant(missing), "+")
            if missing
            else self.period.number
        )
        return call("intDiv", moved, constant(self.length))

    @property
    def _points(self) -> int:
        points = self.period.points
        return points[-1].number + 1 if points else 0


def stickiness(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The response to a StickinessQuery."""
    series = read_series(query, asked.context)
    periods = read_periods(query, asked)
    is_cumulative = _filter(query).get("computedAs") == "cumulative"
    factor = sample_scale(query)
    items: list[dict[str, Any]] = []
    hogql = ""
    for period in periods:
        stretches = read_stretches(query, period)
        for one in series:
            if not one.exists:
                continue
            counts: dict[int, float] = {}
            if stretches.count:
                answer = asked.run(_numbers(query, one, stretches, asked), name=f"series_{one.order}")
                hogql = hogql or answer.hogql
                counts = {int(row[0]): row[1] * factor for row in answer.rows}
            exact = [counts.get(number, 0) for number in range(1, stretches.count + 1)]
            data = list(accumulate(reversed(exact)))[::-1] if is_cumulative else exact
            item = _item(one, data, sum(exact), period, is_cumulative=is_cumulative)
            if len(periods) > 1:
                item |= {"compare": True, "compare_label": "previous" if period.is_previous else "current"}
            items.append(item)
    return {
        "results": items,
        "hogql": hogql,
        "timings": asked.timings,
        "resolved_date_range": resolved_dates(periods[0].dates),
    }


def activity(query: Mapping[str, Any], series: Series, stretches: Stretches, asked: Asked) -> ast.SelectQuery:
    """`actor_id`, and the number of `stretches` in which each actor was active, and of their events."""
    actor, is_there = stickiness_actor(query, series)
    context = asked.context
    where = every(
        (
            series.matches(context),
            stretches.period.holds,
            series.filters(context),
            query_filters(query, context),
            is_there,
        )
    )
    each = ast.SelectQuery(
        [alias("actor_id", actor), alias("stretch", stretches.number), alias("events_in_it", call("count"))],
        select_from=events_table(query),
        where=where,
        group_by=[field("actor_id"), field("stretch")],
        having=_criterion(query),
    )
    return ast.SelectQuery(
        [
            field("actor_id"),
            alias("stretches", call("count")),
            alias("event_count", call("sum", field("events_in_it"))),
        ],
        select_from=ast.JoinExpr(each, alias="activity"),
        group_by=[field("actor_id")],
    )


def stickiness_actors(
    query: Mapping[str, Any],
    asked: Asked,
    *,
    day: Any,
    series: int = 0,
    operator: str = "exact",
    compare_to: str = "current",
) -> ast.SelectQuery:
    """Who was active in exactly (or at least, or at most) so many stretches: `actor_id`, `event_count`."""
    wanted = int(day) if isinstance(day, str) and day.isascii() and day.isdigit() else day
    if not isinstance(wanted, int) or isinstance(wanted, bool):
        raise Invalid("day must be a number of intervals", attr="day")
    all_series = read_series(query, asked.context)
    if not 0 <= series < len(all_series):
        raise Invalid("there is no such series", attr="series")
    chosen(operator, _SIGNS, "operator", "operator")
    is_cumulative = _filter(query).get("computedAs") == "cumulative" and operator == "exact"
    sign: ast.CompareOperator = ">=" if is_cumulative else _SIGNS[operator]
    period = chosen_period(read_periods(query, asked), compare_to)
    found = activity(query, all_series[series], read_stretches(query, period), asked)
    return ast.SelectQuery(
        [field("actor_id"), field("event_count")],
        select_from=ast.JoinExpr(found, alias="active"),
        where=compare(field("stretches"), sign, constant(wanted)),
        order_by=[descending(field("event_count")), ascending(field("actor_id"))],
    )


def read_stretches(query: Mapping[str, Any], period: Period) -> Stretches:
    length = query.get("intervalCount") or 1
    if not isinstance(length, int) or isinstance(length, bool) or not 1 <= length <= INTERVALS_MAX:
        raise Invalid(f"intervalCount must be from 1 to {INTERVALS_MAX}", attr="intervalCount")
    return Stretches(period, length)


def stickiness_actor(query: Mapping[str, Any], series: Series) -> tuple[ast.Expr, ast.Expr]:
    """Who is counted, and the condition that an event has one."""
    if series.math == "unique_group":
        actor = field(f"$group_{group_index(series.node.get('math_group_type_index'))}")
        return actor, compare(actor, "!=", constant(""))
    if series.math == "hogql":
        expression = parse_math_hogql(series.node.get("math_hogql"))
        return expression, call("isNotNull", expression)
    actor_of_query = read_actor(query)
    return actor_of_query.id, actor_of_query.is_there


def chosen_period(periods: list[Period], compare_to: str) -> Period:
    """The current one, or the one it is compared with."""
    chosen(compare_to, ("current", "previous"), "compare", "compare")
    if compare_to == "previous" and len(periods) == 1:
        return Period(periods[0].dates.previous(), is_previous=True)
    return periods[1] if compare_to == "previous" else periods[0]


def _numbers(query: Mapping[str, Any], series: Series, stretches: Stretches, asked: Asked) -> ast.SelectQuery:
    return ast.SelectQuery(
        [field("stretches"), alias("actors", call("count"))],
        select_from=ast.JoinExpr(activity(query, series, stretches, asked), alias="active"),
        group_by=[field("stretches")],
        limit=constant(_ROWS_MAX),
    )


def _criterion(query: Mapping[str, Any]) -> ast.Expr | None:
    given = _filter(query).get("stickinessCriteria")
    if not given:
        return None
    attr = "stickinessFilter.stickinessCriteria"
    if not isinstance(given, Mapping):
        raise Invalid("stickinessCriteria must be an object", attr=attr)
    operator = chosen(given.get("operator"), _SIGNS, "the operator of stickinessCriteria", attr)
    value = given.get("value")
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise Invalid("stickinessCriteria needs a value of at least 1", attr=attr)
    return compare(call("count"), _SIGNS[operator], constant(value))


def _item(
    series: Series, data: list[float], count: float, period: Period, *, is_cumulative: bool
) -> dict[str, Any]:
    interval = period.dates.interval
    days = list(range(1, len(data) + 1))
    ending = " or more" if is_cumulative else ""
    labels = [f"{day} {interval}{'' if day == 1 else 's'}{ending}" for day in days]
    return {
        "data": data,
        "days": days,
        "labels": labels,
        "count": count,
        "label": series.label,
        "action": {"days": days, **series.description()},
        "filter": {"insight": "STICKINESS", "interval": interval},
    }


def _filter(query: Mapping[str, Any]) -> Mapping[str, Any]:
    given = query.get("stickinessFilter") or {}
    if not isinstance(given, Mapping):
        raise Invalid("stickinessFilter must be an object", attr="stickinessFilter")
    return given
