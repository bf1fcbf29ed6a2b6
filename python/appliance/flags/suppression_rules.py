"""Suppression rules that browsers can apply by themselves, so that what would be dropped is not even sent.

Promises:
- Only rules about types and messages of exceptions, with operators that posthog-js knows, and about all of them:
  it takes no share, whatever `samplingRate` says.
- What a rule before them may keep is not theirs to drop: they end where the pipeline might decide otherwise.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, select

from appliance.catalog.error_issues import error_rule

_KEYS = frozenset({"$exception_types", "$exception_values"})
_OPERATORS = frozenset({"exact", "is_not", "icontains", "not_icontains", "regex", "not_regex"})
_ALL = 1.0
_columns = error_rule.c


def load_suppression_rules(connection: Connection, only: int | None) -> dict[int, str]:
    """By project, as JSON; of one project with `only`. Those that have none are not in it."""
    query = select(_columns.project_id, _columns.filters, _columns.sampling_rate).where(
        _columns.kind == "suppression", _columns.disabled_data.is_(None)
    )
    if only is not None:
        query = query.where(_columns.project_id == only)
    rules: dict[int, list[tuple[Any, float | None]]] = {}
    for project_id, filters, rate in connection.execute(
        query.order_by(_columns.order_key, _columns.created_at, _columns.id)
    ):
        rules.setdefault(project_id, []).append((filters, rate))
    shipped = {project_id: shipped_rules(some) for project_id, some in rules.items()}
    return {project_id: orjson.dumps(some).decode() for project_id, some in shipped.items() if some}


def shipped_rules(rules: Sequence[tuple[Any, float | None]]) -> list[dict[str, Any]]:
    """Of rules in their order, each with its share."""
    found = []
    for filters, rate in rules:
        if rate is not None and rate < _ALL:
            break
        group = _flat(filters)
        if group is not None:
            found.append(group)
    return found


def _flat(given: Any) -> dict[str, Any] | None:
    """A group of filters without groups in it, if browsers know them all."""
    while isinstance(given, Mapping) and given.get("type") in ("AND", "OR"):
        values = given.get("values")
        if not isinstance(values, list) or not values:
            return None
        inner = values[0]
        if len(values) > 1 or not isinstance(inner, Mapping) or inner.get("type") not in ("AND", "OR"):
            shipped = [_filter(one) for one in values]
            return None if None in shipped else {"type": given["type"], "values": shipped}
        given = inner
    return None


def _filter(given: Any) -> dict[str, Any] | None:
    if not isinstance(given, Mapping) or given.get("type") not in (None, "", "event"):
        return None
    key, operator, value = given.get("key"), given.get("operator") or "exact", given.get("value")
    values = value if isinstance(value, list) else [value]
    if key not in _KEYS or operator not in _OPERATORS or not values:
        return None
    if not all(isinstance(one, str) for one in values):
        return None
    return {"key": key, "operator": operator, "value": value, "type": "event"}
