"""The steps of an action. Any of them makes the action happen, and all that one says must hold."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.resources.fields import Field, choice, json_list, json_object, read, text
from appliance.resources.property_filters import check_property_filters

STEPS_MAX = 100
MATCHING = ("contains", "regex", "exact")
_FIELDS = (
    Field("event", text(400), is_nullable=True),
    Field("properties", check_property_filters, is_nullable=True),
    Field("selector", text(65_535), is_nullable=True),
    Field("tag_name", text(400), is_nullable=True),
    Field("text", text(400), is_nullable=True),
    Field("text_matching", choice(*MATCHING), is_nullable=True),
    Field("href", text(65_535), is_nullable=True),
    Field("href_matching", choice(*MATCHING), is_nullable=True),
    Field("url", text(65_535), is_nullable=True),
    Field("url_matching", choice(*MATCHING), is_nullable=True),
)
# What is compared with nothing given, as PostHog has it.
_DEFAULTS = {"url_matching": "contains", "properties": []}


def check_steps(value: Any) -> list[dict[str, Any]]:
    """Every step with all of its fields."""
    items = json_list(value)
    if len(items) > STEPS_MAX:
        raise Invalid(f"Ensure this field has no more than {STEPS_MAX} elements.", code="max_length")
    return [_step(number, item) for number, item in enumerate(items)]


def _step(number: int, item: Any) -> dict[str, Any]:
    try:
        given: Mapping[str, Any] = json_object(item)
        values = read(_FIELDS, given, is_partial=True)
    except Invalid as failure:
        attr = f"{number}__{failure.attr}" if failure.attr else str(number)
        raise Invalid(str(failure), attr, failure.code) from None
    kept = {field.name: values.get(field.name) for field in _FIELDS}
    return {name: _DEFAULTS.get(name) if one is None else one for name, one in kept.items()}
