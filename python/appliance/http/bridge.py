"""From RSGI to ASGI: lets an ordinary ASGI application answer what is not on the hot road."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

from appliance.http.body import Bodies, BodyStalled, BodyTooLarge

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]
_UPLOADS = ("POST", "PUT")
_TEXT = [("content-type", "text/plain; charset=utf-8")]


class Bridge:
    """A handler for ``hot.Dispatch`` that runs ``application``.

    Bodies are read whole before it runs, except those of paths that match ``streamed``: it gets these piece by piece
    and sets their bounds itself. Who stops sending for ``stalled_s`` counts as gone.
    """

    def __init__(
        self,
        application: Application,
        bodies: Bodies,
        bytes_max: int,
        *,
        streamed: re.Pattern[str] | None = None,
        stalled_s: float = 30.0,
    ) -> None:
        self._application = application
        self._bodies = bodies
        self._bytes_max = bytes_max
        self._streamed = streamed
        self._stalled_s = stalled_s

    async def __call__(self, scope: Any, protocol: Any) -> None:
        if self._streamed is not None and scope.method in _UPLOADS and self._streamed.fullmatch(scope.path):
            streaming = _Streaming(protocol, self._stalled_s)
            await self._application(_asgi_scope(scope), streaming.receive, streaming.send)
            return
        try:
            body = b""
            if scope.method not in ("GET", "HEAD"):
                body = await self._bodies.read(scope.headers, protocol, self._bytes_max)
        except BodyTooLarge:
            protocol.response_str(413, _TEXT, f"the request body is larger than {self._bytes_max} bytes")
            return
        except BodyStalled:
            protocol.response_str(408, _TEXT, "client stopped sending data")
            return
        exchange = _Exchange(protocol, body)
        await self._application(_asgi_scope(scope), exchange.receive, exchange.send)


class _Exchange:
    """One request's two channels."""

    def __init__(self, protocol: Any, body: bytes) -> None:
        self._protocol = protocol
        self._body: bytes | None = body
        self._status = 500
        self._headers: list[tuple[str, str]] = []
        self._stream: Any = None

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self._protocol.client_disconnect()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [
                (name.decode("latin-1"), value.decode("latin-1"))
                for name, value in message.get("headers", ())
            ]
        elif message["type"] == "http.response.body":
            await self._send_body(message.get("body", b""), more=message.get("more_body", False))

    async def _send_body(self, body: bytes, *, more: bool) -> None:
        if self._stream is None and not more:
            self._protocol.response_bytes(self._status, self._headers, body)
            return
        if self._stream is None:
            self._stream = self._protocol.response_stream(self._status, self._headers)
        if body:
            await self._stream.send_bytes(body)
        else:
            await asyncio.sleep(0)


class _Streaming(_Exchange):
    """One whose body comes piece by piece."""

    def __init__(self, protocol: Any, stalled_s: float) -> None:
        super().__init__(protocol, b"")
        self._pieces: AsyncIterator[bytes] | None = aiter(protocol)
        self._stalled_s = stalled_s

    async def receive(self) -> Message:
        if self._pieces is None:
            await self._protocol.client_disconnect()
            return {"type": "http.disconnect"}
        try:
            piece = await asyncio.wait_for(anext(self._pieces), self._stalled_s)
        except StopAsyncIteration:
            self._pieces = None
            return {"type": "http.request", "body": b"", "more_body": False}
        except (TimeoutError, OSError, RuntimeError):
            self._pieces = None
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": piece, "more_body": True}


def _asgi_scope(scope: Any) -> Message:
    host, _, port = scope.client.rpartition(":")
    server_host, _, server_port = scope.server.rpartition(":")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": scope.http_version,
        "method": scope.method,
        "scheme": scope.scheme,
        "path": unquote(scope.path),
        "raw_path": scope.path.encode(),
        "query_string": scope.query_string.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode(), value.encode("latin-1")) for name, value in scope.headers.items()
        ],
        "client": (host, int(port)) if port.isdigit() else None,
        "server": (server_host, int(server_port)) if server_port.isdigit() else None,
    }
