"""PostHog's routes for insights."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from appliance.http.openapi import NUMBER, PAGE, reads
from appliance.http.parameters import whole_number
from appliance.insights import views_noted
from appliance.insights.resource import Insights, basic
from appliance.resources import Door, resource_routes
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, integer, list_of
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.people import people
from appliance.resources.times import iso

_IDS = Field("insight_ids", list_of(integer(1, 2**63 - 1), 1_000), is_required=True)
TRENDING_DAYS = 7
TRENDING_DAYS_MAX = 365


def routes(door: Door, insights: Insights) -> APIRouter:
    router = APIRouter()
    scope = insights.scope

    @router.get("/insights/trending/", openapi_extra=reads(parameters={**PAGE, "days": NUMBER}))
    def trending(request: Request, project_id: str) -> JSONResponse:
        """What was looked at most in the last days."""
        given = request.query_params
        days = whole_number(given, "days", TRENDING_DAYS, minimum=1)
        with door.reading(request, project_id, scope) as (caller, connection):
            page = page_of(given, 10)
            query = views_noted.most_viewed(insights.query(caller), min(days, TRENDING_DAYS_MAX))
            count, rows = fetch(connection, query, page)
            results = [basic(one) for one in insights.views(connection, caller, rows)]
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.get("/insights/my_last_viewed/", openapi_extra=reads(parameters=PAGE))
    def my_last_viewed(request: Request, project_id: str) -> JSONResponse:
        """What the key's owner looked at last."""
        with door.reading(request, project_id, scope) as (caller, connection):
            query = views_noted.recently_viewed(insights.query(caller), caller.user_id)
            _, rows = fetch(connection, query, page_of(request.query_params, 5))
            return JSONResponse([basic(one) for one in insights.views(connection, caller, rows)])

    @router.post("/insights/viewed/", openapi_extra=reads(body=body_schema([_IDS])))
    def viewed(request: Request, project_id: str, body: Raw) -> Response:
        """Notes that insights were looked at."""
        with door.noting(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            ids = _IDS.take(given.get("insight_ids"))
            views_noted.note(connection, caller, ids)
        return Response(status_code=201)

    @router.post("/insights/{id_}/viewed/")
    def one_viewed(request: Request, project_id: str, id_: str) -> Response:
        """Notes that the insight was looked at."""
        with door.noting(request, project_id, scope) as (caller, connection):
            row = insights.find(connection, caller, id_)
            views_noted.note(connection, caller, [row["id"]])
        return Response(status_code=201)

    @router.get("/insights/{id_}/viewed/", openapi_extra=reads(parameters=PAGE))
    def viewers(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Who looked at the insight, and when for the last time."""
        with door.reading(request, project_id, scope) as (caller, connection):
            row = insights.find(connection, caller, id_)
            page = page_of(request.query_params)
            count, rows = fetch(connection, views_noted.viewers(row["id"]), page)
            users = people(connection, [one["user_id"] for one in rows])
        results = [
            {"user": users.get(one["user_id"]), "last_viewed_at": iso(one["last_viewed_at"])} for one in rows
        ]
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    router.include_router(resource_routes(insights, door))
    return router
