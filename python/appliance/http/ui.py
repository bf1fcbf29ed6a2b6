"""The built web application: its files, and its one page for every address that a browser asks for and nobody else has.

Promises:
- The API, capture and every other route come first: only what they do not know, and a browser asks for, is a page.
- Files under `/assets/` have their hash in their name and may be kept for ever; the page itself is asked for anew.
- A script runs only from our own origin, and no other site can put a page into a frame, except what is made for it.
- Without the built files nothing changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response

from appliance.http.bridge import Application

FOLDER = Path(__file__).parent / "ui"

_ASSETS = "/assets/"
# Vite writes eight characters of a hash before the ending.
_HASHED = re.compile(r"[A-Za-z0-9_.-]*-[A-Za-z0-9_-]{8}\.[a-z0-9]+")
_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*")
_MEDIA_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
}
_FOR_EVER = "public, max-age=31536000, immutable"
# What `hoglet` pages may load: scripts from here only; styles inline too, which components write as they are drawn.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)
# Shared insights and dashboards are made to be put into other pages.
_FRAMED = "/embedded/"
# Every other page begins by asking who is signed in: the browser asks along with the scripts, not after them.
_SESSION_WANTED = "</api/session/>; rel=preload; as=fetch; crossorigin"
_FOR_ANYBODY = ("/shared/", _FRAMED)
_NOT_FOUND = 404


def is_built(folder: Path) -> bool:
    return (folder / "index.html").is_file()


class Ui:
    """ASGI middleware. `folder` holds what `make web` has built, if anything."""

    def __init__(self, application: Application, folder: Path = FOLDER) -> None:
        self._application = application
        self._folder = folder

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._application(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        if path.startswith(_ASSETS):
            await self._asset(path.removeprefix(_ASSETS), headers)(scope, receive, send)
        elif (
            path.startswith("/api/")
            or "text/html" not in headers.get("accept", "")
            or not is_built(self._folder)
        ):
            await self._application(scope, receive, send)
        elif path == "/":
            await self._page(path, headers)(scope, receive, send)
        else:
            await self._application_or_page(path, headers, scope, receive, send)

    async def _application_or_page(
        self, path: str, headers: Headers, scope: Any, receive: Any, send: Any
    ) -> None:
        """The application's answer; the page where the application knows no such address."""
        is_unknown = False

        async def answer(message: Any) -> None:
            nonlocal is_unknown
            if message["type"] == "http.response.start":
                is_unknown = message["status"] == _NOT_FOUND
            if not is_unknown:
                await send(message)

        await self._application(scope, receive, answer)
        if is_unknown:
            await self._page(path, headers)(scope, receive, send)

    def _page(self, path: str, headers: Headers) -> Response:
        is_framed = path.startswith(_FRAMED)
        answered = {
            "cache-control": "no-cache",
            "content-security-policy": _POLICY.format(ancestors="*" if is_framed else "'none'"),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
            "vary": "accept, accept-encoding",
        }
        if not is_framed:
            answered["x-frame-options"] = "DENY"
        if not path.startswith(_FOR_ANYBODY):
            answered["link"] = _SESSION_WANTED
        return self._file(self._folder / "index.html", "text/html; charset=utf-8", answered, headers)

    def _asset(self, name: str, headers: Headers) -> Response:
        path = self._folder / "assets" / name
        media_type = _MEDIA_TYPES.get(path.suffix)
        if media_type is None or _NAME.fullmatch(name) is None or not path.is_file():
            return PlainTextResponse("there is no such file", _NOT_FOUND)
        answered = {
            "cache-control": _FOR_EVER if _HASHED.fullmatch(name) else "no-cache",
            "x-content-type-options": "nosniff",
            "vary": "accept-encoding",
        }
        return self._file(path, media_type, answered, headers)

    def _file(self, path: Path, media_type: str, answered: Mapping[str, str], asked: Headers) -> Response:
        """The smallest copy that the browser takes. They were compressed when they were built."""
        taken = {one.split(";")[0].strip() for one in asked.get("accept-encoding", "").split(",")}
        for encoding, suffix in (("br", ".br"), ("gzip", ".gz")):
            compressed = path.with_name(path.name + suffix)
            if encoding in taken and compressed.is_file():
                headers = {**answered, "content-encoding": encoding}
                return FileResponse(compressed, headers=headers, media_type=media_type)
        return FileResponse(path, headers=dict(answered), media_type=media_type)
