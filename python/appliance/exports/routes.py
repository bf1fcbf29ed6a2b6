"""PostHog's `exports/`: ask for one, see how it is, take the file."""

import logging
import re
import time
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse
from sqlalchemy import Connection

from appliance.accounts.access import Caller
from appliance.exports.kept import KEPT_S, About, Exports, Making
from appliance.exports.write import WRITERS
from appliance.failures import HogletError, Invalid, NotFound, StoreRefused
from appliance.http.openapi import PAGE, reads
from appliance.insights.resource import Insights
from appliance.query.encode import time_text
from appliance.query.kinds import kind_of, unwrapped
from appliance.query.runner import LIMITS, Question, Runner
from appliance.resources import Door
from appliance.resources.activity import record
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, at, body_schema, integer, read, text
from appliance.resources.fields import json_object as object_field
from appliance.resources.pages import page_of, slice_paged
from appliance.resources.people import people

log = logging.getLogger(__name__)

SCOPE = "export"
_FIELDS = (
    Field("export_format", text(100), is_required=True),
    Field("insight", integer(1, 2**63 - 1), is_nullable=True),
    Field("dashboard", integer(1, 2**63 - 1), is_nullable=True),
    Field("export_context", object_field, is_nullable=True),
)
_NAME_CHARACTERS_MAX = 100
_CONTEXT_BYTES_MAX = 100_000
_UNNAMED = re.compile(r"[^a-z0-9]+")
_LISTS = frozenset({"ActorsQuery", "EventsQuery", "GroupsQuery"})
_SERVER_ERROR = "A server error occurred."


def routes(door: Door, exports: Exports, runner: Runner, insights: Insights) -> APIRouter:
    router = APIRouter()

    @router.get("/exports/", openapi_extra=reads(parameters=PAGE))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """The exports of a project, the newest first."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            found = exports.all(caller.project.id)
            answer = slice_paged(request, door.config.public_url, found, page_of(request.query_params))
            return JSONResponse(answer | {"results": _views(connection, answer["results"])})

    @router.post("/exports/", openapi_extra=reads(body=body_schema(_FIELDS)))
    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Begins to make a file of an insight's answer, or of that of `export_context.source`."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            about, query = _asked_for(connection, caller, insights, json_object(body))
            making = exports.begin(about)
            question = Question(caller.project, query, refresh="force_blocking", limit_context="export")
            try:
                runner.in_background(lambda: _make(making, runner, question))
            except HogletError as failure:
                making.fail(str(failure))
                raise
            return JSONResponse(_views(connection, [about])[0], 201)

    @router.get("/exports/{id_}/")
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """How an export is: `has_content` once the file is there, `exception` if it cannot be made."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            return JSONResponse(_views(connection, [_find(exports, caller, id_)])[0])

    @router.get("/exports/{id_}/content/")
    def content(request: Request, project_id: str, id_: str) -> FileResponse:
        """The file."""
        with door.reading(request, project_id, SCOPE) as (caller, _):
            about = _find(exports, caller, id_)
        path = exports.path(about, "content")
        if not _has_content(about) or not path.is_file():
            raise NotFound("The export has no content.")
        return FileResponse(path, media_type=about["export_format"], filename=about["filename"])

    return router


def _asked_for(
    connection: Connection, caller: Caller, insights: Insights, given: Mapping[str, Any]
) -> tuple[About, Mapping[str, Any]]:
    values = read(_FIELDS, given, is_partial=False)
    ending = _ending(values["export_format"])
    context = values.get("export_context") or {}
    if len(orjson.dumps(context)) > _CONTEXT_BYTES_MAX:
        raise Invalid(f"export_context has at most {_CONTEXT_BYTES_MAX} bytes.", "export_context")
    name, query = "", context.get("source")
    if values.get("insight") is not None:
        row = insights.find(connection, caller, str(values["insight"]))
        name, query = row["name"] or row["derived_name"] or "", row["query"]
        record(connection, caller, insights.item(row), "exported")
        if not query:
            raise Invalid("The insight has no query.", "insight")
    elif values.get("dashboard") is not None:
        raise Invalid("A dashboard has no single table. Export its insights.", "dashboard")
    elif not query:
        raise Invalid("Either an insight or export_context.source is required.", code="required")
    query = dict(at("export_context__source")(unwrapped, query))
    kind_of(query)
    if query["kind"] in _LISTS:
        query.setdefault("limit", LIMITS["export"])
    wanted = context.get("filename")
    named = _slug(wanted) if isinstance(wanted, str) else ""
    about: About = {
        "id": 0,
        "project_id": caller.project.id,
        "created_by_id": caller.user_id,
        "created_at": time.time(),
        "export_format": values["export_format"],
        "filename": f"{named or '-'.join(filter(None, ('export', _slug(name))))}.{ending}",
        "insight": values.get("insight"),
        "export_context": context,
        "is_complete": False,
        "exception": None,
    }
    return about, query


def _ending(export_format: str) -> str:
    found = WRITERS.get(export_format)
    if found is None:
        offered = " and ".join(WRITERS)
        raise Invalid(
            f"Exports are made as {offered}, not as {export_format}.", "export_format", "invalid_choice"
        )
    return found[0]


def _make(making: Making, runner: Runner, question: Question) -> None:
    _, write = WRITERS[making.about["export_format"]]
    try:
        response = runner.answer(question)
        with making.content() as content:
            write(response, content)
            making.finish(content)
    except StoreRefused as failure:
        log.warning("an export was refused: %s", failure)
        making.fail("ClickHouse error while executing query.")
    except HogletError as failure:
        making.fail(str(failure))
    except Exception:
        log.exception("an export failed")
        making.fail(_SERVER_ERROR)


def _find(exports: Exports, caller: Caller, id_: str) -> About:
    about = exports.get(caller.project.id, id_)
    if about is None:
        raise NotFound("Not found.")
    return about


def _has_content(about: About) -> bool:
    return about["is_complete"] and about["exception"] is None


def _views(connection: Connection, found: list[About]) -> list[dict[str, Any]]:
    users = people(connection, [one["created_by_id"] for one in found])
    return [
        {
            "id": one["id"],
            "insight": one["insight"],
            "dashboard": None,
            "export_format": one["export_format"],
            "export_context": one["export_context"],
            "filename": one["filename"],
            "has_content": _has_content(one),
            "exception": one["exception"],
            "created_at": time_text(one["created_at"]),
            "created_by": users.get(one["created_by_id"]),
            "expires_after": time_text(one["created_at"] + KEPT_S),
        }
        for one in found
    ]


def _slug(name: str) -> str:
    return _UNNAMED.sub("-", name.lower())[:_NAME_CHARACTERS_MAX].strip("-")
