"""Answers that `/flags` gives to requests that get no flags, beside those that reading a request drafts.

SDKs ask once more after 502 and 504 only: whoever comes at a bad moment gets 504.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
# Reasons of refusals that `_native.flags.read_request` drafts.
READING_REASONS = ("bad_request", "too_large", "missing_token", "missing_distinct_id")


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    content_type: str
    body: bytes
    reason: str
    """What it is counted as."""


def _json_error(status: int, code: str, detail: str, reason: str) -> Refusal:
    told = {"type": "authentication_error", "code": code, "detail": detail, "attr": None}
    return Refusal(status, JSON, json.dumps(told).encode(), reason)


UNKNOWN_TOKEN = _json_error(
    401,
    "authentication_failed",
    "The provided API key is invalid or has expired. Please check your API key and try again.",
    "unknown_token",
)
TOO_LARGE = Refusal(413, TEXT, b"The request body is larger than this endpoint accepts.", "too_large")
STALLED = Refusal(408, TEXT, b"The client stopped sending data.", "stalled")
BUSY = Refusal(504, TEXT, b"Too many requests wait for the catalog, please retry.", "busy")
DRAINING = Refusal(504, TEXT, b"Shutting down, please retry.", "draining")
NOT_UNDERSTOOD = Refusal(503, TEXT, b"The project's feature flags could not be read.", "not_understood")
BROKEN = Refusal(500, TEXT, b"Internal error, please retry.", "internal")
REFUSALS = (UNKNOWN_TOKEN, TOO_LARGE, STALLED, BUSY, DRAINING, NOT_UNDERSTOOD, BROKEN)
REASONS = tuple(dict.fromkeys([*READING_REASONS, *(one.reason for one in REFUSALS)]))
