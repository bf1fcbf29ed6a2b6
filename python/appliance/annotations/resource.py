"""Annotations as they are kept and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, Table, select

from appliance.accounts.access import Caller
from appliance.catalog.model import project
from appliance.catalog.resources import annotation, dashboard, insight
from appliance.failures import Invalid
from appliance.http.openapi import TEXT, TIME, named
from appliance.resources import Field, Resource
from appliance.resources.activity import Item
from appliance.resources.fields import at, boolean, choice, integer, text, time
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.times import iso, iso_or_none

SCOPES = ("dashboard_item", "dashboard", "project", "organization")
_SEARCH_CHARACTERS_MAX = 400
_ID = integer(1, 2**63 - 1)


class Annotations(Resource):
    path = "annotations"
    parameters = named(search=TEXT, scope={"enum": list(SCOPES)}, date_from=TIME, date_to=TIME)
    scope = "annotation"
    kind = "Annotation"
    table = annotation
    fields = (
        Field("content", text(8_192), is_nullable=True),
        Field("date_marker", time, is_nullable=True),
        Field("creation_type", choice("USR", "GIT")),
        Field("scope", choice(*SCOPES)),
        Field("dashboard_item", _ID, "insight_id", is_nullable=True),
        Field("dashboard_id", _ID, is_nullable=True),
        Field("emoji", text(32), is_nullable=True),
        Field("hidden_in_user_interface", boolean, "is_hidden_in_user_interface"),
        DELETED,
    )

    def owned(self, caller: Caller) -> ColumnElement[bool]:
        """Those of the organisation are seen in each of its projects."""
        mine = select(project.c.organization_id).where(project.c.id == caller.project.id)
        siblings = select(project.c.id).where(project.c.organization_id.in_(mine))
        is_shared = (annotation.c.scope == "organization") & annotation.c.project_id.in_(siblings)
        return super().owned(caller) | is_shared

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        columns = annotation.c
        if given.get("search"):
            search = given["search"][:_SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
            query = query.where(columns.content.icontains(search, autoescape=True))
        if given.get("scope"):
            query = query.where(columns.scope == at("scope")(choice(*SCOPES), given["scope"]))
        if given.get("date_from"):
            query = query.where(columns.date_marker >= at("date_from")(time, given["date_from"]))
        if given.get("date_to"):
            query = query.where(columns.date_marker <= at("date_to")(time, given["date_to"]))
        del caller
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        del given
        return [annotation.c.date_marker.desc().nulls_last(), annotation.c.id.desc()]

    def item(self, row: RowMapping) -> Item:
        return Item(scope=self.kind, id=row["id"], name=row["content"])

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        del given, before
        for table, column, attr in _LINKS:
            if values.get(column) is not None:
                _check_link(connection, caller, table, values[column], attr)
        return values

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        del caller
        users = people(connection, [row["created_by_id"] for row in rows])
        insights = _by_id(connection, insight, [row["insight_id"] for row in rows])
        dashboards = _by_id(connection, dashboard, [row["dashboard_id"] for row in rows])
        return [
            {
                "id": row["id"],
                "content": row["content"],
                "date_marker": iso_or_none(row["date_marker"]),
                "creation_type": row["creation_type"],
                "scope": row["scope"],
                "dashboard_item": row["insight_id"],
                "insight_short_id": insights.get(row["insight_id"], {}).get("short_id"),
                "insight_name": insights.get(row["insight_id"], {}).get("name"),
                "insight_derived_name": insights.get(row["insight_id"], {}).get("derived_name"),
                "dashboard_id": row["dashboard_id"],
                "dashboard_name": dashboards.get(row["dashboard_id"], {}).get("name"),
                "emoji": row["emoji"],
                "is_emoji": row["emoji"] is not None,
                "hidden_in_user_interface": row["is_hidden_in_user_interface"],
                "deleted": row["is_deleted"],
                "created_by": users.get(row["created_by_id"]),
                "created_at": iso(row["created_at"]),
                "updated_at": iso(row["last_modified_at"]),
            }
            for row in rows
        ]


_LINKS = ((insight, "insight_id", "dashboard_item"), (dashboard, "dashboard_id", "dashboard_id"))


def _check_link(connection: Connection, caller: Caller, table: Table, id_: int, attr: str) -> None:
    query = select(table.c.id).where(table.c.id == id_, table.c.project_id == caller.project.id)
    if connection.execute(query).one_or_none() is None:
        raise Invalid(f'Invalid pk "{id_}" - object does not exist.', attr, "does_not_exist")


def _by_id(connection: Connection, table: Table, ids: Sequence[int | None]) -> Mapping[Any, Any]:
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = connection.execute(select(table).where(table.c.id.in_(wanted))).mappings()
    return {row["id"]: row for row in rows}
