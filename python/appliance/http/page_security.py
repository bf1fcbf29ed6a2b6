"""Headers that keep a browser from doing more with an answer than it should.

Promises:
- A page runs no script but those of our own origin, and nobody puts it into a frame.
- What the API answers is no page at all, whatever it looks like, and stays in no cache.
- An answer that says otherwise for itself is left alone. Capture does not come by here.
"""

from __future__ import annotations

from typing import Any

from starlette.datastructures import MutableHeaders

from appliance.http.bridge import Application

_API = "/api/"
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


class PageSecurity:
    """ASGI middleware."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        is_api = scope["path"].startswith(_API)

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), is_api=is_api)
            await send(message)

        await self._application(scope, receive, answer)


def _add(headers: MutableHeaders, *, is_api: bool) -> None:
    is_page = headers.get("content-type", "").startswith("text/html")
    if not (is_api or is_page):
        return
    headers.setdefault("content-security-policy", _PAGE_POLICY if is_page else _API_POLICY)
    headers.setdefault("x-content-type-options", "nosniff")
    headers.setdefault("referrer-policy", "same-origin")
    headers.setdefault("cross-origin-opener-policy", "same-origin")
    if is_api:
        headers.setdefault("cache-control", "no-store")
