"""What a flag must be as a whole: its key, what does not go together, and what it names.

The shape of its `filters` is looked at in `filters`.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Connection, Text, cast, func, select

from appliance._native import flags as native
from appliance.accounts.access import Caller
from appliance.catalog.feature_flags import feature_flag
from appliance.config import Config
from appliance.failures import Invalid
from appliance.flags.definitions import of_project
from appliance.flags.filters import FLAG_OPERATOR, KEY_CHARACTERS_MAX, properties_of

CONTEXTS_MAX = 50
_KEY = re.compile(r"[A-Za-z0-9_-]+")
_NAMED_MAX = 5
# A condition that forces a variant which was taken away gives the one that falls to the person.
_BORNE = frozenset({"unknown_variant"})
_columns = feature_flag.c


def check_key(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("Not a valid string.")
    if not value:
        raise Invalid("This field may not be blank.", code="blank")
    if len(value) > KEY_CHARACTERS_MAX:
        raise Invalid(
            f"Ensure this field has no more than {KEY_CHARACTERS_MAX} characters.", code="max_length"
        )
    if not _KEY.fullmatch(value):
        raise Invalid("Only letters, numbers, hyphens (-) & underscores (_) are allowed.", code="invalid_key")
    return value


def check_whole(flag: Mapping[str, Any]) -> None:
    """What does not go together, whichever of it was sent last. `flag` has the columns of a row."""
    if flag["is_archived"] and flag["is_active"]:
        raise Invalid(
            "An archived flag is inactive: send active false as well, or archived false.", "archived"
        )
    if flag["bucketing_identifier"] == "device_id" and flag["ensure_experience_continuity"]:
        raise Invalid(
            "A flag that goes by the device cannot also keep what a person had before they signed in.",
            "ensure_experience_continuity",
        )
    if flag["has_encrypted_payloads"] and not flag["is_remote_configuration"]:
        raise Invalid(
            "Only remote configuration has encrypted payloads: send is_remote_configuration true as well.",
            "has_encrypted_payloads",
        )


def check_key_is_free(connection: Connection, project_id: int, key: str, flag_id: int | None) -> None:
    query = select(_columns.id).where(
        _columns.project_id == project_id, _columns.key == key, ~_columns.is_deleted
    )
    taken = connection.execute(query).scalar_one_or_none()
    if taken is not None and taken != flag_id:
        raise Invalid("There is already a feature flag with this key.", "key", "unique")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the flags of one project may grow to: all of them are in the memory of every worker."""

    flags: int
    bytes: int
    depth: int

    @classmethod
    def of(cls, config: Config) -> Self:
        return cls(config.flags_of_project_max, config.flags_bytes_max, config.flags_depth_max)


def check_room(connection: Connection, project_id: int, limits: Limits) -> None:
    """For one flag more."""
    query = select(func.count()).where(_columns.project_id == project_id, ~_columns.is_deleted)
    if connection.execute(query).scalar_one() >= limits.flags:
        raise Invalid(f"A project has at most {limits.flags} feature flags: delete some.", code="max_length")


def check_bytes(connection: Connection, project_id: int, filters: Any, known: Any, limits: Limits) -> None:
    """For `filters` in place of those `known`. What gets smaller is taken even where there is too much."""
    added = _bytes_of(filters) - (0 if known is None else _bytes_of(known))
    if added <= 0:
        return
    query = select(func.sum(func.length(cast(_columns.filters, Text)))).where(
        _columns.project_id == project_id, ~_columns.is_deleted
    )
    if (connection.execute(query).scalar_one() or 0) + added > limits.bytes:
        raise Invalid(
            f"The conditions, variants and payloads of a project's feature flags take at most {limits.bytes} bytes, "
            f"and this would be too much: name fewer values, or aim at a cohort instead.",
            "filters",
            "flags_too_large",
        )


def _bytes_of(filters: Any) -> int:
    return len(json.dumps(filters))


def check_named(connection: Connection, caller: Caller, flag_id: int, limits: Limits) -> None:
    """What a flag names is there and makes sense: asked of whoever will evaluate it. The flag is kept already."""
    definitions = of_project(connection, caller.project.id)
    for id_, code, sentence in native.check(definitions.document(caller.project)):
        if id_ == flag_id and code not in _BORNE:
            raise Invalid(sentence, "filters", code)
    looked_at = {
        one.id: _flags_in(one.filters) for one in definitions.flags if FLAG_OPERATOR in one.filters_text
    }
    depth = _depth(flag_id, looked_at, limits.depth) + _depth(flag_id, _turned(looked_at), limits.depth)
    if depth > limits.depth:
        raise Invalid(
            f"Flags look at flags that look at flags, and so on, at most {limits.depth} times.",
            "filters",
            "flag_depth",
        )


def _depth(flag_id: int, next_of: Mapping[int, Collection[int]], depth_max: int) -> int:
    """How many steps there are from a flag at most; beyond `depth_max` nobody counts."""
    depth, reached = 0, set(next_of.get(flag_id, ()))
    while reached and depth <= depth_max:
        depth += 1
        reached = {one for passed in reached for one in next_of.get(passed, ())}
    return depth


def _turned(looked_at: Mapping[int, Collection[int]]) -> Mapping[int, Collection[int]]:
    """Who is looked at by whom."""
    found: dict[int, set[int]] = {}
    for looking, others in looked_at.items():
        for one in others:
            found.setdefault(one, set()).add(looking)
    return found


def check_nobody_depends(connection: Connection, project_id: int, flag_id: int) -> None:
    """A flag that others look at is not deleted: they would be off for everybody."""
    refuse_if_named([looking.key for looking in lookers(connection, project_id) if flag_id in looking.at])


def refuse_if_named(keys: Sequence[str]) -> None:
    """`keys` are those of the flags that look at one which is to be deleted."""
    if keys:
        more = "" if len(keys) <= _NAMED_MAX else f" and {len(keys) - _NAMED_MAX} more"
        raise Invalid(
            "Cannot delete this feature flag because other flags depend on it: "
            f"{', '.join(keys[:_NAMED_MAX])}{more}. Change those first.",
            "deleted",
            "has_dependents",
        )


@dataclass(frozen=True, slots=True)
class Looking:
    """A flag whose conditions look at others."""

    id: int
    key: str
    at: frozenset[int]


def lookers(connection: Connection, project_id: int) -> list[Looking]:
    """Of all flags of a project, by key."""
    query = (
        select(_columns.id, _columns.key, _columns.filters)
        .where(_columns.project_id == project_id, ~_columns.is_deleted)
        .order_by(_columns.key)
    )
    found = (Looking(id_, key, _flags_in(filters) - {id_}) for id_, key, filters in connection.execute(query))
    return [one for one in found if one.at]


def _flags_in(filters: Mapping[str, Any]) -> frozenset[int]:
    found = [one for one in properties_of(filters) if one.get("operator") == FLAG_OPERATOR]
    return frozenset(int(one["key"]) for one in found if str(one.get("key")).isdigit())
