"""How many rows come out."""

from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.scope import Scope


def limit_clause(node: ast.SelectQuery | ast.SelectSetQuery, scope: Scope, *, is_outer: bool) -> str:
    """LIMIT and OFFSET; the outermost query always has a limit, and never a larger one than allowed."""
    context = scope.context
    limit = ""
    if node.limit_percent:
        raise QueryError("LIMIT takes a number of rows", node.start, node.end)
    if node.limit is not None:
        limit = _limit(node.limit, scope, context.limit_max if is_outer else None)
    elif is_outer and (default := default_limit(node, context)) is not None:
        limit = str(default + context.look_ahead)
    clause = f" LIMIT {limit}" if limit else ""
    if node.offset is not None:
        clause += f" OFFSET {scope.sql(node.offset)}"
    return clause + (" WITH TIES" if node.limit_with_ties and limit else "")


def default_limit(node: ast.SelectQuery | ast.SelectSetQuery, context: Context) -> int | None:
    """Of an outermost query that does not say."""
    if context.limit_default is None:
        return None
    if isinstance(node, ast.SelectSetQuery) and _says_limit(node.subsequent_select_queries[-1].select_query):
        # A LIMIT at the end of combined queries belongs to the last of them, and yet was meant.
        return context.limit_max
    return min(context.limit_default, context.limit_max)


def _says_limit(node: ast.Expr) -> bool:
    return isinstance(node, ast.SelectQuery | ast.SelectSetQuery) and node.limit is not None


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
