"""Tables that are made of nothing stored: `numbers(n)` and lists of values."""

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.source import QuerySource
from appliance.query.hogql.value_types import INTEGER, common

_NUMBERS_MAX = 100_000_000
_VALUES_MAX = 10_000
_NUMBERS_ARGUMENTS_MAX = 2


def function_source(name: str, arguments: list[ast.Expr], alias: str, scope: Scope) -> QuerySource:
    if name != "numbers":
        if scope.printer.schema.named(name) is not None:
            raise QueryError(f"Table '{name}' does not accept arguments")
        raise QueryError(f"Unknown table function '{name}'.")
    if not 1 <= len(arguments) <= _NUMBERS_ARGUMENTS_MAX:
        raise QueryError(
            f"Table function 'numbers' requires between 1 and 2 arguments, found {len(arguments)}"
        )
    written = []
    for one in arguments:
        value = one.value if isinstance(one, ast.Constant) else None
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _NUMBERS_MAX:
            message = f"Table function 'numbers' takes whole numbers up to {_NUMBERS_MAX}"
            raise QueryError(message, one.start, one.end)
        written.append(str(value))
    return QuerySource(alias, {"number": INTEGER}, f"numbers({', '.join(written)})", scope.context)


def values_source(
    node: ast.ValuesQuery, alias: str, scope: Scope, column_names: list[str] | None
) -> QuerySource:
    """`(values (1, 2), (3, 4)) as t(a, b)`: a SELECT for each row, so that any expression may stand in them."""
    if not node.rows or len(node.rows) > _VALUES_MAX:
        raise QueryError(
            f"A list of values has at least one row and at most {_VALUES_MAX}", node.start, node.end
        )
    width = len(node.rows[0])
    if any(len(row) != width for row in node.rows):
        raise QueryError("Rows of a list of values must be of equal length", node.start, node.end)
    names = column_names or [f"col{index}" for index in range(width)]
    if len(names) != width:
        raise QueryError(f"{len(names)} names were given for {width} columns", node.start, node.end)
    alone = type(scope)(scope.printer, scope)
    rows = [[alone.write(one) for one in row] for row in node.rows]
    columns = {name: common([row[index].type for row in rows]) for index, name in enumerate(names)}
    selects = [
        "SELECT "
        + ", ".join(f"{one.sql} AS {identifier(name)}" for one, name in zip(row, names, strict=True))
        for row in rows
    ]
    return QuerySource(alias, columns, f"({' UNION ALL '.join(selects)})", scope.context)
