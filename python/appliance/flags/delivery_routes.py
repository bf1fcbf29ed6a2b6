"""Routes that SDKs fetch from: configuration, scripts, definitions, payloads, and what browsers ask for beside flags.

What is in memory is answered on the event loop; what asks the catalog or reads files runs in threads.
"""

import re
from collections.abc import Callable, Mapping

import orjson
from fastapi import APIRouter, Request, Response

from appliance.failures import CatalogUnavailable, NotAuthenticated
from appliance.flags.credentials import Credentials, Holder, key_in
from appliance.flags.delivery import DELIVERIES
from appliance.flags.encryption import Payloads
from appliance.flags.keeper import Current, ProjectFlags
from appliance.flags.local_evaluation import LocalEvaluation
from appliance.flags.payloads import remote_payload
from appliance.flags.remote_config import RemoteConfigs, Written
from appliance.flags.scripts import Scripts
from appliance.http.cross_origin import cross_origin_headers
from appliance.http.openapi import TEXT, reads

CurrentFlags = Callable[[], Current]

_JSON = "application/json"
_JAVASCRIPT = "application/javascript; charset=utf-8"
_TEXT = "text/plain; charset=utf-8"
_GET = ["GET", "HEAD"]
_METHODS = "GET, POST, OPTIONS"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")
# A browser asks each time whether it has the newest: what is switched on is on with the next page.
_ALWAYS_ASKED = "public, no-cache"
_PRIVATE = {"cache-control": "private, must-revalidate"}
_OTHER_PROJECT = "This key is not for this project."
_WHERE_TO_FIND = "You can find your project API key in your project settings."


def delivery_routes(
    current: CurrentFlags,
    credentials: Credentials,
    payloads: Payloads,
    configs: RemoteConfigs,
    scripts: Scripts,
) -> APIRouter:
    """At the root: the addresses are whole. Only the one that is within a project is in its OpenAPI document."""
    router = APIRouter()
    for routes in (
        _config_routes(current, configs, scripts),
        _script_routes(scripts),
        _definition_routes(current, credentials),
        _payload_routes(current, credentials, payloads),
        _list_routes(current),
    ):
        router.include_router(routes)
    return router


def _config_routes(current: CurrentFlags, configs: RemoteConfigs, scripts: Scripts) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def answer(
        request: Request, token: str, write: Callable[[Written, Mapping[str, str]], Response]
    ) -> Response:
        headers = {**_cross_origin(request), "vary": "Origin, Referer"}
        if not _TOKEN.fullmatch(token):
            return Response("This is not a project token.\n", 400, headers, _TEXT)
        flags = current().by_token.get(token)
        if flags is None:
            return Response("No project has this token.\n", 404, headers, _TEXT)
        return write(configs.of(flags, request.headers), {**headers, "cache-control": _ALWAYS_ASKED})

    async def config(request: Request, token: str) -> Response:
        return answer(
            request, token, lambda found, headers: found.json.answer(request.headers, _JSON, headers)
        )

    async def config_js(request: Request, token: str) -> Response:
        return answer(
            request, token, lambda found, headers: found.script.answer(request.headers, _JAVASCRIPT, headers)
        )

    def array_js(request: Request, token: str) -> Response:
        return answer(
            request,
            token,
            lambda found, headers: scripts.with_config(found.script.plain, request.headers, headers),
        )

    for name, endpoint in (("config", config), ("config.js", config_js), ("array.js", array_js)):
        _add(router, f"/array/{{token}}/{name}", endpoint)
    return router


def _script_routes(scripts: Scripts) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    def newest(request: Request, name: str) -> Response:
        return scripts.answer(name, request.headers)

    def versioned(request: Request, version: str, name: str) -> Response:
        return scripts.answer(name, request.headers, version)

    _add(router, "/static/{name}", newest)
    _add(router, "/static/{version}/{name}", versioned)
    return router


def _definition_routes(current: CurrentFlags, credentials: Credentials) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    kept = LocalEvaluation()

    def definitions(request: Request) -> Response:
        token = request.query_params.get("token", "")
        if not token:
            return _refused(401, "not_authenticated", "Project token was not provided.")
        flags = current().by_token.get(token)
        if flags is None:
            return _refused(401, "authentication_failed", "No project has this token.")
        holder = _holder(request, credentials, flags.project.id)
        if isinstance(holder, Response):
            return holder
        if flags.project.id not in holder.project_ids:
            return _refused(401, "authentication_failed", _OTHER_PROJECT)
        if not flags.is_known:
            return _not_now()
        return kept.of(flags).answer(request.headers, _JSON, _PRIVATE)

    async def head() -> Response:
        return Response(media_type=_JSON)

    async def options() -> Response:
        return Response(status_code=204, headers={"allow": "GET, HEAD, OPTIONS"})

    for path in ("/flags/definitions", "/flags/definitions/", "/api/feature_flag/local_evaluation/"):
        router.add_api_route(path, definitions, methods=["GET"])
        router.add_api_route(path, head, methods=["HEAD"])
        router.add_api_route(path, options, methods=["OPTIONS"])
    return router


def _payload_routes(current: CurrentFlags, credentials: Credentials, payloads: Payloads) -> APIRouter:
    router = APIRouter()

    def payload(request: Request, project_id: str, key: str) -> Response:
        """The payload of a remote configuration by its key or number; also with a project's secret key."""
        flags = _project(current(), request.query_params.get("token", ""), project_id)
        holder = _holder(request, credentials, None if flags is None else flags.project.id)
        if isinstance(holder, Response):
            return holder
        if flags is None:
            return _not_found("Project not found.")
        if flags.project.id not in holder.project_ids:
            return _refused(403, "permission_denied", _OTHER_PROJECT)
        if not flags.is_known:
            return _not_now()
        found = remote_payload(flags, key, None if holder.is_secret_key else payloads.decrypted)
        return Response(b"" if found is None else orjson.dumps(found), media_type=_JSON, headers=_PRIVATE)

    path = "/api/projects/{project_id}/feature_flags/{key}/remote_config/"
    router.add_api_route(path, payload, methods=["GET"], openapi_extra=reads(parameters={"token": TEXT}))
    router.add_api_route(path, payload, methods=["HEAD"], include_in_schema=False)
    return router


def _list_routes(current: CurrentFlags) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    async def deliver(request: Request) -> Response:
        headers = {**_cross_origin(request), "cache-control": _ALWAYS_ASKED}
        token = request.query_params.get("token") or request.query_params.get("api_key")
        if not token:
            detail = f"API key not provided. {_WHERE_TO_FIND}"
            return _refused(401, "missing_api_key", detail, headers)
        flags = current().by_token.get(token)
        if flags is None:
            return _refused(401, "invalid_api_key", f"Project API key invalid. {_WHERE_TO_FIND}", headers)
        found = DELIVERIES[request.url.path](flags.project)
        return Response(orjson.dumps(found), media_type=_JSON, headers=headers)

    for path in DELIVERIES:
        _add(router, path, deliver)
    return router


def _add(router: APIRouter, path: str, endpoint: Callable[..., object]) -> None:
    """With and without a slash at the end, and with an answer for browsers that ask beforehand."""
    bare = path.removesuffix("/")
    for one in (bare, f"{bare}/"):
        router.add_api_route(one, endpoint, methods=_GET)
        router.add_api_route(one, _preflight, methods=["OPTIONS"])


async def _preflight(request: Request) -> Response:
    return Response(status_code=200, headers=_cross_origin(request))


def _cross_origin(request: Request) -> dict[str, str]:
    return dict(cross_origin_headers(request.headers, _METHODS))


def _holder(request: Request, credentials: Credentials, project_id: int | None) -> Holder | Response:
    """Who asks about a project, or the answer to somebody who may not."""
    try:
        key = key_in(request.headers)
    except NotAuthenticated as failure:
        return _refused(401, "not_authenticated", str(failure))
    try:
        holder = credentials.holder(key, project_id)
    except NotAuthenticated as failure:
        return _refused(401, "authentication_failed", str(failure))
    except CatalogUnavailable:
        return _not_now()
    if not holder.may_read_flags:
        return _refused(403, "permission_denied", "API key missing required scope 'feature_flag:read'")
    return holder


def _project(current: Current, token: str, project_id: str) -> ProjectFlags | None:
    if token:
        return current.by_token.get(token)
    return current.by_id.get(int(project_id)) if re.fullmatch(r"[0-9]{1,18}", project_id) else None


def _not_now() -> Response:
    """Never 401, and never an empty answer: SDKs would forget the flags that they have."""
    return Response("The catalog does not answer, please retry.\n", 503, {"retry-after": "1"}, _TEXT)


def _refused(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    challenge = {"www-authenticate": "Bearer"} if status == 401 and headers is None else {}  # noqa: PLR2004
    return _failure(status, "authentication_error", code, detail, {**challenge, **(headers or {})})


def _not_found(detail: str) -> Response:
    return _failure(404, "invalid_request", "not_found", detail, {})


def _failure(status: int, type_: str, code: str, detail: str, headers: Mapping[str, str]) -> Response:
    body = orjson.dumps({"type": type_, "code": code, "detail": detail, "attr": None})
    return Response(body, status, dict(headers), _JSON)
