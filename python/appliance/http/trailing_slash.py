"""Addresses of the API end in a slash; one without means the same, whatever the method.

A redirect would do for GET only: clients drop the body, and some the key, when they follow one.
"""

from __future__ import annotations

from typing import Any

from appliance.http.bridge import Application

_PREFIX = "/api/"


class TrailingSlash:
    """ASGI middleware."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path = scope["path"]
            if path.startswith(_PREFIX) and not path.endswith("/"):
                scope = {**scope, "path": f"{path}/"}
        await self._application(scope, receive, send)
