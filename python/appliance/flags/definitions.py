"""Flags as the catalog has them, and the document that a project's flag set is compiled from.

Promises:
- A row is what was stored: `filters_text` is the exact JSON, parsed by whoever needs more than to pass it on.
- Of a project's cohorts only those are here that a flag names, or that such a cohort names in its turn.
- Loading is four queries for all projects together, however many there are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import orjson
from sqlalchemy import Connection, Text, cast, select

from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.model import group_type
from appliance.catalog.resources import cohort
from appliance.catalog.snapshot import ProjectSnapshot
from appliance.flags.suppression_rules import load_suppression_rules

FORMAT = 1
_COHORT_TYPES = ("cohort", "static-cohort", "dynamic-cohort")
_MATCHING_LEGACY = 1
# No id is longer; and Python refuses to read thousands of digits.
_DIGITS_MAX = 18


@dataclass(frozen=True, slots=True)
class FlagRow:
    """One flag that is not deleted. Names as in the table, except that JSON columns are texts."""

    id: int
    key: str
    name: str
    filters_text: str
    is_active: bool
    version: int
    ensure_experience_continuity: bool | None
    evaluation_runtime: str | None
    bucketing_identifier: str | None
    evaluation_contexts_text: str
    is_remote_configuration: bool
    has_encrypted_payloads: bool
    creation_context: str

    @property
    def filters(self) -> dict[str, Any]:
        return _object(self.filters_text)

    @property
    def evaluation_contexts(self) -> list[str]:
        found = _parsed(self.evaluation_contexts_text)
        return found if isinstance(found, list) else []

    @property
    def payloads(self) -> dict[str, Any]:
        found = self.filters.get("payloads")
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A cohort that flags name. `version` is the one whose members count: 0 for a static one, None for none yet."""

    id: int
    name: str | None
    is_static: bool
    filters_text: str | None
    version: int | None

    @property
    def filters(self) -> dict[str, Any] | None:
        return None if self.filters_text is None else _object(self.filters_text)


@dataclass(frozen=True, slots=True)
class Definitions:
    """What one project's flags are made of."""

    flags: tuple[FlagRow, ...] = ()
    cohorts: tuple[CohortRow, ...] = ()
    group_types: Mapping[str, int] = field(default_factory=dict)
    suppression_rules_text: str = "[]"
    """Exceptions that browsers need not send, JSON; see `suppression_rules.py`."""

    def document(self, project: ProjectSnapshot) -> bytes:
        """What `_native.flags.FlagSet` reads."""
        return orjson.dumps(
            {
                "project_id": project.id,
                "timezone": project.timezone,
                "property_matching_version": matching_version(project),
                "group_types": self.group_types,
                "flags": [_flag(one) for one in self.flags],
                "cohorts": [_cohort(one) for one in self.cohorts],
            }
        )

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Raises KeyError or TypeError for anything that `orjson` did not make of one."""
        return cls(
            flags=tuple(FlagRow(**one) for one in found["flags"]),
            cohorts=tuple(CohortRow(**one) for one in found["cohorts"]),
            group_types=dict(found["group_types"]),
            suppression_rules_text=str(found.get("suppression_rules_text", "[]")),
        )


NOTHING = Definitions()


def matching_version(project: ProjectSnapshot) -> int:
    """How `exact` treats truths: 1 as ever, 2 without the old rule."""
    found = project.options.get("property_matching_version")
    return found if isinstance(found, int) and not isinstance(found, bool) else _MATCHING_LEGACY


def load(connection: Connection) -> dict[int, Definitions]:
    """By project, those that have a flag, a group type or a rule for browsers."""
    return _loaded(connection, None)


def of_project(connection: Connection, project_id: int) -> Definitions:
    """The same of one project, for who asks seldom."""
    return _loaded(connection, project_id).get(project_id, NOTHING)


def _loaded(connection: Connection, only: int | None) -> dict[int, Definitions]:
    flags = _flags(connection, only)
    cohorts = _cohorts(connection, flags)
    types = _group_types(connection, only)
    rules = load_suppression_rules(connection, only)
    return {
        id_: Definitions(
            flags=tuple(flags.get(id_, ())),
            cohorts=tuple(_named(flags.get(id_, ()), cohorts.get(id_, {}))),
            group_types=types.get(id_, {}),
            suppression_rules_text=rules.get(id_, "[]"),
        )
        for id_ in flags.keys() | types.keys() | rules.keys()
    }


def to_text(found: Mapping[int, Definitions]) -> str:
    """For a file; `from_text` reads it."""
    projects = {str(id_): one for id_, one in found.items()}
    return orjson.dumps({"format": FORMAT, "projects": projects}).decode()


def from_text(text: str) -> dict[int, Definitions]:
    """Raises ValueError for anything that `to_text` did not write."""
    document = orjson.loads(text)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise ValueError(f"not definitions of format {FORMAT}")
    try:
        return {int(id_): Definitions.from_json(one) for id_, one in document["projects"].items()}
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"broken definitions: {error}") from error


def _flags(connection: Connection, only: int | None) -> dict[int, list[FlagRow]]:
    columns = feature_flag.c
    query = (
        select(
            columns.project_id,
            columns.id,
            columns.key,
            columns.name,
            cast(columns.filters, Text).label("filters_text"),
            columns.is_active,
            columns.version,
            columns.ensure_experience_continuity,
            columns.evaluation_runtime,
            columns.bucketing_identifier,
            cast(columns.evaluation_contexts, Text).label("evaluation_contexts_text"),
            columns.is_remote_configuration,
            columns.has_encrypted_payloads,
            columns.creation_context,
        )
        .where(~columns.is_deleted)
        .order_by(columns.project_id, columns.id)
    )
    if only is not None:
        query = query.where(columns.project_id == only)
    found: dict[int, list[FlagRow]] = {}
    for project_id, *row in connection.execute(query):
        found.setdefault(project_id, []).append(FlagRow(*row))
    return found


def _cohorts(connection: Connection, projects: Iterable[int]) -> dict[int, dict[int, CohortRow]]:
    columns = cohort.c
    known = list(projects)
    if not known:
        return {}
    with_flags = select(feature_flag.c.project_id).where(~feature_flag.c.is_deleted)
    if len(known) == 1:
        with_flags = with_flags.where(feature_flag.c.project_id == known[0])
    query = select(
        columns.project_id,
        columns.id,
        columns.name,
        columns.is_static,
        cast(columns.filters, Text),
        columns.version,
    ).where(~columns.is_deleted, columns.project_id.in_(with_flags))
    found: dict[int, dict[int, CohortRow]] = {}
    for project_id, id_, name, is_static, filters, version in connection.execute(query):
        row = CohortRow(
            id=id_,
            name=name,
            is_static=is_static,
            filters_text=None if is_static else filters,
            version=0 if is_static else version,
        )
        found.setdefault(project_id, {})[id_] = row
    return found


def _group_types(connection: Connection, only: int | None) -> dict[int, dict[str, int]]:
    columns = group_type.c
    query = select(columns.project_id, columns.name, columns.type_index).order_by(
        columns.project_id, columns.type_index
    )
    if only is not None:
        query = query.where(columns.project_id == only)
    found: dict[int, dict[str, int]] = {}
    for project_id, name, index in connection.execute(query):
        found.setdefault(project_id, {})[name] = index
    return found


def _named(flags: Iterable[FlagRow], cohorts: Mapping[int, CohortRow]) -> Iterator[CohortRow]:
    """In the order of their ids, so that the same cohorts make the same document."""
    waiting = {id_ for one in flags for id_ in _cohorts_in(one.filters_text)}
    seen: set[int] = set()
    while waiting:
        seen |= waiting
        texts = [cohorts[id_].filters_text for id_ in waiting if id_ in cohorts]
        waiting = {id_ for text in texts if text for id_ in _cohorts_in(text)} - seen
    return (cohorts[id_] for id_ in sorted(seen) if id_ in cohorts)


def _cohorts_in(text: str) -> set[int]:
    if "cohort" not in text:
        return set()
    found: set[int] = set()
    waiting: list[Any] = [_parsed(text)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            if one.get("type") in _COHORT_TYPES and (id_ := number_in(one.get("value"))) is not None:
                found.add(id_)
            waiting += [value for value in one.values() if isinstance(value, dict | list)]
    return found


def number_in(value: Any) -> int | None:
    """An id, which some clients write as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    is_number = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _DIGITS_MAX
    return int(value) if is_number else None


def _flag(row: FlagRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "key": row.key,
        "name": row.name,
        "filters": orjson.Fragment(row.filters_text),
        "active": row.is_active,
        "version": row.version,
        "ensure_experience_continuity": row.ensure_experience_continuity,
        "evaluation_runtime": row.evaluation_runtime,
        "bucketing_identifier": row.bucketing_identifier,
        "evaluation_contexts": orjson.Fragment(row.evaluation_contexts_text),
        "has_experiment": False,
        "has_encrypted_payloads": row.has_encrypted_payloads,
    }


def _cohort(row: CohortRow) -> dict[str, Any]:
    filters = None if row.filters_text is None else orjson.Fragment(row.filters_text)
    return {"id": row.id, "is_static": row.is_static, "filters": filters, "version": row.version}


def _object(text: str) -> dict[str, Any]:
    found = _parsed(text)
    return found if isinstance(found, dict) else {}


def _parsed(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
