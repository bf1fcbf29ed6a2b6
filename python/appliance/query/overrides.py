"""What a dashboard or a caller lays over a query: another date range, more filters, values of variables."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.kinds import Query

_DATES = ("date_from", "date_to", "explicitDate")


def overridden(query: Query, filters: Any = None, variables: Any = None) -> Query:
    """The query with its date range replaced, properties added (AND) and variables set.

    `filters` is `{date_from, date_to, properties, breakdown_filter}`, `variables` is `{id: {code_name, value}}`.
    """
    result = dict(query)
    if filters:
        _lay_filters(result, _object(filters, "filters_override"))
    if variables:
        known = _object(result.get("variables") or {}, "variables")
        given = _object(variables, "variables_override")
        names = {_name(one): id_ for id_, one in known.items()}
        merged = dict(known)
        for id_, one in given.items():
            key = id_ if id_ in merged else names.get(_name(one), id_)
            merged[key] = {
                **_object(merged.get(key) or {}, "variables"),
                **_object(one, "variables_override"),
            }
        result["variables"] = merged
    return result


def _lay_filters(query: dict[str, Any], filters: Mapping[str, Any]) -> None:
    dates = {name: filters[name] for name in _DATES if filters.get(name) is not None}
    properties = filters.get("properties") or []
    if query.get("kind") == "HogQLQuery":
        own = dict(_object(query.get("filters") or {}, "filters"))
        if dates:
            own["dateRange"] = dates
        if properties:
            own["properties"] = _both(own.get("properties"), properties)
        query["filters"] = own
        return
    if dates:
        query["dateRange"] = dates
    if properties:
        query["properties"] = _both(query.get("properties"), properties)
    if filters.get("breakdown_filter"):
        query["breakdownFilter"] = filters["breakdown_filter"]


def _both(first: Any, second: Any) -> Any:
    """Both sets of filters at once, each a list or a group."""
    if not first:
        return second
    if isinstance(first, list) and isinstance(second, list):
        return [*first, *second]
    return {"type": "AND", "values": [_group(first), _group(second)]}


def _group(filters: Any) -> Any:
    return {"type": "AND", "values": filters} if isinstance(filters, list) else filters


def _name(variable: Any) -> str:
    return str(variable.get("code_name", "")) if isinstance(variable, Mapping) else ""


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Invalid(f"{name} must be an object", attr=name)
    return value
