"""Routes by which symbol sets are uploaded: those of a project, in all forms that posthog-cli has had, and the
addresses with a ticket that these hand out.
"""

import re

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from appliance.blobs import Blobs
from appliance.config import Config
from appliance.error_tracking.incoming import FILE, Incoming
from appliance.error_tracking.symbol_sets import SCOPE, file_key
from appliance.error_tracking.tickets import DOWNLOAD_PATH, UPLOAD_PATH, Tickets
from appliance.error_tracking.uploads import Uploads
from appliance.error_tracking.wanted import Upload, body_fields, check_ref, content_hash, read_wanted
from appliance.failures import Invalid
from appliance.http.openapi import TEXT, named, reads
from appliance.resources import Door
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import at, body_schema
from appliance.resources.fields import json_object as object_field

STREAMED = re.compile(
    r"/api/symbol_set_upload/?|/api/(projects|environments)/[^/]+/error_tracking/symbol_sets/?"
)
"""Paths whose body is read piece by piece, within bounds of its own."""
_WRITE = f"{SCOPE}:write"
_SETS = "/error_tracking/symbol_sets"
_TICKET = named(ticket=TEXT)
_ONE = named(chunk_id=TEXT, release_id=TEXT)
_FORM = {
    "content": {
        "multipart/form-data": {"schema": {"properties": {FILE: {"type": "string", "format": "binary"}}}}
    }
}
_HASH = {"type": "object", "properties": {"content_hash": TEXT}}
_HASHES = {
    "type": "object",
    "properties": {"content_hashes": {"type": "object", "additionalProperties": TEXT}},
}


def upload_routes(door: Door, uploads: Uploads, incoming: Incoming) -> APIRouter:
    router = APIRouter()
    sets_max = door.config.symbol_sets_of_request_max
    wanted = body_schema(body_fields(sets_max))

    @router.post(f"{_SETS}/bulk_check_upload/", openapi_extra=reads(body=wanted))
    def bulk_check(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """The chunk ids that `bulk_start_upload` would have something uploaded for, or change."""
        caller = door.access.caller(request, project_id, _WRITE)
        found = uploads.check(caller, read_wanted(json_object(body), sets_max))
        return JSONResponse({"chunk_ids_to_upload": found})

    @router.post(f"{_SETS}/bulk_start_upload/", openapi_extra=reads(body=wanted))
    def bulk_start(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Where to upload what, by chunk id. Those that are there already are absent."""
        caller = door.access.caller(request, project_id, _WRITE)
        asked = read_wanted(json_object(body), sets_max)
        return JSONResponse({"id_map": uploads.start(caller, asked, origin_of(door.config, request))}, 201)

    @router.post(f"{_SETS}/bulk_finish_upload/", openapi_extra=reads(body=_HASHES))
    def bulk_finish(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Says that files are uploaded: hashes of any kind by the ids of their symbol sets."""
        caller = door.access.caller(request, project_id, _WRITE)
        hashes = at("content_hashes")(object_field, json_object(body).get("content_hashes"))
        if len(hashes) > sets_max:
            raise Invalid(f"At most {sets_max} symbol sets at a time.", "content_hashes", "max_length")
        said = {id_: at(f"content_hashes__{id_[:100]}")(content_hash, one) for id_, one in hashes.items()}
        if said:
            uploads.finish(caller, said)
        return JSONResponse({"success": True}, 201)

    @router.post(f"{_SETS}/start_upload/", openapi_extra=reads(parameters=_ONE))
    def start(request: Request, project_id: str) -> JSONResponse:
        """Where to upload one symbol set, as old versions of posthog-cli ask."""
        caller = door.access.caller(request, project_id, _WRITE)
        return JSONResponse(uploads.start_one(caller, _one(request), origin_of(door.config, request)), 201)

    @router.put(f"{_SETS}/{{id_}}/finish_upload/", openapi_extra=reads(body=_HASH))
    def finish(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Says that its file is uploaded."""
        caller = door.access.caller(request, project_id, _WRITE)
        said = json_object(body).get("content_hash")
        if not said:
            told = "A content hash must be provided to complete symbol set upload."
            raise Invalid(told, "content_hash", "content_hash_required")
        uploads.finish_one(caller, id_, at("content_hash")(content_hash, said))
        return JSONResponse({"success": True})

    @router.post(f"{_SETS}/", openapi_extra={**reads(parameters=_ONE), "requestBody": _FORM})
    async def create(request: Request, project_id: str) -> JSONResponse:
        """Uploads one symbol set at once, as the oldest versions do: a form's `file`, or the body itself."""
        caller = await run_in_threadpool(door.access.caller, request, project_id, _WRITE)
        asked = _one(request)
        async with incoming.content(request, is_form=True) as content:
            await run_in_threadpool(uploads.keep, caller, asked, content)
        return JSONResponse({"ok": True}, 201)

    return router


def ticket_routes(uploads: Uploads, incoming: Incoming, blobs: Blobs, tickets: Tickets) -> APIRouter:
    router = APIRouter()
    public = reads(parameters=_TICKET, is_public=True)

    async def keep(request: Request, *, is_form: bool) -> Response:
        ticket = tickets.read_upload(request.query_params.get("ticket", ""))
        async with incoming.content(request, is_form=is_form) as content:
            await run_in_threadpool(uploads.receive, ticket, content)
        return Response(status_code=204)

    @router.post(UPLOAD_PATH, openapi_extra={**public, "requestBody": _FORM})
    async def post(request: Request) -> Response:
        """Uploads the file of a symbol set: a form's `file`. The address is what `bulk_start_upload` told."""
        return await keep(request, is_form=True)

    @router.put(UPLOAD_PATH, openapi_extra=public)
    async def put(request: Request) -> Response:
        """The same, with the file as the body."""
        return await keep(request, is_form=False)

    @router.get(DOWNLOAD_PATH, openapi_extra=public)
    def download(request: Request) -> StreamingResponse:
        """The file of a symbol set. The address is what its `download/` told."""
        ticket = tickets.read_download(request.query_params.get("ticket", ""))
        pieces = blobs.read(file_key(ticket.project_id, ticket.set_id, ticket.upload_id))
        named_so = {"content-disposition": f'attachment; filename="{ticket.set_id}"'}
        return StreamingResponse(pieces, 200, named_so, "application/octet-stream")

    return router


def origin_of(config: Config, request: Request) -> str:
    """Of addresses that we tell, as the caller reaches us."""
    return config.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def _one(request: Request) -> Upload:
    chunk_id = request.query_params.get("chunk_id", "")
    if not chunk_id:
        raise Invalid("chunk_id query parameter is required", "chunk_id", "required")
    return Upload(at("chunk_id")(check_ref, chunk_id), request.query_params.get("release_id") or None)
