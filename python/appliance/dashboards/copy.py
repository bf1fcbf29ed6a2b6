"""The tiles of one dashboard onto another."""

from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.catalog.resources import insight
from appliance.dashboards import tiles
from appliance.insights.resource import Insights

_INSIGHT_FIELDS = ("derived_name", "description", "query", "filters")


def copy_tiles(
    connection: Connection,
    caller: Caller,
    insights: Insights,
    source_id: int,
    target_id: int,
    *,
    duplicate: bool,
) -> None:
    """With `duplicate` the insights are copied too; otherwise both dashboards show the same ones."""
    for tile in connection.execute(tiles.tiles_query([source_id])).mappings().all():
        copy_tile(connection, caller, insights, tile, target_id, duplicate=duplicate)


def copy_tile(
    connection: Connection,
    caller: Caller,
    insights: Insights,
    tile: RowMapping,
    target_id: int,
    *,
    duplicate: bool = False,
) -> int:
    """The new tile."""
    more = {
        name: tile[name]
        for name in ("layouts", "color", "order", "filters_overrides", "is_description_shown")
    }
    if tile["text_body"] is not None:
        return tiles.place_text(connection, caller, target_id, tile["text_body"], more)
    insight_id = tile["insight_id"]
    if duplicate:
        insight_id = _copy_insight(connection, caller, insights, insight_id)
    return tiles.place_insight(connection, target_id, insight_id, more)


def _copy_insight(connection: Connection, caller: Caller, insights: Insights, insight_id: int) -> int:
    before = connection.execute(select(insight).where(insight.c.id == insight_id)).mappings().one()
    given: dict[str, Any] = {name: before[name] for name in _INSIGHT_FIELDS}
    given["name"] = f"{before['name'][:390]} (copy)" if before["name"] else None
    labels = insights.tags_of(connection, caller, [before]).get(str(insight_id), [])
    made: int = insights.create(connection, caller, {**given, "saved": True, "tags": labels})["id"]
    return made
