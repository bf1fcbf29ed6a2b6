"""Every kind of expression but comparisons and calls, which have files of their own."""

from collections.abc import Callable
from typing import Any, cast

from appliance.query.hogql import ast
from appliance.query.hogql.calls import write_call, write_window_function
from appliance.query.hogql.comparisons import write_between, write_comparison, write_distinct
from appliance.query.hogql.constants import moved, write_constant
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.functions.cast_types import cast_sql
from appliance.query.hogql.properties import INDEX_FROM_ONE
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.source import inside
from appliance.query.hogql.tags import write_tag
from appliance.query.hogql.value_types import BOOLEAN, FLOAT, STRING, UNKNOWN, Type, array, common, tuple_of
from appliance.query.hogql.written import Written

_ARITHMETIC = {"+": "plus", "-": "minus", "*": "multiply", "/": "divide", "%": "modulo"}


def write_expression(node: ast.Expr, scope: Scope) -> Written:
    write = _WRITERS.get(type(node))
    if write is None:
        kind = type(node).__name__
        raise QueryError(f"{kind} is not supported here", node.start, node.end)
    return write(node, scope)


def _constant(node: ast.Constant, scope: Scope) -> Written:
    return write_constant(node.value, scope.context)


def _field(node: ast.Field, scope: Scope) -> Written:
    if node.chain and node.chain[-1] == "*":
        raise QueryError("A star cannot be used as a value", node.start, node.end)
    return scope.resolve(node.chain)


def _placeholder(node: ast.Placeholder, _scope: Scope) -> Written:
    from appliance.query.hogql.show import show  # noqa: PLC0415

    raise QueryError(f"Unresolved placeholder: {show(node)}", node.start, node.end)


def _alias(node: ast.Alias, scope: Scope) -> Written:
    from appliance.query.hogql.select import check_alias  # noqa: PLC0415  each needs the other

    check_alias(node.alias, node)
    with scope.writing(node.alias):
        value = scope.write(node.expr)
    scope.aliases.setdefault(node.alias, node.expr)
    scope.defined(node.alias)
    return Written(f"({value.sql} AS {identifier(node.alias)})", value.type)


def _arithmetic(node: ast.ArithmeticOperation, scope: Scope) -> Written:
    left, right = scope.write(node.left), scope.write(node.right)
    moment = moved(left.value, node.op, node.right, scope.context)
    if moment is not None:
        return write_constant(moment, scope.context)
    kind = _arithmetic_type(node.op, left.type, right.type)
    return Written(f"{_ARITHMETIC[node.op]}({left.sql}, {right.sql})", kind)


def _arithmetic_type(operator: str, left: Type, right: Type) -> Type:
    nullable = left.nullable or right.nullable
    for one, other in ((left, right), (right, left)):
        if one.name in ("DateTime", "Date") and other.name in ("Interval", "Integer"):
            return Type(one.name if other.name == "Integer" else "DateTime", nullable)
    if left.is_number and right.is_number:
        if operator == "/":
            return FLOAT.as_nullable(nullable)
        return common([left, right]).as_nullable(nullable)
    return UNKNOWN.as_nullable(nullable)


def _positional(node: ast.PositionalRef, scope: Scope) -> Written:
    if scope.clause not in ("group", "order"):
        raise QueryError("A column's number may stand in GROUP BY and ORDER BY only", node.start, node.end)
    return Written(str(int(node.index)), UNKNOWN)


def _and(node: ast.And, scope: Scope) -> Written:
    return _logic("and", node.exprs, scope)


def _or(node: ast.Or, scope: Scope) -> Written:
    return _logic("or", node.exprs, scope)


def _logic(name: str, exprs: list[ast.Expr], scope: Scope) -> Written:
    values = [scope.write(one) for one in exprs]
    if len(values) == 1:
        return values[0]
    if not values:
        return Written("1" if name == "and" else "0", BOOLEAN)
    nullable = any(one.type.nullable for one in values)
    return Written(f"{name}({', '.join(one.sql for one in values)})", BOOLEAN.as_nullable(nullable))


def _not(node: ast.Not, scope: Scope) -> Written:
    value = scope.write(node.expr)
    return Written(f"not({value.sql})", BOOLEAN.as_nullable(value.type.nullable))


def _array(node: ast.Array, scope: Scope) -> Written:
    values = [scope.write(one) for one in node.exprs]
    element = common([one.type for one in values]) if values else UNKNOWN
    return Written(f"[{', '.join(one.sql for one in values)}]", array(element))


def _tuple(node: ast.Tuple, scope: Scope) -> Written:
    values = [scope.write(one) for one in node.exprs]
    return Written(f"tuple({', '.join(one.sql for one in values)})", tuple_of(one.type for one in values))


def _dict(node: ast.Dict, scope: Scope) -> Written:
    parts = [one.sql for pair in node.items for one in (scope.write(pair[0]), scope.write(pair[1]))]
    value = scope.write(node.items[0][1]).type if node.items else UNKNOWN
    return Written(f"map({', '.join(parts)})", Type("Map", nullable=False, items=(STRING, value)))


def _as_chain(node: ast.Expr) -> list[str | int] | None:
    """`properties['a'][1]` is the name `properties.a.1`."""
    steps: list[str | int] = []
    while isinstance(node, ast.ArrayAccess):
        step = node.property.value if isinstance(node.property, ast.Constant) else None
        if not isinstance(step, str | int) or isinstance(step, bool):
            return None
        steps.append(step)
        node = node.array
    return [*node.chain, *reversed(steps)] if isinstance(node, ast.Field) else None


def _array_access(node: ast.ArrayAccess, scope: Scope) -> Written:
    chain = _as_chain(node)
    if chain is not None and chain[-1] != 0:
        return scope.resolve(chain)
    value = scope.write(node.array)
    step = node.property
    constant = step.value if isinstance(step, ast.Constant) else None
    if isinstance(constant, int) and not isinstance(constant, bool) and constant == 0:
        raise QueryError(INDEX_FROM_ONE, node.start, node.end)
    if isinstance(constant, str) or value.json is not None:
        return _step_inside(value, constant, node, scope)
    index = scope.write(step)
    kind = (
        value.type.items[1] if value.type.name == "Map" and len(value.type.items) > 1 else value.type.element
    )
    written = f"arrayElement({value.sql}, {index.sql})"
    return Written(written, kind)


def _step_inside(value: Written, constant: Any, node: ast.ArrayAccess, scope: Scope) -> Written:
    if isinstance(constant, str) or (isinstance(constant, int) and not isinstance(constant, bool)):
        return inside(value, [constant], scope.context, typed=scope.typed)
    if value.json is None or value.json.keys:
        raise QueryError("A property is named by a text or a whole number", node.start, node.end)
    # A name that is itself a value: nothing is known of it before the query runs.
    name = scope.write(node.property)
    return Written(f"JSONExtract({value.sql}, {name.sql}, 'Nullable(String)')", Type("String"))


def _array_slice(node: ast.ArraySlice, scope: Scope) -> Written:
    """From and to are both included, and count from one."""
    value = scope.write(node.array)
    start = scope.sql(node.start_expr) if node.start_expr is not None else "1"
    if node.end_expr is None:
        return Written(f"arraySlice({value.sql}, {start})", value.type)
    length = f"greatest(0, plus(minus({scope.sql(node.end_expr)}, {start}), 1))"
    return Written(f"arraySlice({value.sql}, {start}, {length})", value.type)


def _tuple_access(node: ast.TupleAccess, scope: Scope) -> Written:
    if node.index == 0:
        raise QueryError(INDEX_FROM_ONE, node.start, node.end)
    return inside(scope.write(node.tuple), [node.index], scope.context, typed=scope.typed)


def _cast(node: ast.TypeCast | ast.TryCast, scope: Scope) -> Written:
    value = scope.write(node.expr)
    return cast_sql(value, node.type_name, scope.context, node, may_fail=isinstance(node, ast.TypeCast))


def _lambda(node: ast.Lambda, scope: Scope) -> Written:
    return write_lambda(node, scope, [UNKNOWN] * len(node.args))


def write_lambda(node: ast.Lambda, scope: Scope, types: list[Type]) -> Written:
    if not isinstance(node.expr, ast.Expr):
        raise QueryError("A lambda of a query holds one expression", node.start, node.end)
    names: dict[str, Written] = {}
    for name, kind in zip(node.args, types, strict=False):
        hidden = name in scope.sources or name in scope.aliases
        printed = identifier(f"{name}__argument" if hidden else name)
        names[name] = Written(printed, kind)
    with scope.arguments(names):
        body = scope.write(node.expr)
    arguments = ", ".join(one.sql for one in names.values())
    return Written(f"({arguments}) -> {body.sql}", Type("Lambda", nullable=False, items=(body.type,)))


def _subquery(node: ast.SelectQuery | ast.SelectSetQuery, scope: Scope) -> Written:
    printed = scope.printer.query(node, scope)
    kinds = [kind for _, kind in printed.columns]
    # Without a row the value is NULL.
    kind = kinds[0].as_nullable() if len(kinds) == 1 else tuple_of(kinds)
    return Written(f"({printed.sql})", kind)


_WRITERS: dict[type[ast.Expr], Callable[[Any, Scope], Written]] = cast(
    "dict[type[ast.Expr], Callable[[Any, Scope], Written]]",
    {
        ast.Constant: _constant,
        ast.Field: _field,
        ast.Placeholder: _placeholder,
        ast.PositionalRef: _positional,
        ast.Alias: _alias,
        ast.ArithmeticOperation: _arithmetic,
        ast.CompareOperation: write_comparison,
        ast.IsDistinctFrom: write_distinct,
        ast.BetweenExpr: write_between,
        ast.And: _and,
        ast.Or: _or,
        ast.Not: _not,
        ast.Array: _array,
        ast.Tuple: _tuple,
        ast.Dict: _dict,
        ast.ArrayAccess: _array_access,
        ast.ArraySlice: _array_slice,
        ast.TupleAccess: _tuple_access,
        ast.TypeCast: _cast,
        ast.TryCast: _cast,
        ast.Call: write_call,
        ast.WindowFunction: write_window_function,
        ast.Lambda: _lambda,
        ast.SelectQuery: _subquery,
        ast.SelectSetQuery: _subquery,
        ast.HogQLXTag: write_tag,
    },
)
