"""PostHog's `error_tracking/`: releases, symbol sets, stack frames, issues."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from appliance.blobs import Blobs
from appliance.error_tracking import stack_frames, symbol_sets
from appliance.error_tracking.alerts import alert_routes
from appliance.error_tracking.incoming import Incoming
from appliance.error_tracking.issue_routes import issue_routes
from appliance.error_tracking.issues import Issues
from appliance.error_tracking.releases import HASH_CHARACTERS_MAX, Releases
from appliance.error_tracking.rules import rule_routes
from appliance.error_tracking.settings import settings_routes
from appliance.error_tracking.spikes import spike_routes
from appliance.error_tracking.symbol_sets import KIND, SCOPE
from appliance.error_tracking.tickets import Tickets
from appliance.error_tracking.upload_routes import origin_of, ticket_routes, upload_routes
from appliance.error_tracking.uploads import Uploads
from appliance.error_tracking.webhooks import webhook_routes
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import PAGE, reads
from appliance.resources import Door
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, list_of, read, text, uuid
from appliance.resources.pages import Page, fetch, page_of, paged
from appliance.resources.routes import activity_answer

_SETS_OF_PAGE_MAX = 100
_RELEASE = "/error_tracking/releases/{id_}/"
_SETS = "/error_tracking/symbol_sets/"
_FRAMES = "/error_tracking/stack_frames/"
_FRAME_IDS = (
    Field("raw_ids", list_of(text(200), stack_frames.IDS_MAX)),
    Field("symbol_set", uuid, is_nullable=True),
)


class ErrorTracking:
    """The routes of the room, which share what uploads need."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._blobs = Blobs(door.config)
        self._tickets = Tickets(door.config)
        self._uploads = Uploads(door, self._blobs, self._tickets)
        self._incoming = Incoming(door.config)

    def routes(self) -> APIRouter:
        """Of a project."""
        router = APIRouter()
        for some in (
            _release_routes(self._door, Releases()),
            upload_routes(self._door, self._uploads, self._incoming),
            _change_routes(self._door, self._blobs),
            _read_routes(self._door, self._blobs, self._tickets),
            _frame_routes(self._door),
            issue_routes(self._door, Issues()),
            rule_routes(self._door),
            settings_routes(self._door),
            spike_routes(self._door),
            alert_routes(self._door),
            webhook_routes(self._door),
        ):
            router.include_router(some)
        return router

    def routes_of_tickets(self) -> APIRouter:
        """At the root: who has the address needs no key."""
        return ticket_routes(self._uploads, self._incoming, self._blobs, self._tickets)


def _release_routes(door: Door, releases: Releases) -> APIRouter:
    router = APIRouter()
    path = f"/{releases.path}/"
    new, changed = body_schema(releases.fields), body_schema(releases.fields, is_partial=True)

    @router.get(path, openapi_extra=reads(parameters=PAGE))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """Releases, the newest first."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            page = page_of(request.query_params)
            count, rows = fetch(connection, releases.listed(caller, request.query_params), page)
            results = releases.views(connection, caller, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.post(path, openapi_extra=reads(body=new))
    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Makes a release. Without a `hash_id` it is the SHA-512 of its name and version."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            row = releases.create(connection, caller, json_object(body))
            return JSONResponse(releases.view(connection, caller, row), 201)

    @router.get(f"{path}activity/", openapi_extra=reads(parameters=PAGE))
    def activity(request: Request, project_id: str) -> JSONResponse:
        """Who changed which release, the newest first."""
        return activity_answer(door, request, project_id, releases.kind)

    @router.get(f"{path}hash/{{hash_id}}/")
    def by_hash(request: Request, project_id: str, hash_id: str) -> JSONResponse:
        """The release with a hash."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            row = releases.by_hash(connection, caller, hash_id[: HASH_CHARACTERS_MAX + 1])
            return JSONResponse(releases.view(connection, caller, row))

    @router.get(_RELEASE)
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """One release."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            return JSONResponse(releases.view(connection, caller, releases.find(connection, caller, id_)))

    @router.patch(_RELEASE, openapi_extra=reads(body=changed))
    @router.put(_RELEASE, openapi_extra=reads(body=changed))
    def change(request: Request, project_id: str, id_: str, body: Raw) -> Response:
        """Changes the fields that are named and not null."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            row = releases.find(connection, caller, id_)
            releases.update(connection, caller, row, json_object(body))
        return Response(status_code=204)

    @router.delete(_RELEASE)
    def delete(request: Request, project_id: str, id_: str) -> Response:
        """Takes a release away. Its symbol sets stay, without one."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            releases.delete(connection, caller, releases.find(connection, caller, id_))
        return Response(status_code=204)

    return router


def _read_routes(door: Door, blobs: Blobs, tickets: Tickets) -> APIRouter:
    router = APIRouter()

    @router.get(_SETS, openapi_extra=reads(parameters={**PAGE, **symbol_sets.PARAMETERS}))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """Symbol sets, the newest first: those with a file (`status=valid`) and those without (`invalid`)."""
        given = request.query_params
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            asked = page_of(given)
            page = Page(min(asked.limit, _SETS_OF_PAGE_MAX), asked.offset)
            count, rows = fetch(connection, symbol_sets.listed(caller, given), page)
            results = symbol_sets.views(connection, caller, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.get(f"{_SETS}activity/", openapi_extra=reads(parameters=PAGE))
    def activity(request: Request, project_id: str) -> JSONResponse:
        """Who deleted which symbol set, the newest first."""
        return activity_answer(door, request, project_id, KIND)

    @router.get(f"{_SETS}{{id_}}/")
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """One symbol set."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            row = symbol_sets.find(connection, caller.project.id, id_)
            return JSONResponse(symbol_sets.views(connection, caller, [row])[0])

    @router.get(f"{_SETS}{{id_}}/download/")
    def download(request: Request, project_id: str, id_: str) -> JSONResponse:
        """An address from which the file may be taken for an hour, without a key."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            row = symbol_sets.find(connection, caller.project.id, id_)
        if not symbol_sets.is_uploaded(row) or blobs.size(symbol_sets.key_of(row)) is None:
            raise NotFound("Symbol set has no uploaded file.")
        origin = origin_of(door.config, request)
        return JSONResponse({"url": tickets.download_url(origin, symbol_sets.ticket_of(row))})

    return router


def _change_routes(door: Door, blobs: Blobs) -> APIRouter:
    router = APIRouter()
    ids_of = Field("ids", list_of(uuid, door.config.symbol_sets_of_request_max), is_required=True)

    @router.patch(f"{_SETS}{{id_}}/")
    @router.put(f"{_SETS}{{id_}}/")
    def unchanged(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Changes nothing, as in PostHog: no field of a symbol set is for people to change."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            json_object(body)
            row = symbol_sets.find(connection, caller.project.id, id_)
            return JSONResponse(symbol_sets.views(connection, caller, [row])[0])

    @router.delete(f"{_SETS}{{id_}}/")
    def delete(request: Request, project_id: str, id_: str) -> Response:
        """Takes a symbol set away with its file; frames that were resolved with it are resolved anew."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            row = symbol_sets.find(connection, caller.project.id, id_)
            keys = symbol_sets.remove(connection, caller, [row])
        blobs.remove_later(keys)
        return Response(status_code=204)

    @router.post(f"{_SETS}bulk_delete/", openapi_extra=reads(body=body_schema([ids_of])))
    def bulk_delete(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """The same for several, by `ids`; tells how many there were."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            ids = set(read([ids_of], json_object(body), is_partial=False)["ids"])
            if not ids:
                raise Invalid("ids is required", "ids", "required")
            rows = symbol_sets.by_ids(connection, caller.project.id, ids)
            keys = symbol_sets.remove(connection, caller, rows)
        blobs.remove_later(keys)
        return JSONResponse({"deleted": len(rows)})

    return router


def _frame_routes(door: Door) -> APIRouter:
    router = APIRouter()

    @router.get(_FRAMES, openapi_extra=reads(parameters=PAGE))
    def listed(request: Request, project_id: str) -> JSONResponse:
        """Frames as they were resolved, the newest first."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            page = page_of(request.query_params)
            count, rows = fetch(connection, stack_frames.listed(caller), page)
            results = stack_frames.views(connection, caller, rows)
        return JSONResponse(paged(request, door.config.public_url, page, count, results))

    @router.post(f"{_FRAMES}batch_get/", openapi_extra=reads(body=body_schema(_FRAME_IDS)))
    def batch_get(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Those with `raw_ids`, `<hash>/<part>`, perhaps only of one `symbol_set`."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            said: Mapping[str, Any] = read(_FRAME_IDS, json_object(body), is_partial=True)
            raw_ids, set_id = said.get("raw_ids", ()), said.get("symbol_set")
            rows = stack_frames.batch(connection, caller, raw_ids, set_id)
            return JSONResponse({"results": stack_frames.views(connection, caller, rows)})

    @router.get(f"{_FRAMES}{{id_}}/")
    def retrieve(request: Request, project_id: str, id_: str) -> JSONResponse:
        """One frame."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            row = stack_frames.find(connection, caller, id_)
            return JSONResponse(stack_frames.views(connection, caller, [row])[0])

    return router
