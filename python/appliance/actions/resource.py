"""Actions as they are kept and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.actions.steps import check_steps
from appliance.catalog.resources import action
from appliance.failures import Invalid
from appliance.http.openapi import TEXT, named
from appliance.resources import Field, Resource
from appliance.resources.fields import boolean, json_any, text
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.tags import with_any_tag
from appliance.resources.times import iso, iso_or_none

_columns = action.c
_SEARCH_CHARACTERS_MAX = 400


class Actions(Resource):
    path = "actions"
    parameters = named(search=TEXT, tags=TEXT)
    scope = "action"
    kind = "Action"
    table = action
    is_tagged = True
    fields = (
        Field("name", text(400), is_nullable=True),
        Field("description", text(10_000), is_nullable=True),
        Field("steps", check_steps),
        Field("post_to_slack", boolean, "is_posted_to_slack"),
        Field("slack_message_format", text(1_200)),
        Field("pinned_at", json_any, is_nullable=True),
        DELETED,
    )

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        if given.get("search"):
            search = given["search"][:_SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
            query = query.where(_columns.name.icontains(search, autoescape=True))
        if given.get("tags"):
            query = with_any_tag(query, caller.project.id, action, given["tags"].lower().split(","))
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        del given
        return [_columns.last_modified_at.desc(), _columns.id.desc()]

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        del given
        if values.get("description", "") is None:
            values["description"] = ""
        if "pinned_at" in values:
            pinned_at = before["pinned_at"] if before is not None else None
            # Anything but null pins it, once.
            values["pinned_at"] = None if values["pinned_at"] is None else pinned_at or now_us()
        if values.get("name"):
            _check_name(connection, caller, values["name"], before)
        if before is None:
            values = {"steps": [], "last_calculated_at": now_us(), **values}
        return values

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        users = people(connection, [row["created_by_id"] for row in rows])
        tags = self.tags_of(connection, caller, rows)
        return [
            {
                "id": row["id"],
                "name": row["name"],
                "description": row["description"],
                "tags": tags.get(str(row["id"]), []),
                "steps": row["steps"],
                "post_to_slack": row["is_posted_to_slack"],
                "slack_message_format": row["slack_message_format"],
                "pinned_at": iso_or_none(row["pinned_at"]),
                "is_calculating": row["is_calculating"],
                "last_calculated_at": iso(row["last_calculated_at"]),
                "bytecode_error": row["bytecode_error"],
                "deleted": row["is_deleted"],
                "created_by": users.get(row["created_by_id"]),
                "created_at": iso(row["created_at"]),
                "team_id": row["project_id"],
                "is_action": True,
                "creation_context": None,
            }
            for row in rows
        ]


def _check_name(connection: Connection, caller: Caller, name: str, before: RowMapping | None) -> None:
    query = select(_columns.id).where(
        _columns.project_id == caller.project.id, _columns.name == name, ~_columns.is_deleted
    )
    found = connection.execute(query.order_by(_columns.id)).scalars().first()
    if found is not None and (before is None or found != before["id"]):
        raise Invalid(f"This project already has an action with this name, ID {found}", "name", "unique")
