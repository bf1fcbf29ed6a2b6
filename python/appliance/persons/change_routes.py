"""PostHog's routes that change persons.

Properties travel as events through the journal (see `resources.submit`): the answer comes once the event is
durable, the person changes when ingest has taken it. The note of it in the log is committed only if the event was
taken. Deleting and splitting are requests to the engine (see `work`);
the answer waits a moment for it, so that who asks next mostly sees it done.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from appliance.accounts.access import Caller
from appliance.catalog import requests
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import BOOLEAN, PAGE, reads
from appliance.persons.read import PersonView, find_person, persons_by_distinct_id, persons_by_id
from appliance.persons.work import DELETE_PERSONS, SPLIT_PERSON
from appliance.resources import Door
from appliance.resources.activity import Change, Item, record
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, boolean, json_any, list_of, read, text
from appliance.resources.fields import json_object as object_check
from appliance.resources.fields import uuid as uuid_check
from appliance.resources.routes import activity_answer
from appliance.resources.submit import Submit

SCOPE = "person"
KIND = "Person"
BULK_MAX = 1_000
PROPERTIES_MAX = 1_000
MERGE_MAX = 50
_ENGINE_WAIT_S = 1.0
_KEY = text(1_000, is_blank_allowed=False)
_SET = (
    Field("key", _KEY, is_required=True),
    Field("value", json_any, is_required=True, is_nullable=True),
)
_UNSET = (Field("$unset", _KEY, is_required=True),)
_PROPERTIES = (Field("properties", object_check),)
_MERGED = (Field("ids", list_of(uuid_check, MERGE_MAX), is_required=True),)
_BULK = (
    Field("ids", list_of(uuid_check, BULK_MAX)),
    Field("distinct_ids", list_of(text(1_000), BULK_MAX)),
)
_EXTENT = (
    Field("delete_events", boolean),
    Field("delete_recordings", boolean),
    Field("keep_person", boolean),
)
_EXTENT_PARAMETERS = {field.name: BOOLEAN for field in _EXTENT}


def routes(door: Door, submit: Submit) -> APIRouter:
    router = APIRouter()
    router.include_router(_activity(door))
    router.include_router(_deletes(door))
    router.include_router(_identities(door, submit))
    router.include_router(_properties(door, submit))
    return router


def _activity(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/persons/activity/", openapi_extra=reads(parameters=PAGE))
    def of_all(request: Request, project_id: str) -> JSONResponse:
        """What people changed of persons, the newest first."""
        return activity_answer(door, request, project_id, KIND)

    @router.get("/persons/{person_id}/activity/", openapi_extra=reads(parameters=PAGE))
    def of_one(request: Request, project_id: str, person_id: str) -> JSONResponse:
        """What people changed of this person, the newest first."""

        def item(connection: Connection, caller: Caller) -> str:
            return _find(connection, caller, person_id)["id"]

        return activity_answer(door, request, project_id, KIND, item)

    return router


def _properties(door: Door, submit: Submit) -> APIRouter:
    router = APIRouter()
    one = "/persons/{person_id}"

    @router.post(f"{one}/update_property/", openapi_extra=reads(body=body_schema(_SET)))
    def update_property(request: Request, project_id: str, person_id: str, body: Raw) -> JSONResponse:
        """Sets one property."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            given = read(_SET, json_object(body), is_partial=False)
            found = _find(connection, caller, person_id)
            _note(connection, caller, found, {given["key"]: given["value"]})
            submit(caller.project, [_event("$set", found, {"$set": {given["key"]: given["value"]}})])
        return JSONResponse({"success": True}, 202)

    @router.post(f"{one}/delete_property/", openapi_extra=reads(body=body_schema(_UNSET)))
    def delete_property(request: Request, project_id: str, person_id: str, body: Raw) -> JSONResponse:
        """Takes one property away."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            given = read(_UNSET, json_object(body), is_partial=False)
            found = _find(connection, caller, person_id)
            _note(connection, caller, found, {given["$unset"]: None})
            submit(caller.project, [_event("$delete_person_property", found, {"$unset": [given["$unset"]]})])
        return JSONResponse({"success": True}, 201)

    @router.patch(f"{one}/", openapi_extra=reads(body=body_schema(_PROPERTIES)))
    def change(request: Request, project_id: str, person_id: str, body: Raw) -> JSONResponse:
        """Sets the properties that are given; the others stay."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            properties = read(_PROPERTIES, json_object(body), is_partial=True).get("properties", {})
            if len(properties) > PROPERTIES_MAX:
                raise Invalid(f"At most {PROPERTIES_MAX} properties at once.", "properties", "max_length")
            found = _find(connection, caller, person_id)
            if properties:
                _note(connection, caller, found, properties)
                submit(caller.project, [_event("$set", found, {"$set": properties})])
        return JSONResponse({**found, "properties": {**found["properties"], **properties}})

    return router


def _identities(door: Door, submit: Submit) -> APIRouter:
    router = APIRouter()

    @router.post("/persons/{person_id}/merge/", openapi_extra=reads(body=body_schema(_MERGED)))
    def merge(request: Request, project_id: str, person_id: str, body: Raw) -> JSONResponse:
        """Merges the persons of `ids` into this one, which keeps its properties where both have them."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            found = _find(connection, caller, person_id)
            ids = [
                one
                for one in read(_MERGED, json_object(body), is_partial=False)["ids"]
                if str(one) != found["id"]
            ]
            others = persons_by_id(connection, caller.project.id, ids)
            if not others or len(others) < len(set(ids)):
                raise Invalid("Some of these persons are not in this project.", "ids", "does_not_exist")
            after = [one["id"] for one in others]
            changes: list[Change] = [
                {"type": KIND, "action": "merged", "field": None, "before": None, "after": after}
            ]
            record(connection, caller, _item(found), "people_merged_into", changes)
            aliases = [name for other in others for name in other["distinct_ids"][:1]]
            submit(caller.project, [_event("$merge_dangerously", found, {"alias": name}) for name in aliases])
        return JSONResponse({"success": True}, 202)

    @router.post("/persons/{person_id}/split/")
    def split(request: Request, project_id: str, person_id: str, body: Raw) -> JSONResponse:
        """Makes a person of each distinct id; `main_distinct_id` keeps the properties."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            found = _find(connection, caller, person_id)
            main = json_object(body).get("main_distinct_id")
            if main is not None and main not in found["distinct_ids"]:
                raise Invalid("This person does not have this distinct id.", "main_distinct_id")
            arguments = {"person_id": found["id"], "main_distinct_id": main}
            number = requests.append(connection, caller.project.id, SPLIT_PERSON, arguments, caller.user_id)
            changes: list[Change] = [
                {"type": KIND, "action": "split", "field": None, "before": None, "after": None}
            ]
            record(connection, caller, _item(found), "split_person", changes)
        requests.await_settled(door.catalog, number, _ENGINE_WAIT_S)
        return JSONResponse({"success": True}, 201)

    return router


def _deletes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.delete("/persons/{person_id}/", openapi_extra=reads(parameters=_EXTENT_PARAMETERS))
    def delete(request: Request, project_id: str, person_id: str) -> JSONResponse:
        """Deletes a person, and with `delete_events` what they did."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            found = _find(connection, caller, person_id)
            extent = read(_EXTENT, _given(request.query_params), is_partial=True)
            number = _delete(connection, caller, [found], extent)
        requests.await_settled(door.catalog, number, _ENGINE_WAIT_S)
        return JSONResponse({}, 202)

    @router.post("/persons/bulk_delete/", openapi_extra=reads(body=body_schema([*_BULK, *_EXTENT])))
    def bulk_delete(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Deletes the persons of `ids` or of `distinct_ids`."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            given = json_object(body)
            named = read(_BULK, given, is_partial=True)
            extent = read(_EXTENT, {**_given(request.query_params), **given}, is_partial=True)
            if len(named) != 1:
                raise Invalid("You need to specify either distinct_ids or ids", "ids", "required")
            found = _named(connection, caller.project.id, named)
            number = _delete(connection, caller, found, extent) if found else None
        if number is not None:
            requests.await_settled(door.catalog, number, _ENGINE_WAIT_S)
        is_gone = not extent.get("keep_person", False)
        return JSONResponse(
            {
                "persons_found": len(found),
                "persons_deleted": len(found) if is_gone else 0,
                "events_queued_for_deletion": extent.get("delete_events", False),
                "recordings_queued_for_deletion": extent.get("delete_recordings", False),
                "deletion_errors": [],
            },
            202,
        )

    return router


def _delete(
    connection: Connection, caller: Caller, found: Sequence[PersonView], extent: Mapping[str, Any]
) -> int:
    arguments = {"person_ids": [one["id"] for one in found], **extent}
    for one in found:
        record(connection, caller, _item(one), "deleted")
    return requests.append(connection, caller.project.id, DELETE_PERSONS, arguments, caller.user_id)


def _find(connection: Connection, caller: Caller, person_id: str) -> PersonView:
    found = find_person(connection, caller.project.id, person_id)
    if found is None:
        raise NotFound("Not found.")
    return found


def _named(connection: Connection, project_id: int, named: Mapping[str, Any]) -> list[PersonView]:
    if "ids" in named:
        ids: list[uuid.UUID] = named["ids"]
        return persons_by_id(connection, project_id, ids)
    return persons_by_distinct_id(connection, project_id, named["distinct_ids"])


def _event(name: str, found: PersonView, properties: Mapping[str, Any]) -> dict[str, Any]:
    if not found["distinct_ids"]:
        raise Invalid("This person has no distinct id, so nothing can be said of it.")
    return {"event": name, "distinct_id": found["distinct_ids"][0], "properties": dict(properties)}


def _note(connection: Connection, caller: Caller, found: PersonView, after: Mapping[str, Any]) -> None:
    changes: list[Change] = [
        {
            "type": KIND,
            "action": "deleted" if value is None else "changed",
            "field": f"properties.{key}",
            "before": found["properties"].get(key),
            "after": value,
        }
        for key, value in after.items()
    ]
    record(connection, caller, _item(found), "updated", changes)


def _item(found: PersonView) -> Item:
    return Item(scope=KIND, id=found["id"], name=found["name"])


def _given(parameters: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value}
