"""`…/activity_log/` over everything, and `…/tags/`."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select

from appliance.catalog.resources import activity, tagging
from appliance.http.openapi import PAGE, TEXT, reads
from appliance.resources import Door
from appliance.resources.activity import activity_query, activity_views
from appliance.resources.fields import at, integer
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.routes import ACTIVITY_SCOPE

TAGS_SCOPE = "project"
_SCOPES_MAX = 100
_NARROWING = dict.fromkeys(("scope", "scopes", "item_id", "user"), TEXT)


def routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/activity_log/", openapi_extra=reads(parameters={**PAGE, **_NARROWING}))
    def activity_log(request: Request, project_id: str) -> JSONResponse:
        """Newest first; `scope`, `scopes`, `item_id` and `user` narrow it."""
        given = request.query_params
        with door.reading(request, project_id, ACTIVITY_SCOPE) as (caller, connection):
            scopes = [given["scope"]] if given.get("scope") else []
            scopes += [one for one in given.get("scopes", "").split(",") if one]
            query = activity_query(caller.project.id, scopes[:_SCOPES_MAX], given.get("item_id", ""))
            if given.get("user"):
                query = query.where(activity.c.user_id == at("user")(integer(0, 2**63 - 1), given["user"]))
            page = page_of(given)
            count, rows = fetch(connection, query, page)
            results = activity_views(connection, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.get("/tags/")
    def tags(request: Request, project_id: str) -> JSONResponse:
        """Every tag that is used in the project, as a plain list."""
        with door.reading(request, project_id, TAGS_SCOPE) as (caller, connection):
            query = (
                select(tagging.c.tag).where(tagging.c.project_id == caller.project.id).distinct()
            ).order_by(tagging.c.tag)
            return JSONResponse(list(connection.execute(query).scalars()))

    return router
