"""Health, metrics and the page at ``/``. No key is needed: nothing here tells what anybody's events hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse

from appliance.config import Config
from appliance.operations.counters import read_counters
from appliance.operations.health import health
from appliance.operations.metrics import prometheus_text

_PAGE = Path(__file__).parent / "page"
# The page loads its own files and talks to its own origin, nothing else.
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


def routes(config: Config, accepting: Callable[[], bool]) -> APIRouter:
    """The operator's routes. ``accepting`` tells whether this worker still takes captures."""
    router = APIRouter()

    @router.get("/", include_in_schema=False)
    def page(request: Request) -> Response:
        if "text/html" in request.headers.get("accept", ""):
            return FileResponse(_PAGE / "index.html", headers=_PAGE_HEADERS)
        return PlainTextResponse("capture")

    @router.get("/page/{name}", include_in_schema=False)
    def page_file(name: str) -> Response:
        if name not in ("page.js", "page.css", "icon.svg"):
            return PlainTextResponse("there is no such file", 404)
        return FileResponse(_PAGE / name, headers=_PAGE_HEADERS)

    @router.get("/_liveness")
    def liveness() -> Response:
        return PlainTextResponse("ok")

    @router.get("/_readiness")
    def readiness() -> Response:
        return PlainTextResponse("ok") if accepting() else PlainTextResponse("shutting down", 503)

    @router.get("/_health")
    def health_of_all_parts() -> Response:
        state = health(config.counters_dir)
        return JSONResponse(state, 503 if state["status"] == "down" else 200)

    @router.get("/metrics")
    def metrics() -> Response:
        text = prometheus_text(read_counters(config.counters_dir))
        return PlainTextResponse(text, media_type="text/plain; version=0.0.4")

    return router
