"""PostHog's routes for feature flags."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.accounts.keys import now_us
from appliance.dashboards.resource import Dashboards
from appliance.flags import bulk, usage, versions
from appliance.flags.match_routes import routes as match_routes
from appliance.flags.resource import FeatureFlags
from appliance.flags.status import reason_of, status_of
from appliance.http.openapi import PAGE, TIME, reads
from appliance.resources import Door, resource_routes
from appliance.resources.bodies import Raw, json_object
from appliance.resources.pages import fetch, page_of, paged

_IDS = {"type": "object", "properties": {"ids": {"type": "array", "maxItems": bulk.IDS_MAX}}}
_RANGE = {"date_from": TIME, "date_to": TIME, "interval": {"enum": ["hour", "day"]}}


def routes(door: Door, flags: FeatureFlags, dashboards: Dashboards) -> APIRouter:
    """Under a project's prefix. Longer addresses go before those that take any word as an id."""
    router = APIRouter()
    router.include_router(match_routes(door, flags))
    router.include_router(_bulk(door, flags))
    router.include_router(_history(door, flags))
    router.include_router(_usage(door, flags, dashboards))
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


def _bulk(door: Door, flags: FeatureFlags) -> APIRouter:
    router = APIRouter()
    path, scope = "/feature_flags", flags.scope

    @router.get(f"{path}/matching_ids/", openapi_extra=reads(parameters=flags.parameters))
    def matching_ids(request: Request, project_id: str) -> JSONResponse:
        """The ids of all flags that the list would show on all its pages."""
        with door.reading(request, project_id, scope) as (caller, connection):
            ids = bulk.matching_ids(connection, caller, flags, request.query_params)
        return JSONResponse({"ids": ids, "total": len(ids)})

    @router.post(f"{path}/bulk_keys/", openapi_extra=reads(body=_IDS))
    def bulk_keys(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """The keys of flags by their ids."""
        with door.reading(request, project_id, scope) as (caller, connection):
            ids = bulk.read_ids(json_object(body))
            return JSONResponse(bulk.keys(connection, caller, ids))

    @router.post(f"{path}/bulk_delete/", openapi_extra=reads(body=_IDS))
    def bulk_delete(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Takes flags away, by `ids` or by `filters` as the list has them; tells which could not go and why."""
        with door.writing(request, project_id, scope) as (caller, connection):
            return JSONResponse(bulk.delete(connection, caller, flags, json_object(body)))

    return router


def _usage(door: Door, flags: FeatureFlags, dashboards: Dashboards) -> APIRouter:
    router = APIRouter()
    one, scope = "/feature_flags/{id_}", flags.scope

    @router.post(f"{one}/dashboard/")
    def create_dashboard(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Makes the flag's usage dashboard, unless it has one."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_)
            made = usage.create_dashboard(connection, caller, dashboards, row)
            return JSONResponse({"success": True, "dashboard": made["id"]})

    @router.post(f"{one}/enrich_usage_dashboard/")
    def enrich_dashboard(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Adds who saw the feature and who used it."""
        with door.writing(request, project_id, scope) as (caller, connection):
            usage.enrich_dashboard(connection, caller, dashboards, flags.find(connection, caller, id_))
            return JSONResponse({"success": True})

    @router.get(f"{one}/evaluations/", openapi_extra=reads(parameters=_RANGE))
    def evaluations(request: Request, project_id: str, id_: str) -> JSONResponse:
        """How often each outcome was answered, by hour or day."""
        asked = usage.read_range(request.query_params, now_us())
        with door.reading(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_, with_deleted=True)
            return JSONResponse(usage.evaluations(connection, caller, row["id"], asked))

    return router
