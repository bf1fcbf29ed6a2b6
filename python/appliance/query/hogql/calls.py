"""Calls of functions: which are allowed, with how many arguments, and what comes out."""

from collections.abc import Sequence

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.functions import (
    AGGREGATIONS,
    LISTS_OF_TEXTS,
    SCALARS,
    WINDOWS,
    canonical,
    suggestion,
)
from appliance.query.hogql.functions.signature import Function
from appliance.query.hogql.functions.special import SPECIAL, UNTYPED
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.value_types import STRING, UNKNOWN, Type
from appliance.query.hogql.windows import write_window
from appliance.query.hogql.written import Written

_NUMBER = (int, float)
_LAMBDA_ARGUMENTS_MAX = 10
_PERCENTILES = {
    "percentile": "quantile",
    "percentile_cont": "quantile",
    "percentile_disc": "quantileExactLow",
}


def write_call(node: ast.Call, scope: Scope) -> Written:
    if node.within_group and node.name.lower() in _PERCENTILES:
        return _percentile(node, scope)
    name = canonical(node.name)
    special = SPECIAL.get(name)
    if special is not None:
        _no_extras(node)
        check_count("Function", name, len(node.args), special.least, special.most, node)
        with scope.within(typed=False if name in UNTYPED else None):
            return special.write(node, scope)
    if name in AGGREGATIONS:
        return _aggregation(AGGREGATIONS[name], node, scope)
    if name in SCALARS:
        return _scalar(SCALARS[name], node, scope)
    if name in WINDOWS:
        raise QueryError(f"Function '{name}' needs an OVER clause", node.start, node.end)
    raise unsupported(node.name, node)


def _percentile(node: ast.Call, scope: Scope) -> Written:
    """`percentile_cont(0.5) within group (order by x)`."""
    order, share = node.within_group or [], [*(node.params or []), *node.args]
    if len(order) != 1 or len(share) != 1 or order[0].order != "ASC":
        message = f"'{node.name}' takes one share, and one value to order by upwards"
        raise QueryError(message, node.start, node.end)
    return write_call(ast.Call(_PERCENTILES[node.name.lower()], [order[0].expr], params=share), scope)


def unsupported(name: str, node: ast.Expr) -> QueryError:
    near = suggestion(name)
    shown = name if len(name) <= 200 else f"{name[:200]}…"  # noqa: PLR2004
    hint = f" Perhaps you meant '{near}(...)'?" if near else ""
    return QueryError(f"Unsupported function call '{shown}(...)'.{hint}", node.start, node.end)


def check_count(  # noqa: PLR0917  said at each call in the order of the message
    kind: str, name: str, found: int, least: int, most: int | None, node: ast.Expr
) -> None:
    if found >= least and (most is None or found <= most):
        return
    if least == most:
        needs = f"exactly {_arguments(least)}"
    elif kind == "Aggregation" and most is not None:
        needs = f"between {least} and {most} arguments"
    elif found < least:
        needs = f"at least {_arguments(least)}"
    else:
        needs = f"at most {_arguments(most or 0)}"
    raise QueryError(f"{kind} '{name}' requires {needs}, found {found}", node.start, node.end)


def _arguments(count: int) -> str:
    return f"{count} argument" if count == 1 else f"{count} arguments"


def _no_extras(node: ast.Call) -> None:
    if node.params is not None:
        message = f"Function '{node.name}' does not accept parameters"
        raise QueryError(message, node.start, node.end)
    if node.distinct or node.order_by or node.filter_expr is not None or node.within_group:
        message = f"Only aggregations take DISTINCT, ORDER BY and FILTER: '{node.name}' is none"
        raise QueryError(message, node.start, node.end)


def _scalar(function: Function, node: ast.Call, scope: Scope) -> Written:
    _no_extras(node)
    check_count("Function", function.name, len(node.args), function.least, function.most, node)
    values = write_arguments(node.args, scope)
    kind = function.type_of([one.type for one in values])
    if function.name in LISTS_OF_TEXTS:
        values = [_present(one) for one in values]
    return Written(f"{function.clickhouse}({', '.join(one.sql for one in values)})", kind)


def _present(value: Written) -> Written:
    """A list cannot be NULL in the store: that of a missing text is the list of an empty one."""
    if value.type.name != "String" or not value.type.nullable:
        return value
    return Written(f"ifNull({value.sql}, '')", STRING)


def write_arguments(nodes: Sequence[ast.Expr], scope: Scope) -> list[Written]:
    """Lambdas last: the types of their arguments are those of the arrays beside them."""
    from appliance.query.hogql.expressions import write_lambda  # noqa: PLC0415  each needs the other

    values: list[Written | None] = [
        None if isinstance(one, ast.Lambda) else scope.write(one) for one in nodes
    ]
    kinds = [one.type for one in values if one is not None]
    written = []
    for node, value in zip(nodes, values, strict=True):
        if value is not None:
            written.append(value)
        elif isinstance(node, ast.Lambda):
            if len(node.args) > _LAMBDA_ARGUMENTS_MAX:
                raise QueryError("The lambda has too many arguments", node.start, node.end)
            written.append(write_lambda(node, scope, _lambda_types(kinds, len(node.args))))
    return written


def _lambda_types(kinds: Sequence[Type], count: int) -> list[Type]:
    elements: list[Type] = []
    for kind in kinds:
        elements += kind.items if kind.name == "Map" else [kind.element]
    return (elements + [UNKNOWN] * count)[:count]


def _aggregation(function: Function, node: ast.Call, scope: Scope) -> Written:
    if scope.aggregate:
        message = (
            f"Aggregation '{function.name}' cannot be nested inside another aggregation '{scope.aggregate}'."
        )
        raise QueryError(message, node.start, node.end)
    if function.is_window:
        raise QueryError(f"Function '{function.name}' needs an OVER clause", node.start, node.end)
    if scope.clause in ("where", "join"):
        message = f"Aggregation '{function.name}' cannot be used in WHERE: use HAVING"
        raise QueryError(message, node.start, node.end)
    check_count("Aggregation", function.name, len(node.args), function.least, function.most, node)
    parameters = _parameters(function, node.params, node)
    with scope.within(aggregate=function.name):
        values = write_arguments(node.args, scope)
        condition = scope.sql(node.filter_expr) if node.filter_expr is not None else ""
    kind = function.type_of([one.type for one in values])
    distinct = "DISTINCT " if node.distinct else ""
    name, arguments = _distinct_name(function.clickhouse), ", ".join(one.sql for one in values)
    if node.order_by or node.within_group:
        return _ordered(function, node, values, scope)
    sql = f"{name[0]}{parameters}({distinct or name[1]}{arguments})"
    return Written(f"{sql} FILTER (WHERE {condition})" if condition else sql, kind)


def _distinct_name(name: str) -> tuple[str, str]:
    """`countDistinct(x)` is spelled with a word of its own."""
    if name == "countDistinct":
        return "count", "DISTINCT "
    if name == "countDistinctIf":
        return "countIf", "DISTINCT "
    return name, ""


def _ordered(function: Function, node: ast.Call, values: list[Written], scope: Scope) -> Written:
    """`array_agg(x ORDER BY y)`: gathered with its key, sorted, the key dropped."""
    order = node.order_by or []
    if function.clickhouse != "groupArray" or len(order) != 1 or node.within_group or len(values) != 1:
        message = f"Aggregation '{function.name}' does not take an ORDER BY"
        raise QueryError(message, node.start, node.end)
    with scope.within(aggregate=function.name):
        key = scope.sql(order[0].expr)
        condition = scope.sql(node.filter_expr) if node.filter_expr is not None else ""
    distinct = "DISTINCT " if node.distinct else ""
    gathered = f"groupArray({distinct}tuple({values[0].sql}, {key}))"
    gathered += f" FILTER (WHERE {condition})" if condition else ""
    sort = "arrayReverseSort" if order[0].order == "DESC" else "arraySort"
    sql = f"arrayMap(one -> tupleElement(one, 1), {sort}(one -> tupleElement(one, 2), {gathered}))"
    return Written(sql, function.type_of([values[0].type]))


def _parameters(function: Function, nodes: Sequence[ast.Expr] | None, node: ast.Expr) -> str:
    """In brackets before the arguments: constants only."""
    given = list(nodes or ())
    least, most = function.parameters
    if most == 0 and given:
        message = f"Aggregation '{function.name}' does not accept parameters"
        raise QueryError(message, node.start, node.end)
    if len(given) < least or (most is not None and len(given) > most):
        wanted = f"{least}" if least == most else f"{least} to {most if most is not None else 'many'}"
        message = f"Aggregation '{function.name}' requires {wanted} parameters, found {len(given)}"
        raise QueryError(message, node.start, node.end)
    return f"({', '.join(_parameter(one) for one in given)})" if given else ""


def _parameter(node: ast.Expr) -> str:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, _NUMBER) and not isinstance(value, bool) and value == value and abs(value) < 1e18:  # noqa: PLR0124, PLR2004
        return repr(value)
    if isinstance(value, str):
        from appliance.query.hogql.quoting import text  # noqa: PLC0415

        if not all(letter.isalnum() or letter in "_()?.,:;|/ <>=-" for letter in value):
            raise QueryError("A parameter of an aggregation has odd characters", node.start, node.end)
        # ClickHouse takes literals only here, no bound parameters.
        return text(value)
    raise QueryError("A parameter of an aggregation is a constant number or text", node.start, node.end)


def write_window_function(node: ast.WindowFunction, scope: Scope) -> Written:
    name = canonical(node.name)
    function = WINDOWS.get(name) or AGGREGATIONS.get(name)
    if function is None:
        raise unsupported(node.name, node)
    # `name(exprs)`, or `name(params)(args)`.
    parameters, arguments = (node.exprs, node.args) if node.args else ([], node.exprs)
    check_count(function.kind, function.name, len(arguments), function.least, function.most, node)
    before = _parameters(function, parameters, node)
    values = write_arguments(arguments, scope)
    over = _over(node, scope)
    kind = function.type_of([one.type for one in values])
    spelled, distinct = _distinct_name(function.clickhouse)
    sqls = [one.sql for one in values]
    if name in ("lag", "lead"):
        spelled = f"{name}InFrame"
        sqls[0] = f"toNullable({sqls[0]})"
        over = _whole_frame(node, over)
    condition = f" FILTER (WHERE {scope.sql(node.filter_expr)})" if node.filter_expr is not None else ""
    return Written(f"{spelled}{before}({distinct}{', '.join(sqls)}){condition} OVER {over}", kind)


def _over(node: ast.WindowFunction, scope: Scope) -> str:
    if node.over_identifier is not None:
        if not scope.has_window(node.over_identifier):
            raise QueryError(f"There is no window '{node.over_identifier}'", node.start, node.end)
        return identifier(node.over_identifier)
    return f"({write_window(node.over_expr, scope)})" if node.over_expr is not None else "()"


def _whole_frame(node: ast.WindowFunction, over: str) -> str:
    """`lag` and `lead` look at the whole partition, while the in-frame ones see their frame only."""
    if node.over_expr is None or node.over_expr.frame_method:
        return over
    return f"{over[:-1]} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)"
