"""UNION, INTERSECT and EXCEPT, from left to right."""

from dataclasses import replace
from typing import TYPE_CHECKING

from appliance.query.hogql import ast
from appliance.query.hogql.common_tables import write_common_tables
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.limits import limit_clause
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.source import QuerySource
from appliance.query.hogql.value_types import common

if TYPE_CHECKING:
    from appliance.query.hogql.printer import Printed, Printer

# INTERSECT and EXCEPT of ClickHouse keep repetitions; standard SQL, and so HogQL, drops them unless told ALL.
_OPERATORS = {
    "UNION ALL": "UNION ALL",
    "UNION DISTINCT": "UNION DISTINCT",
    "INTERSECT": "INTERSECT",
    "INTERSECT ALL": "INTERSECT ALL",
    "INTERSECT DISTINCT": "INTERSECT DISTINCT",
    "EXCEPT": "EXCEPT",
    "EXCEPT ALL": "EXCEPT ALL",
}
_MEMBERS_MAX = 500


def write_set(
    node: ast.SelectSetQuery, printer: "Printer", parent: Scope | None, *, is_outer: bool
) -> "Printed":
    from appliance.query.hogql.printer import Printed, with_clause  # noqa: PLC0415  each needs the other
    from appliance.query.hogql.select import order_clause  # noqa: PLC0415

    if len(node.subsequent_select_queries) >= _MEMBERS_MAX:
        raise QueryError(f"At most {_MEMBERS_MAX} queries can be combined", node.start, node.end)
    scope = Scope(printer, parent)
    initial, ctes = _without_ctes(node.initial_select_query)
    with_parts, is_recursive = write_common_tables(ctes, scope)
    first = printer.query(initial, scope)
    sql = _member(initial, first.sql)
    kinds = [[kind] for _, kind in first.columns]
    previous = ""
    for one in node.subsequent_select_queries:
        operator = _OPERATORS.get(one.set_operator)
        if operator is None:
            raise QueryError(f"{one.set_operator} is not supported", one.start, one.end)
        found = printer.query(one.select_query, scope)
        if len(found.columns) != len(kinds):
            message = (
                f"Combined queries must have equally many columns: {len(kinds)} and {len(found.columns)}"
            )
            raise QueryError(message, one.start, one.end)
        for column, (_, kind) in zip(kinds, found.columns, strict=True):
            column.append(kind)
        # ClickHouse binds INTERSECT more tightly and needs one kind of UNION at a time: parentheses say our order.
        left = f"({sql})" if previous and previous != operator else sql
        sql = f"{left} {operator} {_member(one.select_query, found.sql)}"
        previous = operator
    columns = tuple((name, common(kind)) for (name, _), kind in zip(first.columns, kinds, strict=True))
    before = with_clause(with_parts, is_recursive=is_recursive)
    if not is_outer and node.limit is None and node.offset is None and not node.order_by:
        return Printed(f"{before}{sql}" if before else sql, columns)
    source = QuerySource(f"combined_{printer.number()}", dict(columns), f"({sql})", printer.context)
    scope.sources[source.alias] = source
    order = order_clause(node.order_by, scope)
    limit = limit_clause(node, scope, is_outer=is_outer)
    return Printed(f"{before}SELECT * FROM {source.written()}{order}{limit}", columns)


def _without_ctes(node: ast.Expr) -> tuple[ast.Expr, list[ast.CTE] | None]:
    """What stands before the first of the combined queries is for all of them."""
    if isinstance(node, ast.SelectQuery) and node.ctes:
        return replace(node, ctes=None), node.ctes
    return node, None


def _member(node: ast.Expr, sql: str) -> str:
    """In parentheses where the member has more to say than a plain SELECT."""
    plain = isinstance(node, ast.SelectQuery) and not (
        node.order_by or node.limit or node.offset or node.limit_by or node.ctes or node.qualify
    )
    return sql if plain else f"({sql})"
