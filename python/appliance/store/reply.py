"""One answer over HTTP: whole, or in chunks as it comes, and its failure told as well as it still can be."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from appliance.store.body import Encoder, encoder
from appliance.store.engine import Engine
from appliance.store.problem import Problem


class Reply:
    """One answer: its headers go out with its first bytes, or not at all."""

    def __init__(self, handler: BaseHTTPRequestHandler, query_id: str, engine: Engine) -> None:
        self._handler = handler
        self._tag = secrets.token_hex(8)
        self._encoder: Encoder | None = None
        self.begun = False
        self.headers = {
            "X-ClickHouse-Server-Display-Name": "hoglet",
            "X-ClickHouse-Query-Id": query_id,
            "X-ClickHouse-Timezone": engine.timezone,
            "X-ClickHouse-Exception-Tag": self._tag,
        }

    def whole(self, status: HTTPStatus, body: bytes, content_type: str = "text/plain; charset=UTF-8") -> None:
        self.begun = True
        self._head(status, content_type, {"Content-Length": str(len(body))})
        self._handler.wfile.write(body)

    def begin(self, content_type: str, accepted_encoding: str) -> None:
        self.begun = True
        chosen = encoder(accepted_encoding) if accepted_encoding else None
        extra = {"Transfer-Encoding": "chunked"}
        if chosen is not None:
            extra["Content-Encoding"], self._encoder = chosen
        self._head(HTTPStatus.OK, content_type, extra)

    def _head(self, status: HTTPStatus, content_type: str, extra: Mapping[str, str]) -> None:
        handler = self._handler
        handler.send_response(status)
        for name, value in {"Content-Type": content_type, **self.headers, **extra}.items():
            handler.send_header(name, value)
        if handler.close_connection:
            handler.send_header("Connection", "close")
        handler.end_headers()

    def write(self, data: bytes | memoryview) -> None:
        if self._encoder is not None:
            data = self._encoder.compress(bytes(data))
        self._chunk(data)

    def end(self) -> None:
        if self._encoder is not None:
            self._chunk(self._encoder.flush())
        self._handler.wfile.write(b"0\r\n\r\n")

    def fail(self, failure: Problem) -> None:
        """Tells a failure as well as it still can be told."""
        text = failure.text.encode()
        if not self.begun:
            self.headers["X-ClickHouse-Exception-Code"] = str(failure.code)
            self.whole(failure.status, text + b"\n")
            return
        tag = self._tag.encode()
        message = text + b"\n"
        marked = b"\r\n__exception__\r\n%s\r\n%s%d %s\r\n__exception__\r\n" % (
            tag,
            message,
            len(message),
            tag,
        )
        self.write(marked)
        self.end()
        self._handler.close_connection = True

    def _chunk(self, data: bytes | memoryview) -> None:
        if len(data):
            out = self._handler.wfile
            out.write(b"%x\r\n" % len(data))
            out.write(data)
            out.write(b"\r\n")
