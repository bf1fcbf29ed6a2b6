"""NUL in an address means what it means in events: U+FFFD, since no catalog keeps it in a text.

So nothing that reads a path or a parameter has to think of it.
"""

from __future__ import annotations

from typing import Any

from appliance.http.bridge import Application

_NULL = "\0"
_REPLACEMENT = "\ufffd"


class NullCharacters:
    """ASGI middleware."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            path, query = scope["path"], scope["query_string"]
            if _NULL in path or b"%00" in query or b"\0" in query:
                replaced = query.replace(b"%00", b"%EF%BF%BD").replace(b"\0", b"%EF%BF%BD")
                scope = {**scope, "path": path.replace(_NULL, _REPLACEMENT), "query_string": replaced}
        await self._application(scope, receive, send)
