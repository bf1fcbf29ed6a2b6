"""Addresses that begin with one prefix mean those that begin with another, so routes are written once.

What is asked for stays in the scope as `asked_path`, for answers that name their own address.
"""

from __future__ import annotations

from typing import Any

from fastapi import Request

from appliance.http.bridge import Application

_ASKED = "asked_path"


class SameAddress:
    """ASGI middleware: `prefixes` are the other names and what they stand for."""

    def __init__(self, application: Application, prefixes: dict[str, str]) -> None:
        self._application = application
        self._prefixes = prefixes

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            for prefix, meant in self._prefixes.items():
                if path.startswith(prefix):
                    scope = {**scope, "path": meant + path.removeprefix(prefix), _ASKED: path}
                    break
        await self._application(scope, receive, send)


def asked_path(request: Request) -> str:
    """The path as the caller wrote it."""
    found: str = request.scope.get(_ASKED, request.scope["path"])
    return found
