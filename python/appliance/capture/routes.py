"""Capture's URLs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from appliance._native import wire
from appliance.capture.accept import Capture
from appliance.capture.protocol import Protocol

# v0 endpoints take events from a GET's query too, except these two.
_POST_ONLY = ("/i/v0/ai", "/report")
_OTLP_ROUTES = ("/i/v0/ai/otel", "/i/v1/logs", "/i/v1/traces", "/i/v1/metrics", "/v1/")


def _protocol_of(path: str) -> Protocol:
    if path in ("/i/v1/analytics/events", "/i/v1/ai/events"):
        return Protocol.V1
    if path.startswith(_OTLP_ROUTES):
        return Protocol.OTLP
    return Protocol.V0


async def _black_hole(_scope: Any, protocol: Any) -> None:
    await protocol()
    protocol.response_bytes(200, [("content-type", "application/json")], b'{"status":"Ok"}')


def handlers(capture: Capture) -> dict[str, Callable[[Any, Any], Awaitable[None]]]:
    """Path → handler for every capture endpoint, each with and without a trailing slash."""
    table: dict[str, Callable[[Any, Any], Awaitable[None]]] = {}
    for path, route in wire.ROUTES.items():
        protocol = _protocol_of(path)
        allows_get = protocol is Protocol.V0 and path not in _POST_ONLY
        table[path] = table[path + "/"] = capture.handler(route, protocol, allows_get=allows_get)
    table["/test/black_hole"] = table["/test/black_hole/"] = _black_hole
    return table
