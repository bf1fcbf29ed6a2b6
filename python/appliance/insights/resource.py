"""Insights as they are kept and shown."""

import secrets
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from appliance.accounts.access import Caller
from appliance.catalog.resources import dashboard, dashboard_tile, insight
from appliance.dashboards.tiles import place_insight, take_off
from appliance.failures import Invalid
from appliance.http.openapi import BOOLEAN, named
from appliance.insights import narrow
from appliance.insights.results import FIELDS, OVERRIDES, NoResults, Results, Wanted, no_result, wanted_of
from appliance.resources import Field, Resource
from appliance.resources.activity import Item
from appliance.resources.fields import boolean, integer, json_object, list_of, text
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.times import iso

_LETTERS = string.ascii_letters + string.digits
DASHBOARDS_MAX = 100
SHORT_ID_CHARACTERS_MAX = 12
_DASHBOARDS = Field("dashboards", list_of(integer(1, 2**63 - 1), DASHBOARDS_MAX), is_nullable=True)
EVERYONE_MAY_EDIT = 21
_MAY_EDIT = 37


def check_query(value: Any) -> dict[str, Any]:
    query = json_object(value)
    kind = query.get("kind")
    if not isinstance(kind, str) or not kind.endswith(("Node", "Query")):
        raise Invalid("A query is an object with the kind of a node or query.", "kind")
    return query


class Insights(Resource):
    path = "insights"
    parameters = named(**narrow.PARAMETERS, **OVERRIDES, basic=BOOLEAN)
    parameters_of_one = OVERRIDES
    scope = "insight"
    kind = "Insight"
    table = insight
    is_tagged = True
    fields = (
        Field("name", text(400), is_nullable=True),
        Field("derived_name", text(400), is_nullable=True),
        Field("description", text(400), is_nullable=True),
        Field("query", check_query, is_nullable=True),
        Field("filters", json_object),
        Field("order", integer(), is_nullable=True),
        Field("favorited", boolean, "is_favorited"),
        Field("saved", boolean, "is_saved"),
        DELETED,
    )

    def __init__(self, results: Results | None = None) -> None:
        self.results = results or NoResults()

    def identified(self, id_: str) -> ColumnElement[bool] | None:
        """By its number, or by its short id."""
        numbered = super().identified(id_)
        if numbered is None and len(id_) <= SHORT_ID_CHARACTERS_MAX and id_.isalnum():
            return insight.c.short_id == id_
        return numbered

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        return narrow.narrowed(query, caller, given)

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        return narrow.order(given)

    def item(self, row: RowMapping) -> Item:
        return Item(
            scope=self.kind,
            id=row["id"],
            name=row["name"] or row["derived_name"],
            detail={"short_id": row["short_id"]},
        )

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        del connection, caller, given
        if values.get("description", "") is None:
            values["description"] = ""
        if before is None:
            values["short_id"] = new_short_id()
            values.setdefault("filters", {})
        return values

    def settled(
        self, connection: Connection, caller: Caller, row: RowMapping, given: Mapping[str, Any]
    ) -> None:
        """`dashboards` is the whole list: the insight is put on those and taken off all others."""
        wanted = _DASHBOARDS.take(given["dashboards"]) if "dashboards" in given else None
        if wanted is None:
            return
        now = set(self._dashboards(connection, [row["id"]]).get(row["id"], {}))
        for dashboard_id in sorted(set(wanted) - now):
            self._check_dashboard(connection, caller, dashboard_id)
            place_insight(connection, dashboard_id, row["id"])
        for dashboard_id in now - set(wanted):
            take_off(connection, dashboard_id, row["id"])

    def views_later(
        self,
        connection: Connection,
        caller: Caller,
        rows: Sequence[RowMapping],
        given: Mapping[str, str],
        *,
        is_list: bool,
    ) -> Callable[[], list[View]]:
        """A list is answered only if it says how fresh it must be."""
        found = self.views(connection, caller, rows)
        if is_list and boolean(given.get("basic") or False):
            found = [basic(one) for one in found]
        elif not is_list or "refresh" in given:
            wanted = self._wanted(connection, caller, given)
            return lambda: [self.answered(caller, one, wanted) for one in found]
        return lambda: found

    def answered(self, caller: Caller, view: View, wanted: Wanted) -> View:
        """With its result. Takes as long as the query does."""
        return {**view, **self.results.of(caller, view["id"], view["query"], wanted)}

    def view(self, connection: Connection, caller: Caller, row: RowMapping) -> View:
        """With the result that is kept, if one is."""
        return self.answered(caller, super().view(connection, caller, row), Wanted())

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        users = people(connection, [row[name] for row in rows for name in _USERS])
        tags = self.tags_of(connection, caller, rows)
        tiles = self._dashboards(connection, [row["id"] for row in rows])
        return [
            {
                **_view(row),
                "created_by": users.get(row["created_by_id"]),
                "last_modified_by": users.get(row["last_modified_by_id"]),
                "tags": tags.get(str(row["id"]), []),
                "dashboards": list(tiles.get(row["id"], {})),
                "dashboard_tiles": [
                    {"id": tile_id, "dashboard_id": dashboard_id, "deleted": False}
                    for dashboard_id, tile_id in tiles.get(row["id"], {}).items()
                ],
                **no_result(caller),
            }
            for row in rows
        ]

    @staticmethod
    def _wanted(connection: Connection, caller: Caller, given: Mapping[str, str]) -> Wanted:
        """Seen from a dashboard, the dashboard's filters are over the insight's."""
        wanted = wanted_of(given)
        if wanted.dashboard_id is None:
            return wanted
        columns = dashboard.c
        row = connection.execute(
            select(columns.filters, columns.variables).where(
                columns.id == wanted.dashboard_id, columns.project_id == caller.project.id
            )
        ).one_or_none()
        return wanted if row is None else wanted.under(row.filters, row.variables)

    @staticmethod
    def _dashboards(connection: Connection, ids: Sequence[int]) -> dict[int, dict[int, int]]:
        """Insight → dashboard → tile, of what is not deleted."""
        tile = dashboard_tile.c
        query = (
            select(tile.insight_id, tile.dashboard_id, tile.id)
            .join(dashboard, dashboard.c.id == tile.dashboard_id)
            .where(tile.insight_id.in_(ids), ~tile.is_deleted, ~dashboard.c.is_deleted)
            .order_by(tile.id)
        )
        found: dict[int, dict[int, int]] = {}
        for insight_id, dashboard_id, tile_id in connection.execute(query):
            found.setdefault(insight_id, {})[dashboard_id] = tile_id
        return found

    @staticmethod
    def _check_dashboard(connection: Connection, caller: Caller, dashboard_id: int) -> None:
        columns = dashboard.c
        query = select(columns.id).where(
            columns.id == dashboard_id, columns.project_id == caller.project.id, ~columns.is_deleted
        )
        if connection.execute(query).one_or_none() is None:
            raise Invalid(f"Dashboard {dashboard_id} does not exist.", "dashboards", "does_not_exist")


_USERS = ("created_by_id", "last_modified_by_id")


def new_short_id() -> str:
    """Eight random characters: 47 bits, and the table refuses a second one."""
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


def basic(view: View) -> View:
    """Without what is costly to answer."""
    return {name: value for name, value in view.items() if name not in FIELDS or name == "last_refresh"}


def _view(row: RowMapping) -> View:
    return {
        "id": row["id"],
        "short_id": row["short_id"],
        "name": row["name"],
        "derived_name": row["derived_name"],
        "description": row["description"],
        "query": row["query"],
        "filters": row["filters"],
        "order": row["order"],
        "favorited": row["is_favorited"],
        "saved": row["is_saved"],
        "deleted": row["is_deleted"],
        "created_at": iso(row["created_at"]),
        "updated_at": iso(row["last_modified_at"]),
        "last_modified_at": iso(row["last_modified_at"]),
        "is_sample": False,
        "alerts": [],
        "effective_restriction_level": EVERYONE_MAY_EDIT,
        "effective_privilege_level": _MAY_EDIT,
        "user_access_level": "editor",
    }
