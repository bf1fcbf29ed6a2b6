"""The shape of a flag's `filters`: what callers may write, and the one way in which it is kept.

Promises:
- What passes has the types that every reader of flags expects: a number where a number belongs, never its text.
- What can be said in two ways is kept in one: `min` as `gte`, a payload as the text of its JSON, a key as text.
- What nobody here knows is kept as it came, but never where it could be taken for something known.

What filters mean, and what they name, is looked at in `checks`.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.resources.bodies import json_value
from appliance.resources.fields import at, shown, type_name

FILTERS_CHARACTERS_MAX = 512 * 1024
GROUPS_MAX = 200
PROPERTIES_MAX = 200
VALUES_MAX = 10_000
"""Values of one filter, such as a list of e-mail addresses."""
VARIANTS_MAX = 100
PAYLOAD_CHARACTERS_MAX = 100_000
KEY_CHARACTERS_MAX = 400
TEXT_CHARACTERS_MAX = 2_000
GROUP_TYPE_INDEX_MAX = 4
NUMBER_MAX = 2**63 - 1
_SUM_TOLERANCE = 1e-6  # 33.3 three times and 0.1 are not quite 100 in binary

TYPES = ("person", "group", "cohort", "flag")
COHORT_OPERATORS = ("in", "not_in")
FLAG_OPERATOR = "flag_evaluates_to"
WITHOUT_VALUE = frozenset({"is_set", "is_not_set"})
OPERATORS = frozenset(
    {
        *WITHOUT_VALUE,
        *("exact", "is_not", "icontains", "not_icontains", "icontains_multi", "not_icontains_multi"),
        *("starts_with", "not_starts_with", "ends_with", "not_ends_with", "regex", "not_regex"),
        *("gt", "gte", "lt", "lte", "is_date_exact", "is_date_before", "is_date_after"),
        *("semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte"),
        *("semver_tilde", "semver_caret", "semver_wildcard"),
    }
)
_ALIASES = {"min": "gte", "max": "lte"}
_DIGITS = re.compile(r"[0-9]{1,18}")
_HOLDOUT = "holdout-"
Filters = dict[str, Any]


def check_filters(value: Any) -> Filters:
    """`filters` of a body, as they are kept."""
    if not isinstance(value, dict):
        raise Invalid(f'Expected a dictionary of items but got type "{type_name(value)}".', code="not_a_dict")
    if len(json.dumps(value, ensure_ascii=False)) > FILTERS_CHARACTERS_MAX:
        raise Invalid(
            f"Ensure this field has no more than {FILTERS_CHARACTERS_MAX} characters.", code="max_length"
        )
    if value.get("version") is not None:
        raise Invalid("This format of filters is not supported.", "version", "reserved_config_version")
    filters = {name: one for name, one in value.items() if name != "version"}
    for name, check in _FILTERS.items():
        if filters.get(name) is not None:
            filters[name] = at(name)(check, filters[name])
    if filters.get("payloads") is not None:
        filters["payloads"] = at("payloads")(lambda given: _payloads(given, filters), filters["payloads"])
    return filters


def variants_of(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Of filters that passed, or that are kept."""
    variants: list[dict[str, Any]] = (filters.get("multivariate") or {}).get("variants") or []
    return variants


def properties_of(filters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every property filter of every condition."""
    groups = [*(filters.get("groups") or ()), *(filters.get("super_groups") or ())]
    return [one for group in groups for one in group.get("properties") or ()]


# conditions


def _groups(value: Any) -> list[Any]:
    return _each(value, _group, GROUPS_MAX, "condition sets")


def _group(value: Any) -> dict[str, Any]:
    group = _object(value, "A condition set is an object.")
    for name, check in _GROUP.items():
        if group.get(name) is not None:
            group[name] = at(name)(check, group[name])
    return group


def _properties(value: Any) -> list[Any]:
    return _each(value, _property, PROPERTIES_MAX, "filters")


def _property(value: Any) -> dict[str, Any]:
    given = _object(value, "A filter is an object.")
    kind = given.get("type") or "person"
    if kind not in TYPES:
        raise Invalid(f'"{shown(kind)}" is not a valid choice.', "type", "invalid_choice")
    # The order is part of how filters are kept: lists are searched by it.
    kept = {"key": at("key")(_property_key, given.get("key")), "type": kind, **_without(given, "key", "type")}
    for name, check in _PROPERTY.items():
        if kept.get(name) is not None:
            kept[name] = at(name)(check, kept[name])
    if kind == "cohort":
        return _cohort(kept)
    return _dependency(kept) if kind == "flag" else _compared(kept)


def _property_key(value: Any) -> str:
    if isinstance(value, str) and value:
        return _text(value, KEY_CHARACTERS_MAX)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise Invalid("This field is required.", code="required")


def _compared(kept: dict[str, Any]) -> dict[str, Any]:
    operator = kept.get("operator")
    operator = "exact" if operator is None else _ALIASES.get(operator, operator)
    if operator not in OPERATORS:
        raise Invalid(f'"{shown(operator)}" is not a valid choice.', "operator", "invalid_choice")
    if operator not in WITHOUT_VALUE:
        at("value")(_compared_value, kept.get("value"))
    return {**kept, "operator": operator}


def _compared_value(value: Any) -> None:
    if value is None:
        raise Invalid("This field is required.", code="required")
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, str | int | float):
            raise Invalid("A value is a text, a number, true or false, or a list of these.")
    if isinstance(value, list) and len(value) > VALUES_MAX:
        raise Invalid(f"A filter has at most {VALUES_MAX} values.", code="max_length")


def _cohort(kept: dict[str, Any]) -> dict[str, Any]:
    operator = kept.get("operator") or "in"
    if operator not in COHORT_OPERATORS:
        raise Invalid(f'"{shown(operator)}" is not a valid choice.', "operator", "invalid_choice")
    if kept["key"] != "id":
        raise Invalid("A cohort is named by its id.", "key")
    at("value")(_id, kept.get("value"))
    return {**kept, "operator": operator}


def _dependency(kept: dict[str, Any]) -> dict[str, Any]:
    operator = kept.get("operator") or FLAG_OPERATOR
    if operator != FLAG_OPERATOR:
        raise Invalid(f'"{shown(operator)}" is not a valid choice.', "operator", "invalid_choice")
    if not _DIGITS.fullmatch(kept["key"]):
        raise Invalid("A flag is named by its id.", "key")
    if not isinstance(kept.get("value"), bool | str):
        raise Invalid("A flag is true, false, or one of its variants.", "value")
    return {**kept, "operator": operator}


# variants, payloads, holdouts


def _multivariate(value: Any) -> dict[str, Any]:
    given = _object(value, "This is an object with variants.")
    variants = at("variants")(_variants, given.get("variants") or [])
    return {**given, "variants": variants}


def _variants(value: Any) -> list[Any]:
    variants = _each(value, _variant, VARIANTS_MAX, "variants")
    keys = [one["key"] for one in variants]
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid(f"There are several variants with the key {shown(key)}.", code="unique")
    total = math.fsum(one["rollout_percentage"] for one in variants)
    if total > 100 + _SUM_TOLERANCE:
        raise Invalid(f"The shares of the variants are {total:g} % together, which is more than 100 %.")
    return variants


def _variant(value: Any) -> dict[str, Any]:
    variant = _object(value, "A variant is an object.")
    key = variant.get("key")
    if not isinstance(key, str) or not key:
        raise Invalid("This field is required.", "key", "required")
    at("key")(lambda given: _text(given, KEY_CHARACTERS_MAX), key)
    if variant.get("name") is not None:
        at("name")(lambda given: _text(given, TEXT_CHARACTERS_MAX), variant["name"])
    at("rollout_percentage")(_percentage, variant.get("rollout_percentage"))
    return variant


def _payloads(value: Any, filters: Mapping[str, Any]) -> dict[str, str]:
    given = _object(value, "Payloads are an object: what is delivered, by variant or by true.")
    known = {"true", *(one["key"] for one in variants_of(filters))}
    kept: dict[str, str] = {}
    for key, payload in given.items():
        is_holdout = key.startswith(_HOLDOUT) and filters.get("holdout") is not None
        if key not in known and not is_holdout:
            raise Invalid(
                f'"{shown(key)}" is none of {", ".join(sorted(known))[:200]}.', code="invalid_choice"
            )
        if payload is not None:
            kept[key] = at(key)(_payload, payload)
    return kept


def _payload(value: Any) -> str:
    if isinstance(value, str):
        try:
            json_value(value)
        except Invalid as failure:
            raise Invalid(f"Payload value is not valid JSON: {failure}") from None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return _text(text, PAYLOAD_CHARACTERS_MAX)


def _holdout(value: Any) -> dict[str, Any]:
    holdout = _object(value, "A holdout is an object.")
    at("id")(_id, holdout.get("id"))
    at("exclusion_percentage")(_percentage, holdout.get("exclusion_percentage"))
    return holdout


# the types


def _each(value: Any, check: Callable[[Any], Any], items_max: int, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Invalid(f'Expected a list of items but got type "{type_name(value)}".', code="not_a_list")
    if len(value) > items_max:
        raise Invalid(f"There may be at most {items_max} {what}.", code="max_length")
    return [at(str(number))(check, one) for number, one in enumerate(value)]


def _object(value: Any, message: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(message, code="not_a_dict")
    return dict(value)


def _without(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name not in names}


def _text(value: Any, characters_max: int = TEXT_CHARACTERS_MAX) -> str:
    if not isinstance(value, str):
        raise Invalid("Not a valid string.")
    if len(value) > characters_max:
        raise Invalid(f"Ensure this field has no more than {characters_max} characters.", code="max_length")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Invalid("Must be a valid boolean.")
    return value


def _percentage(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Invalid("A valid number is required.")
    if not 0 <= value <= 100:  # noqa: PLR2004 - per cent
        raise Invalid("A percentage is from 0 to 100.", code="max_value" if value > 0 else "min_value")
    return value


def _id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid("A valid integer is required.")
    if not 0 <= value <= NUMBER_MAX:
        raise Invalid("An id is a positive number.", code="min_value")
    return value


def _group_type_index(value: Any) -> int:
    if _id(value) > GROUP_TYPE_INDEX_MAX:
        raise Invalid(f"Group types are numbered from 0 to {GROUP_TYPE_INDEX_MAX}.", code="max_value")
    return int(value)


_GROUP: Mapping[str, Callable[[Any], Any]] = {
    "properties": _properties,
    "rollout_percentage": _percentage,
    "variant": lambda value: _text(value, KEY_CHARACTERS_MAX),
    "aggregation_group_type_index": _group_type_index,
    "description": _text,
    "sort_key": _text,
}
_PROPERTY: Mapping[str, Callable[[Any], Any]] = {
    "operator": lambda value: _text(value, KEY_CHARACTERS_MAX),
    "group_type_index": _group_type_index,
    "negation": _boolean,
    "label": _text,
    "cohort_name": _text,
}
_FILTERS: Mapping[str, Callable[[Any], Any]] = {
    "groups": _groups,
    "super_groups": _groups,
    "holdout_groups": _groups,
    "multivariate": _multivariate,
    "aggregation_group_type_index": _group_type_index,
    "early_exit": _boolean,
    "feature_enrollment": _boolean,
    "holdout": _holdout,
}
