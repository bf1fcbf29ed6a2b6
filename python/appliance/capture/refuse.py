"""Answers that capture gives before or after decoding: no room, shutting down, too slow, too big.

Each protocol has its own shape for the same refusal, as its SDKs expect.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from appliance.capture.protocol import Protocol
from appliance.http.cross_origin import Headers

# How long a client should wait before it tries again when the journal has no room or the worker shuts down.
RETRY_AFTER_S = 1
_ERROR_URI = "https://posthog.com/docs/api"


@dataclass(frozen=True)
class Refusal:
    """Why a request is refused: its status, its v1 tag, its v0 text and the counter that it raises."""

    status: int
    tag: str
    text: str
    counter: str


FULL = Refusal(503, "service_unavailable", "transient error, please retry", "rejected_journal_full")
DISK_FAILED = Refusal(503, "service_unavailable", "transient error, please retry", "rejected_disk_failed")
DRAINING = Refusal(503, "service_unavailable", "transient error, please retry", "rejected_draining")
STALLED = Refusal(408, "request_timeout", "client stopped sending data", "rejected_stalled")
TOO_LARGE = Refusal(
    413,
    "payload_too_large",
    "maximum event size exceeded: the request body is larger than this endpoint accepts",
    "rejected_too_big",
)
# A small body can hold this much: it is compressed, or one text is stored with each of its events.
RECORDS_TOO_LARGE = Refusal(
    413,
    "payload_too_large",
    "maximum event size exceeded: the events are larger than can be stored at once",
    "rejected_too_big",
)
BROKEN = Refusal(500, "internal_error", "internal error, please retry", "rejected_internal")
REFUSALS = (FULL, DISK_FAILED, DRAINING, STALLED, TOO_LARGE, RECORDS_TOO_LARGE, BROKEN)


def refusal_answer(refusal: Refusal, protocol: Protocol) -> tuple[Headers, bytes]:
    """Headers and body of ``refusal`` as the clients of ``protocol`` read it."""
    headers: Headers = []
    # v1 asks for a Retry-After on 408 too; elsewhere it means "no room right now".
    if refusal.status >= 500 or (refusal.status == 408 and protocol is Protocol.V1):  # noqa: PLR2004
        headers.append(("retry-after", str(RETRY_AFTER_S)))
    if protocol is Protocol.V1:
        body = {"error": refusal.tag, "error_description": refusal.text, "error_uri": _ERROR_URI}
    elif protocol is Protocol.OTLP:
        body = {"error": refusal.text}
    else:
        headers.append(("content-type", "text/plain; charset=utf-8"))
        return headers, refusal.text.encode()
    headers.append(("content-type", "application/json"))
    return headers, json.dumps(body).encode()
