"""PostHog's routes for cohorts and who is in them."""

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.catalog.resources import cohort, cohort_member
from appliance.cohorts import members
from appliance.cohorts.resource import Cohorts
from appliance.failures import Invalid, NotFound
from appliance.http.multipart import is_multipart, parts_of
from appliance.http.openapi import PAGE, TEXT, reads
from appliance.http.parameters import same_page, whole_number
from appliance.persons.read import LIMIT_MAX, find_person, list_persons
from appliance.resources import Door, resource_routes
from appliance.resources.activity import Change, record
from appliance.resources.bodies import Raw, json_object, json_value
from appliance.resources.fields import Field, at, body_schema, list_of, text, uuid

ADDED_MAX = 10_000
_PERSON_IDS = Field("person_ids", list_of(text(400), ADDED_MAX), is_required=True)
_PERSON_ID = Field("person_id", uuid, is_required=True)


def routes(door: Door) -> APIRouter:
    router = APIRouter()
    cohorts = Cohorts()
    router.include_router(_with_csv(door, cohorts))
    router.include_router(_membership(door, cohorts))
    router.include_router(_persons(door, cohorts))
    router.include_router(resource_routes(cohorts, door))
    return router


def _with_csv(door: Door, cohorts: Cohorts) -> APIRouter:
    """Making and changing a cohort, also by a form with a file."""
    router = APIRouter()

    @router.post("/cohorts/", openapi_extra=reads(body=body_schema(cohorts.fields)))
    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Makes one; a form may bring the persons of a static one as the file `csv`."""
        given, content = _form(request, body)
        with door.writing(request, project_id, cohorts.scope) as (caller, connection):
            if content is not None:
                given["is_static"] = True
            row = cohorts.create(connection, caller, given)
            _add_csv(connection, caller, row, content)
            return JSONResponse(cohorts.view(connection, caller, row), 201)

    @router.patch("/cohorts/{id_}/", openapi_extra=reads(body=body_schema(cohorts.fields, is_partial=True)))
    def change(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Changes the fields that are named; a form may add the persons of the file `csv`."""
        given, content = _form(request, body)
        with door.writing(request, project_id, cohorts.scope) as (caller, connection):
            row = cohorts.find(connection, caller, id_, with_deleted="deleted" in given)
            if content is not None:
                _check_static(row)
            row = cohorts.update(connection, caller, row, given)
            _add_csv(connection, caller, row, content)
            return JSONResponse(cohorts.view(connection, caller, row))

    return router


def _membership(door: Door, cohorts: Cohorts) -> APIRouter:
    router = APIRouter()

    @router.api_route(
        "/cohorts/{id_}/add_persons_to_static_cohort/",
        methods=["POST", "PATCH"],
        openapi_extra=reads(body=body_schema([_PERSON_IDS])),
    )
    def add(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Adds persons to a static cohort."""
        with door.writing(request, project_id, cohorts.scope) as (caller, connection):
            row = _static(cohorts, connection, caller, id_)
            named = _PERSON_IDS.take(json_object(body).get("person_ids"))
            ids = [at(f"person_ids__{number}")(uuid, one) for number, one in enumerate(named)]
            added = members.add(connection, caller.project.id, row["id"], ids)
            _note(connection, caller, cohorts, row, happened="persons_added", count=added)
            return JSONResponse({"success": True, "added": added})

    @router.api_route(
        "/cohorts/{id_}/remove_person_from_static_cohort/",
        methods=["POST", "PATCH"],
        openapi_extra=reads(body=body_schema([_PERSON_ID])),
    )
    def remove(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Takes a person out of a static cohort."""
        with door.writing(request, project_id, cohorts.scope) as (caller, connection):
            row = _static(cohorts, connection, caller, id_)
            person_id = _PERSON_ID.take(json_object(body).get("person_id"))
            if not members.remove(connection, caller.project.id, row["id"], person_id):
                raise NotFound("Person is not part of the cohort.")
            _note(connection, caller, cohorts, row, happened="person_removed", count=1)
            return JSONResponse({"success": True})

    return router


def _persons(door: Door, cohorts: Cohorts) -> APIRouter:
    router = APIRouter()

    @router.get("/cohorts/{id_}/persons/", openapi_extra=reads(parameters={**PAGE, "search": TEXT}))
    def persons(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Who is in it."""
        given = request.query_params
        limit = min(whole_number(given, "limit", 100, minimum=1), LIMIT_MAX)
        offset = whole_number(given, "offset", 0)
        with door.reading(request, project_id, cohorts.scope) as (caller, connection):
            row = cohorts.find(connection, caller, id_)
            found, more = list_persons(
                connection,
                caller.project.id,
                search=given.get("search", ""),
                among=members.members_query(row["id"], row["version"] or 0),
                limit=limit,
                offset=offset,
            )

        def page(start: int) -> str:
            return same_page(request, door.config.public_url, limit=str(limit), offset=str(start))

        return JSONResponse(
            {
                "results": found,
                "next": page(offset + limit) if more else None,
                "previous": page(max(0, offset - limit)) if offset else None,
                "missing_persons": 0,
            }
        )

    @router.get("/persons/cohorts/", openapi_extra=reads(parameters={"person_id": TEXT}))
    def cohorts_of(request: Request, project_id: str) -> JSONResponse:
        """The cohorts that a person is in."""
        person_id = request.query_params.get("person_id", "")
        with door.reading(request, project_id, cohorts.scope) as (caller, connection):
            found = find_person(connection, caller.project.id, person_id) if person_id else None
            if found is None:
                raise NotFound("Not found.")
            is_in = (
                select(cohort_member.c.cohort_id)
                .join(cohort, cohort.c.id == cohort_member.c.cohort_id)
                .where(
                    cohort_member.c.person_id == uuid(found["id"]),
                    cohort.c.is_static | (cohort.c.version == cohort_member.c.version),
                )
            )
            query = cohorts.query(caller).where(cohort.c.id.in_(is_in)).order_by(cohort.c.id)
            rows = connection.execute(query).mappings().all()
            return JSONResponse({"results": cohorts.views(connection, caller, rows)})

    return router


def _form(request: Request, body: bytes) -> tuple[dict[str, Any], bytes | None]:
    """The fields, and the file `csv` of a form."""
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        return json_object(body), None
    parts = parts_of(body, content_type)
    content = parts.pop("csv", None)
    fields = {name: value.decode("utf-8", "replace").replace("\0", "\ufffd") for name, value in parts.items()}
    given: dict[str, Any] = {}
    for name, value in fields.items():
        is_json = name in ("filters", "query", "groups", "_create_static_person_ids")
        given[name] = at(name)(json_value, value) if is_json else value
    return given, content


def _add_csv(connection: Connection, caller: Caller, row: RowMapping, content: bytes | None) -> None:
    if content is not None:
        found = members.persons_of_csv(connection, caller.project.id, content)
        members.add(connection, caller.project.id, row["id"], found)


def _static(cohorts: Cohorts, connection: Connection, caller: Caller, id_: str) -> RowMapping:
    row = cohorts.find(connection, caller, id_)
    _check_static(row)
    return row


def _check_static(row: RowMapping) -> None:
    if not row["is_static"]:
        raise Invalid("Can only add or remove persons of a static cohort.", "is_static")


def _note(
    connection: Connection, caller: Caller, cohorts: Cohorts, row: RowMapping, *, happened: str, count: int
) -> None:
    change: Change = {
        "type": cohorts.kind,
        "action": "changed",
        "field": "members",
        "before": None,
        "after": json.dumps(count),
    }
    record(connection, caller, cohorts.item(row), happened, [change])
