"""Projects as the API shows and changes them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, exists, select

from appliance.accounts.access import Caller, Member
from appliance.accounts.audit import note
from appliance.accounts.keys import generate_project_token
from appliance.accounts.principal import Principal
from appliance.accounts.projects import create_project
from appliance.accounts.roles import Role, role_of
from appliance.catalog import ProjectSnapshot, changes
from appliance.catalog.model import event_definition, group_type, membership, project
from appliance.catalog.removals import removals_of, remove_project
from appliance.flags.secret_keys import BACKUP, TOKEN, token_masks
from appliance.projects.settings import COLUMNS, OPTIONS, options_of
from appliance.resources.activity import Item, changes_between, record
from appliance.resources.fields import Field, read, text
from appliance.resources.times import iso

KIND = "Team"
_OPTION_FIELDS = tuple(option.field for option in OPTIONS)
_NEW = (Field("name", text(200, is_blank_allowed=False), is_required=True),)
NEW_FIELDS = (*COLUMNS, *_OPTION_FIELDS, *_NEW)
FIELDS = (*COLUMNS, *_OPTION_FIELDS)
"""What a body may hold, for a new project and for one that changes."""


def of_principal(principal: Principal) -> Select[Any]:
    """The projects that whoever asks may see, with their role, and whether any event ever came."""
    mine = membership.c.organization_id == project.c.organization_id
    has_events = exists().where(event_definition.c.project_id == project.c.id).label("has_events")
    return (
        select(project, membership.c.role, has_events)
        .join(membership, mine)
        .where(membership.c.user_id == principal.user_id, project.c.id.in_(principal.project_ids))
        .order_by(project.c.id)
    )


def create(connection: Connection, member: Member, given: Mapping[str, Any]) -> int:
    """A project of the organisation; its number."""
    values = read(_NEW, given, is_partial=False) | read(COLUMNS, given, is_partial=True)
    options = read(_OPTION_FIELDS, given, is_partial=True)
    number = create_project(connection, organization_id=member.organization_id, options=options, **values)
    note(
        connection,
        member.organization_id,
        member.principal,
        "project_created",
        project=number,
        name=values["name"],
    )
    return number


def change(connection: Connection, caller: Caller, before: RowMapping, given: Mapping[str, Any]) -> None:
    """The fields that were given, into the columns and the options."""
    columns = read(COLUMNS, given, is_partial=True)
    options = read(_OPTION_FIELDS, given, is_partial=True)
    if columns.get("heatmaps_opt_in", True) is None:
        columns["heatmaps_opt_in"] = False
    noted = changes_between(KIND, {**before, **options_of(before["options"])}, {**columns, **options})
    if not noted:
        return
    kept = {**columns, "options": {**before["options"], **options}}
    connection.execute(project.update().where(project.c.id == before["id"]).values(kept))
    changes.bump(connection)
    item = Item(scope=KIND, id=before["id"], name=columns.get("name", before["name"]))
    record(connection, caller, item, "updated", noted)
    fields = [one["field"] for one in noted]
    note(
        connection,
        before["organization_id"],
        caller.principal,
        "project_updated",
        project=before["id"],
        fields=fields,
    )


def reset_token(connection: Connection, caller: Caller, before: RowMapping) -> None:
    """A new token: whatever still sends the old one is refused within a second."""
    token = generate_project_token()
    connection.execute(project.update().where(project.c.id == before["id"]).values(token=token))
    changes.bump(connection)
    noted = changes_between(KIND, {"api_token": before["token"]}, {"api_token": token})
    record(connection, caller, Item(scope=KIND, id=before["id"], name=before["name"]), "updated", noted)
    note(connection, before["organization_id"], caller.principal, "project_token_reset", project=before["id"])


def remove(connection: Connection, principal: Principal, row: RowMapping) -> None:
    """Its tokens open nothing within a second, what was made in it is gone; its data follow in the background."""
    remove_project(connection, row["id"], principal.email)
    changes.bump(connection)
    note(
        connection, row["organization_id"], principal, "project_deleted", project=row["id"], name=row["name"]
    )


def deleted(organization_id: uuid.UUID) -> Select[Any]:
    """The projects that an organisation had, the last deleted first."""
    return removals_of(organization_id)


def deleted_view(row: RowMapping) -> dict[str, Any]:
    state = "done" if row["done_at"] else "removing" if row["fenced_at"] else "waiting"
    return {
        "id": row["project_id"],
        "name": row["name"],
        "deleted_by": row["deleted_by"],
        "deleted_at": iso(row["deleted_at"]),
        "state": state,
        "rows_total": row["rows_total"],
        "rows_left": row["rows_left"],
        "failure": row["failure"],
        "done_at": iso(row["done_at"]) if row["done_at"] else None,
    }


def caller_of(principal: Principal, row: RowMapping) -> Caller:
    """Whoever changes a project, also one that is too new for this worker's snapshot."""
    snapshot = ProjectSnapshot(id=row["id"], token=row["token"], name=row["name"])
    return Caller(snapshot, principal)


def brief(row: RowMapping) -> dict[str, Any]:
    options = options_of(row["options"])
    return {
        "id": row["id"],
        "uuid": str(project_uuid(row)),
        "organization": str(row["organization_id"]),
        "project_id": row["id"],
        "api_token": row["token"],
        "name": row["name"],
        "completed_snippet_onboarding": options["completed_snippet_onboarding"],
        "has_completed_onboarding_for": options["has_completed_onboarding_for"],
        "ingested_event": bool(row["has_events"]),
        "is_demo": options["is_demo"],
        "timezone": row["timezone"],
        "access_control": options["access_control"],
    }


def full(connection: Connection, row: RowMapping) -> dict[str, Any]:
    groups = _group_types(connection, row["id"])
    masks = token_masks(connection, row["id"])
    age_s = row["drop_events_older_than_s"]
    return {
        **brief(row),
        **options_of(row["options"]),
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["created_at"]),
        # Only what they are recognised by: rotating a token shows it once.
        "secret_api_token": masks.get(TOKEN),
        "secret_api_token_backup": masks.get(BACKUP),
        "anonymize_ips": row["anonymize_ips"],
        "heatmaps_opt_in": row["heatmaps_opt_in"],
        "cookieless_server_hash_mode": row["cookieless_mode"],
        "person_processing_opt_out": row["person_processing_opt_out"],
        "drop_events_older_than_seconds": age_s,
        "effective_membership_level": role_of(row["role"]).value,
        "user_access_level": "admin" if role_of(row["role"]) >= Role.ADMIN else row["role"],
        "has_group_types": bool(groups),
        "group_types": groups,
        "person_on_events_querying_enabled": True,
        "groups_on_events_querying_enabled": True,
        "default_modifiers": {},
        "product_intents": [],
        "live_events_token": None,
    }


def project_uuid(row: RowMapping) -> uuid.UUID:
    """Projects are numbered; who asks for a UUID gets one that never changes."""
    return uuid.uuid5(row["organization_id"], f"project {row['id']}")


def _group_types(connection: Connection, project_id: int) -> Sequence[dict[str, Any]]:
    columns = group_type.c
    query = select(columns.name, columns.type_index, columns.name_singular, columns.name_plural)
    rows = connection.execute(query.where(columns.project_id == project_id).order_by(columns.type_index))
    return [
        {
            "group_type": name,
            "group_type_index": index,
            "name_singular": singular,
            "name_plural": plural,
        }
        for name, index, singular, plural in rows
    ]
