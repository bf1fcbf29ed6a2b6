"""A flag from one project into others of the organisation.

A flag of the same key is overwritten there. Flags that a condition looks at are found by their keys; cohorts are of
one project, so a flag that names some is not copied.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.catalog.feature_flags import feature_flag
from appliance.failures import Invalid, NotFound
from appliance.flags.filters import properties_of
from appliance.flags.resource import FeatureFlags

_columns = feature_flag.c
_COPIED = (
    "key",
    "name",
    "ensure_experience_continuity",
    "evaluation_runtime",
    "bucketing_identifier",
    "evaluation_contexts",
    "is_remote_configuration",
    "has_encrypted_payloads",
)


def of_key(connection: Connection, project_id: int, key: str) -> RowMapping:
    query = select(feature_flag).where(
        _columns.project_id == project_id, _columns.key == key, ~_columns.is_deleted
    )
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound("Not found.")
    return row


def copy_flag(
    connection: Connection, caller: Caller, flags: FeatureFlags, source: RowMapping, *, is_disabled: bool
) -> RowMapping:
    """Into the caller's project, which is the target."""
    body = {name: source[name] for name in _COPIED}
    body["filters"] = _filters(connection, caller, flags, source)
    body["active"] = source["is_active"] and not is_disabled
    body["archived"] = source["is_archived"]
    try:
        there = of_key(connection, caller.project.id, source["key"])
    except NotFound:
        return flags.create(connection, caller, body)
    return flags.update(connection, caller, there, body)


def _filters(
    connection: Connection, caller: Caller, flags: FeatureFlags, source: RowMapping
) -> dict[str, Any]:
    filters = dict(source["filters"])
    if source["has_encrypted_payloads"] and filters.get("payloads"):
        filters["payloads"] = {
            name: flags.payloads.decrypted(payload) for name, payload in filters["payloads"].items()
        }
    if any(one["type"] == "cohort" for one in properties_of(filters)):
        raise Invalid(
            "This flag names cohorts, which the other project does not have.", "filters", "has_cohorts"
        )
    for name in ("groups", "super_groups"):
        if filters.get(name):
            filters[name] = [_group(connection, caller, source, one) for one in filters[name]]
    return filters


def _group(
    connection: Connection, caller: Caller, source: RowMapping, group: Mapping[str, Any]
) -> dict[str, Any]:
    if not group.get("properties"):
        return dict(group)
    properties = [
        {**one, "key": _dependency(connection, caller, source, one["key"])} if one["type"] == "flag" else one
        for one in group["properties"]
    ]
    return {**group, "properties": properties}


def _dependency(connection: Connection, caller: Caller, source: RowMapping, id_: str) -> str:
    """The number there of the flag that has this number here."""
    query = select(_columns.key).where(
        _columns.project_id == source["project_id"], _columns.id == int(id_), ~_columns.is_deleted
    )
    key = connection.execute(query).scalar_one_or_none()
    try:
        return str(of_key(connection, caller.project.id, key or "")["id"])
    except NotFound:
        raise Invalid(
            f"This flag looks at the flag {key or id_}, which the other project does not have.",
            "filters",
            "missing_flag",
        ) from None
