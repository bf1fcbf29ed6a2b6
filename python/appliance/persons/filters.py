"""PostHog's property filters, as far as they speak of persons, as conditions on the catalog."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, not_, or_

from appliance.failures import Invalid
from appliance.persons.properties import property_number, property_text

FILTERS_MAX = 20
VALUES_MAX = 1_000

Compare = Callable[[ColumnElement[Any], float], ColumnElement[bool]]

_COMPARISONS: dict[str, Compare] = {
    "gt": lambda number, limit: number > limit,
    "gte": lambda number, limit: number >= limit,
    "lt": lambda number, limit: number < limit,
    "lte": lambda number, limit: number <= limit,
}


def condition(connection: Connection, given: Mapping[str, Any]) -> ColumnElement[bool]:
    """`{"key": …, "value": …, "operator": …}`; without an operator `exact`."""
    key, operator, value = given.get("key"), given.get("operator") or "exact", given.get("value")
    if not isinstance(key, str) or "\0" in key:
        raise Invalid("a property filter needs a key")
    if given.get("type", "person") != "person":
        raise Invalid("only properties of persons can be filtered by here")
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](property_number(connection, key), _number(value))
    text = property_text(connection, key)
    if operator == "is_set":
        return text.is_not(None)
    if operator == "is_not_set":
        return text.is_(None)
    if operator in {"exact", "is_not"}:
        found: ColumnElement[bool] = text.in_(_texts(value))
    elif operator in {"icontains", "not_icontains"}:
        found = or_(*(text.icontains(one, autoescape=True) for one in _texts(value)))
    else:
        raise Invalid(f"persons cannot be filtered by {operator}")
    if operator in {"exact", "icontains"}:
        return and_(text.is_not(None), found)
    return or_(text.is_(None), not_(found))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if not 0 < len(values) <= VALUES_MAX:
        raise Invalid(f"a property filter needs a value, and at most {VALUES_MAX}")
    return [_text(one) for one in values]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.replace("\0", "\ufffd")
    if isinstance(value, int | float):
        return str(value)
    raise Invalid("the value of a property filter is a text, a number, true or false, or a list of these")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError):
        raise Invalid("this property filter needs a number") from None
