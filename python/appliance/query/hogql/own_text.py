"""Our own queries, written as HogQL with places for what they are about: `{where}` takes a tree or a plain value."""

from collections.abc import Mapping
from typing import Any

from appliance.query.hogql import ast
from appliance.query.hogql.parse import parse_expr, parse_select
from appliance.query.hogql.placeholders import replaced


def select_of(text: str, values: Mapping[str, Any]) -> ast.SelectQuery:
    tree = replaced(parse_select(text), values)
    if not isinstance(tree, ast.SelectQuery):
        raise TypeError("this text is not one SELECT")
    return tree


def expression_of(text: str, values: Mapping[str, Any]) -> ast.Expr:
    return replaced(parse_expr(text), values)
