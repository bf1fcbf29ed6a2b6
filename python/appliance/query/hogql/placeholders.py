"""`{name}` in a query: replaced before anything else is read from it.

A placeholder's value is a tree or a plain value; `{a.b}` goes into mappings. An expression of them is worked out where
it stands: `{a + b}` becomes the sum of two constants.
"""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.show import show
from appliance.query.hogql.walk import copied, nodes

N = TypeVar("N", bound=ast.Node)
_NOTHING = object()
_ALLOWED = (
    ast.Constant, ast.Field, ast.ArithmeticOperation, ast.CompareOperation, ast.And, ast.Or, ast.Not, ast.Array,
    ast.Tuple, ast.Call, ast.ArrayAccess, ast.TupleAccess,
)  # fmt: skip


def replaced(root: N, values: Mapping[str, Any]) -> N:
    """A copy of the tree with every placeholder replaced. Raises `QueryError` for one without a value."""

    def change(node: ast.Node) -> Any:
        if isinstance(node, ast.Placeholder):
            return _value(node, values)
        return node

    return copied(root, change)


def placeholder_names(root: ast.Node) -> Iterator[str]:
    """`filters`, `variables.code_name`, in order."""
    for one in nodes(root):
        if isinstance(one, ast.Placeholder):
            for inner in nodes(one.expr):
                if isinstance(inner, ast.Field):
                    yield ".".join(str(step) for step in inner.chain)


def _value(node: ast.Placeholder, values: Mapping[str, Any]) -> Any:
    def change(one: ast.Node) -> Any:
        if isinstance(one, ast.Field):
            found = _at(values, one.chain)
            if found is _NOTHING:
                raise QueryError(f"Unresolved placeholder: {show(node)}", node.start, node.end)
            return _tree(found, node)
        if not isinstance(one, _ALLOWED):
            raise QueryError(f"Unresolved placeholder: {show(node)}", node.start, node.end)
        return one

    return copied(node.expr, change)


def _at(values: Mapping[str, Any], chain: list[str | int]) -> Any:
    found: Any = values
    for step in chain:
        if isinstance(found, Mapping) and step in found:
            found = found[step]
        else:
            return _NOTHING
    return found


def _tree(value: Any, at: ast.Node) -> Any:
    if isinstance(value, ast.Node):
        # A copy, because one tree may stand in several places; its own places in a text are not this text's.
        return copied(value, lambda node: node)
    return ast.Constant(value, start=at.start, end=at.end)
