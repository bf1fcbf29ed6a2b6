"""Comparisons, in which NULL is a value like others: nothing equals it but itself, and it is in no order.

Promises:
- A comparison never answers NULL.
- In WHERE a time is compared as it is stored, with the constant moved to it, so that the sort key serves.
- A shredded column is compared without the detour over NULL wherever the answer is the same.
"""

import uuid
from typing import Any

from appliance.query.hogql import ast
from appliance.query.hogql.cohorts import in_cohort
from appliance.query.hogql.constants import bound_list, parsed_time, write_constant
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import identifier, text
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.value_types import BOOLEAN, Type
from appliance.query.hogql.written import Written

_FUNCTIONS = {
    "==": "equals", "!=": "notEquals", "<": "less", "<=": "lessOrEquals", ">": "greater", ">=": "greaterOrEquals",
    "like": "like", "ilike": "ilike", "not like": "notLike", "not ilike": "notILike",
    "in": "in", "not in": "notIn", "global in": "in", "global not in": "notIn",
}  # fmt: skip
# Of a comparison with NULL.
_NEGATIVE = frozenset({"!=", "not like", "not ilike", "not in", "global not in", "!~", "!~*"})
_MEMBERSHIP = frozenset({"in", "not in", "global in", "global not in"})
_PATTERNS = frozenset({"=~", "!~", "=~*", "!~*"})
_LISTED_PLAINLY_MAX = 20
_LISTED_MAX = 50_000
_INT64 = 2**63


def write_comparison(node: ast.CompareOperation, scope: Scope) -> Written:
    if node.op in ("in cohort", "not in cohort"):
        return in_cohort(node, scope)
    if node.op in _MEMBERSHIP:
        return _membership(node, scope)
    left, right = scope.write(node.left), scope.write(node.right)
    return compare(node.op, left, right, scope)


def compare(  # noqa: PLR0911  one rule after the other
    operator: str, left: Written, right: Written, scope: Scope
) -> Written:
    if operator in ("==", "!=") and (left.is_null or right.is_null):
        other = left if right.is_null else right
        found = Written(f"{'isNull' if operator == '==' else 'isNotNull'}({other.sql})", BOOLEAN)
        return _truth(operator == "==", left, right) or found
    if left.is_null or right.is_null:
        return Written("1" if operator in _NEGATIVE else "0", BOOLEAN)
    if (direct := _direct(operator, left, right)) is not None:
        return direct
    left, right = _alike(left, right, scope)
    if left.is_null or right.is_null:
        # A constant that is no such number or id: nothing equals it, not even NULL.
        return Written("1" if operator in _NEGATIVE else "0", BOOLEAN)
    if operator in _PATTERNS:
        return _pattern(operator, left, right)
    if left.type.name == right.type.name == "DateTime":
        left_sql, right_sql = _side(left, scope), _side(right, scope)
    else:
        # A day begins when the zone says, so a time keeps its zone beside one.
        left_sql, right_sql = left.sql, right.sql
    sql = f"{_function(operator)}({left_sql}, {right_sql})"
    if scope.clause == "join" and operator not in _NEGATIVE:
        # A condition that is NULL joins nothing, and the store needs to see the keys bare.
        return Written(sql, BOOLEAN.as_nullable(left.type.nullable or right.type.nullable))
    return Written(_null_safe(sql, operator, left, right), BOOLEAN)


def _truth(is_equal: bool, left: Written, right: Written) -> Written | None:
    both = left.is_null and right.is_null
    return Written("1" if is_equal else "0", BOOLEAN) if both else None


def _function(operator: str) -> str:
    name = _FUNCTIONS.get(operator)
    if name is None:
        raise QueryError(f"Unsupported comparison: {operator}")
    return name


def _side(value: Written, scope: Scope) -> str:
    return value.bare if value.bare and scope.clause in ("where", "join") else value.sql


def _null_safe(sql: str, operator: str, left: Written, right: Written) -> str:
    nullable = [one.sql for one in (left, right) if one.type.nullable]
    if not nullable:
        return sql
    if len(nullable) == 2 and operator == "==":  # noqa: PLR2004  both sides
        return f"ifNull({sql}, and(isNull({nullable[0]}), isNull({nullable[1]})))"
    if len(nullable) == 2 and operator == "!=":  # noqa: PLR2004
        return f"ifNull({sql}, or(isNotNull({nullable[0]}), isNotNull({nullable[1]})))"
    return f"ifNull({sql}, {1 if operator in _NEGATIVE else 0})"


def _direct(operator: str, left: Written, right: Written) -> Written | None:
    """A shredded column beside a text that is not empty: missing, null and '' all differ from it."""
    for one, other in ((left, right), (right, left)):
        if one.column and isinstance(other.value, str) and other.value and operator in ("==", "!="):
            return Written(f"{_FUNCTIONS[operator]}({one.column}, {other.sql})", BOOLEAN)
    return None


def _alike(left: Written, right: Written, scope: Scope) -> tuple[Written, Written]:
    """Constants read as what they are compared with."""
    return _as_other(left, right, scope), _as_other(right, left, scope)


def _as_other(value: Written, other: Written, scope: Scope) -> Written:  # noqa: PLR0911  one rule for each pair
    if value.type.name == "Date" and other.type.name == "DateTime":
        zone = text(scope.context.timezone)
        return Written(f"toDateTime({value.sql}, {zone})", Type("DateTime", value.type.nullable))
    if value.json is not None and value.type.name == "String" and other.is_constant and other.type.is_number:
        return _untyped(value, other)
    if isinstance(value.value, bool) and other.json is not None and other.type.name == "String":
        return write_constant("true" if value.value else "false", scope.context)
    if not value.is_constant or not isinstance(value.value, str):
        return value
    if other.type.name == "DateTime":
        return parsed_time(value, scope.context)
    if other.type.name == "UUID":
        return _unique_id(value, scope)
    if other.type.name == "Boolean":
        truth = {"true": True, "false": False, "1": True, "0": False}.get(value.value.lower())
        return write_constant(truth, scope.context)
    if other.type.name in ("Float", "Integer", "Decimal"):
        # A property that has become a number is still asked for by its text in older queries.
        return _number(value, scope)
    return value


def _untyped(value: Written, other: Written) -> Written:
    """A property without a definition beside a number."""
    if isinstance(other.value, bool):
        return value
    return Written(f"toFloat64OrNull({value.sql})", Type("Float"))


def _number(value: Written, scope: Scope) -> Written:
    try:
        number = float(value.value)
    except ValueError:
        return write_constant(None, scope.context)
    return write_constant(
        int(number) if number.is_integer() and abs(number) < 2**53 else number, scope.context
    )


def _unique_id(value: Written, scope: Scope) -> Written:
    try:
        return write_constant(uuid.UUID(value.value), scope.context)
    except ValueError:
        return write_constant(None, scope.context)


def _pattern(operator: str, left: Written, right: Written) -> Written:
    pattern = right.sql if not operator.endswith("*") else f"concat('(?i)', {right.sql})"
    sql = f"match({_text(left)}, {pattern})"
    if operator.startswith("!"):
        sql = f"not({sql})"
    return Written(_null_safe(sql, operator, left, right), BOOLEAN)


def _text(value: Written) -> str:
    return value.sql if value.type.name in ("String", "Unknown", "JSON") else f"toString({value.sql})"


def _membership(node: ast.CompareOperation, scope: Scope) -> Written:
    left = scope.write(node.left)
    right, is_list = _set_of(node.right, left, scope)
    if right is None:
        return Written("1" if node.op in _NEGATIVE else "0", BOOLEAN)
    if is_list and left.column:
        sql = f"{_function(node.op)}({left.column}, {right})"
        return Written(sql, BOOLEAN)
    sql = f"{_function(node.op)}({left.sql}, {right})"
    # With transform_null_in a NULL is in a set that holds one and in no other, and the answer is never NULL.
    return Written(_null_safe(sql, node.op, left, left) if not is_list else sql, BOOLEAN)


def _set_of(node: ast.Expr, left: Written, scope: Scope) -> tuple[str | None, bool]:
    """The right side, and whether it is a list of texts none of which is empty. None: nothing is in it."""
    if isinstance(node, ast.Constant) and isinstance(node.value, list | tuple | set | frozenset):
        node = ast.Tuple([ast.Constant(one) for one in node.value])
    if isinstance(node, ast.Constant):
        node = ast.Tuple([node])
    if isinstance(node, ast.Tuple | ast.Array):
        return _listed(node, left, scope)
    if isinstance(node, ast.SelectQuery | ast.SelectSetQuery):
        return f"({scope.printer.query(node, scope).sql})", False
    if isinstance(node, ast.Field) and len(node.chain) == 1:
        common = scope.common_table(str(node.chain[0]))
        if common is not None and str(node.chain[0]) not in scope.sources:
            scope.printer.count_queries(common.queries, node)
            return f"(SELECT * FROM {identifier(common.printed)})", False
    return _by_value(node, scope)


def _by_value(node: ast.Expr, scope: Scope) -> tuple[str | None, bool]:
    value = scope.write(node)
    if value.type.name in ("Array", "Tuple", "Map", "Unknown"):
        return value.sql, False
    return f"tuple({value.sql})", False


def _listed(node: ast.Tuple | ast.Array, left: Written, scope: Scope) -> tuple[str | None, bool]:
    if not node.exprs:
        return None, False
    if len(node.exprs) > _LISTED_MAX:
        raise QueryError(f"A list may have at most {_LISTED_MAX} values", node.start, node.end)
    values: list[Any] = [one.value for one in node.exprs if isinstance(one, ast.Constant)]
    constant = len(values) == len(node.exprs)
    if constant and left.type.name in ("String", "JSON") and all(isinstance(one, str) for one in values):
        return write_constant(list(dict.fromkeys(values)), scope.context).sql, all(values)
    if (
        constant
        and len(values) > _LISTED_PLAINLY_MAX
        and left.type.is_number
        and all(type(one) is int and abs(one) < _INT64 for one in values)
    ):
        return bound_list(values, "Int64", scope.context), False
    if (
        constant
        and len(values) > _LISTED_PLAINLY_MAX
        and left.type.name == "UUID"
        and all(isinstance(one, uuid.UUID) for one in values)
    ):
        return bound_list([str(one) for one in values], "UUID", scope.context), False
    pairs = [(one, _as_other(one, left, scope)) for one in (scope.write(each) for each in node.exprs)]
    written = [found for given, found in pairs if given.is_null or not found.is_null]
    return (f"tuple({', '.join(one.sql for one in written)})" if written else None), False


def write_between(node: ast.BetweenExpr, scope: Scope) -> Written:
    value, low, high = scope.write(node.expr), scope.write(node.low), scope.write(node.high)
    parts = compare(">=", value, low, scope), compare("<=", value, high, scope)
    between = f"and({parts[0].sql}, {parts[1].sql})"
    if not node.negated:
        return Written(between, BOOLEAN)
    known = [f"isNotNull({one.sql})" for one in (value, low, high) if one.type.nullable]
    # NOT BETWEEN with a NULL is no more true than BETWEEN with one.
    return Written(f"and({', '.join([f'not({between})', *known])})" if known else f"not({between})", BOOLEAN)


def write_distinct(node: ast.IsDistinctFrom, scope: Scope) -> Written:
    left, right = scope.write(node.left), scope.write(node.right)
    return compare("!=" if node.negated is False else "==", left, right, scope)
