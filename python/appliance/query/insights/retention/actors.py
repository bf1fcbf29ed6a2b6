"""Who is in a row of retention, and in which of its cells."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.terms import TRUE, equals, within
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of as own
from appliance.query.hogql.own_text import select_of
from appliance.query.insights.breakdown import label_of
from appliance.query.insights.retention import shown_values
from appliance.query.insights.retention.people import Retention, read_retention

_ACTORS = "SELECT actor_id, cells AS appearances FROM {people} WHERE start = {start} AND {has_value}"
_VALUE = "arrayStringConcat(breakdown_value, '::')"


def retention_actors(
    query: Mapping[str, Any], interval: Any, asked: Asked, breakdown: Any = None
) -> ast.SelectQuery:
    """`actor_id` and `appearances`, the cells an actor is in, of those who began in row `interval`.

    `breakdown`: only of the rows of this value, as the answer names it; None: whatever their value.
    """
    read = read_retention(query, asked)
    if not isinstance(interval, int) or isinstance(interval, bool):
        raise Invalid("interval must be the number of a row", attr="interval")
    if not 0 <= interval < len(read.shape.dates.points):
        raise Invalid("there is no such row", attr="interval")
    only, has_value = _of_value(read, breakdown)
    return select_of(_ACTORS, {"people": read.people(only), "start": interval, "has_value": has_value})


def _of_value(read: Retention, wanted: Any) -> tuple[ast.Expr, ast.Expr]:
    """Which events count, and which of the people."""
    breakdown = read.breakdown
    if breakdown is None or wanted is None:
        return TRUE, TRUE
    if breakdown.splits:
        split = next((one for one in breakdown.splits if str(one.value) == str(wanted)), None)
        if split is None:
            raise Invalid("there is no such breakdown", attr="breakdown")
        return split.condition, TRUE
    value = own(_VALUE, {})
    name = label_of(tuple(map(str, wanted))) if isinstance(wanted, list | tuple) else str(wanted)
    if name == label_of(breakdown.other()):
        return TRUE, ast.Not(within(value, shown_values(read, breakdown)))
    return TRUE, equals(value, name)


def cell_count(query: Mapping[str, Any], asked: Asked) -> int:
    return len(read_retention(query, asked).shape.cells)
