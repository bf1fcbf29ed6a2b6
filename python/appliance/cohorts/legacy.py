"""`groups`, as cohorts were written before `filters`: each is a list of properties, or an event done so often."""

from collections.abc import Mapping, Sequence
from typing import Any

from appliance.failures import Invalid
from appliance.resources.fields import at, json_list, json_object

GROUPS_MAX = 100
_DAYS = 365
_OPERATORS = {"gte": "gte", "lte": "lte", "eq": "exact", None: "gte", "": "gte"}


def filters_of(groups: Any) -> dict[str, Any] | None:
    """The same in today's words; None where nothing is said."""
    items: Sequence[Any] = json_list(groups)[:GROUPS_MAX]
    if not items:
        return None
    return {
        "properties": {
            "type": "OR",
            "values": [at(str(number))(_group, item) for number, item in enumerate(items)],
        }
    }


def _group(item: Any) -> dict[str, Any]:
    given = json_object(item)
    if given.get("properties"):
        return {"type": "AND", "values": _properties(given["properties"])}
    if given.get("action_id") or given.get("event_id"):
        return {"type": "AND", "values": [_behavior(given)]}
    raise Invalid("A group has properties, an action_id, or an event_id.")


def _properties(given: Any) -> list[dict[str, Any]]:
    """A list of filters, or the oldest form `{"key__operator": value}`."""
    if isinstance(given, dict) and "values" not in given:
        found = []
        for name, value in given.items():
            key, _, operator = name.partition("__")
            found.append({"type": "person", "key": key, "value": value, "operator": operator or "exact"})
        return found
    items = given["values"] if isinstance(given, dict) else given
    return [{"type": "person", **json_object(one)} for one in json_list(items)]


def _behavior(given: Mapping[str, Any]) -> dict[str, Any]:
    is_action = bool(given.get("action_id"))
    operator = given.get("count_operator")
    if operator not in _OPERATORS:
        raise Invalid("gte, lte or eq.", "count_operator", "invalid_choice")
    return {
        "type": "behavioral",
        "value": "performed_event_multiple",
        "key": given["action_id"] if is_action else given["event_id"],
        "event_type": "actions" if is_action else "events",
        "operator": _OPERATORS[operator],
        "operator_value": given.get("count") or 1,
        "time_value": given.get("days") or _DAYS,
        "time_interval": "day",
    }
