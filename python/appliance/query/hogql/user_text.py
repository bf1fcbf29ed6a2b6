"""What users write: read, and held to what users may say."""

from typing import TypeVar

from appliance.query.hogql import ast
from appliance.query.hogql.calls import unsupported
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.walk import nodes

N = TypeVar("N", bound=ast.Node)
# What the parser makes of `case x when …`.
_OF_THE_PARSER = frozenset({"_caseWithExpression"})


def query_of(text: str) -> ast.SelectQuery | ast.SelectSetQuery:
    from appliance.query.hogql.parse import parse_select  # noqa: PLC0415  loads the native module

    found = checked(parse_select(text))
    if not isinstance(found, ast.SelectQuery | ast.SelectSetQuery):
        raise QueryError("A query was expected", found.start, found.end)
    return found


def expression_of(text: str) -> ast.Expr:
    from appliance.query.hogql.parse import parse_expr  # noqa: PLC0415  loads the native module

    return checked(parse_expr(text))


def checked(root: N) -> N:
    """Names that begin with an underscore are those of functions for our own queries."""
    for node in nodes(root):
        if (
            isinstance(node, ast.Call | ast.WindowFunction)
            and node.name.startswith("_")
            and node.name not in _OF_THE_PARSER
        ):
            raise unsupported(node.name, node)
    return root
