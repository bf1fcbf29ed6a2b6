"""How a series is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.filters.properties import group_index
from appliance.query.filters.terms import call, constant, field
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.insights.breakdown import property_value
from appliance.query.insights.series import Series

SESSION_DURATION = "$session_duration"
ACTIVE_DAYS: Mapping[str, int] = {"weekly_active": 7, "monthly_active": 30}
FIRST_TIME = frozenset({"first_time_for_user", "first_matching_event_for_user"})
PER_ACTOR = "_count_per_actor"
_QUANTILES: Mapping[str, float] = {"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
STATISTICS = frozenset({"avg", "sum", "min", "max", *_QUANTILES})
_PER_ACTOR_STATISTICS = STATISTICS - {"sum"}
_DISTINCT = frozenset({"dau", "unique_session", "unique_group"})
_OWNERS: Mapping[Any, str] = {
    None: "event",
    "event_properties": "event",
    "event": "event",
    "person_properties": "person",
    "person": "person",
    "session_properties": "session",
    "session": "session",
}
# What a sample shows is a share of the whole for these; for the others it is an estimate of the same size.
_COUNTED = frozenset({"total", "sum", *_DISTINCT, *ACTIVE_DAYS, *FIRST_TIME})


@dataclass(frozen=True, slots=True)
class Math:
    """The value of a bucket, and what of it is counted once."""

    name: str
    value: ast.Expr
    """The aggregate over the events of a bucket, for those that one aggregate can tell."""
    counted: ast.Expr | None = None
    """What is counted once, for those that count distinct things."""
    number: ast.Expr | None = None
    """The number that a statistic is made of."""
    is_per_session: bool = False


def read_math(  # noqa: PLR0911  one line for each way to count
    series: Series, actor: ast.Expr, context: Context
) -> Math:
    name, node = series.math, series.node
    if name == "total":
        return Math(name, call("count"))
    if name in ("dau", *ACTIVE_DAYS):
        return _distinct(name, actor)
    if name == "unique_session":
        return _distinct(name, call("ifNull", field("$session_id"), constant("")))
    if name == "unique_group":
        group = field(f"$group_{group_index(node.get('math_group_type_index'))}")
        return _distinct(name, call("nullIf", group, constant("")))
    if name in FIRST_TIME:
        return Math(name, call("count"))
    if name == "hogql":
        return Math(name, parse_math_hogql(node.get("math_hogql")))
    if name in STATISTICS:
        return _of_property(name, node, context)
    if name.endswith(PER_ACTOR) and name.removesuffix(PER_ACTOR) in _PER_ACTOR_STATISTICS:
        return Math(name, statistic(name.removesuffix(PER_ACTOR), field("per_actor")))
    raise Invalid(f"{name[:50]!r} is not a way to count", attr="series.math")


def statistic(name: str, number: ast.Expr) -> ast.Expr:
    """Over numbers; 0 where there are none."""
    if name in _QUANTILES:
        found: ast.Expr = ast.Call("quantile", [number], params=[constant(_QUANTILES[name])])
    else:
        found = call(name, number)
    return call("ifNull", call("ifNotFinite", call("toFloat", found), constant(0)), constant(0))


def scale(series: Series, sampling: float) -> float:
    """What a value is multiplied by."""
    multiplier = series.node.get("math_multiplier")
    if multiplier is None:
        multiplier = 1
    if not isinstance(multiplier, int | float) or isinstance(multiplier, bool):
        raise Invalid("math_multiplier must be a number", attr="series.math_multiplier")
    return multiplier / sampling if sampling != 1 and series.math in _COUNTED else multiplier


def _distinct(name: str, counted: ast.Expr) -> Math:
    return Math(name, call("count", counted, distinct=True), counted)


def parse_math_hogql(text: Any) -> ast.Expr:
    from appliance.query.hogql.parse import parse_expr  # noqa: PLC0415  loads the native module

    if not isinstance(text, str) or not text.strip():
        raise Invalid("math_hogql must be an expression", attr="series.math_hogql")
    return parse_expr(text)


def _of_property(name: str, node: Mapping[str, Any], context: Context) -> Math:
    wanted, kind = node.get("math_property"), node.get("math_property_type")
    if not isinstance(wanted, str) or not wanted:
        raise Invalid(f"{name} needs a math_property", attr="series.math_property")
    if not isinstance(kind, str | None) or kind not in _OWNERS:
        raise Invalid(
            f"properties of {str(kind)[:50]!r} cannot be counted here", attr="series.math_property_type"
        )
    if wanted == SESSION_DURATION:
        return Math(name, statistic(name, field("per_session")), is_per_session=True)
    if wanted == "$time":
        time = call("toUnixTimestamp", field("timestamp"))
        return Math(name, statistic(name, time), number=time)
    raw, type_ = property_value(_OWNERS[kind], wanted, None, context)
    number: ast.Expr = raw if type_ == "Numeric" else call("toFloat", raw)
    return Math(name, statistic(name, number), number=number)
