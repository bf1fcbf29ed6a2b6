"""Failures as the JSON that PostHog's API answers with: `{"type", "code", "detail", "attr"}`."""

import logging

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from appliance.failures import (
    Conflict,
    HogletError,
    Invalid,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    StoreRefused,
    TooMany,
    Unavailable,
)

log = logging.getLogger(__name__)

_ANSWERS: tuple[tuple[type[HogletError], int, str, str], ...] = (
    (NotAuthenticated, 401, "authentication_error", "not_authenticated"),
    (NotAuthorized, 403, "authentication_error", "permission_denied"),
    (NotFound, 404, "invalid_request", "not_found"),
    (Conflict, 409, "invalid_request", "conflict"),
    (TooMany, 429, "throttled_error", "throttled"),
    (Unavailable, 503, "server_error", "unavailable"),
)
_SERVER_ERROR = 500
# ClickHouse's words for: out of time, out of memory, too much to read.
_QUERY_TOO_LARGE = frozenset({158, 159, 160, 241, 307})


def answer_failures(api: FastAPI) -> None:
    """Makes every failure of `api` an answer; what is not ours is logged and told as nothing but a 500."""
    api.add_exception_handler(HogletError, _ours)
    api.add_exception_handler(HTTPException, _of_routing)
    api.add_exception_handler(Exception, _unexpected)


def _ours(_request: Request, failure: Exception) -> Response:
    if isinstance(failure, Invalid):
        return _error(400, "validation_error", failure.code, str(failure), attr=failure.attr)
    for kind, status, type_, code in _ANSWERS:
        if isinstance(failure, kind):
            headers = {}
            if isinstance(failure, Unavailable | TooMany) and failure.retry_after_s:
                headers["retry-after"] = str(failure.retry_after_s)
            if status == 401:  # noqa: PLR2004 - RFC 9110 asks for the challenge with this status
                headers["www-authenticate"] = "Bearer"
            return _error(status, type_, code, str(failure), headers)
    if isinstance(failure, StoreRefused) and failure.code in _QUERY_TOO_LARGE:
        detail = "The query needs more time or memory than it may take. Ask for a shorter time range."
        return _error(503, "server_error", "query_too_large", detail)
    log.error("a request failed: %s", failure)
    return _error(_SERVER_ERROR, "server_error", "error", "A server error occurred.")


def _of_routing(_request: Request, failure: Exception) -> Response:
    status = failure.status_code if isinstance(failure, HTTPException) else _SERVER_ERROR
    headers = dict(failure.headers or {}) if isinstance(failure, HTTPException) else {}
    if status == 404:  # noqa: PLR2004 - as HTTP numbers it
        return _error(status, "invalid_request", "not_found", "Endpoint not found.", headers)
    detail = failure.detail if isinstance(failure, HTTPException) else ""
    code = "method_not_allowed" if status == 405 else "error"  # noqa: PLR2004 - as HTTP numbers it
    return _error(status, "invalid_request", code, detail, headers)


def _unexpected(_request: Request, _failure: Exception) -> Response:
    return _error(_SERVER_ERROR, "server_error", "error", "A server error occurred.")


def _error(
    status: int,
    type_: str,
    code: str,
    detail: str,
    headers: dict[str, str] | None = None,
    *,
    attr: str | None = None,
) -> JSONResponse:
    return JSONResponse({"type": type_, "code": code, "detail": detail, "attr": attr}, status, headers)
