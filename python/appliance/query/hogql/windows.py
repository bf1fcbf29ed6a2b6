"""OVER and WINDOW."""

from appliance.query.hogql import ast
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.scope import Scope

_FRAMES = frozenset({"CURRENT ROW", "PRECEDING", "FOLLOWING"})


def write_window(node: ast.WindowExpr, scope: Scope) -> str:
    from appliance.query.hogql.select import write_order  # noqa: PLC0415  each needs the other

    parts = []
    if node.partition_by:
        parts.append(f"PARTITION BY {', '.join(scope.sql(one) for one in node.partition_by)}")
    if node.order_by:
        parts.append(f"ORDER BY {', '.join(write_order(one, scope) for one in node.order_by)}")
    if node.frame_method and node.frame_start is not None:
        if node.frame_method not in ("ROWS", "RANGE"):
            raise QueryError(f"Unsupported window frame: {node.frame_method}", node.start, node.end)
        start = _bound(node.frame_start, scope)
        if node.frame_end is None:
            parts.append(f"{node.frame_method} {start}")
        else:
            parts.append(f"{node.frame_method} BETWEEN {start} AND {_bound(node.frame_end, scope)}")
    return " ".join(parts)


def _bound(node: ast.WindowFrameExpr, scope: Scope) -> str:
    if node.frame_type not in _FRAMES:
        raise QueryError(f"Unsupported window frame: {node.frame_type}", node.start, node.end)
    if node.frame_type == "CURRENT ROW":
        return "CURRENT ROW"
    if node.frame_value is None:
        return f"UNBOUNDED {node.frame_type}"
    value = node.frame_value if isinstance(node.frame_value, int) else None
    if isinstance(node.frame_value, ast.Constant) and isinstance(node.frame_value.value, int):
        value = node.frame_value.value
    if value is not None:
        return f"{int(value)} {node.frame_type}"
    if isinstance(node.frame_value, ast.Expr):
        return f"{scope.sql(node.frame_value)} {node.frame_type}"
    raise QueryError("A window frame is counted in whole numbers", node.start, node.end)
