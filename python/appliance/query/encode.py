"""Answers as JSON, with the types that the store gives."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson

_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_SERIALIZE_NUMPY


def encoded(response: Mapping[str, Any]) -> bytes:
    """NaN and infinities become null, times ISO 8601 with `Z` for UTC, decimals numbers."""
    try:
        return orjson.dumps(response, default=plain, option=_OPTIONS)
    except TypeError:
        # Numbers of more than 64 bits, which orjson does not write.
        return json.dumps(_finite(response), default=plain, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """What JSON has no type for, as it is written in JSON."""
    match value:
        case datetime():
            text = value.isoformat()
            return text[:-6] + "Z" if text.endswith("+00:00") else text
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
        case set() | frozenset() | tuple():
            return list(value)
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return str(value)  # a UUID, an address of the network


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - NaN
        case Mapping():
            return {str(name): _finite(one) for name, one in value.items()}
        case list() | tuple():
            return [_finite(one) for one in value]
        case _:
            return value


def time_text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
