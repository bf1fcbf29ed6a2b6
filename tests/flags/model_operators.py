"""How one property is compared with one filter: section 3 of the flags contract, as plainly as it can be said.

`ABSENT` stands for a property that is not there; a property that is null is there.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.flags import model_dates, model_versions

ABSENT = object()
TRUE_WHEN_ABSENT = {
    "is_not", "is_not_set", "not_icontains", "not_icontains_multi", "not_starts_with", "not_ends_with", "not_regex",
}  # fmt: skip
_FLOAT = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class Clock:
    """What comparing needs beside the two values."""

    now_us: int
    zone: ZoneInfo
    is_legacy: bool
    """Whether true and false are compared by truthiness (`property_matching_version` 1)."""


def matches(operator: str, wanted: Any, found: Any, clock: Clock) -> bool:
    """Whether a property `found`, or ABSENT, satisfies a filter's operator and value; null for a value that lacks."""
    if operator == "is_set":
        return found is not ABSENT
    if operator == "is_not_set":
        return found is ABSENT
    if wanted is None:
        return False
    if found is ABSENT:
        return operator in TRUE_WHEN_ABSENT
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](wanted, found, clock)
    return False


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_exact(wanted: Any, found: Any, clock: Clock) -> bool:
    if wanted == [] or (clock.is_legacy and _says_truth(wanted)):
        return _is_truthy(wanted) == _is_truthy(found)
    if isinstance(wanted, list):
        return any(as_text(found).lower() == as_text(one).lower() for one in wanted)
    return as_text(found).lower() == as_text(wanted).lower()


def _says_truth(value: Any) -> bool:
    if isinstance(value, list):
        return all(_says_truth(one) for one in value)
    return isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false"))


def _is_truthy(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_truthy(one) for one in value)
    return value is True or (isinstance(value, str) and value.lower() == "true")


def fold_ascii(text: str) -> str:
    return "".join(chr(ord(one) + 32) if "A" <= one <= "Z" else one for one in text)


def _contains(wanted: Any, found: Any, _clock: Clock) -> bool:
    return fold_ascii(as_text(wanted)) in fold_ascii(as_text(found))


def _contains_any(wanted: Any, found: Any, clock: Clock) -> bool:
    return any(_contains(one, found, clock) for one in (wanted if isinstance(wanted, list) else [wanted]))


def _starts(wanted: Any, found: Any, _clock: Clock) -> bool:
    return fold_ascii(as_text(found)).startswith(fold_ascii(as_text(wanted)))


def _ends(wanted: Any, found: Any, _clock: Clock) -> bool:
    return fold_ascii(as_text(found)).endswith(fold_ascii(as_text(wanted)))


def _regex(*, finds: bool) -> Callable[[Any, Any, Clock], bool]:
    def compare(wanted: Any, found: Any, _clock: Clock) -> bool:
        try:
            pattern = re.compile(as_text(wanted))
        except re.error:
            return False
        return (pattern.search(as_text(found)) is not None) == finds

    return compare


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    return float(value) if isinstance(value, str) and _FLOAT.fullmatch(value) else None


def _number(compare: Callable[[float, float], bool]) -> Callable[[Any, Any, Clock], bool]:
    def both(wanted: Any, found: Any, _clock: Clock) -> bool:
        left, right = _as_number(found), _as_number(wanted)
        return left is not None and right is not None and compare(left, right)

    return both


def _version(operator: str) -> Callable[[Any, Any, Clock], bool]:
    return lambda wanted, found, _clock: model_versions.matches(operator, as_text(wanted), as_text(found))


def _date(compare: Callable[[float, float], bool]) -> Callable[[Any, Any, Clock], bool]:
    def both(wanted: Any, found: Any, clock: Clock) -> bool:
        if not isinstance(wanted, str):
            return False
        right = model_dates.instant_us(wanted, clock.now_us, clock.zone)
        number = _as_number(found)
        left: float | None = None
        if number is not None:
            left = number * 1e6  # seconds
        elif isinstance(found, str):
            left = model_dates.instant_us(found, clock.now_us, clock.zone)
        return left is not None and right is not None and compare(left, right)

    return both


def _not(compare: Callable[[Any, Any, Clock], bool]) -> Callable[[Any, Any, Clock], bool]:
    return lambda wanted, found, clock: not compare(wanted, found, clock)


_COMPARISONS: dict[str, Callable[[Any, Any, Clock], bool]] = {
    "exact": _is_exact,
    "is_not": _not(_is_exact),
    "icontains": _contains,
    "not_icontains": _not(_contains),
    "icontains_multi": _contains_any,
    "not_icontains_multi": _not(_contains_any),
    "starts_with": _starts,
    "not_starts_with": _not(_starts),
    "ends_with": _ends,
    "not_ends_with": _not(_ends),
    "regex": _regex(finds=True),
    "not_regex": _regex(finds=False),
    "gt": _number(lambda left, right: left > right),
    "gte": _number(lambda left, right: left >= right),
    "lt": _number(lambda left, right: left < right),
    "lte": _number(lambda left, right: left <= right),
    **{operator: _version(operator) for operator in model_versions.OPERATORS},
    "is_date_exact": _date(lambda left, right: left == right),
    "is_date_before": _date(lambda left, right: left < right),
    "is_date_after": _date(lambda left, right: left > right),
}
OPERATORS = ["is_set", "is_not_set", *_COMPARISONS]
