"""What a dynamic cohort is made of: groups of criteria, nested, each about a person, another cohort, or behaviour.

Checked here is that criteria make sense by themselves; that what they name exists is `references`' matter.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.resources.fields import at, boolean, choice, integer, json_list, json_object, shown
from appliance.resources.property_filters import OPERATORS, check_properties

CRITERIA_MAX = 500
DEPTH_MAX = 10
_INTERVALS = ("minute", "hour", "day", "week", "month", "year")
_COUNTS = ("gte", "lte", "gt", "lt", "exact", "eq")
_EVENT_TYPES = ("events", "actions")
_WITHOUT_VALUE = ("is_set", "is_not_set")
_NUMBER = integer(1, 1_000_000)
_ID = integer(1, 2**63 - 1)

_WINDOW = ("time_value", "time_interval")
_LATER = ("seq_time_value", "seq_time_interval")
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "performed_event": (),
    "performed_event_multiple": ("operator_value",),
    "performed_event_first_time": (),
    "performed_event_regularly": ("operator", "operator_value", "min_periods", "total_periods", *_WINDOW),
    "performed_event_sequence": ("seq_event", "seq_event_type", *_LATER),
    "stopped_performing_event": _LATER,
    "restarted_performing_event": _LATER,
}
_FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "event_type": choice(*_EVENT_TYPES),
    "seq_event_type": choice(*_EVENT_TYPES),
    "time_value": _NUMBER,
    "time_interval": choice(*_INTERVALS),
    "seq_time_value": _NUMBER,
    "seq_time_interval": choice(*_INTERVALS),
    "operator": choice(*_COUNTS),
    "operator_value": integer(0, 1_000_000_000),
    "min_periods": _NUMBER,
    "total_periods": _NUMBER,
    "event_filters": check_properties,
    "negation": boolean,
}


def check_filters(value: Any) -> dict[str, Any]:
    """`{"properties": {"type": "OR", "values": [group, …]}}`."""
    filters = json_object(value)
    if "properties" not in filters:
        raise Invalid("Filters must contain a 'properties' key with groups.", code="required")
    at("properties")(lambda one: _check_group(one, DEPTH_MAX), filters["properties"])
    if sum(1 for _ in criteria_of(filters)) > CRITERIA_MAX:
        raise Invalid(f"A cohort has at most {CRITERIA_MAX} criteria.", "properties", "max_length")
    return filters


def criteria_of(filters: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """Every criterion of checked filters."""
    waiting = [(filters or {}).get("properties") or {}]
    while waiting:
        one = waiting.pop()
        if "values" in one and one.get("type") in ("AND", "OR"):
            waiting += one["values"]
        elif one:
            yield one


def _check_group(group: Any, depth: int) -> None:
    if not isinstance(group, dict) or group.get("type") not in ("AND", "OR"):
        raise Invalid("A group has the type AND or OR, and values.", "type", "invalid_choice")
    if depth == 0:
        raise Invalid(f"Groups may be nested {DEPTH_MAX} deep.", "values")
    for number, one in enumerate(at("values")(json_list, group.get("values"))):
        check = _check_criterion
        if isinstance(one, dict) and "values" in one and one.get("type") in ("AND", "OR"):
            at(f"values__{number}")(lambda value: _check_group(value, depth - 1), one)
        else:
            at(f"values__{number}")(check, one)


def _check_criterion(criterion: Any) -> None:
    if not isinstance(criterion, dict):
        raise Invalid("A criterion is an object.")
    check = _KINDS.get(criterion.get("type"))
    if check is None:
        raise Invalid(f'"{shown(criterion.get("type"))}" is not a valid choice.', "type", "invalid_choice")
    check(criterion)


def _check_person(criterion: Mapping[str, Any]) -> None:
    _check_text(criterion, "key")
    operator = criterion.get("operator") or "exact"
    if operator not in OPERATORS:
        raise Invalid(f'"{shown(operator)}" is not a valid choice.', "operator", "invalid_choice")
    if operator not in _WITHOUT_VALUE and criterion.get("value") is None:
        raise Invalid("This field is required.", "value", "required")
    if criterion.get("negation") is not None:
        at("negation")(boolean, criterion["negation"])


def _check_cohort(criterion: Mapping[str, Any]) -> None:
    if criterion.get("key", "id") != "id":
        raise Invalid("A cohort is named by its id.", "key")
    at("value")(_ID, criterion.get("value"))


def _check_behavior(criterion: Mapping[str, Any]) -> None:
    kind = criterion.get("value")
    if not isinstance(kind, str) or kind not in _NEEDED:
        raise Invalid(f'"{shown(kind)}" is not a valid choice.', "value", "invalid_choice")
    window = () if criterion.get("explicit_datetime") else _WINDOW
    for name in ("event_type", *_NEEDED[kind], *window):
        if criterion.get(name) is None:
            raise Invalid("This field is required.", name, "required")
    for name, check in _FIELDS.items():
        if criterion.get(name) is not None:
            at(name)(check, criterion[name])
    _check_named(criterion, "key", "event_type")
    if kind == "performed_event_sequence":
        _check_named(criterion, "seq_event", "seq_event_type")
    if kind == "performed_event_regularly" and int(criterion["min_periods"]) > int(
        criterion["total_periods"]
    ):
        raise Invalid("At most as many as total_periods.", "min_periods", "max_value")


def _check_named(criterion: Mapping[str, Any], name: str, type_name: str) -> None:
    """An action by its number, an event by its name."""
    if criterion[type_name] == "actions":
        at(name)(_ID, criterion.get(name))
    else:
        _check_text(criterion, name)


def _check_text(criterion: Mapping[str, Any], name: str) -> None:
    if not isinstance(criterion.get(name), str) or not criterion[name]:
        raise Invalid("This field is required.", name, "required")


_KINDS: Mapping[Any, Callable[[Mapping[str, Any]], None]] = {
    "person": _check_person,
    "person_metadata": _check_person,
    "cohort": _check_cohort,
    "static-cohort": _check_cohort,
    "dynamic-cohort": _check_cohort,
    "behavioral": _check_behavior,
}
