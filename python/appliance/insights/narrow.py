"""The list of insights, by PostHog's parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from appliance.accounts.access import Caller
from appliance.catalog.resources import dashboard_tile, insight, tagging
from appliance.failures import Invalid
from appliance.http.openapi import BOOLEAN, TEXT
from appliance.resources import fields
from appliance.resources.bodies import json_value
from appliance.resources.tags import with_any_tag

_KINDS = {
    "TRENDS": "TrendsQuery",
    "FUNNELS": "FunnelsQuery",
    "RETENTION": "RetentionQuery",
    "PATHS": "PathsQuery",
    "STICKINESS": "StickinessQuery",
    "LIFECYCLE": "LifecycleQuery",
    "CALENDAR_HEATMAP": "CalendarHeatmapQuery",
    "SQL": "HogQLQuery",
    "HOG": "HogQuery",
}
PARAMETERS = {
    **dict.fromkeys(
        (
            "created_by",
            "short_id",
            "search",
            "tags",
            "dashboards",
            "order",
            "created_date_from",
            "created_date_to",
            "date_from",
            "date_to",
        ),
        TEXT,
    ),
    **dict.fromkeys(("saved", "favorited", "user"), BOOLEAN),
    "insight": {"enum": [*_KINDS, "JSON"]},
}
_WRAPPERS = {"JSON": "DataTableNode"}
_ITEMS_MAX = 200
_TEXT_CHARACTERS_MAX = 400
_ORDERS = {
    "id": insight.c.id,
    "name": insight.c.name,
    "created_at": insight.c.created_at,
    "last_modified_at": insight.c.last_modified_at,
    "favorited": insight.c.is_favorited,
}


def narrowed(query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
    for condition in _conditions(caller, given):
        query = query.where(condition)
    if given.get("tags"):
        tags = [str(one).lower() for one in _list(given, "tags")]
        query = with_any_tag(query, caller.project.id, insight, tags)
    for id_ in _numbers(given, "dashboards"):
        query = query.where(_on_dashboard(id_))
    return query


def order(given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
    name = given.get("order", "")
    column = _ORDERS.get(name.removeprefix("-"), insight.c.id)
    is_downward = name.startswith("-") or not name
    first = column.desc() if is_downward else column.asc()
    return [first, insight.c.id.desc()]


def _conditions(caller: Caller, given: Mapping[str, str]) -> list[ColumnElement[bool]]:
    columns = insight.c
    found: list[ColumnElement[bool]] = []
    if "saved" in given:
        saved = fields.boolean(given["saved"])
        is_shown = or_(columns.is_saved, columns.name.is_not(None), _on_dashboard(None))
        found.append(is_shown if saved else ~columns.is_saved)
    if "favorited" in given and fields.boolean(given["favorited"] or "true"):
        found.append(columns.is_favorited)
    if "user" in given and fields.boolean(given["user"] or "true"):
        found.append(columns.created_by_id == caller.user_id)
    if given.get("created_by"):
        found.append(columns.created_by_id.in_(_numbers(given, "created_by")))
    if given.get("short_id"):
        found.append(columns.short_id == given["short_id"])
    if given.get("search"):
        found.append(_matches(caller.project.id, _text(given["search"])))
    if given.get("insight"):
        found.append(_is_kind(given["insight"]))
    return found + _times(given)


def _times(given: Mapping[str, str]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    columns = insight.c
    for name, column in (("created_date", columns.created_at), ("date", columns.last_modified_at)):
        if given.get(f"{name}_from") and given[f"{name}_from"] != "all":
            found.append(column >= fields.at(f"{name}_from")(fields.time, given[f"{name}_from"]))
        if given.get(f"{name}_to"):
            found.append(column <= fields.at(f"{name}_to")(fields.time, given[f"{name}_to"]))
    return found


def _is_kind(name: str) -> ColumnElement[bool]:
    kind = insight.c.query["kind"].as_string()
    if name in _WRAPPERS:
        return and_(kind == _WRAPPERS[name])
    wanted = _KINDS.get(name)
    if wanted is None:
        raise Invalid(f'"{fields.shown(name)}" is not a valid choice.', "insight", "invalid_choice")
    return or_(kind == wanted, insight.c.query["source"]["kind"].as_string() == wanted)


def _matches(project_id: int, search: str) -> ColumnElement[bool]:
    columns = insight.c
    tagged = select(tagging.c.item_id).where(
        tagging.c.project_id == project_id,
        tagging.c.kind == insight.name,
        tagging.c.tag.icontains(search, autoescape=True),
    )
    return or_(
        columns.name.icontains(search, autoescape=True),
        columns.derived_name.icontains(search, autoescape=True),
        columns.description.icontains(search, autoescape=True),
        columns.id.cast(tagging.c.item_id.type).in_(tagged),
    )


def _on_dashboard(dashboard_id: int | None) -> ColumnElement[bool]:
    """On this one, or on any."""
    tiles = select(dashboard_tile.c.insight_id).where(
        ~dashboard_tile.c.is_deleted, dashboard_tile.c.insight_id.is_not(None)
    )
    if dashboard_id is not None:
        tiles = tiles.where(dashboard_tile.c.dashboard_id == dashboard_id)
    return insight.c.id.in_(tiles)


def _numbers(given: Mapping[str, str], name: str) -> list[int]:
    """`5`, `5,6` or `[5, 6]`."""
    if not given.get(name):
        return []
    one = fields.integer(0, 2**63 - 1)
    return [fields.at(name)(one, item) for item in _list(given, name)]


def _list(given: Mapping[str, str], name: str) -> list[Any]:
    text = given[name]
    if not text.startswith("["):
        return text.split(",")[:_ITEMS_MAX]
    found = fields.at(name)(json_value, text)
    return list(found)[:_ITEMS_MAX]


def _text(text: str) -> str:
    if len(text) > _TEXT_CHARACTERS_MAX or "\0" in text:
        raise Invalid(f"Ensure this field has no more than {_TEXT_CHARACTERS_MAX} characters.", "search")
    return text
