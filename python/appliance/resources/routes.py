"""List, create, retrieve, change and take away, for any resource."""

from collections.abc import Callable
from typing import TypeAlias

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from appliance.accounts.access import Caller
from appliance.http.openapi import PAGE, reads
from appliance.resources.activity import activity_query, activity_views
from appliance.resources.bodies import Raw, json_object
from appliance.resources.door import Door
from appliance.resources.fields import body_schema
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.resource import Resource
from appliance.resources.tags import FIELD as TAGS

ItemOf: TypeAlias = Callable[[Connection, Caller], str]
ACTIVITY_SCOPE = "activity_log"
_NO_DELETE = 'Hard delete of this model is not allowed. Use a patch API call to set "deleted" to true'


def resource_routes(resource: Resource, door: Door, *, has_activity: bool = True) -> APIRouter:
    """Under a project's prefix. A room's own routes go before these: `{id_}` takes any word."""
    router = APIRouter()
    path, scope = f"/{resource.path}/", resource.scope
    fields = [*resource.fields, TAGS] if resource.is_tagged else resource.fields
    new = reads(body=body_schema(fields))
    changed = reads(body=body_schema(fields, is_partial=True))
    one = f"{path}{{id_}}/"
    if has_activity:
        router.include_router(_activity_routes(resource, door))

    @router.get(path, openapi_extra=reads(parameters={**PAGE, **resource.parameters}))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """A page of them: `limit` and `offset`; the other parameters narrow it."""
        with door.reading(request, project_id, scope) as (caller, connection):
            page = page_of(request.query_params, resource.limit)
            count, rows = fetch(connection, resource.listed(caller, request.query_params), page)
            later = resource.views_later(connection, caller, rows, request.query_params, is_list=True)
        return JSONResponse(paged(request, door.config.public_url, page, count, later()))

    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Makes one."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = resource.create(connection, caller, json_object(body))
            return JSONResponse(resource.view(connection, caller, row), 201)

    if resource.is_creatable:
        router.post(path, openapi_extra=new)(create)

    @router.get(one, openapi_extra=reads(parameters=resource.parameters_of_one))
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """One of them."""
        with door.reading(request, project_id, scope) as (caller, connection):
            row = resource.find(connection, caller, id_)
            later = resource.views_later(connection, caller, [row], request.query_params, is_list=False)
        resource.retrieved(door.catalog, row)
        return JSONResponse(later()[0])

    @router.patch(one, openapi_extra=changed)
    @router.put(one, openapi_extra=changed)
    def change(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Changes the fields that are named and leaves the others."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = json_object(body)
            row = resource.find(connection, caller, id_, with_deleted="deleted" in given)
            row = resource.update(connection, caller, row, given)
            return JSONResponse(resource.view(connection, caller, row))

    @router.delete(one)
    def delete(request: Request, project_id: str, id_: str) -> Response:
        """Takes it away; most kinds are hidden by `{"deleted": true}` instead and refuse this with 405."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = resource.find(connection, caller, id_)
            if not resource.is_deletable:
                raise HTTPException(405, _NO_DELETE)
            resource.delete(connection, caller, row)
        return Response(status_code=204)

    return router


def _activity_routes(resource: Resource, door: Door) -> APIRouter:
    router = APIRouter()

    @router.get(f"/{resource.path}/activity/", openapi_extra=reads(parameters=PAGE))
    def of_all(request: Request, project_id: str) -> JSONResponse:
        """Who changed what, the newest first."""
        return activity_answer(door, request, project_id, resource.kind)

    @router.get(f"/{resource.path}/{{id_}}/activity/", openapi_extra=reads(parameters=PAGE))
    def of_one(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Who changed what of this one, the newest first."""

        def item(connection: Connection, caller: Caller) -> str:
            return str(resource.find(connection, caller, id_, with_deleted=True)["id"])

        return activity_answer(door, request, project_id, resource.kind, item)

    return router


def activity_answer(
    door: Door, request: Request, project_id: str, kind: str, item_of: ItemOf | None = None
) -> JSONResponse:
    """A page of what happened to things of a kind; `item_of` finds the one that is asked about."""
    with door.reading(request, project_id, ACTIVITY_SCOPE) as (caller, connection):
        item = item_of(connection, caller) if item_of is not None else ""
        page = page_of(request.query_params, 10)
        count, rows = fetch(connection, activity_query(caller.project.id, [kind], item), page)
        results = activity_views(connection, rows)
    answer = paged(request, door.config.public_url, page, count, results)
    return JSONResponse(answer | {"total_count": count})
