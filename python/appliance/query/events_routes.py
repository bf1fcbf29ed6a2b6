"""PostHog's routes for events, and one of ours for the page at `/`."""

import json
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.catalog import ProjectSnapshot, reading
from appliance.config import Config
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import PAGE, TEXT, TIME, reads
from appliance.http.parameters import same_page, whole_number
from appliance.persons import find_person, load
from appliance.query.current_store import CurrentStore
from appliance.query.encode import encoded
from appliance.query.events import DAY_US, LIMIT_MAX, Events, EventView, Filters, Key, iso_time
from appliance.query.events_list import EventsList, Narrowing, narrowing_of
from appliance.query.runner import Runner
from appliance.query.warnings import Warnings

SCOPE = "query:read"
LIMIT = 100
LIVE_EVENTS = 50
_TEXT_CHARACTERS_MAX = 1_000
_DISTINCT_IDS_SHOWN_MAX = 100
_PARAMETERS = {
    "limit": PAGE["limit"],
    "offset": PAGE["offset"],
    **dict.fromkeys(
        ("event", "distinct_id", "person_id", "before_uuid", "properties", "where", "select", "orderBy"), TEXT
    ),
    **dict.fromkeys(("after", "before"), TIME),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_VALUES = 10
_EVENTS_NAMED_MAX = 100
_VALUED = ("key", "value", "event_name")


def routes(config: Config, catalog: Engine, access: Access, runner: Runner) -> APIRouter:
    """Everything under `/api/projects/{id}/` that reads events."""
    router = APIRouter()
    current = CurrentStore(config)

    def events_of(project: ProjectSnapshot) -> Events:
        return Events(current.get(), project.id, config.query_time_s_max)

    @router.get("/events/", openapi_extra=reads(parameters=_PARAMETERS))
    def events(request: Request, project_id: str) -> Response:
        """Events, the newest first; follow `next`.

        `properties`, `where`, `select` and `orderBy` are JSON lists: of property filters, and of HogQL expressions.
        """
        project = access.project(request, project_id, SCOPE)
        given = request.query_params
        limit = min(whole_number(given, "limit", LIMIT, minimum=1), LIMIT_MAX)
        filters, asked_for = _filters(catalog, project, given), narrowing_of(given)
        if asked_for.select:
            rows = EventsList(runner, project).rows(filters, asked_for, limit)
            following = {"offset": str(asked_for.offset + limit)} if rows["hasMore"] else None
            address = _address(request, config, following)
            return Response(encoded({"next": address, **rows}), media_type="application/json")
        source = events_of(project)
        if asked_for.is_plain:
            found, key = source.page(filters, limit)
        else:
            keys, more = EventsList(runner, project).keys(filters, asked_for, limit)
            found, key = source.shown(keys), keys[-1] if more else None
        address = _address(request, config, _following(asked_for, key, limit))
        return JSONResponse({"next": address, "results": _with_persons(catalog, project.id, found)})

    @router.get("/events/values/", openapi_extra=reads(parameters=dict.fromkeys(_VALUED, TEXT)))
    def values(request: Request, project_id: str) -> JSONResponse:
        """What a property of events has been in the last seven days, the most used first."""
        project = access.project(request, project_id, SCOPE)
        given = request.query_params
        names = given.getlist("event_name")[:_EVENTS_NAMED_MAX]
        found = EventsList(runner, project).values(_key(given), _text(given, "value"), names, _VALUES)
        return JSONResponse([{"name": name, "count": count} for name, count in found])

    @router.get("/events/{uuid}/")
    def event(request: Request, project_id: str, uuid: str) -> JSONResponse:
        """One event."""
        project = access.project(request, project_id, SCOPE)
        found = events_of(project).one(_uuid("uuid", uuid))
        if found is None:
            raise NotFound("there is no such event in this project")
        return JSONResponse(_with_persons(catalog, project.id, [found])[0])

    @router.get("/ingestion_warnings/", openapi_extra=reads(parameters={"q": TEXT}))
    def ingestion_warnings(request: Request, project_id: str) -> JSONResponse:
        """What ingest noticed in the last thirty days, by kind; `q` searches kinds and details."""
        project = access.project(request, project_id, "ingestion_warning:read")
        found = Warnings(current.get(), project.id, config.query_time_s_max)
        return JSONResponse(found.listed(_text(request.query_params, "q")))

    @router.get("/live/")
    def live(request: Request, project_id: str) -> JSONResponse:
        """What the page polls: half an hour by minute, and the last day's latest events without persons."""
        project = access.project(request, project_id, SCOPE)
        source = events_of(project)
        now_us = time.time_ns() // 1_000
        latest, _ = source.page(Filters(after_us=now_us - DAY_US), LIVE_EVENTS)
        about = {"id": project.id, "name": project.name, "token": project.token, "timezone": project.timezone}
        return JSONResponse({"per_minute": source.per_minute(now_us), "events": latest, "project": about})

    return router


def _address(request: Request, config: Config, changed: Mapping[str, str] | None) -> str | None:
    return None if changed is None else same_page(request, config.public_url, **changed)


def _following(asked_for: Narrowing, last: Key | None, limit: int) -> dict[str, str] | None:
    """Where the next page begins, after the last event of this one; None if there is none."""
    if last is None:
        return None
    if asked_for.is_newest_first:
        return {"before": iso_time(last.time_us), "before_uuid": last.uuid, "offset": "0"}
    return {"offset": str(asked_for.offset + limit)}


def _filters(catalog: Engine, project: ProjectSnapshot, given: Mapping[str, str]) -> Filters:
    distinct_id, person = _text(given, "distinct_id"), _text(given, "person_id")
    distinct_ids: Sequence[str] | None = [distinct_id] if distinct_id else None
    person_id = None
    if person:
        with reading(catalog) as connection:
            found = find_person(connection, project.id, person)
        if found is None:
            person_id = _uuid("person_id", person)  # events without a person profile still carry an id
        else:
            own = found["distinct_ids"]
            distinct_ids = own if distinct_ids is None else [one for one in distinct_ids if one in own]
    before_uuid = _text(given, "before_uuid")
    before_us = _time_us(given, "before", project.timezone)
    return Filters(
        event=_text(given, "event"),
        distinct_ids=distinct_ids,
        person_id=person_id,
        after_us=_time_us(given, "after", project.timezone),
        before_us=before_us,
        before_uuid=_uuid("before_uuid", before_uuid) if before_uuid and before_us is not None else None,
    )


def _with_persons(catalog: Engine, project_id: int, events: list[EventView]) -> list[EventView]:
    """Each event with the person who its distinct id belongs to now."""
    wanted = {(project_id, one["distinct_id"]) for one in events}
    with reading(catalog) as connection:
        persons, _ = load(connection, wanted, distinct_ids_max=_DISTINCT_IDS_SHOWN_MAX)
    shown: dict[str, dict[str, Any]] = {}
    for _, id_, created_at, properties, is_identified, _, distinct_ids, _ in persons:
        names = [distinct_id for distinct_id, _ in distinct_ids]
        view = {
            "id": str(UUID(bytes=id_)),
            "distinct_ids": names,
            "properties": _object(properties),
            "created_at": iso_time(created_at),
            "is_identified": is_identified,
        }
        shown |= dict.fromkeys(names, view)
    return [{**one, "person": shown.get(one["distinct_id"])} for one in events]


def _object(text: str) -> Any:
    return json.loads(text)


def _text(given: Mapping[str, str], name: str) -> str:
    text = given.get(name, "")
    if len(text) > _TEXT_CHARACTERS_MAX:
        raise Invalid(f"{name} has at most {_TEXT_CHARACTERS_MAX} characters")
    return text


def _key(given: Mapping[str, str]) -> str:
    key = _text(given, "key")
    if not key:
        raise Invalid("This field is required.", "key", "required")
    return key


def _uuid(name: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(f"{name} must be a UUID") from None


def _time_us(given: Mapping[str, str], name: str, timezone: str) -> int | None:
    """An ISO 8601 time; one without a zone is in the project's."""
    text = _text(given, name).strip()
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=_zone(timezone))
        since = moment - _EPOCH
    except (ValueError, OverflowError):
        raise Invalid(f"{name} must be an ISO 8601 time such as 2026-01-31T12:00:00Z") from None
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
