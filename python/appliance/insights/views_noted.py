"""Who looked at which insight, and which are looked at most."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.connect import insert
from appliance.catalog.resources import insight, insight_view

_DAY_US = 86_400_000_000


def note(connection: Connection, caller: Caller, ids: Sequence[int]) -> None:
    """Those that are not the project's are passed over."""
    found = connection.execute(
        select(insight.c.id).where(insight.c.project_id == caller.project.id, insight.c.id.in_(ids))
    ).scalars()
    rows = [
        {"insight_id": id_, "user_id": caller.user_id, "last_viewed_at": now_us()} for id_ in sorted(found)
    ]
    if rows:
        statement = insert(connection, insight_view)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["insight_id", "user_id"],
                set_={"last_viewed_at": statement.excluded.last_viewed_at},
            ),
            rows,
        )


def viewers(insight_id: int) -> Select[Any]:
    """Who looked at an insight, the last one first."""
    columns = insight_view.c
    return (
        select(columns.user_id, columns.last_viewed_at)
        .where(columns.insight_id == insight_id)
        .order_by(columns.last_viewed_at.desc(), columns.user_id)
    )


def most_viewed(query: Select[Any], days: int) -> Select[Any]:
    """Of a list of insights those that most people have looked at lately."""
    columns = insight_view.c
    viewed = (
        select(
            columns.insight_id, func.count().label("viewers"), func.max(columns.last_viewed_at).label("last")
        )
        .where(columns.last_viewed_at >= now_us() - days * _DAY_US)
        .group_by(columns.insight_id)
        .subquery()
    )
    joined = query.join(viewed, viewed.c.insight_id == insight.c.id)
    return joined.order_by(None).order_by(viewed.c.viewers.desc(), viewed.c.last.desc(), insight.c.id.desc())


def recently_viewed(query: Select[Any], user_id: int) -> Select[Any]:
    joined = query.join(insight_view, insight_view.c.insight_id == insight.c.id)
    mine = joined.where(insight_view.c.user_id == user_id)
    return mine.order_by(None).order_by(insight_view.c.last_viewed_at.desc())
