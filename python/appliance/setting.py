"""One setting: how it is declared, what may be written for it, and how its value is read and shown.

Sizes may be written with a unit: `20GiB`, `64 MiB`, `500KB`.
"""

import ipaddress
import math
import re
from collections.abc import Callable
from dataclasses import MISSING, Field, field
from pathlib import Path
from typing import Any, cast

from appliance.failures import ConfigurationError

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
_UNITS = {
    "": 1, "b": 1, "kb": 1000, "mb": 1000**2, "gb": 1000**3, "tb": 1000**4,
    "kib": KIB, "mib": MIB, "gib": GIB, "tib": 1 << 40,
}  # fmt: skip


def setting(
    section: str,
    default: Any,
    why: str,
    *,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    check: Callable[[Any], None] | None = None,
    shown: str = "",
    private: bool = False,
) -> Any:
    """Declare one setting. A callable default is worked out on this machine; `shown` says it in words."""
    metadata = {
        "section": section, "why": why, "minimum": minimum, "maximum": maximum, "choices": choices,
        "check": check, "shown": shown, "private": private,
    }  # fmt: skip
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


def check_networks(networks: tuple[str, ...]) -> None:
    for network in networks:
        ipaddress.ip_network(network)


def check_url(url: str) -> None:
    if url and not re.match(r"https?://[^/\s]+", url):
        raise ValueError("must start with http:// or https:// and a host")


def check_files_url(url: str) -> None:
    if url and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?", url):
        raise ValueError("must be s3:// and a bucket's name, and a folder in it or nothing")


def check_issuer(url: str) -> None:
    """Plain HTTP would let anybody on the way say who signs in; within this machine there is no way."""
    if url and not re.match(
        r"(https://[^/\s?#]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*)?$", url
    ):
        raise ValueError("must start with https:// and a host, without ? and #")


def check_catalog_url(url: str) -> None:
    if url and not re.match(r"(sqlite|postgresql|postgres)(\+psycopg)?://", url):
        raise ValueError("must start with postgresql:// or sqlite://")


def check_email(email: str) -> None:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", email):
        raise ValueError("is not an e-mail address")


def check_project_token(token: str) -> None:
    if token and not re.fullmatch(r"phc_[A-Za-z0-9_-]{8,60}", token):
        raise ValueError("must be phc_ and 8 to 60 letters, digits, - or _")


def coerce(one: Field[Any], value: Any, origin: str) -> Any:
    """The value as the setting's type, inside its limits."""
    try:
        result = _READERS[cast("type", one.type)](one.name, value)
        _check_limits(one, result)
    except (ValueError, TypeError) as error:
        raise ConfigurationError(one.name, str(error), origin) from error
    return result


def _check_limits(one: Field[Any], value: Any) -> None:
    limits = one.metadata
    if limits["choices"] and value not in limits["choices"]:
        raise ValueError(f"{value!r} is not one of {', '.join(limits['choices'])}")
    if limits["minimum"] is not None and value < limits["minimum"]:
        raise ValueError(f"{value} is below the least allowed, {limits['minimum']}")
    if limits["maximum"] is not None and value > limits["maximum"]:
        raise ValueError(f"{value} is above the most allowed, {limits['maximum']}")
    if limits["check"] is not None:
        limits["check"](value)


def _read_int(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"{value!r} is not a whole number")
    if isinstance(value, int):
        return value
    match = re.fullmatch(r"\s*(-?\d[\d_]*)\s*([A-Za-z]*)\s*", value)
    unit = match.group(2).lower() if match else "?"
    if match is None or unit not in _UNITS or (unit and "_bytes" not in name):
        raise ValueError(f"{value!r} is not a whole number" + (" of bytes" if "_bytes" in name else ""))
    return int(match.group(1)) * _UNITS[unit]


def _read_float(_name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(f"{value!r} is not a number")
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{value!r} is not a number")
    return number


def _read_text(_name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value.strip()


def _read_path(_name: str, value: Any) -> Path:
    if not isinstance(value, str | Path) or not str(value).strip():
        raise TypeError(f"{value!r} is not a path")
    return Path(value)


def _read_list(_name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
        raise TypeError(f"{value!r} is not a list of texts")
    return tuple(value)


_READERS: dict[type, Callable[[str, Any], Any]] = {
    int: _read_int,
    float: _read_float,
    str: _read_text,
    Path: _read_path,
    tuple[str, ...]: _read_list,
}


def written(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value)


def default_text(one: Field[Any]) -> str:
    """The default as a person reads it."""
    if one.metadata["shown"]:
        return str(one.metadata["shown"])
    value = one.default if one.default is not MISSING else cast("Any", one.default_factory)()
    if "_bytes" in one.name and isinstance(value, int):
        return size_text(value)
    return written(value) or "empty"


def size_text(count: int) -> str:
    for unit, size in (("GiB", GIB), ("MiB", MIB), ("KiB", KIB)):
        if count and count % size == 0:
            return f"{count // size} {unit}"
    return str(count)
