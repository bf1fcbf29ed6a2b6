"""Short ways to say a piece of HogQL."""

from collections.abc import Iterable
from typing import Any

from appliance.query.hogql import ast

TRUE, FALSE = ast.Constant(True), ast.Constant(False)


def field(*chain: str | int) -> ast.Field:
    return ast.Field(list(chain))


def constant(value: Any) -> ast.Constant:
    return ast.Constant(value)


def call(name: str, *args: ast.Expr, distinct: bool = False) -> ast.Call:
    return ast.Call(name, list(args), distinct=distinct)


def compare(left: ast.Expr, operator: ast.CompareOperator, right: ast.Expr) -> ast.CompareOperation:
    return ast.CompareOperation(left, right, operator)


def equals(left: ast.Expr, value: Any) -> ast.CompareOperation:
    return compare(left, "==", constant(value))


def within(member: ast.Expr, values: Iterable[Any]) -> ast.CompareOperation:
    return compare(member, "in", ast.Tuple([constant(value) for value in values]))


def is_true(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is True


def is_false(expr: ast.Expr) -> bool:
    return isinstance(expr, ast.Constant) and expr.value is False


def every(parts: Iterable[ast.Expr]) -> ast.Expr:
    """True if there are none."""
    left = [part for part in parts if not is_true(part)]
    if any(is_false(part) for part in left):
        return FALSE
    return TRUE if not left else left[0] if len(left) == 1 else ast.And(left)


def some(parts: Iterable[ast.Expr]) -> ast.Expr:
    """False if there are none."""
    left = [part for part in parts if not is_false(part)]
    if any(is_true(part) for part in left):
        return TRUE
    return FALSE if not left else left[0] if len(left) == 1 else ast.Or(left)


def opposite(part: ast.Expr) -> ast.Expr:
    if is_true(part):
        return FALSE
    return TRUE if is_false(part) else ast.Not(part)


def alias(name: str, expr: ast.Expr) -> ast.Alias:
    return ast.Alias(name, expr)


def any_of(items: ast.Expr, name: str, condition: ast.Expr) -> ast.Call:
    """Whether a member of an array fulfils a condition on `name`."""
    return call("arrayExists", ast.Lambda([name], condition), items)


def descending(expr: ast.Expr) -> ast.OrderExpr:
    return ast.OrderExpr(expr, "DESC")


def ascending(expr: ast.Expr) -> ast.OrderExpr:
    return ast.OrderExpr(expr, "ASC")
