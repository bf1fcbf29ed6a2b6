"""ClickHouse's HTTP interface, as much of it as its clients use, over any `Engine`.

Promises:
- Every answer to a statement comes after its token was checked, in constant time.
- A failure has ClickHouse's code and words: in the status and headers while they can still be sent, after
  that in the body between the marks that clients look for, and the connection ends without HTTP's end
  mark.
- Bodies and answers stream: neither a large INSERT nor a large SELECT is held here.
- A reader who hangs up does not leave a query running.
- Connections, statements at a time, and the length of a statement are limited.

`session_id` is accepted and means nothing: each request is its own session. Answers in ClickHouse's own
block compression (`compress=1`) are refused in favour of HTTP's `Accept-Encoding`.
"""

import base64
import binascii
import hmac
import io
import json
import secrets
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import IO, Any, cast
from urllib.parse import parse_qsl, urlsplit

from appliance.store.arrow import arrow_joined
from appliance.store.body import CHUNK_BYTES, DECODING_FAILURES, BadBody, Framed, decoded, read_up_to
from appliance.store.engine import DATABASE, READER, WRITER, Asked, Engine, Limits, Piece, Session
from appliance.store.form import is_form, read_form
from appliance.store.problem import (
    AUTHENTICATION_FAILED,
    INCORRECT_DATA,
    NOT_IMPLEMENTED,
    SYNTAX_ERROR,
    TOO_MANY_QUERIES,
    Problem,
    problem,
)
from appliance.store.reply import Reply
from appliance.store.running import Running
from appliance.store.statement import answer_format, first_word, killed_query_id, read_insert

_IDLE_S = 300
_HEAD_BYTES = 256 * 1024
_DRAIN_BYTES = 256 << 20
# Formats whose pieces may be written one after another: they have neither head nor tail.
_STREAMABLE = frozenset(
    {"native", "rowbinary", "tabseparated", "tsv", "tabseparatedraw", "tsvraw", "csv", "jsoneachrow",
     "jsonlines", "ndjson", "jsoncompacteachrow", "values", "arrowstream", "null", "lineasstring"}
)  # fmt: skip
_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8",
    "jsoncompact": "application/json; charset=UTF-8",
    "jsoneachrow": "application/x-ndjson; charset=UTF-8",
    "csv": "text/csv; charset=UTF-8; header=absent",
    "csvwithnames": "text/csv; charset=UTF-8; header=present",
    "native": "application/octet-stream",
    "arrow": "application/octet-stream",
    "arrowstream": "application/octet-stream",
    "parquet": "application/octet-stream",
    "rowbinary": "application/octet-stream",
}
# Query parameters that speak to an HTTP server rather than to the engine.
_NOT_SETTINGS = frozenset(
    {"query", "database", "default_format", "user", "password", "query_id", "session_id",
     "session_timeout", "session_check", "close_session", "wait_end_of_query", "compress",
     "decompress", "buffer_size", "stacktrace", "role", "quota_key", "client_protocol_version",
     "enable_http_compression", "http_zlib_compression_level", "send_progress_in_http_headers",
     "http_headers_progress_interval_ms", "add_http_cors_header",
     "cancel_http_readonly_queries_on_client_close", "http_write_exception_in_output_format",
     "framing"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Request:
    """What the URL and headers ask, before the body is read."""

    user: str
    query: str
    query_id: str
    database: str
    default_format: str
    wait: bool
    accepted_encoding: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "Hoglet"
    sys_version = ""
    timeout = _IDLE_S
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    server: "_Server"

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is http.server's
        """Statements are not logged: they hold people's data."""

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def do_GET(self) -> None:
        self._answer(writes=False)

    def do_POST(self) -> None:
        self._answer(writes=True)

    def do_HEAD(self) -> None:
        self._plain(HTTPStatus.OK, b"")

    def _plain(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self, *, writes: bool) -> None:
        path = urlsplit(self.path)
        if path.path in ("/ping", "/replicas_status"):
            self._plain(HTTPStatus.OK, b"Ok.\n")
            return
        body = self._body()
        if path.path not in ("", "/"):
            self._plain(HTTPStatus.NOT_FOUND, b"There is no handle " + path.path.encode() + b"\n")
        elif not path.query and not writes:
            self._plain(HTTPStatus.OK, b"Ok.\n")
        else:
            fields = dict(parse_qsl(path.query, keep_blank_values=True))
            self._statement(fields, body, writes=writes)
        self._drain(body)

    def _body(self) -> Framed:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return Framed(cast("IO[bytes]", self.rfile), None)
        length = self.headers.get("Content-Length", "0")
        return Framed(cast("IO[bytes]", self.rfile), int(length) if length.isdecimal() else 0)

    def _drain(self, body: Framed) -> None:
        """Reads what an early failure left, so that the client gets to reading the answer."""
        self.wfile.flush()
        left = _DRAIN_BYTES
        try:
            while not body.ended and left > 0:
                left -= len(body.read(CHUNK_BYTES) or b"")
        except (BadBody, OSError):
            pass
        self.close_connection = self.close_connection or not body.ended

    def _statement(self, fields: dict[str, str], body: Framed, *, writes: bool) -> None:
        server = self.server
        query_id = fields.get("query_id") or str(uuid.uuid4())
        reply = Reply(self, query_id if query_id.isprintable() and query_id.isascii() else "", server.engine)
        try:
            request = _request(fields, self.headers, self._user(fields), query_id)
            if fields.get("compress") == "1" or fields.get("decompress") == "1":
                message = "Block compression is not served here: use Accept-Encoding and Content-Encoding"
                raise problem(NOT_IMPLEMENTED, "NOT_IMPLEMENTED", message)
            plain = decoded(cast("IO[bytes]", body), self.headers.get("Content-Encoding", ""))
            content_type = self.headers.get("Content-Type", "")
            if is_form(content_type):
                form = read_form(plain, content_type, server.limits.statement_bytes)
                request = _request({**fields, **form}, self.headers, request.user, query_id)
                plain = io.BytesIO()
            with server.place(request.user):
                _Statement(self, request, reply, writes=writes).answer(plain)
        except Problem as failure:
            with suppress(OSError):
                reply.fail(failure)
        except (BrokenPipeError, ConnectionResetError, TimeoutError):
            self.close_connection = True
        except DECODING_FAILURES as failure:
            with suppress(OSError):
                reply.fail(problem(INCORRECT_DATA, "INCORRECT_DATA", f"The body cannot be read: {failure}"))

    def _user(self, fields: Mapping[str, str]) -> str:
        user, key = self._credentials(fields)
        expected = self.server.users.get(user, "")
        # Compared even for a user who does not exist, so that the time taken tells nothing.
        if not hmac.compare_digest(key.encode(), expected.encode()) or not expected:
            message = (
                f"{user}: Authentication failed: password is incorrect, or there is no user with such name."
            )
            raise problem(AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED", message)
        return user

    def _credentials(self, fields: Mapping[str, str]) -> tuple[str, str]:
        if "X-ClickHouse-User" in self.headers or "X-ClickHouse-Key" in self.headers:
            return self.headers.get("X-ClickHouse-User", WRITER), self.headers.get("X-ClickHouse-Key", "")
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "basic":
            try:
                user, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
            except (binascii.Error, UnicodeDecodeError):
                return "", ""
            return user, key
        return fields.get("user", WRITER), fields.get("password", "")


def _request(fields: dict[str, str], headers: Any, user: str, query_id: str) -> _Request:
    compressed = fields.get("enable_http_compression", "0") not in ("", "0", "false")
    return _Request(
        user=user,
        query=fields.get("query", ""),
        query_id=query_id,
        database=fields.get("database") or headers.get("X-ClickHouse-Database") or DATABASE,
        default_format=fields.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated",
        wait=fields.get("wait_end_of_query", "0") not in ("", "0", "false"),
        accepted_encoding=headers.get("Accept-Encoding", "") if compressed else "",
        settings={n: v for n, v in fields.items() if n not in _NOT_SETTINGS and not n.startswith("param_")},
        parameters={n.removeprefix("param_"): v for n, v in fields.items() if n.startswith("param_")},
    )


class _Statement:
    """One statement from its text to its answer."""

    def __init__(self, handler: _Handler, request: _Request, reply: Reply, *, writes: bool) -> None:
        self._handler = handler
        self._server = handler.server
        self._request = request
        self._reply = reply
        self._reader = request.user == READER or not writes  # GET never writes
        self._tag = f"hoglet:{secrets.token_hex(16)}"
        self._started = time.monotonic()
        self._read = Piece(b"")

    def answer(self, body: IO[bytes]) -> None:
        request = self._request
        before = request.query.encode("utf-8", "surrogateescape")
        head = (before + b"\n" if before else b"") + read_up_to(body, _HEAD_BYTES)
        asked = Asked(self._reader, self._tag, request.database, request.settings, request.parameters)
        with self._under_way(), self._server.engine.session(asked) as session:
            insert = None if self._reader else read_insert(head)
            if insert is not None:
                start = insert.data_at
                self._insert(session, insert.head, insert.format, head[start:], body)
                return
            sql = self._whole(head, body).decode("utf-8", "replace").strip()
            killed = killed_query_id(sql, dict(request.parameters))
            if killed is not None:
                self._kill(killed)
                return
            self._query(session, sql.rstrip(";"))

    @contextmanager
    def _under_way(self) -> Iterator[None]:
        running = self._server.running
        running.begin(self._tag, self._request.user, self._request.query_id)
        try:
            yield
        finally:
            running.end(self._tag)

    def _whole(self, head: bytes, body: IO[bytes]) -> bytes:
        rest = read_up_to(body, self._server.limits.statement_bytes)
        if body.read(1):
            raise problem(191, "QUERY_IS_TOO_LARGE", "The statement is too long")
        return head + rest

    def _insert(self, session: Session, head: str, form: str, first: bytes, body: IO[bytes]) -> None:
        inserting = session.insert(head, form)
        try:
            piece = first
            while piece:
                inserting.append(piece)
                piece = read_up_to(body, CHUNK_BYTES)
            rows, size = inserting.finish()
        finally:
            inserting.cancel()
        self._summary({"written_rows": rows, "written_bytes": size})
        self._reply.whole(HTTPStatus.OK, b"")

    def _kill(self, query_id: str) -> None:
        user = self._request.user
        tags = self._server.running.kill(lambda of, one: one == query_id and user in (of, WRITER))
        self._reply.headers["X-ClickHouse-Format"] = "TabSeparated"
        self._reply.whole(HTTPStatus.OK, f"waiting\t{query_id}\t{user}\t\n".encode() if tags else b"")

    def _query(self, session: Session, sql: str) -> None:
        if self._reader:
            session.guard(sql)
        kind = session.kind(sql)
        if kind.statements > 1:
            raise problem(SYNTAX_ERROR, "SYNTAX_ERROR", "Multi-statements are not allowed")
        if kind.reads_only:
            self._server.running.watch(self._tag, self._handler.connection)
        form = answer_format(sql, self._request.default_format)
        selects = kind.reads_only and first_word(sql) in ("SELECT", "WITH", "(", "FROM")
        if selects and form.lower() in _STREAMABLE:
            self._stream(session, sql, form)
            return
        piece = session.run(sql, self._request.default_format)
        self._count(piece)
        self._answer(form if kind.reads_only else "", [piece.data])

    def _stream(self, session: Session, sql: str, form: str) -> None:
        pieces = session.stream(sql, self._request.default_format)
        joined = arrow_joined(pieces) if form.lower() == "arrowstream" else pieces
        held: list[bytes | memoryview] = []
        held_bytes = 0
        limit = self._server.limits.wait_bytes if self._request.wait else 0
        try:
            for piece in joined:
                self._count(piece)
                if self._reply.begun:
                    self._reply.write(piece.data)
                    continue
                held.append(piece.data)
                held_bytes += len(piece.data)
                # One piece is always held, so that a failure at the start still has a status of its own.
                if len(held) > 1 and held_bytes > limit:
                    self._begin(form)
                    for one in held:
                        self._reply.write(one)
                    held.clear()
        finally:
            pieces.close()  # type: ignore[attr-defined]
        if self._reply.begun:
            self._reply.end()
        else:
            self._answer(form, held)

    def _begin(self, form: str) -> None:
        self._summary({})
        self._reply.headers["X-ClickHouse-Format"] = form
        self._reply.begin(_content_type(form), self._request.accepted_encoding)

    def _answer(self, form: str, pieces: list[bytes | memoryview]) -> None:
        """Everything at once, the summary complete."""
        if not form:
            self._summary({})
            self._reply.whole(HTTPStatus.OK, b"".join(pieces))
        elif self._request.accepted_encoding:
            self._begin(form)
            for one in pieces:
                self._reply.write(one)
            self._reply.end()
        else:
            self._summary({})
            self._reply.headers["X-ClickHouse-Format"] = form
            self._reply.whole(HTTPStatus.OK, b"".join(pieces), _content_type(form))

    def _count(self, piece: Piece) -> None:
        so_far = self._read
        self._read = Piece(
            b"",
            so_far.rows + piece.rows,
            so_far.rows_read + piece.rows_read,
            so_far.bytes_read + piece.bytes_read,
        )

    def _summary(self, written: Mapping[str, int]) -> None:
        facts = {
            "read_rows": self._read.rows_read,
            "read_bytes": self._read.bytes_read,
            "written_rows": 0,
            "written_bytes": 0,
            "total_rows_to_read": self._read.rows_read,
            "result_rows": self._read.rows,
            "result_bytes": 0,
            "elapsed_ns": int((time.monotonic() - self._started) * 1e9),
            **written,
        }
        self._reply.headers["X-ClickHouse-Summary"] = json.dumps(
            {name: str(value) for name, value in facts.items()}
        )


def _content_type(form: str) -> str:
    return _CONTENT_TYPES.get(form.lower(), "text/plain; charset=UTF-8")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    allow_reuse_address = True

    def __init__(
        self, address: tuple[str, int], engine: Engine, users: Mapping[str, str], limits: Limits
    ) -> None:
        super().__init__(address, _Handler)
        self.engine = engine
        self.users = dict(users)
        self.limits = limits
        self.running = Running(engine)
        self._connections = threading.BoundedSemaphore(limits.connections)
        self._places = {
            WRITER: threading.BoundedSemaphore(limits.writer_queries),
            READER: threading.BoundedSemaphore(limits.reader_queries),
        }

    @contextmanager
    def place(self, user: str) -> Iterator[None]:
        """One of the user's places, waiting a moment for it."""
        places = self._places[user]
        if not places.acquire(timeout=2.0):
            raise problem(TOO_MANY_QUERIES, "TOO_MANY_SIMULTANEOUS_QUERIES", "Too many simultaneous queries")
        try:
            yield
        finally:
            places.release()

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._connections.acquire(blocking=False):
            with suppress(OSError):
                request.sendall(
                    b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                )
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._connections.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection that broke is the client's to notice; there is no one to tell here."""


class Endpoint:
    """The interface at `url` while it is started."""

    def __init__(
        self, engine: Engine, users: Mapping[str, str], address: tuple[str, int], limits: Limits
    ) -> None:
        self._server = _Server(address, engine, users, limits)
        self._thread = threading.Thread(target=self._server.serve_forever, name="store-http", daemon=True)

    @property
    def url(self) -> str:
        host, port = self._server.server_address[:2]
        return f"http://{host if isinstance(host, str) else host.decode()}:{port}"

    def start(self) -> None:
        self._server.running.start()
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.running.stop()
        self._server.server_close()
        self._thread.join()
