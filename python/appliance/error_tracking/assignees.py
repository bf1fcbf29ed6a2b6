"""Who looks after an issue: a user, or a role. There are no such roles in Hoglet: a role's id is kept as it came."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.catalog.model import membership, project
from appliance.failures import Invalid
from appliance.resources.fields import Field, choice, integer, json_object, read
from appliance.resources.fields import uuid as uuid_field
from appliance.resources.resource import Values

NOBODY: Values = {"assignee_user_id": None, "assignee_role_id": None}
_ID_MAX = 2**63 - 1
_TYPE = (Field("type", choice("user", "role"), is_required=True),)
_USER = (Field("id", integer(1, _ID_MAX), is_required=True),)
_ROLE = (Field("id", uuid_field, is_required=True),)


def assignee(value: Any) -> Values:
    """`{id, type}` as columns. A check of fields."""
    given = json_object(value)
    if read(_TYPE, given, is_partial=False)["type"] == "user":
        return NOBODY | {"assignee_user_id": read(_USER, given, is_partial=False)["id"]}
    return NOBODY | {"assignee_role_id": read(_ROLE, given, is_partial=False)["id"]}


def check_assignee(connection: Connection, caller: Caller, columns: Mapping[str, Any]) -> None:
    """Only who belongs to the project's organisation can be assigned."""
    user_id = columns.get("assignee_user_id")
    if user_id is None:
        return
    members = membership.c
    home = select(project.c.organization_id).where(project.c.id == caller.project.id).scalar_subquery()
    query = select(members.user_id).where(members.user_id == user_id, members.organization_id == home)
    if connection.execute(query).first() is None:
        raise Invalid(f'Invalid pk "{user_id}" - object does not exist.', "assignee", "does_not_exist")


def assignee_view(row: RowMapping | Mapping[str, Any]) -> dict[str, Any] | None:
    user_id: int | None = row["assignee_user_id"]
    role_id: uuid.UUID | None = row["assignee_role_id"]
    if user_id is not None:
        return {"id": user_id, "type": "user"}
    return None if role_id is None else {"id": str(role_id), "type": "role"}
