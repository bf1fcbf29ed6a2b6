"""One request to `/flags` or `/decide`: read, find out what is needed of the catalog, evaluate, answer.

Compiled by Cython with `http.hot`: browsers ask on each page, and nothing is shown until they know.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from typing import Protocol as Interface
from uuid import UUID, uuid4

from appliance._native import flags as native
from appliance.flags import refuse
from appliance.flags.batches import Busy
from appliance.flags.keeper import Keeper, ProjectFlags
from appliance.flags.people import Known, People
from appliance.http.body import Bodies, BodyStalled, BodyTooLarge
from appliance.http.client_address import ClientAddresses
from appliance.http.cross_origin import NO_HEADERS, cross_origin_headers
from appliance.operations.metrics import (
    FLAGS_ANSWERED,
    FLAGS_CATALOG_AWAY,
    FLAGS_CONTINUITY_BROKEN,
    FLAGS_FAILED,
    FLAGS_REFUSED,
    reason_metric,
)

log = logging.getLogger(__name__)

# Reading or evaluating more than this goes to a thread, so that it holds up nobody else. So does all that is packed:
# ten thousand bytes may unpack to ten million.
INLINE_BYTES_MAX = 64 * 1024
INLINE_FLAGS_MAX = 1_000
_GZIP_MAGIC = b"\x1f\x8b"
_METHODS = "GET, POST, OPTIONS, HEAD"
_BROWSER_METHODS = "GET,POST,OPTIONS"
_JSON = [("content-type", refuse.JSON)]
_REQUEST_ID_CHARACTERS_MAX = 45
# What GET is told: that nothing is known here.
_NO_CONFIG = (
    b'{"supportedCompression":["gzip","gzip-js"],"config":{"enable_collect_everything":true},"toolbarParams":{},'
    b'"isAuthenticated":false,"sessionRecording":false}'
)
# When a project's configuration cannot be had: everything off but the flags.
_SAFE_CONFIG = (
    b'{"supportedCompression":["gzip","gzip-js"],"hasFeatureFlags":%b,"autocapture_opt_out":false,'
    b'"capturePerformance":false,"captureDeadClicks":false,"autocaptureExceptions":false,"heatmaps":false,'
    b'"sessionRecording":false,"surveys":false,"siteApps":[],"elementsChainAsString":true,'
    b'"defaultIdentifiedOnly":true,"config":{"enable_collect_everything":true},"toolbarParams":{},'
    b'"isAuthenticated":false}'
)
_NOTHING_NEEDED = Known()
_REFUSALS = ((Busy, refuse.BUSY), (BodyTooLarge, refuse.TOO_LARGE), (BodyStalled, refuse.STALLED))

RemoteConfig = Callable[[ProjectFlags, Any], bytes]
"""Of a project and the request's headers: a JSON object to merge into the answer."""


class Places(Interface):
    """Where addresses are; `_native.ingest` has the real one."""

    def find(self, address: str) -> str | None:
        """Members of a JSON object."""
        ...


class Counts(Interface):
    """What is counted; `operations.counters` has the real one."""

    def add(self, name: str, amount: int = 1) -> None:
        """Raises one counter."""
        ...


METRICS = (
    FLAGS_ANSWERED,
    FLAGS_CATALOG_AWAY,
    FLAGS_CONTINUITY_BROKEN,
    FLAGS_FAILED,
    *(reason_metric(FLAGS_REFUSED, one) for one in refuse.REASONS),
)


class Flags:
    """What the routes of one worker share."""

    def __init__(
        self,
        *,
        keeper: Keeper,
        people: People,
        remote_config: RemoteConfig,
        counts: Counts,
        bodies: Bodies,
        addresses: ClientAddresses,
        places: Places,
        bytes_max: int,
    ) -> None:
        self.keeper = keeper
        self.people = people
        self.remote_config = remote_config
        self.counts = counts
        self.bodies = bodies
        self.addresses = addresses
        self.places = places
        self.bytes_max = bytes_max
        self.draining = False
        self.under_way = 0

    def config_for(self, project: ProjectFlags, headers: Any) -> bytes:
        """The project's configuration; never fails."""
        try:
            return self.remote_config(project, headers)
        except Exception:
            log.exception("project %d is answered with a safe configuration", project.project.id)
            has_flags = project.flag_set is not None and project.flag_set.has_active_flags
            return _SAFE_CONFIG % (b"true" if has_flags else b"false")


def handlers(flags: Flags) -> Mapping[str, Callable[[Any, Any], Awaitable[None]]]:
    """Path → handler, each with and without a trailing slash."""
    of_flags, of_decide = _Route(flags, native.FLAGS).answer, _Route(flags, native.DECIDE).answer
    return {"/flags": of_flags, "/flags/": of_flags, "/decide": of_decide, "/decide/": of_decide}


class _Route:
    """One route: the kernel's number for it."""

    def __init__(self, flags: Flags, route: int) -> None:
        self._flags = flags
        self._route = route

    async def answer(self, scope: Any, protocol: Any) -> None:
        """Answers one request, failures of our own included."""
        headers = scope.headers
        flags = self._flags
        flags.under_way += 1
        try:
            if scope.method != "POST":
                self._answer_method(scope, headers, protocol)
                return
            body = await flags.bodies.read(headers, protocol, flags.bytes_max)
            if flags.draining:
                self._refuse(headers, protocol, refuse.DRAINING)
                return
            is_small = len(body) <= INLINE_BYTES_MAX and not body.startswith(_GZIP_MAGIC)
            request = await self._read(scope, headers, body, is_small=is_small)
            if isinstance(request, native.Refusal):
                self._refuse(headers, protocol, request)
                return
            project = flags.keeper.current.by_token.get(request.token)
            if project is None:
                self._refuse(headers, protocol, refuse.UNKNOWN_TOKEN)
                return
            if project.flag_set is None:
                self._refuse(headers, protocol, refuse.NOT_UNDERSTOOD)
                return
            told = await self._evaluate(project, project.flag_set, request, scope, headers, is_small=is_small)
            flags.counts.add(FLAGS_ANSWERED)
            protocol.response_bytes(200, _headers(headers, refuse.JSON), told)
        except Exception as failure:  # noqa: BLE001 - each kind has its answer, the unexpected too
            self._refuse(headers, protocol, _refusal_of(failure, scope.path))
        finally:
            flags.under_way -= 1

    async def _read(
        self, scope: Any, headers: Any, body: bytes, *, is_small: bool
    ) -> native.Request | native.Refusal:
        header = headers.get
        arguments = (
            self._route,
            scope.query_string,
            header("content-type"),
            header("content-encoding"),
            header("user-agent"),
            _is_browser(headers),
            body,
        )
        if is_small:
            return native.read_request(*arguments)
        return await asyncio.get_running_loop().run_in_executor(None, native.read_request, *arguments)

    async def _evaluate(
        self,
        project: ProjectFlags,
        flag_set: native.FlagSet,
        request: native.Request,
        scope: Any,
        headers: Any,
        *,
        is_small: bool,
    ) -> bytes:
        flags = self._flags
        if is_small:
            needs = flag_set.needs(request)
        else:
            needs = await asyncio.get_running_loop().run_in_executor(None, flag_set.needs, request)
        known = _NOTHING_NEEDED
        if needs is not None:
            known = await flags.people.find(flag_set, request, needs)
            if known.is_catalog_away:
                flags.counts.add(FLAGS_CATALOG_AWAY)
            elif known.is_continuity_broken:
                flags.counts.add(FLAGS_CONTINUITY_BROKEN)
        place = None
        if request.wants_place:
            place = flags.places.find(flags.addresses.find(scope.client, headers))
        config = flags.config_for(project, headers) if request.wants_config else None
        request_id = _request_id(headers)

        def evaluate() -> bytes:
            return flag_set.answer(
                request,
                person_properties=known.person_properties,
                memberships=known.memberships,
                hash_keys=known.hash_keys,
                group_properties=known.group_properties,
                is_catalog_away=known.is_catalog_away,
                is_continuity_broken=known.is_continuity_broken,
                place=place,
                config=config,
                request_id=request_id,
                now_us=time.time_ns() // 1000,
            )

        if is_small and len(project.definitions.flags) <= INLINE_FLAGS_MAX:
            return evaluate()
        return await asyncio.get_running_loop().run_in_executor(None, evaluate)

    def _answer_method(self, scope: Any, asked: Any, protocol: Any) -> None:
        """Answers what asks for no flags: a browser that asks whether it may, a monitor, a method that is not taken."""
        method = scope.method
        if method == "GET":
            told = native.empty_answer(
                self._route, scope.query_string, _NO_CONFIG, _request_id(asked), time.time_ns() // 1000
            )
            if isinstance(told, bytes):
                protocol.response_bytes(200, _headers(asked, refuse.JSON), told)
            else:
                self._refuse(asked, protocol, told)
            return
        answer = cross_origin_headers(asked, _BROWSER_METHODS)
        if method == "HEAD":
            protocol.response_empty(200, [*answer, *_JSON])
        else:
            protocol.response_empty(204 if method == "OPTIONS" else 405, [("allow", _METHODS), *answer])

    def _refuse(self, asked: Any, protocol: Any, refusal: Any) -> None:
        self._flags.counts.add(reason_metric(FLAGS_REFUSED, refusal.reason))
        protocol.response_bytes(refusal.status, _headers(asked, refusal.content_type), refusal.body)


def _headers(asked: Any, content_type: str) -> list[tuple[str, str]]:
    answer = cross_origin_headers(asked, _BROWSER_METHODS)
    if answer is NO_HEADERS and content_type == refuse.JSON:
        return _JSON
    return [*answer, ("content-type", content_type)]


def _is_browser(headers: Any) -> bool:
    header = headers.get
    return (
        header("origin") is not None
        or header("referer") is not None
        or header("sec-fetch-mode") is not None
        or header("sec-fetch-site") is not None
    )


def _request_id(headers: Any) -> str:
    given = headers.get("x-request-id")
    if given is not None and len(given) <= _REQUEST_ID_CHARACTERS_MAX:
        try:
            return str(UUID(given))
        except ValueError:
            pass
    return str(uuid4())


def _refusal_of(failure: Exception, path: str) -> refuse.Refusal:
    for kind, refusal in _REFUSALS:
        if isinstance(failure, kind):
            return refusal
    log.error("a request to %s failed", path, exc_info=failure)
    return refuse.BROKEN
