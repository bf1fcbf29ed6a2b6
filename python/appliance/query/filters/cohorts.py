"""Cohorts: who belongs to them, as a SELECT of ids.

Promises:
- Criteria are conditions on the table of persons, so NOT, AND and OR mean what they say to any depth.
- A cohort may lean on others, never in a circle.
"""

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from appliance.failures import Invalid
from appliance.query.filters.behavior import people
from appliance.query.filters.properties import (
    DEPTH_MAX,
    FILTERS_MAX,
    Scope,
    cohort_number,
    property_to_expr,
)
from appliance.query.filters.terms import (
    FALSE,
    alias,
    compare,
    every,
    field,
    opposite,
    some,
)
from appliance.query.hogql import ast
from appliance.query.hogql.cohorts import members_of
from appliance.query.hogql.context import Context
from appliance.query.project import Cohort

PERSONS = Scope("person")


# Cohorts whose criteria are being written: one may lead back to itself through others, actions or test accounts.
_above: ContextVar[tuple[int, ...]] = ContextVar("cohorts_being_written", default=())


def cohort_select(cohort: Cohort, context: Context) -> ast.SelectQuery:
    """Ids of the members, as `person_id`: those the store holds, or if it holds none yet, those of the criteria."""
    if cohort.is_static or cohort.version is not None:
        return members_of(cohort.id, cohort.is_static, cohort.version)
    return _fulfilling(cohort, context)


def cohort_members(cohort: Cohort, context: Context) -> ast.SelectQuery:
    """Ids of those who fulfil the criteria now, as `person_id`: what a recalculation stores."""
    if cohort.is_static:
        return members_of(cohort.id, is_static=True, version=None)
    return _fulfilling(cohort, context)


def _fulfilling(cohort: Cohort, context: Context) -> ast.SelectQuery:
    above = _above.get()
    if cohort.id in above:
        raise Invalid(f"the cohort {cohort.name!r} leans on itself", attr="filters")
    token = _above.set((*above, cohort.id))
    try:
        criteria = _Criteria(context)
        where = criteria.condition(cohort.filters.get("properties"), 0)
        if cohort.filters.get("filterTestAccounts"):
            where = every((where, criteria.not_test_accounts()))
    finally:
        _above.reset(token)
    return ast.SelectQuery(
        [alias("person_id", field("id"))], select_from=ast.JoinExpr(field("persons")), where=where
    )


class _Criteria:
    def __init__(self, context: Context) -> None:
        self._context = context
        self._count = 0

    def condition(self, given: Any, depth: int) -> ast.Expr:
        """Nobody fulfils no criteria."""
        if depth > DEPTH_MAX:
            raise Invalid(f"criteria may nest at most {DEPTH_MAX} deep", attr="filters")
        if isinstance(given, list | tuple):
            given = {"type": "AND", "values": given}
        if not isinstance(given, Mapping):
            return FALSE
        self._count += 1
        if self._count > FILTERS_MAX:
            raise Invalid(f"a cohort may have at most {FILTERS_MAX} criteria", attr="filters")
        if "values" in given or given.get("type") in ("AND", "OR"):
            members = given.get("values") or ()
            parts = [self.condition(one, depth + 1) for one in members]
            found = FALSE if not parts else some(parts) if given.get("type") == "OR" else every(parts)
        else:
            found = self._criterion(given)
        return opposite(found) if given.get("negation") else found

    def not_test_accounts(self) -> ast.Expr:
        """Of the project's test filters those that can be asked of a person."""
        filters = [
            one
            for one in self._context.project.test_account_filters
            if one.get("type") in ("person", "cohort", "static-cohort", "dynamic-cohort")
        ]
        return property_to_expr(filters, self._context, PERSONS)

    def _criterion(self, given: Mapping[str, Any]) -> ast.Expr:
        """Negation is left to the caller."""
        kind = given.get("type")
        if kind in ("cohort", "static-cohort", "dynamic-cohort", "precalculated-cohort"):
            cohort = self._context.project.cohort(cohort_number(given.get("value")))
            if cohort is None:
                raise Invalid(f"there is no cohort {str(given.get('value'))[:50]!r}", attr="filters")
            found = compare(field("id"), "in", cohort_select(cohort, self._context))
            return opposite(found) if given.get("operator") == "not_in" else found
        if kind == "behavioral":
            return compare(field("id"), "in", people(given, self._context))
        if kind in ("person", "person_metadata"):
            plain = {name: value for name, value in given.items() if name != "negation"}
            return property_to_expr(plain, self._context, PERSONS)
        raise Invalid(f"{str(kind)[:50]!r} is not a criterion that cohorts know", attr="filters")
