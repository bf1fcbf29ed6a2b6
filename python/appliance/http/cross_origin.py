"""Cross-origin answers: browsers on any site may send events, so the request's origin is mirrored."""

from __future__ import annotations

from typing import Any

Headers = list[tuple[str, str]]
NO_HEADERS: Headers = []


def cross_origin_headers(asked: Any, methods: str) -> Headers:
    """The headers that let the page that asks read the answer; none where no page asks."""
    origin = asked.get("origin")
    if origin is None:
        return NO_HEADERS
    answer = [
        ("access-control-allow-origin", origin),
        ("access-control-allow-credentials", "true"),
        ("access-control-allow-methods", methods),
        ("vary", "origin"),
    ]
    requested = asked.get("access-control-request-headers")
    if requested is not None:
        answer.append(("access-control-allow-headers", requested))
    return answer
