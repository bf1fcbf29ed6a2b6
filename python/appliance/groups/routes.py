"""PostHog's routes for groups and their types."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping

from appliance.accounts.access import Caller
from appliance.catalog import requests
from appliance.catalog.model import GROUP_TYPES_MAX
from appliance.failures import Invalid, NotFound
from appliance.groups import read as groups
from appliance.groups import types
from appliance.groups.related import Related
from appliance.groups.work import UNSET_GROUP_PROPERTY
from appliance.http.openapi import PAGE, TEXT, reads
from appliance.http.parameters import same_page, whole_number
from appliance.resources import Door
from appliance.resources.activity import Change, Item, record
from appliance.resources.bodies import Raw, json_object, json_value
from appliance.resources.fields import Field, body_schema, integer, json_any, json_list, read, text
from appliance.resources.fields import json_object as object_check
from appliance.resources.routes import activity_answer
from appliance.resources.submit import Submit

SCOPE = "group"
KIND = "Group"
VALUES = 10
_ENGINE_WAIT_S = 1.0
_TEXT_CHARACTERS_MAX = 400
_TYPE = {"group_type_index": {"type": "integer", "minimum": 0, "maximum": GROUP_TYPES_MAX - 1}}
_ONE = {**_TYPE, "group_key": TEXT}
_METADATA = {"type": "array", "items": {"type": "object"}}
_INDEX = Field("group_type_index", integer(0, GROUP_TYPES_MAX - 1), is_required=True)
_KEY = Field("group_key", text(_TEXT_CHARACTERS_MAX, is_blank_allowed=False), is_required=True)
_NEW = (_INDEX, _KEY, Field("group_properties", object_check, is_nullable=True))
_SET = (
    Field("key", text(1_000, is_blank_allowed=False), is_required=True),
    Field("value", json_any, is_required=True, is_nullable=True),
)
_UNSET = (Field("$unset", text(1_000, is_blank_allowed=False), is_required=True),)


def routes(door: Door, submit: Submit, related: Related) -> APIRouter:
    router = APIRouter()
    for one in (_types(door), _lists(door), _about_one(door, related), _changes(door, submit)):
        router.include_router(one)
    return router


def _types(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/groups_types/")
    def listed(request: Request, project_id: str) -> JSONResponse:
        """All of them: there are at most five."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            rows = connection.execute(types.types_query(caller.project.id)).mappings()
            return JSONResponse([types.view(row) for row in rows])

    @router.patch("/groups_types/update_metadata/", openapi_extra=reads(body=_METADATA))
    def update_metadata(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Says how types of groups are called."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            types.change(connection, caller, json_list(json_value(body)))
            rows = connection.execute(types.types_query(caller.project.id)).mappings()
            return JSONResponse([types.view(row) for row in rows])

    return router


def _lists(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get("/groups/", openapi_extra=reads(parameters={**_TYPE, "search": TEXT, "cursor": TEXT}))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """The groups of a type; follow `next`."""
        given = request.query_params
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            found, following = groups.list_groups(
                connection,
                caller.project.id,
                _index(given),
                search=given.get("search", ""),
                cursor=given.get("cursor", ""),
            )
        address = None if following is None else same_page(request, door.config.public_url, cursor=following)
        results = [groups.view(row) for row in found]
        return JSONResponse({"next": address, "previous": None, "results": results})

    @router.get("/groups/property_definitions/")
    def property_definitions(request: Request, project_id: str) -> JSONResponse:
        """The properties that groups have had, by type."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            return JSONResponse(groups.known_properties(connection, caller.project.id))

    @router.get(
        "/groups/property_values/", openapi_extra=reads(parameters={**_TYPE, "key": TEXT, "value": TEXT})
    )
    def property_values(request: Request, project_id: str) -> JSONResponse:
        """What a property of groups has been."""
        given = request.query_params
        key, part = given.get("key", ""), given.get("value", "")
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            if not key or "\0" in key + part or len(key + part) > _TEXT_CHARACTERS_MAX:
                raise Invalid("Invalid key or value.", "key")
            found = groups.property_values(
                connection, caller.project.id, _index(given), key, part=part, limit=VALUES
            )
        return JSONResponse(found)

    return router


def _about_one(door: Door, related: Related) -> APIRouter:
    router = APIRouter()

    @router.get("/groups/find/", openapi_extra=reads(parameters=_ONE))
    def find(request: Request, project_id: str) -> JSONResponse:
        """One group."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            return JSONResponse(groups.view(_find(connection, caller, request.query_params)))

    @router.get("/groups/related/", openapi_extra=reads(parameters={**_TYPE, "id": TEXT}))
    def related_to(request: Request, project_id: str) -> JSONResponse:
        """Persons and groups that share events with a group, or with a person by `id` alone."""
        given = request.query_params
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            id_ = given.get("id", "")
            if not id_ or len(id_) > _TEXT_CHARACTERS_MAX or "\0" in id_:
                raise Invalid("This field is required.", "id", "required")
            index = _index(given) if given.get("group_type_index") else None
            return JSONResponse(related.find(connection, caller.project.id, index, id_))

    @router.get("/groups/activity/", openapi_extra=reads(parameters=PAGE))
    def activity(request: Request, project_id: str) -> JSONResponse:
        """What people changed of groups, the newest first."""
        return activity_answer(door, request, project_id, KIND)

    return router


def _changes(door: Door, submit: Submit) -> APIRouter:
    router = APIRouter()

    @router.post("/groups/", openapi_extra=reads(body=body_schema(_NEW)))
    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Makes one."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            given = read(_NEW, json_object(body), is_partial=False)
            index, key = given["group_type_index"], given["group_key"]
            name = groups.type_name(connection, caller.project.id, index)
            if groups.find_group(connection, caller.project.id, index, key) is not None:
                raise Invalid("A group with this key already exists", "group_key", "unique")
            record(connection, caller, _item(index, key), "created")
            properties = given.get("group_properties") or {}
            submit(caller.project, [_event(name, key, properties)])
        made = {"group_type_index": index, "group_key": key, "group_properties": properties}
        return JSONResponse({**made, "created_at": None}, 201)

    @router.post("/groups/update_property/", openapi_extra=reads(body=body_schema(_SET), parameters=_ONE))
    def update_property(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Sets one property."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            given = read(_SET, json_object(body), is_partial=False)
            row = _find(connection, caller, request.query_params)
            name = groups.type_name(connection, caller.project.id, row["type_index"])
            after = {given["key"]: given["value"]}
            _note(connection, caller, row, after)
            submit(caller.project, [_event(name, row["group_key"], after)])
        view = groups.view(row)
        return JSONResponse({**view, "group_properties": {**view["group_properties"], **after}})

    @router.post("/groups/delete_property/", openapi_extra=reads(body=body_schema(_UNSET), parameters=_ONE))
    def delete_property(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Takes one property away."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            name = read(_UNSET, json_object(body), is_partial=False)["$unset"]
            row = _find(connection, caller, request.query_params)
            arguments = {
                "group_type_index": row["type_index"],
                "group_key": row["group_key"],
                "property": name,
            }
            number = requests.append(
                connection, caller.project.id, UNSET_GROUP_PROPERTY, arguments, caller.user_id
            )
            _note(connection, caller, row, {name: None})
        requests.await_settled(door.catalog, number, _ENGINE_WAIT_S)
        view = groups.view(row)
        view["group_properties"].pop(name, None)
        return JSONResponse(view)

    return router


def _find(connection: Connection, caller: Caller, given: Mapping[str, str]) -> RowMapping:
    index, key = _index(given), _KEY.take(given.get("group_key"))
    row = None if "\0" in key else groups.find_group(connection, caller.project.id, index, key)
    if row is None:
        raise NotFound("Not found.")
    return row


def _index(given: Mapping[str, str]) -> int:
    if not given.get("group_type_index"):
        raise Invalid("This field is required.", "group_type_index", "required")
    index = whole_number(given, "group_type_index", 0)
    if index >= GROUP_TYPES_MAX:
        raise Invalid(f"At most {GROUP_TYPES_MAX - 1}.", "group_type_index", "max_value")
    return index


def _event(type_name: str, key: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "event": "$groupidentify",
        "distinct_id": f"${type_name}_{key}",
        "properties": {
            "$group_type": type_name,
            "$group_key": key,
            "$group_set": dict(properties),
        },
    }


def _note(connection: Connection, caller: Caller, row: RowMapping, after: Mapping[str, Any]) -> None:
    before = json.loads(row["properties"])
    changes: list[Change] = [
        {
            "type": KIND,
            "action": "deleted" if value is None else "changed",
            "field": f"group_properties.{key}",
            "before": before.get(key),
            "after": value,
        }
        for key, value in after.items()
    ]
    record(connection, caller, _item(row["type_index"], row["group_key"]), "update_property", changes)


def _item(type_index: int, key: str) -> Item:
    return Item(scope=KIND, id=f"{type_index}-{key}"[:72], name=key)
