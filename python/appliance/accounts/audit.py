"""Who did what to an organisation's accounts, keys, members and settings.

A room calls `note` in the transaction that does it, so that both stand or fall together. What happened to the
things people make is in `resources/activity.py`, project by project.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, select

from appliance.accounts.keys import now_us
from appliance.accounts.principal import Principal
from appliance.catalog.accounts import audit_entry
from appliance.catalog.model import membership
from appliance.config import DAY_S, Config
from appliance.resources.people import people
from appliance.resources.times import iso

_ADDRESS_CHARACTERS_MAX = 64


def note(
    connection: Connection,
    organization_id: uuid.UUID,
    principal: Principal,
    action: str,
    **detail: Any,
) -> None:
    """`action` is what happened in the past: `role_changed`."""
    _insert(
        connection, [organization_id], (principal.user_id, principal.email, principal.address), action, detail
    )


def note_account(
    connection: Connection, user_id: int, email: str, address: str, action: str, **detail: Any
) -> None:
    """What a user did to their own account, or somebody tried to: all of their organisations may know."""
    theirs = select(membership.c.organization_id).where(membership.c.user_id == user_id)
    found = connection.execute(theirs).scalars().all()
    _insert(connection, found, (user_id, email, address), action, detail)


def audit_query(organization_id: uuid.UUID, given: Mapping[str, str]) -> Select[Any]:
    """Newest first; `action` and `email` narrow it."""
    columns = audit_entry.c
    query = select(audit_entry).where(columns.organization_id == organization_id)
    if given.get("action"):
        query = query.where(columns.action == given["action"])
    if given.get("email"):
        query = query.where(columns.email == given["email"].lower())
    return query.order_by(columns.created_at.desc(), columns.id.desc())


def audit_views(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    users = people(connection, [row["user_id"] for row in rows])
    return [
        {
            "id": row["id"],
            "user": users.get(row["user_id"]),
            "email": row["email"],
            "action": row["action"],
            "detail": row["detail"],
            "address": row["address"],
            "created_at": iso(row["created_at"]),
        }
        for row in rows
    ]


def drop_old(connection: Connection, config: Config) -> None:
    """Called now and then, by who writes anyway."""
    before = now_us() - config.audit_days * DAY_S * 1_000_000
    connection.execute(delete(audit_entry).where(audit_entry.c.created_at < before))


def _insert(
    connection: Connection,
    organization_ids: Sequence[uuid.UUID],
    who: tuple[int, str, str],
    action: str,
    detail: Mapping[str, Any],
) -> None:
    user_id, email, address = who
    rows = [
        {
            "organization_id": one,
            "user_id": user_id,
            "email": email,
            "action": action,
            "detail": dict(detail),
            "address": address[:_ADDRESS_CHARACTERS_MAX],
            "created_at": now_us(),
        }
        for one in organization_ids
    ]
    if rows:
        connection.execute(audit_entry.insert(), rows)
