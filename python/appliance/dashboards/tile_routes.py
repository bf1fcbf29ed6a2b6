"""PostHog's routes for the tiles of a dashboard."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from appliance.accounts.access import Caller
from appliance.dashboards import tiles
from appliance.dashboards.arrange import reorder
from appliance.dashboards.copy import copy_tile
from appliance.dashboards.resource import Dashboards, check_text, read_tile
from appliance.failures import Invalid
from appliance.resources import Door
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, choice, integer, list_of

_NUMBER = integer(1, 2**63 - 1)
_ORDER = Field("tile_order", list_of(_NUMBER, tiles.TILES_MAX))
_LAYOUT = Field("layout", choice("preserve", "two_column", "full_width"))
_CHANGES = ["POST", "PATCH"]
_ONE = "/dashboards/{id_}"


def routes(door: Door, dashboards: Dashboards) -> APIRouter:
    router = APIRouter()
    for routes_ in (_between_dashboards, _of_texts, _within_dashboard):
        router.include_router(routes_(door, dashboards))
    return router


def _between_dashboards(door: Door, dashboards: Dashboards) -> APIRouter:
    router, scope = APIRouter(), dashboards.scope

    @router.api_route(f"{_ONE}/move_tile/", methods=_CHANGES)
    def move_tile(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """`{"tile": {"id"}, "toDashboard"}`; answers with the dashboard that the tile has left."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = dashboards.find(connection, caller, id_)
            target = dashboards.find(connection, caller, str(_required(given, "toDashboard")))
            named = given.get("tile")
            tile_id = named.get("id") if isinstance(named, dict) else given.get("tileId")
            tile = tiles.find_tile(connection, row["id"], tile_id)
            if target["id"] != row["id"]:
                copy_tile(connection, caller, dashboards.insights, tile, target["id"])
                tiles.change_tile(connection, tile["id"], {"is_deleted": True})
            return JSONResponse(dashboards.view(connection, caller, row))

    @router.api_route(f"{_ONE}/copy_tile/", methods=_CHANGES)
    def copied_tile(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """`{"fromDashboardId", "tileId"}`, onto this dashboard."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = dashboards.find(connection, caller, id_)
            source = dashboards.find(connection, caller, str(_required(given, "fromDashboardId")))
            tile = tiles.find_tile(connection, source["id"], _required(given, "tileId"))
            copy_tile(connection, caller, dashboards.insights, tile, row["id"])
            return JSONResponse(dashboards.view(connection, caller, row))

    return router


def _of_texts(door: Door, dashboards: Dashboards) -> APIRouter:
    router, scope = APIRouter(), dashboards.scope

    @router.post(f"{_ONE}/create_text_tile/")
    def create_text_tile(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Puts a text, `body`, on the dashboard."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = dashboards.find(connection, caller, id_)
            words = check_text(_required(given, "body"))
            number = tiles.place_text(connection, caller, row["id"], words, read_tile(given))
            return JSONResponse(_tile(dashboards, caller, connection, row["id"], number), 201)

    @router.api_route(f"{_ONE}/update_text_tile/", methods=_CHANGES)
    def update_text_tile(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Changes the text of `tile_id`."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = dashboards.find(connection, caller, id_)
            tile = tiles.find_tile(connection, row["id"], _required(given, "tile_id"))
            if tile["text_body"] is None:
                raise Invalid("This tile is an insight, not a text.", "tile_id")
            if "body" in given:
                tiles.change_text(connection, caller, tile["id"], check_text(given["body"]))
            if values := read_tile(given):
                tiles.change_tile(connection, tile["id"], values)
            return JSONResponse(_tile(dashboards, caller, connection, row["id"], tile["id"]))

    return router


def _within_dashboard(door: Door, dashboards: Dashboards) -> APIRouter:
    router, scope = APIRouter(), dashboards.scope

    @router.api_route(f"{_ONE}/delete_tile/", methods=[*_CHANGES, "DELETE"])
    def delete_tile(request: Request, project_id: str, id_: str, body: Raw) -> Response:
        """Takes `tile_id` off the dashboard."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = dashboards.find(connection, caller, id_)
            tile = tiles.find_tile(connection, row["id"], _required(json_object(body), "tile_id"))
            tiles.change_tile(connection, tile["id"], {"is_deleted": True})
        return Response(status_code=204)

    @router.api_route(f"{_ONE}/reorder_tiles/", methods=_CHANGES)
    def reorder_tiles(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Puts tiles in the order of `tile_order`."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = dashboards.find(connection, caller, id_)
            order = _ORDER.take(_required(given, "tile_order"))
            placed = connection.execute(tiles.tiles_query([row["id"]])).mappings().all()
            unknown = set(order) - {tile["id"] for tile in placed}
            if unknown or len(set(order)) != len(order):
                raise Invalid(
                    f"Each tile of this dashboard may be named once; these are wrong: {sorted(unknown)[:10]}",
                    "tile_order",
                )
            reorder(connection, placed, order, _LAYOUT.take(given.get("layout") or "preserve"))
            return JSONResponse(dashboards.view(connection, caller, row))

    return router


def _required(given: dict[str, Any], name: str) -> Any:
    if given.get(name) is None:
        raise Invalid("This field is required.", name, "required")
    return given[name]


def _tile(
    dashboards: Dashboards, caller: Caller, connection: Connection, dashboard_id: int, tile_id: int
) -> dict[str, Any]:
    tile = tiles.find_tile(connection, dashboard_id, tile_id, with_deleted=True)
    return dashboards.tile_views(connection, caller, [tile])[0]
