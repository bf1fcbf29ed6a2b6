"""PostHog's `error_tracking/issues/`: list, look, change, assign, merge, split."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.error_tracking.assignees import NOBODY, assignee
from appliance.error_tracking.issues import STATUS, Issues, fingerprint_view, fingerprints_listed
from appliance.error_tracking.merging import SPLIT, merge, split
from appliance.failures import Invalid
from appliance.http.openapi import PAGE, TEXT, named, reads
from appliance.resources import Door
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, choice, integer, list_of, read, uuid
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.routes import activity_answer

IDS_MAX = 1_000
_IDS = Field("ids", list_of(uuid, IDS_MAX), is_required=True)
_ASSIGNEE = Field("assignee", assignee, is_nullable=True, is_required=True)
_COHORT = Field("cohortId", integer(1, 2**63 - 1), is_required=True)
_ACTION = Field("action", choice("set_status", "assign"), is_required=True)
_BULK = (_ACTION, _IDS, STATUS, Field("assignee", assignee, is_nullable=True))
_DONE = {"success": True}
_MOVED = 308


def issue_routes(door: Door, issues: Issues) -> APIRouter:
    """Of a project."""
    router = APIRouter()
    # What has a name of its own goes before what takes any word as an id.
    for some in (_list_routes(door, issues), _one_routes(door, issues), _group_routes(door, issues)):
        router.include_router(some)
    return router


def _list_routes(door: Door, issues: Issues) -> APIRouter:
    router = APIRouter()
    path, scope = f"/{issues.path}/", issues.scope

    @router.get(path, openapi_extra=reads(parameters=PAGE))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """Issues, the last that was first seen first. `ErrorTrackingQuery` narrows, sorts and counts."""
        with door.reading(request, project_id, scope) as (caller, connection):
            page = page_of(request.query_params)
            count, rows = fetch(connection, issues.listed(caller, request.query_params), page)
            results = issues.views(connection, caller, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.get(f"{path}exists/")
    def exists(request: Request, project_id: str) -> JSONResponse:
        """Whether the project has any."""
        with door.reading(request, project_id, scope) as (caller, connection):
            return JSONResponse({"exists": issues.exist(connection, caller)})

    @router.get(f"{path}values/", openapi_extra=reads(parameters=named(key=TEXT, value=TEXT)))
    def values(request: Request, project_id: str) -> JSONResponse:
        """Names (`key=name`) or descriptions (`key=description`) that hold `value`."""
        given = request.query_params
        with door.reading(request, project_id, scope) as (caller, connection):
            return JSONResponse(issues.values(connection, caller, given.get("key"), given.get("value")))

    @router.get(f"{path}activity/", openapi_extra=reads(parameters=PAGE))
    def activity(request: Request, project_id: str) -> JSONResponse:
        """Who changed which issue, the newest first."""
        return activity_answer(door, request, project_id, issues.kind)

    @router.post(f"{path}bulk/", openapi_extra=reads(body=body_schema(_BULK)))
    def bulk(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Sets the `status` of the issues with these `ids`, or assigns them. Ids of none are passed over."""
        with door.writing(request, project_id, scope) as (caller, connection):
            given = read(_BULK, json_object(body), is_partial=False)
            if given["action"] == "set_status":
                if "status" not in given:
                    raise Invalid("This field is required.", "status", "required")
                issues.set_status(connection, caller, given["ids"], given["status"])
            else:
                issues.assign(connection, caller, given["ids"], given.get("assignee") or NOBODY)
        return JSONResponse(_DONE)

    @router.get("/error_tracking/fingerprints/", openapi_extra=reads(parameters={**PAGE, "issue_id": TEXT}))
    def fingerprints(request: Request, project_id: str) -> JSONResponse:
        """Which fingerprint leads to which issue; of one issue with `issue_id`."""
        with door.reading(request, project_id, scope) as (caller, connection):
            page = page_of(request.query_params)
            count, rows = fetch(connection, fingerprints_listed(caller, request.query_params), page)
        results = [fingerprint_view(row) for row in rows]
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    return router


def _one_routes(door: Door, issues: Issues) -> APIRouter:
    router = APIRouter()
    path, scope = f"/{issues.path}/{{id_}}/", issues.scope
    changed = body_schema(issues.fields, is_partial=True)

    @router.get(path, openapi_extra=reads(parameters=issues.parameters_of_one))
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """One issue. If its `fingerprint` belongs to another by now: 308 and that one's `issue_id`."""
        fingerprint = request.query_params.get("fingerprint")
        with door.reading(request, project_id, scope) as (caller, connection):
            if fingerprint:
                owner = issues.owner(connection, caller, fingerprint)
                if owner is not None and str(owner) != id_.lower():
                    return JSONResponse({"issue_id": str(owner)}, _MOVED)
            row = issues.find(connection, caller, id_)
            return JSONResponse(issues.view(connection, caller, row))

    @router.patch(path, openapi_extra=reads(body=changed))
    @router.put(path, openapi_extra=reads(body=changed))
    def change(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Changes the fields that are named and leaves the others."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = issues.find_locked(connection, caller, id_)
            row = issues.update(connection, caller, row, json_object(body))
            return JSONResponse(issues.view(connection, caller, row))

    @router.get(f"{path}activity/", openapi_extra=reads(parameters=PAGE))
    def activity(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Who changed it, the newest first."""

        def item(connection: Any, caller: Any) -> str:
            return str(issues.find(connection, caller, id_)["id"])

        return activity_answer(door, request, project_id, issues.kind, item)

    @router.patch(f"{path}assign/", openapi_extra=reads(body=body_schema([_ASSIGNEE])))
    def assign(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """To a user or a role, `{"assignee": {"id", "type"}}`, or with null to nobody."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = issues.find(connection, caller, id_)
            columns = read([_ASSIGNEE], json_object(body), is_partial=False)["assignee"] or NOBODY
            issues.assign(connection, caller, [row["id"]], columns)
        return JSONResponse(_DONE)

    @router.put(f"{path}cohort/", openapi_extra=reads(body=body_schema([_COHORT])))
    def set_cohort(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """The cohort of those whom it affects."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = issues.find_locked(connection, caller, id_)
            cohort_id = read([_COHORT], json_object(body), is_partial=False)["cohortId"]
            issues.set_cohort(connection, caller, row, cohort_id)
        return JSONResponse(_DONE)

    return router


def _group_routes(door: Door, issues: Issues) -> APIRouter:
    router = APIRouter()
    path, scope = f"/{issues.path}/{{id_}}/", issues.scope

    @router.post(f"{path}merge/", openapi_extra=reads(body=body_schema([_IDS])))
    def merge_others(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Takes in the issues with `ids`: their fingerprints and events count as this one's, and they are gone."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = issues.find(connection, caller, id_)
            ids = read([_IDS], json_object(body), is_partial=False)["ids"]
            merge(issues, connection, caller, row["id"], ids)
        return JSONResponse(_DONE)

    @router.post(f"{path}split/", openapi_extra=reads(body=body_schema([SPLIT])))
    def split_off(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Makes each of the `fingerprints` an issue of its own, called as this one unless it is given a `name`."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row = issues.find_locked(connection, caller, id_)
            given = read([SPLIT], json_object(body), is_partial=False)["fingerprints"]
            made = split(issues, connection, caller, row, given)
        return JSONResponse(_DONE | {"new_issue_ids": [str(one) for one in made]})

    return router
