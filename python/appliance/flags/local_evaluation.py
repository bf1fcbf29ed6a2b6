"""The definitions that server SDKs fetch to evaluate flags by themselves.

Promises:
- Inactive flags are among them, so that an SDK knows them as off and not as unknown.
- What an SDK must not or cannot evaluate is left out, and then it asks the server: flags with encrypted payloads, those
  that belong to surveys, static cohorts, and cohorts by behaviour.
- A flag that another depends on stands by its key, after all those that it depends on in its turn.
- The body is made once for each version of a project.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import orjson

from appliance.cohorts.criteria import criteria_of
from appliance.flags.bodies import Body
from appliance.flags.definitions import CohortRow, FlagRow, matching_version, number_in
from appliance.flags.keeper import ProjectFlags

SURVEY_PREFIX = "survey-targeting-"
_COHORT_TYPES = frozenset({"cohort", "static-cohort", "dynamic-cohort"})
_BY_BEHAVIOR = frozenset({"behavioral", "behavioural"})
# Lists of conditions that a flag's filters may hold.
_CONDITION_LISTS = ("groups", "super_groups")


class LocalEvaluation:
    """The bodies of all projects, each kept for as long as its `ProjectFlags` is."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[ProjectFlags, Body] = WeakKeyDictionary()

    def of(self, flags: ProjectFlags) -> Body:
        found = self._kept.get(flags)
        if found is None:
            found = self._kept[flags] = Body(orjson.dumps(document(flags)))
        return found


def document(flags: ProjectFlags) -> dict[str, Any]:
    definitions = flags.definitions
    sent = sorted((one for one in definitions.flags if not _is_withheld(one)), key=lambda one: one.key)
    dependencies = Dependencies(definitions.flags)
    entries = [_entry(one, flags.project.id, dependencies) for one in sent]
    cohorts = {one.id: one for one in definitions.cohorts}
    return {
        "flags": entries,
        "group_type_mapping": {str(index): name for name, index in definitions.group_types.items()},
        "cohorts": {str(id_): _tree(cohorts[id_]) for id_ in _needed(entries, cohorts)},
        "minimal_flag_called_events": False,
        "property_matching_version": matching_version(flags.project),
    }


class Dependencies:
    """Which flags stand on which, by id."""

    def __init__(self, flags: Iterable[FlagRow]) -> None:
        self._keys = {one.id: one.key for one in flags}
        self._direct = {one.id: tuple(_flags_named(one.filters)) for one in flags}
        self._chains: dict[int, tuple[int, ...]] = {}

    def key(self, id_: int | None) -> str | None:
        """None for a flag that there is not."""
        return None if id_ is None else self._keys.get(id_)

    def chain(self, id_: int | None) -> list[str]:
        """Keys in the order of evaluation, the flag itself last; none for a circle, or where a flag is missing."""
        if id_ is None or id_ not in self._keys:
            return []
        return [self._keys[one] for one in self._resolved(id_)]

    def _resolved(self, id_: int) -> tuple[int, ...]:
        """Depth first without recursion: chains may be as long as there are flags."""
        waiting, begun = [id_], set[int]()
        while waiting:
            one = waiting[-1]
            if one in self._chains:
                waiting.pop()
                continue
            direct = self._direct[one]
            if one not in begun:
                begun.add(one)
                # A flag that is begun and has no chain yet stands below in this walk: that is a circle.
                if all(
                    other in self._keys and (other in self._chains or other not in begun) for other in direct
                ):
                    waiting += [other for other in reversed(direct) if other not in self._chains]
                    continue
                self._chains[one] = ()
            else:
                self._chains[one] = self._joined(one, direct)
            waiting.pop()
        return self._chains[id_]

    def _joined(self, id_: int, direct: Iterable[int]) -> tuple[int, ...]:
        found: dict[int, None] = {}
        for other in direct:
            chain = self._chains.get(other, ())
            if not chain:
                return ()
            found.update(dict.fromkeys(chain))
        return (*found, id_)


def _is_withheld(row: FlagRow) -> bool:
    is_of_survey = row.creation_context == "surveys" or row.key.startswith(SURVEY_PREFIX)
    return row.has_encrypted_payloads or is_of_survey


def _entry(row: FlagRow, project_id: int, dependencies: Dependencies) -> dict[str, Any]:
    filters = row.filters
    for one in _properties(filters):
        if one.get("type") == "flag":
            target = number_in(one.get("key"))
            one["key"] = dependencies.key(target) or one.get("key")
            one["dependency_chain"] = dependencies.chain(target)
    return {
        "id": row.id,
        "team_id": project_id,
        "name": row.name,
        "key": row.key,
        "filters": filters,
        "deleted": False,
        "active": row.is_active,
        "ensure_experience_continuity": row.ensure_experience_continuity,
        "version": row.version,
        "evaluation_runtime": row.evaluation_runtime,
        "bucketing_identifier": row.bucketing_identifier,
        "evaluation_contexts": row.evaluation_contexts,
        "has_experiment": False,
    }


def _properties(filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The property filters of all conditions."""
    for name in _CONDITION_LISTS:
        for condition in _list(filters.get(name)):
            if isinstance(condition, dict):
                yield from (one for one in _list(condition.get("properties")) if isinstance(one, dict))


def _flags_named(filters: Mapping[str, Any]) -> Iterator[int]:
    for one in _properties(filters):
        if one.get("type") == "flag":
            target = number_in(one.get("key"))
            # There is no flag -1, so that what is no number is a flag that there is not.
            yield -1 if target is None else target


def _needed(entries: Iterable[Mapping[str, Any]], cohorts: Mapping[int, CohortRow]) -> list[int]:
    """Cohorts that an SDK can evaluate, of those that are named, and named by these."""
    waiting = {
        number_in(one.get("value"))
        for entry in entries
        for one in _properties(entry["filters"])
        if _is_cohort(one)
    }
    found: set[int] = set()
    while waiting:
        id_ = waiting.pop()
        if id_ is None or id_ in found or id_ not in cohorts or not _is_plain(cohorts[id_]):
            continue
        found.add(id_)
        waiting |= {
            number_in(one.get("value")) for one in criteria_of(cohorts[id_].filters) if _is_cohort(one)
        }
    return sorted(found)


def _is_plain(cohort: CohortRow) -> bool:
    """Whether who is in it can be told from properties."""
    if cohort.is_static:
        return False
    return all(one.get("type") not in _BY_BEHAVIOR for one in criteria_of(cohort.filters))


def _tree(cohort: CohortRow) -> dict[str, Any]:
    """The criteria as SDKs read them: groups, and within them what is left."""
    tree = (cohort.filters or {}).get("properties") or {}
    waiting: list[Any] = [tree]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        if _is_cohort(one):
            one["type"] = "cohort"  # the other names are not known to SDKs
        waiting += _list(one.get("values"))
    return tree if isinstance(tree, dict) else {}


def _is_cohort(one: Mapping[str, Any]) -> bool:
    return one.get("type") in _COHORT_TYPES


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
