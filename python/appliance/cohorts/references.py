"""What criteria name: other cohorts, which may name others again but never come back round, and actions.

And who names a cohort: a flag that aims at one which is gone would be off for everybody, so such a cohort stays.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.resources import action, cohort
from appliance.cohorts.criteria import criteria_of
from appliance.failures import Invalid

_COHORT_TYPES = ("cohort", "static-cohort", "dynamic-cohort")
_NAMED_MAX = 5


def check_references(
    connection: Connection, project_id: int, cohort_id: int | None, filters: Mapping[str, Any]
) -> None:
    """`cohort_id` is None for a cohort that is being made."""
    _check_actions(connection, project_id, filters)
    seen: set[int] = set()
    waiting = _cohorts_in(filters)
    is_named_directly = True
    while waiting:
        if cohort_id is not None and cohort_id in waiting:
            raise Invalid("Cohorts cannot reference other cohorts in a loop.", "filters", "circular")
        query = select(cohort.c.id, cohort.c.filters).where(
            cohort.c.project_id == project_id, cohort.c.id.in_(waiting), ~cohort.c.is_deleted
        )
        found: dict[int, Any] = {row.id: row.filters for row in connection.execute(query)}
        if is_named_directly and (missing := waiting - found.keys()):
            raise Invalid(f"Cohort {min(missing)} does not exist.", "filters", "does_not_exist")
        seen |= waiting
        waiting = set().union(*(_cohorts_in(one) for one in found.values())) - seen
        is_named_directly = False


def check_no_flag_aims_at(connection: Connection, project_id: int, cohort_id: int) -> None:
    """Directly, or at a cohort that names this one."""
    columns = feature_flag.c
    query = (
        select(columns.key, columns.filters)
        .where(columns.project_id == project_id, ~columns.is_deleted)
        .order_by(columns.key)
    )
    leading = {str(one) for one in _leading_to(connection, project_id, cohort_id)}
    keys = [key for key, filters in connection.execute(query) if not leading.isdisjoint(_aims_of(filters))]
    if keys:
        more = f" and {len(keys) - _NAMED_MAX} more" if len(keys) > _NAMED_MAX else ""
        raise Invalid(
            f"This cohort is used in {len(keys)} feature flag(s): {', '.join(keys[:_NAMED_MAX])}{more}. "
            "Please remove the cohort from these feature flags before deleting it.",
            "deleted",
            "has_dependents",
        )


def _leading_to(connection: Connection, project_id: int, cohort_id: int) -> set[int]:
    """The cohort, and all that name it or one that leads to it."""
    query = select(cohort.c.id, cohort.c.filters).where(
        cohort.c.project_id == project_id, ~cohort.c.is_deleted, ~cohort.c.is_static
    )
    named = {row.id: _cohorts_in(row.filters) for row in connection.execute(query)}
    found = waiting = {cohort_id}
    while waiting:
        waiting = {one for one, others in named.items() if others & waiting} - found
        found = found | waiting
    return found


def _aims_of(filters: Mapping[str, Any]) -> Iterator[str]:
    """Ids of the cohorts that a flag's conditions name."""
    for group in (*(filters.get("groups") or ()), *(filters.get("super_groups") or ())):
        for one in group.get("properties") or ():
            if one.get("type") == "cohort":
                yield str(one.get("value"))


def _cohorts_in(filters: Mapping[str, Any] | None) -> set[int]:
    return {int(one["value"]) for one in criteria_of(filters) if one.get("type") in _COHORT_TYPES}


def _check_actions(connection: Connection, project_id: int, filters: Mapping[str, Any]) -> None:
    named = {
        int(one[name])
        for one in criteria_of(filters)
        for name, type_name in (("key", "event_type"), ("seq_event", "seq_event_type"))
        if one.get(type_name) == "actions" and one.get(name) is not None
    }
    if not named:
        return
    query = select(action.c.id).where(
        action.c.project_id == project_id, action.c.id.in_(named), ~action.c.is_deleted
    )
    if missing := named - set(connection.execute(query).scalars()):
        raise Invalid(f"Action {min(missing)} does not exist.", "filters", "does_not_exist")
