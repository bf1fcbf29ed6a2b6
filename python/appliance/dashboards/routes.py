"""PostHog's routes for dashboards and what lies on them."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, StreamingResponse

from appliance.dashboards.resource import Dashboards
from appliance.dashboards.tile_routes import routes as tile_routes
from appliance.http.openapi import reads
from appliance.insights.results import OVERRIDES, wanted_of
from appliance.resources import Door, resource_routes
from appliance.resources.bodies import Raw, json_object


def routes(door: Door, dashboards: Dashboards) -> APIRouter:
    router = APIRouter()
    one, scope = "/dashboards/{id_}", dashboards.scope

    @router.post("/dashboards/create_from_template_json/")
    def create_from_template(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """A whole dashboard from `{"template"}`."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = dashboards.create_from_template(connection, caller, json_object(body))
            return JSONResponse(dashboards.view(connection, caller, row), 201)

    @router.get(f"{one}/run_insights/", openapi_extra=reads(parameters=OVERRIDES))
    def run_insights(request: Request, project_id: str, id_: str) -> JSONResponse:
        """The insights of a dashboard with their answers."""
        wanted = wanted_of(request.query_params, "blocking")
        with door.reading(request, project_id, scope) as (caller, connection):
            row = dashboards.find(connection, caller, id_)
            later = dashboards.tiles_later(connection, caller, row, wanted)
        found = [one()["insight"] for one in later]
        return JSONResponse({"results": [one for one in found if one is not None]})

    @router.get(f"{one}/stream_tiles/", openapi_extra=reads(parameters=OVERRIDES))
    def stream_tiles(request: Request, project_id: str, id_: str) -> StreamingResponse:
        """Server-sent events: the dashboard, each of its tiles as soon as it is answered, the end."""
        wanted = wanted_of(request.query_params)
        with door.reading(request, project_id, scope) as (caller, connection):
            row = dashboards.find(connection, caller, id_)
            [view] = dashboards.views(connection, caller, [row])
            later = dashboards.tiles_later(connection, caller, row, wanted)
        return StreamingResponse(_events(view, later), media_type="text/event-stream")

    router.include_router(tile_routes(door, dashboards))
    router.include_router(resource_routes(dashboards, door))
    return router


def _events(view: dict[str, Any], later: Sequence[Callable[[], dict[str, Any]]]) -> Iterator[str]:
    yield _event({"type": "metadata", "dashboard": {**view, "tiles": []}})
    for number, tile in enumerate(later):
        yield _event({"type": "tile", "order": number, "tile": tile()})
    yield _event({"type": "complete"})


def _event(data: dict[str, Any]) -> str:
    return f"data: {json.dumps(data)}\n\n"
