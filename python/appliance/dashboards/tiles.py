"""What lies on a dashboard. A tile is an insight or a text; taken off, it can be put back where it was."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, func, or_, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.connect import insert
from appliance.catalog.resources import dashboard, dashboard_tile, insight
from appliance.failures import Invalid, NotFound

TILES_MAX = 500
TEXT_CHARACTERS_MAX = 4_000
_tile = dashboard_tile.c


def tiles_query(dashboard_ids: Sequence[int]) -> Select[Any]:
    """What is to be seen: tiles and insights that are not deleted, in their order."""
    return (
        select(dashboard_tile)
        .outerjoin(insight, insight.c.id == _tile.insight_id)
        .where(
            _tile.dashboard_id.in_(dashboard_ids),
            ~_tile.is_deleted,
            or_(_tile.insight_id.is_(None), ~insight.c.is_deleted),
        )
        .order_by(_tile.dashboard_id, func.coalesce(_tile.order, TILES_MAX), _tile.id)
    )


def place_insight(
    connection: Connection, dashboard_id: int, insight_id: int, more: Mapping[str, Any] | None = None
) -> int:
    """The tile. An insight lies on a dashboard once: one that was taken off comes back as it was."""
    _check_room(connection, dashboard_id)
    values = {"is_deleted": False, **(more or {})}
    statement = insert(connection, dashboard_tile).values(
        {"layouts": {}, "filters_overrides": {}, **values}
        | {"dashboard_id": dashboard_id, "insight_id": insight_id}
    )
    number: int = connection.execute(
        statement.on_conflict_do_update(index_elements=["dashboard_id", "insight_id"], set_=values).returning(
            _tile.id
        )
    ).scalar_one()
    return number


def place_text(
    connection: Connection,
    caller: Caller,
    dashboard_id: int,
    body: str,
    more: Mapping[str, Any] | None = None,
) -> int:
    _check_room(connection, dashboard_id)
    values = {
        "layouts": {},
        "filters_overrides": {},
        **(more or {}),
        "dashboard_id": dashboard_id,
        "text_body": body,
        "text_created_by_id": caller.user_id,
        "text_modified_by_id": caller.user_id,
        "text_modified_at": now_us(),
    }
    number: int = connection.execute(dashboard_tile.insert().values(values).returning(_tile.id)).scalar_one()
    return number


def change_text(connection: Connection, caller: Caller, tile_id: int, body: str) -> None:
    values = {"text_body": body, "text_modified_by_id": caller.user_id, "text_modified_at": now_us()}
    connection.execute(dashboard_tile.update().where(_tile.id == tile_id).values(values))


def take_off(connection: Connection, dashboard_id: int, insight_id: int) -> None:
    connection.execute(
        dashboard_tile.update()
        .where(_tile.dashboard_id == dashboard_id, _tile.insight_id == insight_id)
        .values(is_deleted=True)
    )


def change_tile(connection: Connection, tile_id: int, values: Mapping[str, Any]) -> None:
    connection.execute(dashboard_tile.update().where(_tile.id == tile_id).values(dict(values)))


def find_tile(
    connection: Connection, dashboard_id: int, tile_id: Any, *, with_deleted: bool = False
) -> RowMapping:
    """The caller has found the dashboard, so the tile is the project's."""
    is_number = isinstance(tile_id, int) and not isinstance(tile_id, bool) and abs(tile_id) < 1 << 63
    if not is_number:
        raise Invalid("A valid integer is required.", "tile_id")
    query = select(dashboard_tile).where(_tile.dashboard_id == dashboard_id, _tile.id == tile_id)
    if not with_deleted:
        query = query.where(~_tile.is_deleted)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("Tile not found on this dashboard.")
    return row


def delete_insights(connection: Connection, dashboard_id: int) -> None:
    """Those that lie on this dashboard and on no other that is left."""
    other = (
        select(_tile.insight_id)
        .join(dashboard, dashboard.c.id == _tile.dashboard_id)
        .where(
            _tile.dashboard_id != dashboard_id,
            _tile.insight_id.is_not(None),
            ~_tile.is_deleted,
            ~dashboard.c.is_deleted,
        )
    )
    here = select(_tile.insight_id).where(
        and_(_tile.dashboard_id == dashboard_id, _tile.insight_id.is_not(None), ~_tile.is_deleted)
    )
    connection.execute(
        insight.update()
        .where(insight.c.id.in_(here), insight.c.id.not_in(other))
        .values(is_deleted=True, last_modified_at=now_us())
    )


def _check_room(connection: Connection, dashboard_id: int) -> None:
    query = select(func.count()).where(_tile.dashboard_id == dashboard_id, ~_tile.is_deleted)
    if connection.execute(query).scalar_one() >= TILES_MAX:
        raise Invalid(f"A dashboard has at most {TILES_MAX} tiles.", "tiles", "max_length")
