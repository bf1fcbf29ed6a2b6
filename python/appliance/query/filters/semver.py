"""Version ranges as two ends: `~1.2.3`, `^0.2.3`, `1.2.*`."""

import re
from collections.abc import Callable

from appliance.failures import Invalid

Version = tuple[int, ...]
_PARTS = 3
# Signs before and suffixes after the numbers (v1.2.3-beta+7) do not count.
_VERSION = re.compile(r"\s*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,5})(?:[-+].*)?\s*")
_WILDCARD = re.compile(r"\s*v?([0-9]{1,9}(?:\.[0-9]{1,9})*)?(?:\.?[*xX])+\s*")


def tilde(text: str) -> tuple[str, str]:
    """`~1.2.3`: from 1.2.3 until just before 1.3.0."""
    version = _numbers(_VERSION, text)
    return _both(version, _next(version, min(1, len(version) - 1)))


def caret(text: str) -> tuple[str, str]:
    """`^1.2.3`: until the leftmost number that is not zero changes."""
    version = _numbers(_VERSION, text)
    significant = next((index for index, number in enumerate(version) if number), len(version) - 1)
    return _both(version, _next(version, significant))


def wildcard(text: str) -> tuple[str, str] | None:
    """`1.2.*`: from 1.2.0 until just before 1.3.0. None: every version."""
    found = _WILDCARD.fullmatch(text)
    if found and not found[1]:
        return None
    version = _numbers(_WILDCARD if found else _VERSION, text)
    return _both(version, _next(version, len(version) - 1))


RANGES: dict[str, Callable[[str], tuple[str, str] | None]] = {
    "semver_tilde": tilde,
    "semver_caret": caret,
    "semver_wildcard": wildcard,
}


def is_version(text: str) -> bool:
    return bool(_VERSION.fullmatch(text))


def _numbers(pattern: re.Pattern[str], text: str) -> Version:
    found = pattern.fullmatch(text)
    if not found or not found[1]:
        raise Invalid(f"{text[:50]!r} is not a version", attr="properties")
    return tuple(int(number) for number in found[1].split("."))


def _next(version: Version, index: int) -> Version:
    return (*version[:index], version[index] + 1)


def _both(low: Version, high: Version) -> tuple[str, str]:
    return _text(low), _text(high)


def _text(version: Version) -> str:
    return ".".join(str(number) for number in (*version, *(0,) * (_PARTS - len(version))))
