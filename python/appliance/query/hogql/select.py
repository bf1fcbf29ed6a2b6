"""One SELECT."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from appliance.query.hogql import ast
from appliance.query.hogql.common_tables import write_common_tables
from appliance.query.hogql.errors import NotResolved, QueryError
from appliance.query.hogql.joins import Joined, read_from
from appliance.query.hogql.limits import limit_clause
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.show import show
from appliance.query.hogql.time_bounds import bound_sessions
from appliance.query.hogql.value_types import Type
from appliance.query.hogql.windows import write_window
from appliance.query.hogql.written import Written

if TYPE_CHECKING:
    from appliance.query.hogql.printer import Printed, Printer

RESERVED = frozenset({"team_id", "true", "false", "null"})
_COLUMNS_MAX = 2_000
_SLOW = re.compile(r"\)[*+{?]|[*+}][*+{]|[*+].*[*+].*[*+]|\\[1-9]|\(\?")


@dataclass(frozen=True, slots=True)
class _Selected:
    name: str
    type: Type
    sql: str
    alias: str
    """Empty for a column that nobody calls by name."""

    def written(self) -> str:
        return f"{self.sql} AS {identifier(self.alias)}" if self.alias else self.sql


def check_alias(alias: str, node: ast.Expr) -> None:
    if alias.lower() in RESERVED:
        raise QueryError(f"Alias '{alias}' is a reserved keyword.", node.start, node.end)


def write_select(
    node: ast.SelectQuery, printer: "Printer", parent: Scope | None, *, is_outer: bool
) -> "Printed":
    from appliance.query.hogql.printer import Printed, with_clause  # noqa: PLC0415  each needs the other

    scope = Scope(printer, parent)
    common, is_recursive = write_common_tables(node.ctes, scope)
    _find_aliases(node, scope)
    scope.windows = set(node.window_exprs or ())
    joined = read_from(node.select_from, scope) if node.select_from else Joined()
    arrays = _array_join(node, scope)
    joined.write_conditions(scope)
    columns = _select_list(node, scope, is_outer=is_outer)
    selected = ", ".join(one.written() for one in columns)
    clauses = [
        _where(node, scope),
        _group_by(node, scope),
        _condition("HAVING", node.having, scope),
        _named_windows(node, scope),
        _condition("QUALIFY", node.qualify, scope),
        _order_by(node, scope),
        _limit_by(node, scope),
        limit_clause(node, scope, is_outer=is_outer),
    ]
    # Last, because every expression may have asked for more columns.
    read = f" FROM {joined.written()}{arrays}" if node.select_from else ""
    distinct = "DISTINCT " if node.distinct else ""
    sql = (
        f"{with_clause(common, is_recursive=is_recursive)}SELECT {distinct}{selected}{read}{''.join(clauses)}"
    )
    return Printed(sql, tuple((one.name, one.type) for one in columns))


def _find_aliases(node: ast.SelectQuery, scope: Scope) -> None:
    for one in node.select:
        if isinstance(one, ast.Alias):
            check_alias(one.alias, one)
            if one.alias in scope.aliases:
                raise QueryError(f"Cannot redefine an alias with the name: {one.alias}", one.start, one.end)
            scope.aliases[one.alias] = one.expr


def _select_list(node: ast.SelectQuery, scope: Scope, *, is_outer: bool) -> list[_Selected]:
    """Name, type and SQL of every column."""
    columns: list[_Selected] = []
    with scope.within(clause="select"):
        for one in node.select:
            columns += _columns_of(one, scope, is_outer=is_outer)
            if len(columns) > _COLUMNS_MAX:
                raise QueryError(f"A query may have at most {_COLUMNS_MAX} columns", one.start, one.end)
    return _told_apart(columns, is_outer=is_outer)


def _told_apart(columns: list[_Selected], *, is_outer: bool) -> list[_Selected]:
    """Columns of one name and different values: the first keeps it, the others cannot be called by it."""
    first: dict[str, str] = {}
    found = []
    for number, one in enumerate(columns):
        if one.alias and first.setdefault(one.alias, one.sql) != one.sql:
            alias = f"{one.alias}__{number}"
            found.append(replace(one, alias=alias, name=one.name if is_outer else alias))
        else:
            found.append(one)
    return found


def _columns_of(node: ast.Expr, scope: Scope, *, is_outer: bool) -> list[_Selected]:
    if isinstance(node, ast.Field) and node.chain[-1] == "*":
        return _star(node, scope)
    if isinstance(node, ast.SpreadExpr):
        return _columns_of(node.expr, scope, is_outer=is_outer)
    if isinstance(node, ast.ColumnsExpr):
        return _matching(node, scope)
    if isinstance(node, ast.Alias):
        with scope.writing(node.alias):
            value = scope.write(node.expr)
        scope.defined(node.alias)
        return [_Selected(node.alias, value.type, value.sql, node.alias)]
    value = scope.write(node)
    name = show(node) if is_outer else column_name(node)
    # Inside, a column needs a name that the query around it can call it by.
    return [_Selected(name, value.type, value.sql, "" if is_outer else name)]


def column_name(node: ast.Expr) -> str:
    """What a column without an alias is called."""
    if isinstance(node, ast.Field):
        return str(node.chain[-1])
    return show(node)


def _star(node: ast.Field, scope: Scope) -> list[_Selected]:
    if len(node.chain) > 2:  # noqa: PLR2004  `*` and `table.*`
        raise NotResolved("A star may stand alone or after the name of a table", node.start, node.end)
    of = str(node.chain[0]) if len(node.chain) > 1 else None
    if not scope.sources:
        raise QueryError("Cannot use '*' in a query without FROM", node.start, node.end)
    return _of_sources(scope, of)


def _of_sources(scope: Scope, of: str | None) -> list[_Selected]:
    columns = []
    for _, source in scope.source_of_star(of):
        for name in source.names():
            value: Written = source.value([name], typed=True)
            columns.append(_Selected(name, value.type, value.sql, name))
    return columns


def _matching(node: ast.ColumnsExpr, scope: Scope) -> list[_Selected]:
    """`COLUMNS('regex')` and `* EXCLUDE (a)`."""
    if node.columns is not None:
        return [one for each in node.columns for one in _columns_of(each, scope, is_outer=False)]
    columns = _replaced(_of_sources(scope, None), node, scope)
    if node.regex is not None:
        if len(node.regex) > 200:  # noqa: PLR2004
            raise QueryError("The pattern of COLUMNS is too long", node.start, node.end)
        if _SLOW.search(node.regex):
            # It would be run here, by an engine that can be made to take forever.
            raise QueryError("The pattern of COLUMNS is too involved", node.start, node.end)
        try:
            pattern = re.compile(node.regex)
        except re.error as error:
            raise QueryError(f"The pattern of COLUMNS is not valid: {error}", node.start, node.end) from error
        columns = [one for one in columns if pattern.search(one.name)]
    excluded = set(node.exclude or ())
    unknown = excluded - {one.name for one in columns}
    if unknown:
        raise NotResolved(f"Field not found: {min(unknown)}", node.start, node.end)
    columns = [one for one in columns if one.name not in excluded]
    if not columns:
        raise QueryError("No column matches", node.start, node.end)
    return columns


def _replaced(columns: list[_Selected], node: ast.ColumnsExpr, scope: Scope) -> list[_Selected]:
    changed = node.replace or {}
    unknown = set(changed) - {one.name for one in columns}
    if unknown:
        raise NotResolved(f"Field not found: {min(unknown)}", node.start, node.end)
    values = {name: scope.write(one) for name, one in changed.items()}
    return [
        replace(one, type=values[one.name].type, sql=values[one.name].sql) if one.name in values else one
        for one in columns
    ]


def _array_join(node: ast.SelectQuery, scope: Scope) -> str:
    if not node.array_join_op:
        return ""
    if not node.select_from:
        raise QueryError("Using ARRAY JOIN without a FROM clause is not permitted", node.start, node.end)
    parts = []
    for one in node.array_join_list or []:
        if not isinstance(one, ast.Alias):
            raise QueryError("ARRAY JOIN arrays must have an alias", one.start, one.end)
        check_alias(one.alias, one)
        value = scope.write(one.expr)
        scope.array_joined[one.alias] = value.type.element
        parts.append(f"{value.sql} AS {identifier(one.alias)}")
    operator = "LEFT ARRAY JOIN" if node.array_join_op.startswith("LEFT") else "ARRAY JOIN"
    return f" {operator} {', '.join(parts)}"


def _where(node: ast.SelectQuery, scope: Scope) -> str:
    # What PREWHERE asks for, ClickHouse does by itself; the rows are the same.
    conditions = [one for one in (node.prewhere, node.where) if one is not None]
    with scope.within(clause="where"):
        written = [scope.sql(one) for one in conditions]
        for one in conditions:
            bound_sessions(one, scope)
    if not written:
        return ""
    return f" WHERE {written[0]}" if len(written) == 1 else f" WHERE and({', '.join(written)})"


def _condition(keyword: str, node: ast.Expr | None, scope: Scope) -> str:
    if node is None:
        return ""
    with scope.within(clause="having"):
        return f" {keyword} {scope.sql(node)}"


def _group_by(node: ast.SelectQuery, scope: Scope) -> str:
    totals = " WITH TOTALS" if node.with_totals else ""
    with scope.within(clause="group"):
        if node.group_by_mode == "all" or (node.group_by and is_all(node.group_by)):
            return f" GROUP BY ALL{totals}"
        if not node.group_by:
            return totals
        if node.group_by_mode == "grouping_sets":
            sets = [one.exprs if isinstance(one, ast.GroupingSet) else [one] for one in node.group_by]
            written = [f"({', '.join(scope.sql(each) for each in one)})" for one in sets]
            return f" GROUP BY GROUPING SETS ({', '.join(written)}){totals}"
        keys = ", ".join(scope.sql(one) for one in node.group_by)
    if node.group_by_mode in ("rollup", "cube"):
        return f" GROUP BY {node.group_by_mode.upper()}({keys}){totals}"
    return f" GROUP BY {keys}{totals}"


def is_all(nodes: list[ast.Expr]) -> bool:
    """The word ALL, which the grammar reads as a name."""
    if len(nodes) != 1 or not isinstance(nodes[0], ast.Field):
        return False
    return [str(one).lower() for one in nodes[0].chain] == ["all"]


def _named_windows(node: ast.SelectQuery, scope: Scope) -> str:
    if not node.window_exprs:
        return ""
    parts = [f"{identifier(name)} AS ({write_window(one, scope)})" for name, one in node.window_exprs.items()]
    return f" WINDOW {', '.join(parts)}"


def _order_by(node: ast.SelectQuery, scope: Scope) -> str:
    with scope.within(clause="order"):
        clause = order_clause(node.order_by, scope)
        if not node.interpolate:
            return clause
        filled = [
            f"{scope.sql(one.expr)} AS {scope.sql(one.value)}"
            if one.value is not None
            else scope.sql(one.expr)
            for one in node.interpolate
        ]
        return f"{clause} INTERPOLATE ({', '.join(filled)})"


def order_clause(order: list[ast.OrderExpr] | None, scope: Scope) -> str:
    if not order:
        return ""
    return f" ORDER BY {', '.join(write_order(one, scope) for one in order)}"


def write_order(node: ast.OrderExpr, scope: Scope) -> str:
    written = f"ALL {node.order}" if is_all([node.expr]) else f"{scope.sql(node.expr)} {node.order}"
    if node.nulls:
        written += f" NULLS {node.nulls}"
    if node.with_fill:
        fill = node.with_fill
        written += " WITH FILL"
        for keyword, value in (("FROM", fill.from_value), ("TO", fill.to_value), ("STEP", fill.step_value)):
            written += f" {keyword} {scope.sql(value)}" if value is not None else ""
    return written


def _limit_by(node: ast.SelectQuery, scope: Scope) -> str:
    if node.limit_by is None:
        return ""
    one = node.limit_by
    offset = f" OFFSET {scope.sql(one.offset_value)}" if one.offset_value is not None else ""
    return f" LIMIT {scope.sql(one.n)}{offset} BY {', '.join(scope.sql(each) for each in one.exprs)}"
