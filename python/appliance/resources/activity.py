"""Who changed what, for every room that keeps what people make.

A room calls `record` in the transaction that changes something, so that what happened and the note of it
stand or fall together.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.resources import activity
from appliance.resources.people import people
from appliance.resources.times import iso

Change = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What was changed. `scope` is PostHog's name of its kind: `Insight`, `Dashboard`, `FeatureFlag`, …"""

    scope: str
    id: Any
    name: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    """More about it, such as its `short_id`."""


def record(
    connection: Connection, caller: Caller, item: Item, happened: str, changes: Sequence[Change] = ()
) -> None:
    """`happened` is a verb in the past: created, updated, deleted, restored, …"""
    detail = {"name": item.name, "short_id": None, "type": None, **item.detail, "changes": list(changes)}
    connection.execute(
        activity.insert().values(
            id=uuid.uuid4(),
            project_id=caller.project.id,
            user_id=caller.user_id,
            scope=item.scope,
            item_id=str(item.id),
            activity=happened,
            detail=detail,
            created_at=now_us(),
        )
    )


def changes_between(scope: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The fields of `after` that are not as in `before`."""
    return [
        {
            "type": scope,
            "action": _action(before.get(name), value),
            "field": name,
            "before": before.get(name),
            "after": value,
        }
        for name, value in after.items()
        if before.get(name) != value
    ]


def activity_query(project_id: int, scopes: Sequence[str] = (), item_id: str = "") -> Select[Any]:
    """Newest first."""
    columns = activity.c
    query = select(activity).where(columns.project_id == project_id)
    if scopes:
        query = query.where(columns.scope.in_(scopes))
    if item_id:
        query = query.where(columns.item_id == item_id)
    return query.order_by(columns.created_at.desc(), columns.id)


def activity_views(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    users = people(connection, [row["user_id"] for row in rows])
    return [
        {
            "id": str(row["id"]),
            "user": users.get(row["user_id"]),
            "is_system": row["is_system"],
            "unread": False,
            "activity": row["activity"],
            "scope": row["scope"],
            "item_id": row["item_id"],
            "detail": row["detail"],
            "created_at": iso(row["created_at"]),
        }
        for row in rows
    ]


def _action(before: Any, after: Any) -> str:
    if before is None:
        return "created"
    return "deleted" if after is None else "changed"
