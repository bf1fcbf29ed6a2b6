"""The history of a flag: what it was in each of its versions, and whether two people changed it at once.

Promises:
- Every change of what decides who gets what is a version of its own, kept in the transaction that made it.
- What is encrypted now is shown of no version, of none from before it was encrypted either.
- A caller who says which version they saw never overwrites what somebody else changed since; what they did not touch
  is merged. Two changes at the very same moment cannot make one version: the second is refused.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.feature_flags import feature_flag_version
from appliance.failures import Conflict, Invalid, NotFound
from appliance.flags.encryption import redacted
from appliance.resources.people import people
from appliance.resources.times import iso

# Column → the name that callers know.
DEFINING: Mapping[str, str] = {
    "key": "key",
    "name": "name",
    "filters": "filters",
    "is_active": "active",
    "is_archived": "archived",
    "is_deleted": "deleted",
    "ensure_experience_continuity": "ensure_experience_continuity",
    "evaluation_runtime": "evaluation_runtime",
    "bucketing_identifier": "bucketing_identifier",
    "evaluation_contexts": "evaluation_contexts",
    "is_remote_configuration": "is_remote_configuration",
    "has_encrypted_payloads": "has_encrypted_payloads",
}
_columns = feature_flag_version.c
_ANY = -1  # what PostHog's clients send to overwrite whatever is there
_DIGITS_MAX = 9


def keep(connection: Connection, caller: Caller, row: RowMapping) -> None:
    """Notes the version that `row` is now."""
    connection.execute(
        feature_flag_version.insert().values(
            flag_id=row["id"],
            version=row["version"],
            definition={column: row[column] for column in DEFINING},
            created_at=now_us(),
            created_by_id=caller.user_id,
        )
    )


def check_seen(
    connection: Connection,
    before: RowMapping,
    changed: Mapping[str, Any],
    seen: Any,
) -> None:
    """`seen` is the version that the caller looked at; `changed` what they want now, by column."""
    if seen is None or seen == _ANY:
        return
    if isinstance(seen, bool) or not isinstance(seen, int):
        raise Invalid("A valid integer is required.", "version")
    if seen < 0:
        raise Invalid("A version is a positive number.", "version", "min_value")
    if seen >= before["version"]:
        return
    then = _definition(connection, before["id"], seen)
    both = sorted(
        DEFINING[column]
        for column, value in changed.items()
        if column in DEFINING
        and value != before[column]
        and (then is None or then.get(column) != before[column])
    )
    if both:
        raise Conflict(
            f"The feature flag was changed since version {seen}, which you saw: it is version "
            f"{before['version']} now, and {', '.join(both)} would be overwritten. Look at it again."
        )


def history(flag_id: int) -> Select[Any]:
    """Newest first."""
    return select(feature_flag_version).where(_columns.flag_id == flag_id).order_by(_columns.version.desc())


def find(connection: Connection, flag_id: int, number: str) -> RowMapping:
    if number.isascii() and number.isdigit() and len(number) <= _DIGITS_MAX:
        query = history(flag_id).where(_columns.version == int(number))
        row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            return row
    raise NotFound("Not found.")


def views(connection: Connection, rows: Sequence[RowMapping]) -> list[dict[str, Any]]:
    users = people(connection, [row["created_by_id"] for row in rows])
    encrypted = _last_encrypted(connection, {row["flag_id"] for row in rows})
    return [
        {
            "id": row["flag_id"],
            "version": row["version"],
            **_named(row["definition"], is_secret=row["version"] < encrypted.get(row["flag_id"], 0)),
            "created_at": iso(row["created_at"]),
            "created_by": users.get(row["created_by_id"]),
        }
        for row in rows
    ]


def _last_encrypted(connection: Connection, flag_ids: Collection[int]) -> dict[int, int]:
    """The last version of each flag whose payloads were encrypted: what was before it became a secret."""
    query = (
        select(_columns.flag_id, func.max(_columns.version))
        .where(_columns.flag_id.in_(flag_ids), _columns.definition["has_encrypted_payloads"].as_boolean())
        .group_by(_columns.flag_id)
    )
    return {flag_id: version for flag_id, version in connection.execute(query)}  # noqa: C416 - rows, for mypy


def _named(definition: Mapping[str, Any], *, is_secret: bool) -> dict[str, Any]:
    found = shown(definition, is_secret=is_secret)
    return {name: found[column] for column, name in DEFINING.items()}


def shown(definition: Mapping[str, Any], *, is_secret: bool = False) -> dict[str, Any]:
    """A definition without what is encrypted in it; `is_secret`: or what is so by now."""
    kept = dict(definition)
    payloads = (kept.get("filters") or {}).get("payloads")
    if (is_secret or kept.get("has_encrypted_payloads")) and payloads:
        kept["filters"] = {**kept["filters"], "payloads": redacted(payloads)}
    return kept


def _definition(connection: Connection, flag_id: int, version: int) -> Mapping[str, Any] | None:
    query = select(_columns.definition).where(_columns.flag_id == flag_id, _columns.version == version)
    found: Mapping[str, Any] | None = connection.execute(query).scalar_one_or_none()
    return found
