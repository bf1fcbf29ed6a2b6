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

# Decoding a body up to this size takes well under a millisecond and happens on the event loop; a larger one
# (or one that may inflate) goes to a thread, so that it holds up nobody else.
INLINE_BYTES_MAX = 256 * 1024
_JSON = [("content-type", "application/json")]


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
        self._methods = "GET,POST,OPTIONS" if allows_get else "POST,OPTIONS"
        self._allows_get = allows_get
        self._bytes_max = wire.body_bytes_max(route)

    async def answer(self, scope: Any, protocol: Any) -> None:
        method = scope.method
        if method == "POST":
            is_get = False
        elif method == "GET" and self._allows_get:
            is_get = True
        elif method == "OPTIONS":
            protocol.response_empty(200, cross_origin_headers(scope, self._methods))
            return
        else:
            allowed = [("allow", self._methods), *cross_origin_headers(scope, self._methods)]
            protocol.response_empty(405, allowed)
            return
        capture = self._capture
        if capture.draining:
            await self._drop_body(scope, protocol)
            self._refuse(scope, protocol, refuse.DRAINING)
            return
        capture.under_way += 1
        try:
            await self._take(scope, protocol, is_get)
        except journal.JournalFull:
            self._refuse(scope, protocol, refuse.FULL)
        except journal.RecordsTooLarge:
            self._refuse(scope, protocol, refuse.RECORDS_TOO_LARGE)
        except CommitFailed as failure:
            log.error("the journal could not be written: %s", failure)  # noqa: TRY400 - the disk's fault, not ours
            self._refuse(scope, protocol, refuse.DISK_FAILED)
        except BodyTooLarge:
            self._refuse(scope, protocol, refuse.TOO_LARGE)
        except BodyStalled:
            self._refuse(scope, protocol, refuse.STALLED)
        finally:
            capture.under_way -= 1

    async def _take(self, scope: Any, protocol: Any, is_get: bool) -> None:
        capture = self._capture
        body = b"" if is_get else await capture.bodies.read(scope, protocol, self._bytes_max)
        headers = scope.headers.get
        arguments = (
            capture.projects,
            self._route,
            is_get,
            scope.query_string,
            headers("content-type"),
            headers("content-encoding"),
            headers("user-agent"),
            headers("authorization"),
            headers("posthog-sdk-info"),
            headers("posthog-attempt"),
            headers("posthog-request-id"),
            headers("posthog-request-timestamp"),
            body,
            capture.addresses.find(scope),
            time.time_ns() // 1000,
        )
        try:
            if len(body) <= INLINE_BYTES_MAX:
                answer = wire.accept(*arguments)
            else:
                answer = await asyncio.get_running_loop().run_in_executor(None, wire.accept, *arguments)
        except Exception:
            log.exception("a request to %s could not be decoded", scope.path)
            self._refuse(scope, protocol, refuse.BROKEN)
            return
        records = answer.records
        if records is not None:
            await capture.lanes[answer.lane].append(records)
        dropped = answer.dropped
        if dropped:
            for reason, count in dropped:
                capture.counters.add(reason, count)
        self._send(scope, protocol, answer)

    def _send(self, scope: Any, protocol: Any, answer: wire.Answer) -> None:
        headers = cross_origin_headers(scope, self._methods)
        content_type = answer.content_type
        if content_type == "application/json" and headers is NO_HEADERS:
            headers = _JSON
        elif content_type is not None:
            headers = [*headers, ("content-type", content_type)]
        more = answer.headers
        if more:
            headers = [*headers, *more]
        protocol.response_bytes(answer.status, headers, answer.body)

    def _refuse(self, scope: Any, protocol: Any, refusal: refuse.Refusal) -> None:
        self._capture.counters.add(refusal.counter)
        headers, body = refuse.refusal_answer(refusal, self._protocol)
        if self._protocol is Protocol.V1:
            headers += _v1_headers(scope)
        headers += cross_origin_headers(scope, self._methods)
        protocol.response_bytes(refusal.status, headers, body)

    async def _drop_body(self, scope: Any, protocol: Any) -> None:
        """Reads the body away, so that a client that is still sending gets to see the answer."""
        try:
            await self._capture.bodies.read(scope, protocol, self._bytes_max)
        except (BodyTooLarge, BodyStalled):
            return


def _v1_headers(scope: Any) -> list[tuple[str, str]]:
    """What every v1 answer carries, as ``wire`` gives it on the answers that it drafts."""
    headers = [("date", time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime()))]
    request_id = scope.headers.get("posthog-request-id")
    if request_id is not None:
        headers.append(("posthog-request-id", request_id))
    return headers
