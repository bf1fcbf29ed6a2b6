"""One capture request: read, decode, append, wait for the disk, answer.

Compiled by Cython with ``http.hot``: this is the Python that every event's request pays for.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from typing import Protocol as Interface

from appliance._native import journal, wire
from appliance.capture import refuse
from appliance.capture.durable import CommitFailed, Durable
from appliance.capture.protocol import Protocol
from appliance.http.body import Bodies, BodyStalled, BodyTooLarge
from appliance.http.client_address import ClientAddresses
from appliance.http.cross_origin import NO_HEADERS, cross_origin_headers

log = logging.getLogger(__name__)

# Decoding a body up to this size takes well under a millisecond and happens on the event loop; a larger one goes to a
# thread, so that it holds up nobody else.
INLINE_BYTES_MAX = 256 * 1024
# Of a body that may be packed: a thousand bytes of gzip unpack to a million at most.
INLINE_PACKED_BYTES_MAX = 4 * 1024
# How JSON and protobuf begin: OTLP's messages have one field, whose tag is a line feed.
_PLAIN_STARTS = (b"{", b"[", b"\n")
_JSON = [("content-type", "application/json")]
_REFUSALS = (
    (journal.JournalFull, refuse.FULL),
    (journal.RecordsTooLarge, refuse.RECORDS_TOO_LARGE),
    (CommitFailed, refuse.DISK_FAILED),
    (BodyTooLarge, refuse.TOO_LARGE),
    (BodyStalled, refuse.STALLED),
)


class Counters(Interface):
    """Where capture counts; ``operations.counters`` has the real one."""

    def add(self, name: str, amount: int = 1) -> None:
        """Raises one counter."""
        ...


class Capture:
    """What all capture routes of one worker share.

    ``projects`` is replaced as a whole when the catalog changes; requests under way keep the table they began with.
    """

    def __init__(
        self,
        projects: wire.Projects,
        lanes: Mapping[int, Durable],
        counters: Counters,
        bodies: Bodies,
        addresses: ClientAddresses,
    ) -> None:
        self.projects = projects
        self.lanes = dict(lanes)
        self.counters = counters
        self.bodies = bodies
        self.addresses = addresses
        self.draining = False
        self.under_way = 0

    def handler(
        self, route: int, protocol: Protocol, *, allows_get: bool
    ) -> Callable[[Any, Any], Awaitable[None]]:
        """The handler of one route."""
        return _Route(self, route, protocol, allows_get).answer


class _Route:
    """One route: the wire's number for it, and its family's manners."""

    def __init__(self, capture: Capture, route: int, protocol: Protocol, allows_get: bool) -> None:
        self._capture = capture
        self._route = route
        self._protocol = protocol
        self._is_v1 = protocol is Protocol.V1
        self._methods = "GET,POST,OPTIONS" if allows_get else "POST,OPTIONS"
        self._allows_get = allows_get
        self._bytes_max = wire.body_bytes_max(route)

    async def answer(self, scope: Any, protocol: Any) -> None:
        """Answers one request, failures of our own included."""
        method = scope.method
        headers = scope.headers
        is_get = method == "GET" and self._allows_get
        if not is_get and method != "POST":
            self._answer_method(method, headers, protocol)
            return
        capture = self._capture
        if capture.draining:
            await self._drop_body(headers, protocol)
            self._refuse(headers, protocol, refuse.DRAINING)
            return
        capture.under_way += 1
        try:
            body = b"" if is_get else await capture.bodies.read(headers, protocol, self._bytes_max)
            arguments = self._arguments(scope, headers, is_get, body)
            if len(body) <= (
                INLINE_BYTES_MAX if _is_plain(scope, headers, body) else INLINE_PACKED_BYTES_MAX
            ):
                answer = wire.accept(*arguments)
            else:
                answer = await asyncio.get_running_loop().run_in_executor(None, wire.accept, *arguments)
            records = answer.records
            if records is not None:
                await capture.lanes[answer.lane].append(records)
            self._send(headers, protocol, answer)
        except Exception as failure:  # noqa: BLE001 - each kind has its answer, the unexpected too
            self._refuse(headers, protocol, _refusal_of(failure, scope.path))
        finally:
            capture.under_way -= 1

    def _answer_method(self, method: str, headers: Any, protocol: Any) -> None:
        """Answers what brings no events: a browser that asks whether it may, or a method that is not taken."""
        answer = cross_origin_headers(headers, self._methods)
        if method == "OPTIONS":
            protocol.response_empty(200, answer)
        else:
            protocol.response_empty(405, [("allow", self._methods), *answer])

    def _arguments(self, scope: Any, headers: Any, is_get: bool, body: bytes) -> tuple[Any, ...]:
        """What ``wire.accept`` takes, in its order."""
        header = headers.get
        capture = self._capture
        is_v1 = self._is_v1
        return (
            capture.projects,
            self._route,
            is_get,
            scope.query_string,
            header("content-type"),
            header("content-encoding"),
            header("user-agent"),
            header("authorization"),
            header("posthog-sdk-info") if is_v1 else None,
            header("posthog-attempt") if is_v1 else None,
            header("posthog-request-id") if is_v1 else None,
            header("posthog-request-timestamp") if is_v1 else None,
            body,
            capture.addresses.find(scope.client, headers),
            time.time_ns() // 1000,
        )

    def _send(self, asked: Any, protocol: Any, answer: wire.Answer) -> None:
        dropped = answer.dropped
        if dropped:
            for reason, count in dropped:
                self._capture.counters.add(reason, count)
        headers = cross_origin_headers(asked, self._methods)
        content_type = answer.content_type
        if content_type == "application/json" and headers is NO_HEADERS:
            headers = _JSON
        elif content_type is not None:
            headers = [*headers, ("content-type", content_type)]
        more = answer.headers
        if more:
            headers = [*headers, *more]
        protocol.response_bytes(answer.status, headers, answer.body)

    def _refuse(self, asked: Any, protocol: Any, refusal: refuse.Refusal) -> None:
        self._capture.counters.add(refusal.counter)
        headers, body = refuse.refusal_answer(refusal, self._protocol)
        if self._is_v1:
            headers += _v1_headers(asked)
        headers += cross_origin_headers(asked, self._methods)
        protocol.response_bytes(refusal.status, headers, body)

    async def _drop_body(self, headers: Any, protocol: Any) -> None:
        """Reads the body away, so that a client that is still sending gets to see the answer."""
        try:
            await self._capture.bodies.read(headers, protocol, self._bytes_max)
        except (BodyTooLarge, BodyStalled):
            return


def _is_plain(scope: Any, headers: Any, body: bytes) -> bool:
    """Whether a body is as large as it will ever be: what is packed begins otherwise, or is said to be."""
    return (
        body.startswith(_PLAIN_STARTS)
        and headers.get("content-encoding") is None
        and "compression=" not in scope.query_string
    )


def _refusal_of(failure: Exception, path: str) -> refuse.Refusal:
    for kind, refusal in _REFUSALS:
        if isinstance(failure, kind):
            if refusal is refuse.DISK_FAILED:
                log.error("the journal could not be written: %s", failure)
            return refusal
    log.error("a request to %s failed", path, exc_info=failure)
    return refuse.BROKEN


def _v1_headers(asked: Any) -> list[tuple[str, str]]:
    """What every v1 answer carries, as ``wire`` gives it on the answers that it drafts."""
    headers = [("date", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()))]
    request_id = asked.get("posthog-request-id")
    if request_id is not None:
        headers.append(("posthog-request-id", request_id))
    return headers
