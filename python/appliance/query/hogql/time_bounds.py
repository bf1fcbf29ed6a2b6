"""Sessions with the ids or near the times that a query asks for, so that not all of them are gathered.

A session's id tells when it began, and sessions are stored by that. An event of a session comes at most a day after
its beginning, and clocks differ: with that much room on both sides no session is left out that would be shown.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from appliance.query.hogql import ast
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.source import TableSource

_BEFORE, _AFTER = timedelta(days=3), timedelta(days=1)
_IDS_MAX = 1_000
# Of the last year that the store's times reach.
_MILLISECONDS_MAX = 10_413_791_999_000
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}


def bound_sessions(where: ast.Expr, scope: Scope) -> None:
    """Looks at what must hold of every row: the parts of the outermost AND."""
    for source in scope.sources.values():
        if isinstance(source, TableSource) and (sessions := _sessions_of(source)) is not None:
            for part in _parts(where):
                for operator, moment in _compared(part, source, scope):
                    sessions.bounds += _conditions(operator, moment)
                sessions.bounds += _of_ids(_session_ids(part, source, scope))


def _sessions_of(source: TableSource) -> TableSource | None:
    if source.table.name == "sessions":
        return source
    return source.links.get("session") if source.table.name == "events" else None


def _parts(node: ast.Expr) -> Iterator[ast.Expr]:
    if isinstance(node, ast.And):
        for one in node.exprs:
            yield from _parts(one)
    else:
        yield node


def _compared(node: ast.Expr, source: TableSource, scope: Scope) -> Iterator[tuple[str, datetime]]:
    if isinstance(node, ast.BetweenExpr) and not node.negated:
        yield from _compared(ast.CompareOperation(node.expr, node.low, ">="), source, scope)
        yield from _compared(ast.CompareOperation(node.expr, node.high, "<="), source, scope)
    if not isinstance(node, ast.CompareOperation) or node.op not in _MIRRORED:
        return
    for side, other, operator in (
        (node.left, node.right, node.op),
        (node.right, node.left, _MIRRORED[node.op]),
    ):
        if _is_time(side, source, scope) and (moment := _moment(other, scope)) is not None:
            yield operator, moment


def _session_ids(node: ast.Expr, source: TableSource, scope: Scope) -> list[uuid.UUID]:
    """The only sessions that a condition lets through; none if it is about something else."""
    if not isinstance(node, ast.CompareOperation) or node.op not in ("==", "in"):
        return []
    names = ("session_id", "id") if source.table.name == "sessions" else ("$session_id",)
    if not _is_field(node.left, names, source, scope):
        return []
    listed = node.right.exprs if isinstance(node.right, ast.Tuple | ast.Array) else [node.right]
    found = [_id(one) for one in listed[: _IDS_MAX + 1]]
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) and len(found) <= _IDS_MAX else []


def _id(node: ast.Expr) -> uuid.UUID | None:
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, uuid.UUID):
        return value
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _of_ids(ids: list[uuid.UUID]) -> list[str]:
    """Numbers of our own making again; the time is in the id's first 48 bits."""
    if not ids:
        return []
    listed = ", ".join(f"toUInt128('{one.int}')" for one in ids)
    times = sorted(one.int >> 80 for one in ids)
    if times[-1] > _MILLISECONDS_MAX:
        return []
    first, last = (f"fromUnixTimestamp64Milli(toInt64({one}), 'UTC')" for one in (times[0], times[-1]))
    return [
        f"in(source.session_id_v7, tuple({listed}))",
        f"greaterOrEquals(source.session_timestamp, {first})",
        f"lessOrEquals(source.session_timestamp, {last})",
    ]


def _is_time(node: ast.Expr, source: TableSource, scope: Scope) -> bool:
    return _is_field(node, (source.table.time,), source, scope)


def _is_field(node: ast.Expr, names: tuple[str, ...], source: TableSource, scope: Scope) -> bool:
    """Whether it is one of these columns of the table, and not an alias that hides it."""
    if not isinstance(node, ast.Field) or str(node.chain[-1]) not in names:
        return False
    if len(node.chain) == 1:
        return len(scope.sources) == 1 and str(node.chain[0]) not in scope.aliases
    return len(node.chain) == 2 and scope.sources.get(str(node.chain[0])) is source  # noqa: PLR2004


def _moment(node: ast.Expr, scope: Scope) -> datetime | None:
    from appliance.query.hogql.constants import parsed_time  # noqa: PLC0415  each needs the other

    if not isinstance(node, ast.Constant | ast.Call | ast.ArithmeticOperation):
        return None
    found = parsed_time(scope.write(node), scope.context).value
    return found if isinstance(found, datetime) and found.tzinfo is not None else None


def _conditions(operator: str, moment: datetime) -> list[str]:
    conditions = []
    if operator in (">", ">=", "=="):
        conditions.append(f"greaterOrEquals(source.session_timestamp, {_written(moment - _BEFORE)})")
    if operator in ("<", "<=", "=="):
        conditions.append(f"lessOrEquals(source.session_timestamp, {_written(moment + _AFTER)})")
    return conditions


def _written(moment: datetime) -> str:
    """Digits of our own, nothing of the user's text."""
    return f"toDateTime64('{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}', 3, 'UTC')"
