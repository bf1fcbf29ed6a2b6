"""FROM: the first table and those joined to it."""

import re
from dataclasses import dataclass, field

from appliance.query.hogql import ast
from appliance.query.hogql.errors import NotResolved, QueryError
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.source import QuerySource, Source, TableSource
from appliance.query.hogql.table_functions import function_source, values_source
from appliance.query.hogql.value_types import Type

_JOINS_MAX = 50
_RATIO = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE]-?[0-9]+)?")
# Ours on the left, ClickHouse's on the right; a join that is not here is refused.
_WORDS = frozenset(
    {"INNER", "LEFT", "RIGHT", "FULL", "OUTER", "CROSS", "ANY", "ALL", "ASOF", "SEMI", "ANTI", "JOIN"}
)


@dataclass(slots=True)
class _Part:
    source: Source
    join: str = ""
    constraint: ast.JoinConstraint | None = None
    condition: str = ""


@dataclass(slots=True)
class Joined:
    parts: list[_Part] = field(default_factory=list)

    def write_conditions(self, scope: Scope) -> None:
        """After every table is named: a condition may speak of any of them."""
        for part in self.parts:
            if part.constraint is not None:
                part.condition = _condition(part.constraint, part.source, scope)

    def written(self) -> str:
        pieces = [f"{part.join} {part.source.written()}{part.condition}".strip() for part in self.parts]
        return " ".join(pieces)


def read_from(node: ast.JoinExpr, scope: Scope) -> Joined:
    """Names every table in the scope. Conditions and columns are not looked at yet."""
    joined = Joined()
    one: ast.JoinExpr | None = node
    while one is not None:
        if len(joined.parts) >= _JOINS_MAX:
            raise QueryError(f"A query may join at most {_JOINS_MAX} tables", one.start, one.end)
        is_first = not joined.parts
        source = _source(one, scope, is_first=is_first)
        joined.parts.append(
            _Part(source, "" if is_first else _join_words(one), None if is_first else one.constraint)
        )
        one = one.next_join
    return joined


def _join_words(node: ast.JoinExpr) -> str:
    words = (node.join_type or "JOIN").upper().replace(",", "CROSS JOIN").split()
    words = [word for word in words if word not in ("NATURAL", "GLOBAL")]
    if "POSITIONAL" in words:
        raise QueryError("POSITIONAL JOIN is not supported", node.start, node.end)
    if not words or not set(words) <= _WORDS:
        raise QueryError(f"Unsupported join: {node.join_type}", node.start, node.end)
    needs = "CROSS" not in words
    if needs and node.constraint is None:
        if set(words) <= {"JOIN", "INNER"}:
            return "CROSS JOIN"
        raise QueryError(f"{' '.join(words)} needs a condition: ON or USING", node.start, node.end)
    if words[-1] != "JOIN":
        words.append("JOIN")
    return " ".join(words)


def _condition(constraint: ast.JoinConstraint, source: Source, scope: Scope) -> str:
    if constraint.constraint_type == "ON":
        with scope.within(clause="join"):
            return f" ON {scope.sql(constraint.expr)}"
    exprs = constraint.expr.exprs if isinstance(constraint.expr, ast.Tuple | ast.Array) else [constraint.expr]
    equal = []
    for one in exprs:
        name = str(one.chain[0]) if isinstance(one, ast.Field) and len(one.chain) == 1 else ""
        if not name:
            raise QueryError("USING takes names of columns", one.start, one.end)
        before = [other for other in scope.sources.values() if other is not source and other.has(name)]
        if not before or not source.has(name):
            raise NotResolved(f"Unable to resolve field: {name}", one.start, one.end)
        ours, theirs = before[0].value([name], typed=True), source.value([name], typed=True)
        equal.append(f"equals({ours.bare or ours.sql}, {theirs.bare or theirs.sql})")
        scope.merged.add((id(source), name))
    return f" ON {equal[0]}" if len(equal) == 1 else f" ON and({', '.join(equal)})"


def _source(node: ast.JoinExpr, scope: Scope, *, is_first: bool) -> Source:
    table = node.table
    if isinstance(table, ast.JoinExpr):
        raise QueryError("Joins in parentheses are not supported", node.start, node.end)
    if isinstance(table, ast.SelectQuery | ast.SelectSetQuery):
        return _query(node, table, scope)
    if isinstance(table, ast.ValuesQuery):
        source = values_source(table, _name("values", scope), scope, node.column_aliases)
        return _named(node, node.alias or source.alias, source, scope)
    if isinstance(table, ast.Field):
        return _table(node, table, scope, is_first=is_first)
    if isinstance(table, ast.Placeholder):
        raise QueryError("Unresolved placeholder in FROM", node.start, node.end)
    kind = type(table).__name__ if table is not None else "nothing"
    raise QueryError(f"{kind} cannot be used as a table", node.start, node.end)


def _table(node: ast.JoinExpr, table: ast.Field, scope: Scope, *, is_first: bool) -> Source:
    name = ".".join(str(one) for one in table.chain)
    called = node.alias or str(table.chain[-1])
    if node.table_args is not None:
        source: Source = function_source(name, node.table_args, _name(called, scope), scope)
        return _named(node, called, source, scope)
    common = scope.common_table(name)
    if common is not None:
        scope.printer.count_queries(common.queries, node)
        if node.table_final or node.sample:
            raise QueryError(f"FINAL and SAMPLE cannot be used with the CTE '{name}'", node.start, node.end)
        if node.column_aliases:
            raise QueryError(
                f"Columns of a CTE are renamed where it is defined: '{name}'", node.start, node.end
            )
        shared = QuerySource(_name(called, scope), common.columns, identifier(common.printed), scope.context)
        return _named(node, called, shared, scope)
    found = scope.printer.schema.named(name)
    if found is None:
        raise QueryError(f"Unknown table `{name}`.", table.start, table.end)
    if node.column_aliases:
        raise QueryError(f"Columns of the table '{name}' cannot be renamed here", node.start, node.end)
    scope.printer.tables_read[name] = None
    made = TableSource(
        found, _name(called, scope), scope.context, scope.printer.schema, is_derived=not is_first
    )
    if found.grouping is None and not found.rows:
        made.final, made.sample = node.table_final, _sample(node.sample)
    elif node.sample is not None:
        raise QueryError(f"The table '{name}' cannot be sampled", node.start, node.end)
    return _named(node, called, made, scope)


def _query(node: ast.JoinExpr, query: ast.Expr, scope: Scope) -> Source:
    if node.table_final or node.sample:
        raise QueryError("FINAL and SAMPLE cannot be used with a subquery", node.start, node.end)
    printed = scope.printer.query(query, scope)
    called = node.alias or f"subquery_{scope.printer.number()}"
    columns: dict[str, Type] = {}
    for name, kind in printed.columns:
        columns.setdefault(name, kind)
    sql = f"({printed.sql})"
    if node.column_aliases:
        columns = _renamed(node, columns)
        names = list(columns)
        inner = identifier(f"renamed_{scope.printer.number()}")
        pairs = zip((name for name, _ in printed.columns), names, strict=True)
        sql = f"(SELECT {', '.join(f'{identifier(a)} AS {identifier(b)}' for a, b in pairs)} FROM {sql} AS {inner})"
    return _named(node, called, QuerySource(_name(called, scope), columns, sql, scope.context), scope)


def _renamed(node: ast.JoinExpr, columns: dict[str, Type]) -> dict[str, Type]:
    if not node.column_aliases:
        return columns
    if len(node.column_aliases) != len(columns):
        message = f"{len(node.column_aliases)} names were given for {len(columns)} columns"
        raise QueryError(message, node.start, node.end)
    return dict(zip(node.column_aliases, columns.values(), strict=True))


def _name(called: str, scope: Scope) -> str:
    """What the table is called in SQL: another name where an alias of the select list would hide it."""
    return f"{called}__{scope.printer.number()}" if called in scope.aliases or "." in called else called


def _named(node: ast.JoinExpr, called: str, source: Source, scope: Scope) -> Source:
    from appliance.query.hogql.select import check_alias  # noqa: PLC0415  each needs the other

    if node.alias:
        check_alias(node.alias, node)
    if called in scope.sources:
        raise QueryError(
            f'Already have joined a table called "{called}". Can\'t redefine.', node.start, node.end
        )
    scope.sources[called] = source
    return source


def _sample(node: ast.SampleExpr | None) -> str:
    if node is None:
        return ""
    offset = f" OFFSET {_ratio(node.offset_value)}" if node.offset_value is not None else ""
    return f" SAMPLE {_ratio(node.sample_value)}{offset}"


def _ratio(node: ast.RatioExpr | ast.Placeholder) -> str:
    if isinstance(node, ast.Placeholder):
        raise QueryError("Unresolved placeholder in SAMPLE", node.start, node.end)
    left, right = _number(node.left), _number(node.right) if node.right is not None else ""
    return f"{left}/{right}" if right else left


def _number(node: ast.Constant) -> str:
    text = repr(node.value)
    if isinstance(node.value, bool) or not _RATIO.fullmatch(text):
        raise QueryError("SAMPLE takes numbers", node.start, node.end)
    return text
