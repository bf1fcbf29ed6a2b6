"""Projects that were deleted, and how far the engine is with taking away what they left behind.

Promises:
- The row of a removal is made in the transaction that deletes the project: what is begun is not forgotten.
- A removal is fenced by ingest, when each of its loops was between two blocks: whatever is stored later was prepared
  by somebody who knew that there is no such project. Only then is anything taken away.
- One that is done is looked at for another hour, since a question or a cohort of before may write that long.
"""

import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Select, and_, delete, false, or_, select, true, update
from sqlalchemy.engine import RowMapping

from appliance.catalog.accounts import project_removal
from appliance.catalog.connect import reading, writing
from appliance.catalog.model import project, user_account

_LOOKED_AT_AGAIN_US = 3_600 * 1_000_000
_KEPT_US = 90 * 86_400 * 1_000_000
_FAILURE_CHARACTERS_MAX = 1_000
_columns = project_removal.c


@dataclass(frozen=True, slots=True)
class Removal:
    project_id: int
    rows_total: int | None
    is_done: bool


def remove_project(connection: Connection, project_id: int, deleted_by: str) -> None:
    """Deletes the project with all that people made in it; what ingest wrote is the engine's, later.

    Whoever had chosen it is led to another. The caller tells the workers (`changes.bump`).
    """
    found = select(project.c.organization_id, project.c.name).where(project.c.id == project_id)
    row = connection.execute(found).one()
    connection.execute(
        project_removal.insert().values(
            project_id=project_id,
            organization_id=row.organization_id,
            name=row.name,
            deleted_by=deleted_by,
            deleted_at=_now_us(),
        )
    )
    chosen = user_account.c.current_project_id == project_id
    connection.execute(update(user_account).where(chosen).values(current_project_id=None))
    connection.execute(delete(project).where(project.c.id == project_id))


def fence(catalog: Engine, project_ids: Collection[int] | None = None) -> None:
    """Called by ingest while it has no block in hand; of all projects if none are named."""
    wanted = true() if project_ids is None else _columns.project_id.in_(project_ids)
    with writing(catalog) as connection:
        connection.execute(
            update(project_removal).where(_columns.fenced_at.is_(None), wanted).values(fenced_at=_now_us())
        )


def unfenced(connection: Connection) -> set[int]:
    """Projects of which ingest may have a block in hand."""
    query = select(_columns.project_id).where(_columns.fenced_at.is_(None))
    return set(connection.execute(query).scalars())


def to_do(catalog: Engine, *, with_done: bool) -> Sequence[Removal]:
    """Those that are fenced and not done; `with_done` those too that were done just now."""
    done_after = _now_us() - _LOOKED_AT_AGAIN_US
    wanted = or_(
        _columns.done_at.is_(None), and_(_columns.done_at > done_after, true() if with_done else false())
    )
    query = select(_columns.project_id, _columns.rows_total, _columns.done_at)
    with reading(catalog) as connection:
        found = connection.execute(query.where(_columns.fenced_at.is_not(None), wanted)).all()
    return [Removal(one.project_id, one.rows_total, one.done_at is not None) for one in found]


def tell(catalog: Engine, removal: Removal, rows_left: int, failure: str | None, *, is_done: bool) -> None:
    """How far it is. Those that were done long ago are forgotten."""
    now = _now_us()
    values = {
        "rows_total": max(rows_left, removal.rows_total or 0),
        "rows_left": rows_left,
        "failure": failure and failure[:_FAILURE_CHARACTERS_MAX],
        "done_at": now if is_done else None,
    }
    with writing(catalog) as connection:
        connection.execute(
            update(project_removal).where(_columns.project_id == removal.project_id).values(values)
        )
        connection.execute(delete(project_removal).where(_columns.done_at < now - _KEPT_US))


def removals_of(organization_id: uuid.UUID) -> Select[tuple[RowMapping]]:
    """The last deleted first."""
    query = select(project_removal).where(_columns.organization_id == organization_id)
    return query.order_by(_columns.deleted_at.desc(), _columns.project_id.desc())


def _now_us() -> int:
    return time.time_ns() // 1_000
