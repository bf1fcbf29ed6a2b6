"""Whether something is shared, and by which token."""

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.resources import sharing
from appliance.failures import NotFound
from appliance.resources import Field, Resource, read
from appliance.resources.activity import changes_between, record
from appliance.resources.fields import boolean, json_object
from appliance.resources.times import iso

_TOKEN_BYTES = 24  # 32 characters
_FIELDS = (
    Field("enabled", boolean, "is_enabled"),
    Field("settings", json_object, is_nullable=True),
)


def find(connection: Connection, resource: Resource, row: RowMapping) -> RowMapping | None:
    query = select(sharing).where(sharing.c[f"{resource.table.name}_id"] == row["id"])
    return connection.execute(query).mappings().one_or_none()


def change(
    connection: Connection, caller: Caller, resource: Resource, row: RowMapping, given: Mapping[str, Any]
) -> RowMapping:
    values = read(_FIELDS, given, is_partial=True)
    if "settings" in values and values["settings"] is None:
        values["settings"] = {}
    before = find(connection, resource, row)
    if before is None:
        made = {
            "project_id": caller.project.id,
            f"{resource.table.name}_id": row["id"],
            "access_token": _new_token(),
            "settings": {},
            "created_at": now_us(),
            **values,
        }
        after = connection.execute(sharing.insert().values(made).returning(*sharing.c)).mappings().one()
    else:
        after = _save(connection, before, values) if values else before
    was, is_ = bool(before and before["is_enabled"]), after["is_enabled"]
    if was != is_:
        noted = changes_between(resource.kind, {"sharing": was}, {"sharing": is_})
        happened = "sharing enabled" if is_ else "sharing disabled"
        record(connection, caller, resource.item(row), happened, noted)
    return after


def refresh(connection: Connection, caller: Caller, resource: Resource, row: RowMapping) -> RowMapping:
    before = find(connection, resource, row)
    if before is None:
        raise NotFound("Not found.")
    after = _save(connection, before, {"access_token": _new_token()})
    record(connection, caller, resource.item(row), "access token refreshed")
    return after


def view(row: RowMapping | None) -> dict[str, Any]:
    """The token is shown to whoever may manage sharing, and only while it opens something."""
    if row is None:
        return {
            "created_at": None,
            "enabled": False,
            "access_token": None,
            "settings": {},
            "password_required": False,
        }
    return {
        "created_at": iso(row["created_at"]),
        "enabled": row["is_enabled"],
        "access_token": row["access_token"] if row["is_enabled"] else None,
        "settings": row["settings"],
        "password_required": False,
    }


def _save(connection: Connection, before: RowMapping, values: Mapping[str, Any]) -> RowMapping:
    statement = sharing.update().where(sharing.c.id == before["id"]).values(dict(values))
    return connection.execute(statement.returning(*sharing.c)).mappings().one()


def _new_token() -> str:
    return secrets.token_urlsafe(_TOKEN_BYTES)
