"""WITH: queries and values that have a name."""

from collections.abc import Sequence
from dataclasses import replace

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import CommonTable, Scope
from appliance.query.hogql.value_types import Type


def write_common_tables(ctes: Sequence[ast.CTE] | None, scope: Scope) -> tuple[list[str], bool]:
    """The parts of WITH, and whether one of them speaks of itself."""
    parts: list[str] = []
    is_recursive = False
    for one in ctes or ():
        if one.name in scope.common_tables or one.name in scope.common_values:
            raise QueryError(f"CTE '{one.name}' is defined twice", one.start, one.end)
        if one.using_key:
            raise QueryError("USING KEY is not supported", one.start, one.end)
        if one.cte_type == "column":
            _check(one)
            scope.common_values[one.name] = one.expr
            continue
        sql = _write_table(one, scope)
        parts.append(f"{identifier(scope.common_tables[one.name].printed)} AS ({sql})")
        is_recursive = is_recursive or one.recursive
    return parts, is_recursive


def _check(node: ast.CTE) -> None:
    from appliance.query.hogql.select import check_alias  # noqa: PLC0415  each needs the other

    check_alias(node.name, node)


def _write_table(node: ast.CTE, scope: Scope) -> str:
    _check(node)
    # A name of our own, which no table of the store has.
    printed_name = f"cte_{scope.printer.number()}_{node.name}"
    query = node.expr
    if node.recursive and isinstance(query, ast.SelectSetQuery):
        # Its columns are those of the part that does not speak of it.
        query = replace(query, initial_select_query=_with_names(query.initial_select_query, node.columns))
        first = scope.printer.query(query.initial_select_query, scope)
        scope.common_tables[node.name] = CommonTable(printed_name, _columns(node, first.columns))
        return scope.printer.query(query, scope).sql
    before = scope.printer.queries
    written = scope.printer.query(query, scope)
    columns = _columns(node, written.columns)
    scope.common_tables[node.name] = CommonTable(printed_name, columns, scope.printer.queries - before)
    return _renamed(node, written.sql, written.columns, scope)


def _with_names(query: ast.Expr, names: Sequence[str] | None) -> ast.SelectQuery | ast.SelectSetQuery:
    """A recursive query meets its own columns by name, so they are named in its first part."""
    if not isinstance(query, ast.SelectQuery | ast.SelectSetQuery):
        raise QueryError("A query was expected here", query.start, query.end)
    if not names:
        return query
    if not isinstance(query, ast.SelectQuery) or len(query.select) != len(names):
        raise QueryError(
            "The names of a recursive CTE's columns do not fit its first query", query.start, query.end
        )
    bare = [one.expr if isinstance(one, ast.Alias) else one for one in query.select]
    return replace(query, select=[ast.Alias(name, one) for name, one in zip(names, bare, strict=True)])


def _columns(node: ast.CTE, found: Sequence[tuple[str, Type]]) -> dict[str, Type]:
    names = node.columns or [name for name, _ in found]
    if len(names) != len(found):
        message = f"{len(names)} names were given for {len(found)} columns"
        raise QueryError(message, node.start, node.end)
    columns: dict[str, Type] = {}
    for name, (_, kind) in zip(names, found, strict=True):
        # A number may become NULL or larger in later rounds of a recursive one.
        columns.setdefault(name, kind.as_nullable() if node.recursive else kind)
    return columns


def _renamed(node: ast.CTE, sql: str, found: Sequence[tuple[str, Type]], scope: Scope) -> str:
    if not node.columns:
        return sql
    pairs = zip((name for name, _ in found), node.columns, strict=True)
    columns = ", ".join(f"{identifier(before)} AS {identifier(after)}" for before, after in pairs)
    return f"SELECT {columns} FROM ({sql}) AS {identifier(f'renamed_{scope.printer.number()}')}"
