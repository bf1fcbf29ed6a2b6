"""PostHog's query endpoint and its companions."""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Request, Response

from appliance.accounts.access import Access
from appliance.catalog import ProjectSnapshot
from appliance.failures import Invalid, NotFound
from appliance.http.json_body import JsonObject
from appliance.http.openapi import BOOLEAN, OBJECT, TEXT, reads
from appliance.query.encode import encoded
from appliance.query.kinds import KINDS, WRAPPERS, unwrapped
from appliance.query.kinds import Response as Answer
from appliance.query.overrides import overridden
from appliance.query.runner import LIMITS, Question, Runner

SCOPE = "query:read"
_REFRESH = (
    "blocking",
    "force_blocking",
    "async",
    "lazy_async",
    "force_async",
    "async_except_on_cache_miss",
)
_BODY = {
    "type": "object",
    "required": ["query"],
    "properties": {
        "query": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": [*KINDS, *WRAPPERS]}},
        },
        "refresh": {
            "description": "One of PostHog's modes, or whether to ask afresh.",
            "anyOf": [{"enum": list(_REFRESH)}, BOOLEAN],
        },
        "client_query_id": TEXT,
        "async": BOOLEAN,
        "limit_context": {"enum": list(LIMITS)},
        "filters_override": OBJECT,
        "variables_override": OBJECT,
    },
}
_RUNNING, _DONE, _BAD, _BROKEN = 202, 200, 400, 500


def routes(access: Access, runner: Runner) -> APIRouter:
    """Everything under `/api/projects/{id}/query/`."""
    router = APIRouter()

    @router.post("/query/", openapi_extra=reads(body=_BODY))
    def query(request: Request, project_id: str, body: JsonObject) -> Response:
        """Answers a question of any kind."""
        return _answer(runner.answer(_question(access.project(request, project_id, SCOPE), body)))

    @router.post("/query/check_auth_for_async/")
    def check(request: Request, project_id: str) -> Response:
        """Whether the key may ask at all."""
        access.project(request, project_id, SCOPE)
        return _json({"user": "ok"}, _DONE)

    @router.post("/query/{kind}/", openapi_extra=reads(body=_BODY))
    def query_of_kind(request: Request, project_id: str, kind: str, body: JsonObject) -> Response:
        """The same, with the kind in the address too."""
        project = access.project(request, project_id, SCOPE)
        given = body.get("query")
        if not isinstance(given, dict) or given.get("kind") != kind:
            raise Invalid(f"The kind in the path, {kind[:100]}, must be the query's kind.", attr="query")
        return _answer(runner.answer(_question(project, body)))

    @router.get("/query/{query_id}/")
    def status(request: Request, project_id: str, query_id: str) -> Response:
        """How a background query is, and its results."""
        project = access.project(request, project_id, SCOPE)
        found = runner.status(project.id, query_id)
        if found is None:
            raise NotFound("Query not found.")
        code = _RUNNING
        if found["error"]:
            code = _BAD if found["error_message"] else _BROKEN
        elif found["complete"]:
            code = _DONE
        return _json({"query_status": found}, code)

    @router.delete("/query/{query_id}/")
    def cancel(request: Request, project_id: str, query_id: str) -> Response:
        """Stops a query."""
        runner.cancel(access.project(request, project_id, SCOPE).id, query_id)
        return _json({"message": "Query cancelled", "detail": "Query cancelled"}, _DONE)

    return router


def _question(project: ProjectSnapshot, body: dict[str, Any]) -> Question:
    query = unwrapped(body.get("query"))
    query = overridden(query, body.get("filters_override"), body.get("variables_override"))
    refresh = body.get("refresh")
    if refresh is None and body.get("async") is True:
        refresh = "async"
    limit_context = body.get("limit_context") or "query"
    if not isinstance(limit_context, str) or limit_context not in LIMITS:
        raise Invalid(f"limit_context must be one of {', '.join(LIMITS)}", attr="limit_context")
    query_id = str(body.get("client_query_id") or uuid4())
    return Question(project, query, _refresh(refresh), query_id, limit_context)


def _refresh(given: Any) -> str:
    if isinstance(given, bool):
        return "force_blocking" if given else "blocking"
    return str(given or "blocking").lower()


def _answer(response: Answer) -> Response:
    status = response.get("query_status")
    return _json(response, _RUNNING if status and not status.get("complete") else _DONE)


def _json(content: Any, status: int) -> Response:
    return Response(encoded(content), status, media_type="application/json")
