"""What people ask of the engine, the one process that may change persons, groups and the store.

A worker appends a request in the transaction that makes it necessary; the engine does it between two blocks and
settles it. A request may be done twice (a crash in the midst), so whoever does one makes that harmless.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, select

from appliance.catalog.connect import reading
from appliance.catalog.resources import engine_request

WAITING_MAX = 100
_KEPT_US = 7 * 86_400_000_000
_POLL_S = 0.02
_columns = engine_request.c


@dataclass(frozen=True, slots=True)
class EngineRequest:
    id: int
    project_id: int
    kind: str
    arguments: Mapping[str, Any]


def append(
    connection: Connection,
    project_id: int,
    kind: str,
    arguments: Mapping[str, Any],
    user_id: int | None = None,
) -> int:
    """The request's number."""
    row = {
        "project_id": project_id,
        "kind": kind,
        "arguments": dict(arguments),
        "created_by_id": user_id,
        "created_at": _now_us(),
    }
    number: int = connection.execute(engine_request.insert().values(row).returning(_columns.id)).scalar_one()
    return number


def waiting(connection: Connection) -> Sequence[EngineRequest]:
    """The oldest that are not settled, in the order in which they were made."""
    query = (
        select(_columns.id, _columns.project_id, _columns.kind, _columns.arguments)
        .where(_columns.done_at.is_(None))
        .order_by(_columns.id)
        .limit(WAITING_MAX)
    )
    return [EngineRequest(*row) for row in connection.execute(query)]


def settle(connection: Connection, id_: int, failure: str | None = None) -> None:
    """Done, or found impossible. Old ones are forgotten."""
    now = _now_us()
    connection.execute(engine_request.update().where(_columns.id == id_).values(done_at=now, failure=failure))
    connection.execute(delete(engine_request).where(_columns.done_at < now - _KEPT_US))


def await_settled(engine: Engine, id_: int, wait_s: float) -> bool:
    """Whether the engine did it in that time; later it will, all the same."""
    deadline = time.monotonic() + wait_s
    query = select(_columns.done_at).where(_columns.id == id_)
    while True:
        with reading(engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.done_at is not None:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)


def _now_us() -> int:
    return time.time_ns() // 1_000
