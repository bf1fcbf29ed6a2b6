"""The server's evaluation of flags, slow and obvious: sections 2 to 4 of the flags contract and nothing else.

Everything is plain dictionaries, and each flag is decided anew from the start. Where the contract leaves a result
open, the flag is among `Answer.open_keys` and says nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tests.flags.model_cohorts import CohortProblem, is_member
from tests.flags.model_operators import ABSENT, Clock, as_text, matches

ID_CHARACTERS_MAX = 200
PLACES = [
    f"$geoip_{name}"
    for name in ("country_name", "city_name", "country_code", "continent_name", "continent_code", "postal_code",
                 "time_zone")
]  # fmt: skip
FIRST_KNOWN = [
    "$app_build",
    "$app_name",
    "$app_namespace",
    "$app_version",
    "$browser",
    "$browser_version",
    "$device_type",
    "$current_url",
    "$pathname",
    "$os",
    "$os_version",
    "$referring_domain",
    "$referrer",
    "$screen_height",
    "$screen_width",
    "$viewport_height",
    "$viewport_width",
    "$raw_user_agent",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "gclid",
    "gad_source",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "twclid",
    "li_fat_id",
    "mc_cid",
    "igshid",
    "ttclid",
    "rdt_cid",
    "epik",
    "qclid",
    "sccid",
    "irclid",
    "_kx",
]
PRIORITIES = {
    "super_condition_value": 6, "holdout_condition_value": 5, "condition_match": 4, "out_of_rollout_bound": 3,
    "no_condition_match": 2, "no_group_type": 1,
}  # fmt: skip
SERVERS = tuple(
    f"posthog-{name}/" for name in ["python", "ruby", "php", "java", "go", "node", "dotnet", "elixir"]
)
CLIENTS = tuple(f"posthog-{name}/" for name in ["android", "ios", "react-native", "flutter"])
BROWSERS = ("Mozilla/", "Chrome/", "Safari/", "Firefox/", "Edge/")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """A request, and all that is known when it comes."""

    definitions: Json
    body: Json
    person: Json | None = None
    """Stored properties of who owns the distinct id."""
    memberships: frozenset[tuple[int, int]] = frozenset()
    hash_keys: Mapping[str, str] = field(default_factory=dict)
    group_properties: Mapping[int, Json] = field(default_factory=dict)
    """Stored ones of the group that the request names, by its type."""
    place: Mapping[str, str] = field(default_factory=dict)
    user_agent: str = ""
    is_browser: bool = False
    only_surveys: bool = False
    now_us: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    enabled: bool
    code: str
    index: int | None = None
    variant: str | None = None
    payload: str | None = None
    problems: frozenset[str] = frozenset()
    """Error codes, any of which may be told; with one the flag has failed."""


@dataclass(frozen=True, slots=True)
class Answer:
    has_errors: bool | None
    """None where the contract leaves it open."""
    flags: dict[str, Result]
    open_keys: frozenset[str]


def bucket(prefix: str, identifier: str, salt: str) -> float:
    digest = hashlib.sha1((prefix + identifier + salt).encode()).hexdigest()
    return float(int(digest[:15], 16)) / float(0xFFFFFFFFFFFFFFF)


def answer(world: World) -> Answer:
    flags = {flag["id"]: flag for flag in world.definitions["flags"]}
    dependencies = {flag_id: _dependencies(flag) for flag_id, flag in flags.items()}
    reach = {flag_id: _reachable(flag_id, dependencies) for flag_id in flags}
    in_cycle = {flag_id for flag_id in flags if flag_id in reach[flag_id]}
    removed = {flag_id for flag_id, flag in flags.items() if not _takes_part(flag, world)}
    on_cycle = {flag_id for flag_id in flags if flag_id in in_cycle or reach[flag_id] & in_cycle}
    missing = {flag_id for flag_id in flags if reach[flag_id] - set(flags)}
    # What is removed counts as false; the contract does not say whether also when it could not be evaluated at all.
    doubtful = (removed & (on_cycle | missing)) | (on_cycle & missing)
    opened = {flag_id for flag_id in flags if flag_id in doubtful or reach[flag_id] & doubtful}
    results: dict[int, Result] = {}
    wanted = _wanted(world, flags, reach) - removed

    def decide(flag_id: int) -> None:
        """Dependencies first."""
        if flag_id in results:
            return
        if flag_id in removed:
            results[flag_id] = Result(enabled=False, code="removed")
        elif flag_id in missing:
            results[flag_id] = Result(enabled=False, code="missing_dependency")
        else:
            for one in sorted(dependencies[flag_id]):
                decide(one)
            results[flag_id] = _evaluate(flags[flag_id], world, results)

    for flag_id in wanted - opened - on_cycle:
        decide(flag_id)
    told = {flags[flag_id]["key"]: results[flag_id] for flag_id in wanted if flag_id in results}
    has_errors: bool | None = bool(in_cycle) or any(result.problems for result in told.values())
    if in_cycle and in_cycle <= removed:
        has_errors = None
    return Answer(has_errors, told, frozenset(flags[flag_id]["key"] for flag_id in opened))


def _dependencies(flag: Json) -> set[int]:
    return {int(one["key"]) for one in _all_filters(flag) if one.get("type") == "flag"}


def _all_filters(flag: Json) -> Iterator[Json]:
    for condition in flag["filters"].get("groups") or []:
        yield from condition.get("properties") or []


def _reachable(start: int, dependencies: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = list(dependencies.get(start, ()))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(dependencies.get(one, ()))
    return found


def _wanted(world: World, flags: Mapping[int, Json], reach: Mapping[int, set[int]]) -> set[int]:
    keys = world.body.get("flag_keys")
    if keys is None:
        return set(flags)
    named = {flag_id for flag_id, flag in flags.items() if flag["key"] in keys}
    return {one for flag_id in named for one in {flag_id} | reach[flag_id]} & set(flags)


def _takes_part(flag: Json, world: World) -> bool:
    if not flag["active"]:
        return False
    if world.only_surveys and not flag["key"].startswith("survey-targeting-"):
        return False
    asked, offered = world.body.get("evaluation_contexts") or [], flag.get("evaluation_contexts") or []
    if asked and offered and not set(asked) & set(offered):
        return False
    runtime = _runtime(world)
    return flag.get("evaluation_runtime") not in ("client", "server") or runtime in (
        "all",
        flag["evaluation_runtime"],
    )


def _runtime(world: World) -> str:
    told = world.body.get("evaluation_runtime")
    if isinstance(told, str):
        return told.lower() if told.lower() in ("client", "server") else "all"
    agent = world.user_agent
    if any(name in agent for name in BROWSERS):
        return "client"
    if agent.startswith(SERVERS) or "python-requests/" in agent or "curl/" in agent:
        return "server"
    return "client" if agent.startswith(CLIENTS) or world.is_browser else "unknown"


def _evaluate(flag: Json, world: World, results: Mapping[int, Result]) -> Result:
    try:
        return _decide(flag, world, results)
    except CohortProblem as problem:
        return Result(enabled=False, code="failed", problems=problem.codes)


def _decide(flag: Json, world: World, results: Mapping[int, Result]) -> Result:
    filters = flag["filters"]
    payloads = filters.get("payloads") or {}
    enrolled = _enrolment(flag, world)
    if enrolled is not None:
        return Result(enrolled, "super_condition_value", 0, payload=payloads.get("true"))
    if _is_held_out(flag, world):
        variant = f"holdout-{filters['holdout']['id']}"
        return Result(
            True, "holdout_condition_value", variant=variant, payload=payloads.get(variant)
        )  # fmt: skip
    code, index = "no_group_type", None
    for number, condition in enumerate(filters.get("groups") or []):
        aggregation = _aggregation(flag, condition)
        found, is_final = _condition(flag, condition, aggregation, world, results)
        if found == "condition_match":
            variant = _variant(flag, condition, _identifier(flag, aggregation, world))
            return Result(True, found, number, variant, payloads.get(variant or "true"))
        if PRIORITIES[found] >= PRIORITIES[code]:
            code, index = found, number
        if is_final:
            break
    return Result(False, code, index)


def _enrolment(flag: Json, world: World) -> bool | None:
    """Whether somebody is in by enrolling; None if conditions shall decide."""
    person = person_properties(world)
    if flag["filters"].get("feature_enrollment"):
        told = person.get(f"$feature_enrollment/{flag['key']}", ABSENT)
        return None if told is ABSENT else told is True or told == "true"
    for first in (flag["filters"].get("super_groups") or [])[:1]:
        wanted = first.get("properties") or []
        if any(one["key"] in person for one in wanted):
            aggregation = flag["filters"].get("aggregation_group_type_index")
            return all(_property(one, person, world) for one in wanted) and _is_in_rollout(
                flag, first, aggregation, world
            )
    return None


def _is_held_out(flag: Json, world: World) -> bool:
    holdout = flag["filters"].get("holdout")
    if not holdout:
        return False
    share = min(100, max(0, holdout["exclusion_percentage"]))
    aggregation = flag["filters"].get("aggregation_group_type_index")
    identifier = _identifier(flag, aggregation, world, is_remembered=False) or ""
    return share == 100 or bucket("holdout-", identifier, "") <= share / 100


def _aggregation(flag: Json, condition: Json) -> int | None:
    name = "aggregation_group_type_index"
    found: int | None = condition[name] if name in condition else flag["filters"].get(name)
    return found


def _condition(
    flag: Json, condition: Json, aggregation: int | None, world: World, results: Mapping[int, Result]
) -> tuple[str, bool]:
    """The reason code, and whether conditions behind this one are not looked at."""
    if aggregation is None and flag.get("bucketing_identifier") == "device_id" and not _device_id(world):
        return "out_of_rollout_bound", False
    if aggregation is not None and _group_key(aggregation, world) is None:
        return "no_group_type", False
    properties = condition.get("properties") or []
    cohorts = [one for one in properties if one.get("type") == "cohort"]
    for one in [one for one in properties if one.get("type") != "cohort"] + cohorts:
        if not _filter(one, aggregation, world, results):
            return "no_condition_match", False
    if _is_in_rollout(flag, condition, aggregation, world):
        return "condition_match", True
    return "out_of_rollout_bound", bool(flag["filters"].get("early_exit"))


def _filter(one: Json, aggregation: int | None, world: World, results: Mapping[int, Result]) -> bool:
    kind = one.get("type")
    if kind == "flag":
        return _is_dependency_met(one, results)
    if kind == "cohort":
        return _is_in_cohort(one, world)
    if kind == "group":
        own = one.get("group_type_index")
        return _property(one, group_properties(aggregation if own is None else own, world), world)
    return _property(one, person_properties(world), world)


def _property(one: Json, properties: Json, world: World) -> bool:
    clock = _clock(world)
    found = properties.get(one["key"], ABSENT)
    return matches(one.get("operator") or "exact", one.get("value"), found, clock)


def _clock(world: World) -> Clock:
    definitions = world.definitions
    is_legacy = definitions.get("property_matching_version", 1) == 1
    return Clock(world.now_us, ZoneInfo(definitions.get("timezone", "UTC")), is_legacy)


def _is_dependency_met(one: Json, results: Mapping[int, Result]) -> bool:
    target, wanted = results[int(one["key"])], one.get("value")
    if target.problems or one.get("operator") != "flag_evaluates_to":
        return False
    if isinstance(wanted, bool):
        return target.enabled == wanted
    return isinstance(wanted, str) and target.variant == wanted


def _is_in_cohort(one: Json, world: World) -> bool:
    operator = one.get("operator") or "in"
    cohorts = {cohort["id"]: cohort for cohort in world.definitions.get("cohorts", [])}
    person = person_properties(world)
    found = is_member(
        one["value"], cohorts, world.memberships, lambda leaf: _property(leaf, person, world)
    )  # fmt: skip
    return {"in": found, "not_in": not found}.get(operator, False)


def _is_in_rollout(flag: Json, condition: Json, aggregation: int | None, world: World) -> bool:
    share = condition.get("rollout_percentage")
    if share is None or share == 100:
        return True
    return _own_bucket(flag, _identifier(flag, aggregation, world), "") <= share / 100


def _own_bucket(flag: Json, identifier: str | None, salt: str) -> float:
    return bucket(f"{flag['key']}.", identifier, salt) if identifier else 0.0


def _variant(flag: Json, condition: Json, identifier: str | None) -> str | None:
    variants = (flag["filters"].get("multivariate") or {}).get("variants") or []
    if condition.get("variant") in [one["key"] for one in variants]:
        overriding: str = condition["variant"]
        return overriding
    found, share = _own_bucket(flag, identifier, "variant"), 0.0
    for one in variants:
        share += one["rollout_percentage"] / 100
        if found < share:
            key: str = one["key"]
            return key
    return None


def _identifier(
    flag: Json, aggregation: int | None, world: World, *, is_remembered: bool = True
) -> str | None:
    """By what somebody is put into a bucket."""
    if aggregation is not None:
        return _group_key(aggregation, world)
    if flag.get("bucketing_identifier") == "device_id":
        return _device_id(world)
    if is_remembered and flag["key"] in world.hash_keys:
        return world.hash_keys[flag["key"]]
    if flag.get("ensure_experience_continuity") and world.body.get("$anon_distinct_id"):
        anonymous: str = world.body["$anon_distinct_id"]
        return anonymous
    return _distinct_id(world)


def _distinct_id(world: World) -> str:
    return as_text(world.body["distinct_id"])[:ID_CHARACTERS_MAX]


def _device_id(world: World) -> str | None:
    told = world.body.get("$device_id") or (world.body.get("person_properties") or {}).get("$device_id")
    return told if isinstance(told, str) and told else None


def _group_type(index: int, world: World) -> str | None:
    for name, known in world.definitions.get("group_types", {}).items():
        if known == index:
            return str(name)
    return None


def _group_key(index: int, world: World) -> str | None:
    found = (world.body.get("groups") or {}).get(_group_type(index, world))
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return None
    return as_text(found) or None


def group_properties(index: int | None, world: World) -> Json:
    if index is None:
        raise KeyError("of which group a filter speaks")
    sent = (world.body.get("group_properties") or {}).get(_group_type(index, world)) or {}
    key = _group_key(index, world)
    if key is None:
        return dict(sent)
    return {**world.group_properties.get(index, {}), **sent, "$group_key": key}


def person_properties(world: World) -> Json:
    sent = world.body.get("person_properties") or {}
    found = {**(world.person or {}), "distinct_id": _distinct_id(world), **sent}
    for name in PLACES:
        if name in world.place and sent.get(name) is None:
            found[name] = world.place[name]
    for name in FIRST_KNOWN:
        first = f"$initial_{name.removeprefix('$')}"
        if first not in found and name in found:
            found[first] = found[name]
    return found
