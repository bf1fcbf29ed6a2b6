"""Parts of a query as they were given, checked: what is not there has its default, what is wrong is `Invalid`.

`where` is the path of the object in the query, for the failure's `attr`.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from appliance.failures import Invalid

Given = Mapping[str, Any]


def part(query: Given, name: str) -> Given:
    found = query.get(name)
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        raise Invalid(f"{name} must be an object", attr=name)
    return found


def choice(given: Given, name: str, choices: Sequence[str], default: str, where: str) -> str:
    found = given.get(name)
    if found is None:
        return default
    if found not in choices:
        raise Invalid(f"{name} must be one of {', '.join(choices)}", attr=f"{where}.{name}")
    return str(found)


def whole(given: Given, name: str, default: int, bounds: tuple[int, int], where: str) -> int:
    """A whole number within bounds, both included."""
    found = given.get(name)
    if found is None or found == "":
        return default
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) < 10:  # noqa: PLR2004
        found = int(found)
    minimum, maximum = bounds
    if not is_whole(found) or not minimum <= found <= maximum:
        raise Invalid(f"{name} must be a whole number from {minimum} to {maximum}", attr=f"{where}.{name}")
    return int(found)


def texts(given: Given, name: str, where: str = "") -> list[str]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Invalid(f"{name} must be a list of texts", attr=f"{where}.{name}" if where else name)
    return found


def objects(given: Given, name: str, where: str = "") -> list[Given]:
    found = given.get(name) or []
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise Invalid(f"{name} must be a list of objects", attr=f"{where}.{name}" if where else name)
    return found


def is_whole(value: Any) -> bool:
    """True and False are numbers to Python, not to people."""
    return isinstance(value, int) and not isinstance(value, bool)
