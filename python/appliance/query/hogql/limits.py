"""How many rows come out."""

from appliance.query.hogql import ast
from appliance.query.hogql.scope import Scope


def limit_clause(node: ast.SelectQuery | ast.SelectSetQuery, scope: Scope, *, is_outer: bool) -> str:
    """LIMIT and OFFSET; the outermost query always has a limit, and never a larger one than allowed."""
    context = scope.context
    limit = ""
    if node.limit is not None:
        limit = _limit(node.limit, scope, context.limit_max if is_outer else None)
    elif is_outer and context.limit_default is not None:
        limit = str(min(context.limit_default, context.limit_max) + context.look_ahead)
    clause = f" LIMIT {limit}" if limit else ""
    if node.offset is not None:
        clause += f" OFFSET {scope.sql(node.offset)}"
    return clause + (" WITH TIES" if node.limit_with_ties and limit else "")


def _limit(node: ast.Expr, scope: Scope, most: int | None) -> str:
    ahead = scope.context.look_ahead
    if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
        if most is None:
            return str(max(node.value, 0))
        return str(min(max(node.value, 0), most) + ahead)
    written = scope.sql(node)
    return (
        written
        if most is None
        else f"plus(least({written}, {most}), {ahead})"
        if ahead
        else f"least({written}, {most})"
    )
