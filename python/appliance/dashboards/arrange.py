"""Where the tiles of a dashboard lie: twelve columns on a wide screen, one on a narrow one."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, RowMapping

from appliance.dashboards.tiles import change_tile

Layout = Literal["preserve", "two_column", "full_width"]
_COLUMNS = 12
_HEIGHT = 5
_MOST = 1_000


def reorder(
    connection: Connection, tiles: Sequence[RowMapping], order: Sequence[int], layout: Layout
) -> None:
    """Tiles in a new order; those that `order` leaves out follow as they were."""
    by_id = {tile["id"]: tile for tile in tiles}
    ordered = [by_id[id_] for id_ in order] + [tile for tile in tiles if tile["id"] not in set(order)]
    placed = _preserved(ordered) if layout == "preserve" else _laid_out(ordered, layout)
    for number, (tile, layouts) in enumerate(zip(ordered, placed, strict=True)):
        change_tile(connection, tile["id"], {"order": number, "layouts": layouts})


def _laid_out(tiles: Sequence[RowMapping], layout: Layout) -> list[dict[str, Any]]:
    in_row = 2 if layout == "two_column" else 1
    width = _COLUMNS // in_row
    found, row_y, row_height, narrow_y = [], 0, 0, 0
    for number, tile in enumerate(tiles):
        height = _size(tile["layouts"], "h", _HEIGHT)
        if number % in_row == 0:
            row_y, row_height = row_y + row_height, 0
        row_height = max(row_height, height)
        wide = {"x": number % in_row * width, "y": row_y, "w": width, "h": height}
        found.append(_both(tile["layouts"], wide, narrow_y))
        narrow_y += height
    return found


def _preserved(tiles: Sequence[RowMapping]) -> list[dict[str, Any]]:
    """Each keeps its size; they flow from left to right, as many in a row as fit."""
    found: list[dict[str, Any]] = []
    x = y = row_height = narrow_y = 0
    for tile in tiles:
        width = min(_size(tile["layouts"], "w", _COLUMNS // 2), _COLUMNS)
        height = _size(tile["layouts"], "h", _HEIGHT)
        if x + width > _COLUMNS:
            x, y, row_height = 0, y + row_height, 0
        found.append(_both(tile["layouts"], {"x": x, "y": y, "w": width, "h": height}, narrow_y))
        x, row_height, narrow_y = x + width, max(row_height, height), narrow_y + height
    return found


def _both(before: Mapping[str, Any], wide: dict[str, int], narrow_y: int) -> dict[str, Any]:
    return {**before, "sm": wide, "xs": {"x": 0, "y": narrow_y, "w": 1, "h": wide["h"]}}


def _size(layouts: Any, name: str, default: int) -> int:
    """Layouts come from callers: anything may stand there."""
    wide = layouts.get("sm") if isinstance(layouts, dict) else None
    size = wide.get(name) if isinstance(wide, dict) else None
    if isinstance(size, bool) or not isinstance(size, int) or not 0 < size <= _MOST:
        return default
    return size
