"""Who is in a cohort: static and behavioural ones by their rows, dynamic ones by their tree of filters."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]
STATIC_VERSION = 0


class CohortProblem(Exception):
    """A cohort that cannot be decided: what may be told as the reason."""

    def __init__(self, codes: frozenset[str]) -> None:
        super().__init__(*sorted(codes))
        self.codes = codes


def is_member(
    cohort_id: int,
    cohorts: Mapping[int, Json],
    memberships: frozenset[tuple[int, int]],
    is_met: Callable[[Json], bool],
) -> bool:
    """Raises CohortProblem where this cohort or one it names is unknown, circular or not a tree of filters."""
    codes: set[str] = set()
    _find_problems(cohort_id, cohorts, (), codes)
    if codes:
        raise CohortProblem(frozenset(codes))
    return _decide(cohort_id, cohorts, memberships, is_met)


def _decide(
    cohort_id: int,
    cohorts: Mapping[int, Json],
    memberships: frozenset[tuple[int, int]],
    is_met: Callable[[Json], bool],
) -> bool:
    def group(node: Json) -> bool:
        found = [leaf(one) if _is_leaf(one) else group(one) for one in node["values"]]
        return any(found) if node["type"] == "OR" else all(found)

    def leaf(one: Json) -> bool:
        is_cohort = one.get("type") == "cohort"
        found = _decide(one["value"], cohorts, memberships, is_met) if is_cohort else is_met(one)
        return found != bool(one.get("negation"))

    cohort = cohorts[cohort_id]
    if cohort["is_static"]:
        return (cohort_id, STATIC_VERSION) in memberships
    if _is_behavioural(cohort):
        return (cohort_id, cohort["version"]) in memberships
    return group(cohort["filters"]["properties"])


def _find_problems(
    cohort_id: int, cohorts: Mapping[int, Json], way: tuple[int, ...], codes: set[str]
) -> None:
    if cohort_id in way:
        codes.add("dependency_cycle_cohort")
    elif cohort_id not in cohorts:
        codes.add("dependency_not_found_cohort")
    elif not cohorts[cohort_id]["is_static"]:
        if not _is_tree((cohorts[cohort_id]["filters"] or {}).get("properties")):
            codes.add("cohort_filters_parsing_error")
        elif not _is_behavioural(cohorts[cohort_id]):
            for leaf in _leaves(cohorts[cohort_id]["filters"]["properties"]):
                if leaf.get("type") == "cohort":
                    _find_problems(leaf["value"], cohorts, (*way, cohort_id), codes)


def _is_tree(node: Any) -> bool:
    if not isinstance(node, dict):
        return False
    if _is_leaf(node):
        return isinstance(node.get("key"), str)
    return node.get("type") in ("AND", "OR", "property") and all(_is_tree(one) for one in node["values"])


def _is_leaf(node: Any) -> bool:
    return not isinstance(node.get("values"), list)


def _is_behavioural(cohort: Json) -> bool:
    return any(leaf.get("type") == "behavioral" for leaf in _leaves(cohort["filters"]["properties"]))


def _leaves(node: Json) -> Iterator[Json]:
    if _is_leaf(node):
        yield node
        return
    for one in node["values"]:
        yield from _leaves(one)
