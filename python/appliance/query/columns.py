"""The columns that an EventsQuery or an ActorsQuery asks for, as texts: `event`, `count() -- How many`, `person`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.hogql import ast
from appliance.query.hogql.functions import AGGREGATIONS, canonical
from appliance.query.hogql.parse import parse_order_expr
from appliance.query.hogql.user_text import checked, expression_of
from appliance.query.hogql.walk import nodes

COLUMNS_MAX = 200
LIMIT = 100
OFFSET_MAX = 10_000_000


@dataclass(frozen=True, slots=True)
class Column:
    text: str
    """As it was asked for; the name that the answer gives it."""
    expr: ast.Expr

    @property
    def is_aggregate(self) -> bool:
        return has_aggregate(self.expr)


def read_columns(
    given: Any, special: Mapping[str, Callable[[], ast.Expr]], attr: str = "select"
) -> list[Column]:
    """`special` says what names of ours stand for."""
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise Invalid(f"{attr} must be a list of HogQL expressions", attr=attr)
    if len(given) > COLUMNS_MAX:
        raise Invalid(f"{attr} may have at most {COLUMNS_MAX} expressions", attr=attr)
    return [_column(one, special) for one in given]


def read_order(given: Any, special: Mapping[str, Callable[[], ast.Expr]]) -> list[ast.OrderExpr]:
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Invalid("orderBy must be a list of HogQL expressions", attr="orderBy")
    found = []
    for text in given[:COLUMNS_MAX]:
        order = checked(parse_order_expr(without_label(text)))
        name = (
            order.expr.chain[0] if isinstance(order.expr, ast.Field) and len(order.expr.chain) == 1 else None
        )
        if isinstance(name, str) and name in special:
            order = ast.OrderExpr(special[name](), order.order)
        found.append(order)
    return found


def grouped(columns: Sequence[Column]) -> list[ast.Expr] | None:
    """What to group by: the columns beside aggregates; None without any aggregate."""
    if not any(column.is_aggregate for column in columns):
        return None
    return [column.expr for column in columns if not column.is_aggregate]


def has_aggregate(root: ast.Expr) -> bool:
    return any(isinstance(node, ast.Call) and canonical(node.name) in AGGREGATIONS for node in nodes(root))


def read_limit(query: Mapping[str, Any], maximum: int) -> tuple[int, int]:
    """Limit and offset; a larger limit is cut silently."""
    limit, offset = query.get("limit"), query.get("offset")
    limit = LIMIT if limit is None else limit
    offset = 0 if offset is None else offset
    for name, value in (("limit", limit), ("offset", offset)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise Invalid(f"{name} must be a whole number", attr=name)
    return min(limit, maximum), min(offset, OFFSET_MAX)


def without_label(text: str) -> str:
    """`count() -- How many` is `count()`."""
    return text.split("--", 1)[0].strip()


def _column(text: str, special: Mapping[str, Callable[[], ast.Expr]]) -> Column:
    bare = without_label(text)
    if bare in special:
        return Column(text, special[bare]())
    return Column(text, expression_of(bare))
