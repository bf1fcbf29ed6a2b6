"""PostHog's routes for feature flags."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.flags import versions
from appliance.flags.resource import FeatureFlags
from appliance.flags.status import reason_of, status_of
from appliance.http.openapi import PAGE, reads
from appliance.resources import Door, resource_routes
from appliance.resources.pages import fetch, page_of, paged


def routes(door: Door, flags: FeatureFlags) -> APIRouter:
    """Under a project's prefix."""
    router = APIRouter()
    router.include_router(_history(door, flags))
    router.include_router(resource_routes(flags, door))
    return router


def _history(door: Door, flags: FeatureFlags) -> APIRouter:
    router = APIRouter()
    one, scope = "/feature_flags/{id_}", flags.scope

    @router.get(f"{one}/versions/", openapi_extra=reads(parameters=PAGE))
    def listed(request: Request, project_id: str, id_: str) -> JSONResponse:
        """What a flag was in each of its versions, the newest first."""
        with door.reading(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_, with_deleted=True)
            page = page_of(request.query_params)
            count, rows = fetch(connection, versions.history(row["id"]), page)
            found = versions.views(connection, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, found))

    @router.get(f"{one}/versions/{{number}}/")
    def version(request: Request, project_id: str, id_: str, number: str) -> JSONResponse:
        """What a flag was in one version."""
        with door.reading(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_, with_deleted=True)
            [found] = versions.views(connection, [versions.find(connection, row["id"], number)])
        return JSONResponse(found)

    @router.get(f"{one}/status/")
    def status(request: Request, project_id: str, id_: str) -> JSONResponse:
        """How a flag is doing, and why."""
        with door.reading(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_, with_deleted=True)
        flag = dict(row)
        return JSONResponse({"status": status_of(flag).lower(), "reason": reason_of(flag)})

    return router
