"""Versions as filters compare them: SemVer 2 with the contract's leniency."""

import re
from dataclasses import dataclass
from typing import Any

OPERATORS = [
    "semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte",
    "semver_tilde", "semver_caret", "semver_wildcard",
]  # fmt: skip
_PARTS = 3


@dataclass(frozen=True, slots=True)
class Version:
    numbers: tuple[int, int, int]
    pre: tuple[str, ...]
    build: tuple[str, ...]

    def order(self) -> Any:
        """Sorts as versions do; what is equal but for its build sorts by that."""
        return (self.numbers, _pre_order(self.pre), _identifiers_order(self.build))


def matches(operator: str, wanted: str, found: str) -> bool:
    version = parse(found)
    if version is None:
        return False
    if operator == "semver_wildcard":
        return _is_in_wildcard(wanted, version)
    bound = parse(wanted)
    if bound is None:
        return False
    left, right = version.order(), bound.order()
    if operator == "semver_tilde":
        major, minor, _ = bound.numbers
        return _is_in_range(version, bound, (major, minor + 1, 0))
    if operator == "semver_caret":
        return _is_in_range(version, bound, _next_of_left_most(bound.numbers))
    simple = {
        "semver_eq": left == right,
        "semver_neq": left != right,
        "semver_gt": left > right,
        "semver_gte": left >= right,
        "semver_lt": left < right,
        "semver_lte": left <= right,
    }
    return simple[operator]


def parse(text: str) -> Version | None:
    text = text.removeprefix("v").strip()
    core, plus, build = text.partition("+")
    core, minus, pre = core.partition("-")
    numbers = core.split(".")
    if len(numbers) > _PARTS or not all(re.fullmatch(r"[0-9]+", one) for one in numbers):
        return None
    pre_parts = pre.split(".") if minus else []
    build_parts = build.split(".") if plus else []
    if not all(re.fullmatch(r"[0-9A-Za-z-]+", one) for one in pre_parts + build_parts):
        return None
    if any(one.isdigit() and one != "0" and one.startswith("0") for one in pre_parts):
        return None
    major, minor, patch = (*map(int, numbers), 0, 0)[:_PARTS]
    return Version((major, minor, patch), tuple(pre_parts), tuple(build_parts))


def _pre_order(pre: tuple[str, ...]) -> Any:
    """A release comes after each of its pre-releases."""
    return (1,) if not pre else (0, _identifiers_order(pre))


def _identifiers_order(identifiers: tuple[str, ...]) -> Any:
    return tuple((0, int(one), "") if one.isdigit() else (1, 0, one) for one in identifiers)


def _next_of_left_most(numbers: tuple[int, int, int]) -> tuple[int, int, int]:
    major, minor, patch = numbers
    if major:
        return (major + 1, 0, 0)
    return (0, minor + 1, 0) if minor else (0, 0, patch + 1)


def _is_in_range(version: Version, bound: Version, end: tuple[int, int, int]) -> bool:
    if version.pre and not (bound.pre and bound.numbers == version.numbers):
        return False
    left = (version.numbers, _pre_order(version.pre))
    return left >= (bound.numbers, _pre_order(bound.pre)) and version.numbers < end


def _is_in_wildcard(wanted: str, version: Version) -> bool:
    parts = wanted.removeprefix("v").strip().split(".")
    if parts[-1] != "*" or len(parts) > _PARTS or not all(one.isdigit() for one in parts[:-1]):
        return False
    fixed = tuple(int(one) for one in parts[:-1])
    return not version.pre and version.numbers[: len(fixed)] == fixed
