"""HogQLX: a tag is a tuple that says its kind first, which the page that shows it knows how to draw."""

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.value_types import tuple_of
from appliance.query.hogql.written import Written

KIND = "__hx_tag"
_ATTRIBUTES_MAX = 100


def write_tag(node: ast.HogQLXTag, scope: Scope) -> Written:
    if len(node.attributes) > _ATTRIBUTES_MAX:
        raise QueryError(f"A tag may have at most {_ATTRIBUTES_MAX} attributes", node.start, node.end)
    parts = [ast.Constant(KIND), ast.Constant(node.kind)]
    exprs: list[ast.Expr] = list(parts)
    for attribute in node.attributes:
        value = attribute.value
        exprs += [ast.Constant(attribute.name), ast.Tuple(value) if isinstance(value, list) else value]
    written = [scope.write(one) for one in exprs]
    return Written(f"tuple({', '.join(one.sql for one in written)})", tuple_of(one.type for one in written))
