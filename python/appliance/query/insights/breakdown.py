"""What a number is broken down by.

Promises:
- A value is a text; a missing one, null and '' are all `NULL_VALUE`.
- Cohorts are not values of an event: each is a question of its own, in the order given.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.filters.comparisons import cleaned_path
from appliance.query.filters.properties import (
    EVENT_COLUMNS,
    SESSION_TYPES,
    UUID_COLUMNS,
    cohort_condition,
    cohort_number,
    group_index,
)
from appliance.query.filters.terms import (
    TRUE,
    alias,
    call,
    compare,
    constant,
    equals,
    every,
    field,
    some,
    within,
)
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.project import PropertyType

NULL_VALUE = "$$_posthog_breakdown_null_$$"
OTHER_VALUE = "$$_posthog_breakdown_other_$$"
ALL_USERS = "all"
PARTS_MAX = 3
BINS_MAX = 100
LIMIT_DEFAULT, LIMIT_EXPORT, LIMIT_COUNTRIES, LIMIT_MAX = 25, 512, 250, 5_000
COHORTS_MAX = 100
# Joins several values into one text that no value contains.
_SEPARATOR = "\x1f"
_LAST_BIN_ADDED = 0.01
_DECIMALS = 2

Values = tuple[str, ...]
"""One value of each part."""


@dataclass(frozen=True, slots=True)
class Part:
    """One property that splits. `bins`: into how many ranges of numbers; `edges`: those ranges, once they are known."""

    raw: ast.Expr
    type: PropertyType | None = None
    normalize_url: bool = False
    clean_path: tuple[Mapping[str, Any], ...] = ()
    bins: int | None = None
    edges: tuple[float, ...] = ()

    @property
    def number(self) -> ast.Expr:
        return self.raw if self.type == "Numeric" else call("toFloat", self.raw)

    @property
    def text(self) -> ast.Expr:
        if self.edges:
            return self._bin()
        text = self.raw if self.type == "String" else call("toString", self.raw)
        if self.normalize_url:
            trimmed = call("replaceRegexpOne", text, constant("[/?#]+$"), constant(""))
            is_root = every((equals(trimmed, ""), compare(text, "!=", constant(""))))
            text = call("if", is_root, constant("/"), trimmed)
        if self.clean_path:
            text = cleaned_path(text, self.clean_path)
        return call("ifNull", call("nullIf", text, constant("")), constant(NULL_VALUE))

    def _bin(self) -> ast.Expr:
        cases: list[ast.Expr] = []
        for low, high in zip(self.edges, self.edges[1:], strict=False):
            inside = every(
                (compare(self.number, ">=", constant(low)), compare(self.number, "<", constant(high)))
            )
            cases += [inside, constant(f"[{_shown(low)},{_shown(high)}]")]
        return call("multiIf", *cases, constant(NULL_VALUE))


@dataclass(frozen=True, slots=True)
class Split:
    """A question of its own: only the events for which `condition` holds."""

    condition: ast.Expr
    value: Any
    label: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """By `parts`, or by `splits`."""

    parts: tuple[Part, ...] = ()
    splits: tuple[Split, ...] = ()
    is_list: bool = False
    """Whether values are shown as lists, as `breakdowns` asks."""
    limit: int = LIMIT_DEFAULT
    hide_other: bool = False

    @property
    def names(self) -> list[str]:
        return [f"breakdown_{number}" for number in range(1, len(self.parts) + 1)]

    @property
    def columns(self) -> list[ast.Expr]:
        return [alias(name, part.text) for name, part in zip(self.names, self.parts, strict=True)]

    @property
    def fields(self) -> list[ast.Expr]:
        return [field(name) for name in self.names]

    @property
    def has_null(self) -> ast.Expr:
        return some(equals(name, NULL_VALUE) for name in self.fields)

    def without(self, values: Sequence[Values]) -> ast.Expr:
        """Whether a row, whose columns are `names`, has none of these values."""
        return ast.Not(self.among(values, self.fields))

    def among(self, values: Sequence[Values], columns: Sequence[ast.Expr] | None = None) -> ast.Expr:
        """Whether an event, or a row with such columns, has one of these values."""
        found = [part.text for part in self.parts] if columns is None else list(columns)
        if len(found) == 1:
            return within(found[0], [value for (value,) in values])
        joined: list[ast.Expr] = []
        for one in found:
            joined += [constant(_SEPARATOR), one] if joined else [one]
        return within(call("concat", *joined), [_SEPARATOR.join(value) for value in values])

    def other(self) -> Values:
        return (OTHER_VALUE,) * len(self.parts)

    def shown(self, values: Values) -> str | list[str]:
        return list(values) if self.is_list else values[0]


def label_of(values: Values) -> str:
    return "::".join(values)


def order_of(total: float, values: Values) -> tuple[int, float, Values]:
    """Sorts the largest first, then by value; the null bucket after the others, and what remains last."""
    rank = 2 if OTHER_VALUE in values else 1 if NULL_VALUE in values else 0
    return rank, -total if math.isfinite(total) else 0, values


def read_breakdown(
    query: Mapping[str, Any], context: Context, *, is_export: bool = False
) -> Breakdown | None:
    """The breakdown that a query asks for, if any."""
    given = query.get("breakdownFilter") or {}
    if not isinstance(given, Mapping):
        raise Invalid("breakdownFilter must be an object", attr="breakdownFilter")
    limit = _limit(given, query, is_export=is_export)
    hide_other = bool(given.get("breakdown_hide_other_aggregation"))
    several = given.get("breakdowns")
    if several:
        if not isinstance(several, list | tuple) or not all(isinstance(one, Mapping) for one in several):
            raise Invalid("breakdowns must be a list of objects", attr="breakdownFilter.breakdowns")
        if len(several) > PARTS_MAX:
            raise Invalid(f"at most {PARTS_MAX} breakdowns are possible", attr="breakdownFilter.breakdowns")
        if len(several) == 1 and several[0].get("type") == "cohort":
            return Breakdown(splits=_cohorts(several[0].get("property"), context))
        parts = tuple(_part_of_list(one, given, context) for one in several)
        return Breakdown(parts, (), is_list=True, limit=limit, hide_other=hide_other)
    named = given.get("breakdown")
    if named is None or named in ("", []):
        return None
    kind = given.get("breakdown_type") or "event"
    if kind == "cohort":
        return Breakdown(splits=_cohorts(named, context))
    names = named if isinstance(named, list | tuple) else [named]
    if len(names) > PARTS_MAX:
        raise Invalid(f"at most {PARTS_MAX} breakdowns are possible", attr="breakdownFilter.breakdown")
    parts = tuple(
        _part(kind, name, given, given.get("breakdown_group_type_index"), context) for name in names
    )
    return Breakdown(parts, (), is_list=len(parts) > 1, limit=limit, hide_other=hide_other)


def bin_edges(low: float, high: float, bins: int) -> tuple[float, ...]:
    """Ends of equal ranges; the last one reaches a little beyond the largest number."""
    width = (high - low) / bins
    edges = [low + width * number for number in range(bins)] if width > 0 else [low]
    return (
        *(round(edge, _DECIMALS) for edge in dict.fromkeys(edges)),
        round(high + _LAST_BIN_ADDED, _DECIMALS),
    )


def property_value(
    kind: Any, name: str, index: Any, context: Context
) -> tuple[ast.Expr, PropertyType | None]:
    """A property by its breakdown type, and what it is defined to be."""
    project = context.project
    if kind == "event":
        return field("properties", name), project.property_type("event", name)
    if kind == "person":
        return field("person", "properties", name), project.property_type("person", name)
    if kind == "group":
        number = group_index(index)
        return field(f"group_{number}", "properties", name), project.property_type("group", name, number)
    if kind == "session":
        return field("session", name), SESSION_TYPES.get(name) or project.property_type("session", name)
    if kind == "event_metadata":
        if name not in EVENT_COLUMNS:
            raise Invalid(f"there is no column {name[:50]!r} of events", attr="breakdownFilter")
        return field(name), None if name in UUID_COLUMNS else EVENT_COLUMNS[name]
    if kind == "hogql":
        from appliance.query.hogql.parse import parse_expr  # noqa: PLC0415  loads the native module

        return parse_expr(name), None
    raise Invalid(f"breakdowns by {str(kind)[:50]!r} are not supported", attr="breakdownFilter")


def _part_of_list(one: Mapping[str, Any], given: Mapping[str, Any], context: Context) -> Part:
    flags = {
        "breakdown_normalize_url": one.get("normalize_url"),
        "breakdown_histogram_bin_count": one.get("histogram_bin_count"),
        "breakdown_path_cleaning": given.get("breakdown_path_cleaning"),
    }
    return _part(one.get("type") or "event", one.get("property"), flags, one.get("group_type_index"), context)


def _part(kind: Any, name: Any, flags: Mapping[str, Any], index: Any, context: Context) -> Part:
    if not isinstance(name, str) or not name:
        raise Invalid("a breakdown needs the name of a property", attr="breakdownFilter")
    raw, type_ = property_value(kind, name, index, context)
    bins = flags.get("breakdown_histogram_bin_count")
    if bins is not None and (
        not isinstance(bins, int) or isinstance(bins, bool) or not 1 <= bins <= BINS_MAX
    ):
        raise Invalid(f"a histogram has from 1 to {BINS_MAX} bins", attr="breakdownFilter")
    rules = tuple(context.project.path_cleaning_filters) if flags.get("breakdown_path_cleaning") else ()
    is_text = kind in ("event", "person", "group") and type_ is None
    return Part(raw, "String" if is_text else type_, bool(flags.get("breakdown_normalize_url")), rules, bins)


def _cohorts(given: Any, context: Context) -> tuple[Split, ...]:
    wanted = given if isinstance(given, list | tuple) else [given]
    if len(wanted) > COHORTS_MAX:
        raise Invalid(f"a breakdown may have at most {COHORTS_MAX} cohorts", attr="breakdownFilter")
    splits = []
    for one in wanted:
        if one == ALL_USERS or (one == 0 and not isinstance(one, bool)):
            splits.append(Split(TRUE, ALL_USERS, "all users"))
            continue
        number = cohort_number(one)
        cohort = context.project.cohort(number)
        if cohort is None:
            raise Invalid(f"there is no cohort {number}", attr="breakdownFilter")
        splits.append(Split(cohort_condition(number, context), number, cohort.name))
    return tuple(splits)


def _limit(given: Mapping[str, Any], query: Mapping[str, Any], *, is_export: bool) -> int:
    limit = given.get("breakdown_limit")
    if limit is not None:
        if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= LIMIT_MAX:
            raise Invalid(f"breakdown_limit must be from 1 to {LIMIT_MAX}", attr="breakdownFilter")
        return limit
    if is_export:
        return LIMIT_EXPORT
    shown = query.get("trendsFilter") or {}
    is_map = isinstance(shown, Mapping) and shown.get("display") == "WorldMap"
    return LIMIT_COUNTRIES if is_map else LIMIT_DEFAULT


def _shown(number: float) -> str:
    return str(int(number)) if number == int(number) else str(number)
