"""Dashboards as they are kept and shown."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, Select, or_, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog import writing
from appliance.catalog.resources import dashboard, insight, sharing
from appliance.dashboards import copy, templates, tiles
from appliance.failures import CatalogUnavailable, Invalid
from appliance.http.openapi import BOOLEAN, TEXT, named
from appliance.insights.resource import Insights
from appliance.insights.results import OVERRIDES, Wanted, wanted_of
from appliance.resources import Field, Resource, read
from appliance.resources.fields import boolean, choice, integer, json_any, json_list, json_object, shown, text
from appliance.resources.people import people
from appliance.resources.resource import DELETED, Values, View
from appliance.resources.tags import with_any_tag
from appliance.resources.times import iso, iso_or_none

EVERYONE, COLLABORATORS = 21, 37
_CREATION_MODES = ("default", "template", "duplicate", "unlisted")
_SEARCH_CHARACTERS_MAX = 400
_ACCESS_NOTED_EVERY_US = 60 * 1_000_000
TILE_FIELDS = (
    Field("layouts", json_object),
    Field("color", text(400), is_nullable=True),
    Field("order", integer(), is_nullable=True),
    Field("filters_overrides", json_object),
    Field("show_description", boolean, "is_description_shown"),
    DELETED,
)


class Dashboards(Resource):
    path = "dashboards"
    parameters = named(search=TEXT, pinned=BOOLEAN, tags=TEXT, **OVERRIDES)
    parameters_of_one = OVERRIDES
    scope = "dashboard"
    kind = "Dashboard"
    table = dashboard
    is_tagged = True
    is_deletable = True
    fields = (
        Field("name", text(400), is_nullable=True),
        Field("description", text(10_000), is_nullable=True),
        Field("pinned", boolean, "is_pinned"),
        Field("filters", json_object),
        Field("variables", json_object, is_nullable=True),
        Field("breakdown_colors", json_any, is_nullable=True),
        Field("data_color_theme_id", integer(1), is_nullable=True),
        Field("restriction_level", choice(EVERYONE, COLLABORATORS)),
        DELETED,
    )

    def __init__(self, insights: Insights) -> None:
        self.insights = insights

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        columns = dashboard.c
        if given.get("search"):
            search = given["search"][:_SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
            query = query.where(
                or_(*(one.icontains(search, autoescape=True) for one in (columns.name, columns.description)))
            )
        if given.get("pinned"):
            query = query.where(columns.is_pinned == boolean(given["pinned"]))
        if given.get("tags"):
            query = with_any_tag(query, caller.project.id, dashboard, given["tags"].lower().split(","))
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        del given
        return [dashboard.c.is_pinned.desc(), dashboard.c.name, dashboard.c.id]

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        for name, empty in (("description", ""), ("variables", {}), ("breakdown_colors", [])):
            if name in values and values[name] is None:
                values[name] = empty
        if before is None:
            defaults: Values = {"filters": {}, "variables": {}, "breakdown_colors": []}
            return {**defaults, **values, "creation_mode": self._creation_mode(given)}
        if values.get("is_deleted") and boolean(given.get("delete_insights") or False):
            tiles.delete_insights(connection, before["id"])
        del caller
        return values

    def settled(
        self, connection: Connection, caller: Caller, row: RowMapping, given: Mapping[str, Any]
    ) -> None:
        for number, one in enumerate(json_list(given.get("tiles") or [])[: tiles.TILES_MAX]):
            if not isinstance(one, dict):
                raise Invalid("A tile is an object.", f"tiles__{number}")
            self._settle_tile(connection, caller, row["id"], one)

    def create(self, connection: Connection, caller: Caller, given: Mapping[str, Any]) -> RowMapping:
        row = super().create(connection, caller, given)
        if given.get("use_dashboard"):
            source = self.find(connection, caller, str(given["use_dashboard"]))
            duplicate = boolean(given.get("duplicate_tiles") or False)
            copy.copy_tiles(connection, caller, self.insights, source["id"], row["id"], duplicate=duplicate)
        elif given.get("use_template"):
            self._fill(connection, caller, row, templates.named(given["use_template"]))
        return row

    def create_from_template(
        self, connection: Connection, caller: Caller, given: Mapping[str, Any]
    ) -> RowMapping:
        """A whole dashboard as a template tells it."""
        template = templates.read_template(given)
        body = {
            "name": template.name,
            "description": template.description,
            "filters": template.filters,
            "tags": list(template.tags),
            "creation_mode": "template",
        }
        row = super().create(connection, caller, body)
        self._fill(connection, caller, row, template)
        return row

    def views_later(
        self,
        connection: Connection,
        caller: Caller,
        rows: Sequence[RowMapping],
        given: Mapping[str, str],
        *,
        is_list: bool,
    ) -> Callable[[], list[View]]:
        if is_list:
            return super().views_later(connection, caller, rows, given, is_list=is_list)
        found = self.views(connection, caller, rows)
        tiles_later = [self.tiles_later(connection, caller, row, wanted_of(given)) for row in rows]
        return lambda: [
            view | {"tiles": [one() for one in later]} for view, later in zip(found, tiles_later, strict=True)
        ]

    def retrieved(self, catalog: Engine, row: RowMapping) -> None:
        """Notes the time, not more often than it matters; a catalog that is busy stops nobody from looking."""
        now = now_us()
        if row["last_accessed_at"] is not None and now - row["last_accessed_at"] < _ACCESS_NOTED_EVERY_US:
            return
        with suppress(CatalogUnavailable), writing(catalog) as connection:
            statement = dashboard.update().where(dashboard.c.id == row["id"])
            connection.execute(statement.values(last_accessed_at=now))

    def view(self, connection: Connection, caller: Caller, row: RowMapping) -> View:
        """With its tiles and the results that are kept."""
        [view] = self.views(connection, caller, [row])
        return view | {"tiles": [one() for one in self.tiles_later(connection, caller, row, Wanted())]}

    def tiles_later(
        self, connection: Connection, caller: Caller, row: RowMapping, wanted: Wanted
    ) -> list[Callable[[], View]]:
        """In their order, each with its insight's answer once it is called."""
        placed = connection.execute(tiles.tiles_query([row["id"]])).mappings().all()
        views = self.tile_views(connection, caller, placed)

        def later(view: View) -> Callable[[], View]:
            under = wanted.under(row["filters"], row["variables"], view["filters_overrides"])
            return lambda: self._answered(caller, view, under)

        return [later(view) for view in views]

    def _answered(self, caller: Caller, tile: View, wanted: Wanted) -> View:
        if tile["insight"] is None:
            return tile
        insight_view = self.insights.answered(caller, tile["insight"], wanted)
        known = {name: insight_view[name] for name in ("is_cached", "last_refresh")}
        return {**tile, "insight": insight_view, **known}

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        users = people(connection, [row[name] for row in rows for name in _USERS])
        tags = self.tags_of(connection, caller, rows)
        shared = set(
            connection.execute(
                select(sharing.c.dashboard_id).where(
                    sharing.c.dashboard_id.in_([row["id"] for row in rows]), sharing.c.is_enabled
                )
            ).scalars()
        )
        return [
            {
                **_view(row),
                "team_id": caller.project.id,
                "created_by": users.get(row["created_by_id"]),
                "last_modified_by": users.get(row["last_modified_by_id"]),
                "tags": tags.get(str(row["id"]), []),
                "is_shared": row["id"] in shared,
            }
            for row in rows
        ]

    def tile_views(self, connection: Connection, caller: Caller, placed: Sequence[RowMapping]) -> list[View]:
        """In the order they were given, without results."""
        ids = [tile["insight_id"] for tile in placed if tile["insight_id"] is not None]
        rows = connection.execute(select(insight).where(insight.c.id.in_(ids))).mappings().all()
        insights = {view["id"]: view for view in self.insights.views(connection, caller, rows)}
        users = people(connection, [tile[name] for tile in placed for name in _TEXT_USERS])
        return [
            {
                "id": tile["id"],
                "insight": insights.get(tile["insight_id"]),
                "text": _text_view(tile, users, caller.project.id),
                "layouts": tile["layouts"],
                "color": tile["color"],
                "order": tile["order"],
                "filters_overrides": tile["filters_overrides"],
                "show_description": tile["is_description_shown"],
                "deleted": tile["is_deleted"],
                "is_cached": False,
                "last_refresh": None,
            }
            for tile in placed
        ]

    @staticmethod
    def _creation_mode(given: Mapping[str, Any]) -> str:
        if given.get("use_dashboard"):
            return "duplicate"
        if given.get("use_template"):
            return "template"
        mode = given.get("creation_mode") or "default"
        if mode not in _CREATION_MODES:
            raise Invalid(f'"{shown(mode)}" is not a valid choice.', "creation_mode", "invalid_choice")
        return str(mode)

    def _fill(
        self, connection: Connection, caller: Caller, row: RowMapping, template: templates.Template
    ) -> None:
        for tile in template.tiles:
            more = {"layouts": tile.layouts, "color": tile.color}
            if tile.body is not None:
                tiles.place_text(connection, caller, row["id"], tile.body, more)
                continue
            made = self.insights.create(connection, caller, {**tile.insight, "saved": True})
            tiles.place_insight(connection, row["id"], made["id"], more)

    @staticmethod
    def _settle_tile(
        connection: Connection, caller: Caller, dashboard_id: int, given: Mapping[str, Any]
    ) -> None:
        values = read_tile(given)
        body = given["text"].get("body") if isinstance(given.get("text"), dict) else None
        checked = None if body is None else check_text(body)
        if given.get("id") is None:
            if checked is not None:
                tiles.place_text(connection, caller, dashboard_id, checked, values)
            return
        tile = tiles.find_tile(connection, dashboard_id, given["id"], with_deleted=True)
        if values:
            tiles.change_tile(connection, tile["id"], values)
        if checked is not None and tile["text_body"] is not None:
            tiles.change_text(connection, caller, tile["id"], checked)


_USERS = ("created_by_id", "last_modified_by_id")
_TEXT_USERS = ("text_created_by_id", "text_modified_by_id")
_check_body = Field("body", text(tiles.TEXT_CHARACTERS_MAX, is_blank_allowed=False))


def check_text(body: Any) -> str:
    checked: str = _check_body.take(body)
    return checked


def read_tile(given: Mapping[str, Any]) -> dict[str, Any]:
    return read(TILE_FIELDS, given, is_partial=True)


def _view(row: RowMapping) -> View:
    return {
        "id": row["id"],
        "name": row["name"],
        "description": row["description"],
        "pinned": row["is_pinned"],
        "filters": row["filters"],
        "persisted_filters": row["filters"],
        "variables": row["variables"],
        "persisted_variables": row["variables"],
        "breakdown_colors": row["breakdown_colors"],
        "data_color_theme_id": row["data_color_theme_id"],
        "restriction_level": row["restriction_level"],
        "effective_restriction_level": row["restriction_level"],
        "effective_privilege_level": COLLABORATORS,
        "user_access_level": "editor",
        "creation_mode": row["creation_mode"],
        "deleted": row["is_deleted"],
        "created_at": iso(row["created_at"]),
        "last_accessed_at": iso_or_none(row["last_accessed_at"]),
        "last_modified_at": iso(row["last_modified_at"]),
        "last_refresh": None,
    }


def _text_view(tile: RowMapping, users: Mapping[int | None, Any], project_id: int) -> View | None:
    if tile["text_body"] is None:
        return None
    return {
        "id": tile["id"],
        "body": tile["text_body"],
        "created_by": users.get(tile["text_created_by_id"]),
        "last_modified_by": users.get(tile["text_modified_by_id"]),
        "last_modified_at": iso_or_none(tile["text_modified_at"]),
        "team": project_id,
    }
