"""Which exceptions were taken from their lane, so that what a repeated block appends again is told apart.

A block appends its exceptions again only if a crash came before it was done, and right behind the first time. So a
few of the newest blocks suffice.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from appliance.catalog.connect import insert
from appliance.catalog.model import taken_exceptions

_BLOCKS_MAX = 256
_columns = taken_exceptions.c


def load_taken(connection: Connection) -> dict[str, int]:
    """By the token of a block, the highest number that was taken."""
    rows = connection.execute(select(_columns.token, _columns.last_number))
    return {row.token: row.last_number for row in rows}


def save_taken(connection: Connection, taken: Mapping[str, int], now_us: int) -> None:
    """Blocks that are not among the newest are forgotten, but for these."""
    if not taken:
        return
    statement = insert(connection, taken_exceptions)
    rows = [{"token": token, "last_number": number, "taken_at": now_us} for token, number in taken.items()]
    news = {name: statement.excluded[name] for name in ("last_number", "taken_at")}
    connection.execute(statement.on_conflict_do_update(index_elements=["token"], set_=news), rows)
    newest = select(_columns.token).order_by(_columns.taken_at.desc(), _columns.token).limit(_BLOCKS_MAX)
    is_old = _columns.taken_at != now_us
    connection.execute(delete(taken_exceptions).where(is_old, _columns.token.not_in(newest)))
