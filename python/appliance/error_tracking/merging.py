"""Issues made one, and made several again.

What is usual for an issue is not known for an hour then, so it tells of no spikes until it is.

Only fingerprints move. Events that are stored already follow through the store's table of moved fingerprints, which
the engine writes a moment later: each move raises the fingerprint's version, see `mirror.py`.
"""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, func, select, update

from appliance.accounts.access import Caller
from appliance.accounts.keys import now_us
from appliance.catalog.error_issues import error_alert, error_fingerprint, error_issue, error_spike
from appliance.error_tracking.ids import time_ordered_uuid
from appliance.error_tracking.issues import Issues
from appliance.error_tracking.spike_counts import BUCKET_US, BUCKETS
from appliance.failures import Invalid, NotFound
from appliance.resources.activity import record
from appliance.resources.fields import Field, json_object, list_of, read, text

SPLIT_MAX = 100
_UNUSUAL_US = BUCKETS * BUCKET_US
_fingerprints = error_fingerprint.c


def _fingerprint(value: Any) -> str:
    if not isinstance(value, str):
        raise Invalid("Not a valid string.")
    return value


_ONE_OF_SPLIT = (
    Field("fingerprint", _fingerprint, is_required=True),
    Field("name", text(400), is_nullable=True),
    Field("description", text(2_000), is_nullable=True),
)


def _one_of_split(value: Any) -> dict[str, Any]:
    return read(_ONE_OF_SPLIT, json_object(value), is_partial=False)


SPLIT = Field("fingerprints", list_of(_one_of_split, SPLIT_MAX), is_required=True)


def merge(
    issues: Issues, connection: Connection, caller: Caller, target_id: uuid.UUID, ids: Sequence[uuid.UUID]
) -> None:
    """The fingerprints of the others become the target's, and the others are gone."""
    found = issues.locked(connection, caller, {target_id, *ids})
    if len(found) < len({target_id, *ids}):
        raise NotFound("Not found.")
    target, others = found[target_id], [row for id_, row in found.items() if id_ != target_id]
    if not others:
        return
    gone = [row["id"] for row in others]
    moved = update(error_fingerprint).where(_fingerprints.issue_id.in_(gone))
    connection.execute(moved.values(issue_id=target_id, version=_fingerprints.version + 1))
    for table in (error_spike, error_alert):
        connection.execute(update(table).where(table.c.issue_id.in_(gone)).values(issue_id=target_id))
    first = min(row["first_seen_at"] for row in found.values())
    columns = error_issue.c
    values = {"first_seen_at": first, "spike_muted_until_at": now_us() + _UNUSUAL_US}
    connection.execute(update(error_issue).where(columns.id == target_id).values(values))
    connection.execute(delete(error_issue).where(columns.id.in_(gone)))
    merged = [
        {"type": issues.kind, "action": "merged", "field": "ids", "before": None, "after": _texts(gone)}
    ]
    record(connection, caller, issues.item(target), "merged", merged)


def split(
    issues: Issues,
    connection: Connection,
    caller: Caller,
    row: RowMapping,
    given: Sequence[Mapping[str, Any]],
) -> list[uuid.UUID]:
    """Each fingerprint becomes an issue of its own. The ids are in their order. The row is locked."""
    first_seen = _first_seen(connection, row, [one["fingerprint"] for one in given])
    made = [_split_off(connection, row, one, first_seen[one["fingerprint"]]) for one in given]
    remaining = select(func.min(_fingerprints.first_seen_at)).where(_fingerprints.issue_id == row["id"])
    first = connection.execute(remaining).scalar_one()
    columns = error_issue.c
    # An event may have been earlier than all that made fingerprints known.
    if first_seen and min(first_seen.values()) == row["first_seen_at"]:
        connection.execute(update(error_issue).where(columns.id == row["id"]).values(first_seen_at=first))
    told = [{"type": issues.kind, "action": "split", "field": "ids", "before": None, "after": _texts(made)}]
    record(connection, caller, issues.item(row), "split", told)
    return made


def _first_seen(connection: Connection, row: RowMapping, wanted: Sequence[str]) -> dict[str, int]:
    """When each of them was seen first. Refuses what is not the issue's, and that nothing would be left of it."""
    if len(set(wanted)) < len(wanted):
        raise Invalid("A fingerprint is named twice.", "fingerprints", "not_unique")
    mine = _fingerprints.issue_id == row["id"]
    query = select(_fingerprints.fingerprint, _fingerprints.first_seen_at).where(
        mine, _fingerprints.fingerprint.in_(wanted)
    )
    found = {one.fingerprint: one.first_seen_at for one in connection.execute(query)}
    if len(found) < len(wanted):
        raise Invalid("This issue has no such fingerprint.", "fingerprints", "does_not_exist")
    count = connection.execute(select(func.count()).select_from(error_fingerprint).where(mine)).scalar_one()
    if wanted and count == len(wanted):
        raise Invalid("An issue keeps at least one fingerprint.", "fingerprints")
    return found


def _split_off(
    connection: Connection, row: RowMapping, one: Mapping[str, Any], first_seen_at: int
) -> uuid.UUID:
    now = now_us()
    id_ = time_ordered_uuid(now)
    values = {
        "id": id_,
        "project_id": row["project_id"],
        "status": "active",
        "name": one.get("name") or row["name"],
        "description": one.get("description") or row["description"],
        "first_seen_at": first_seen_at,
        "created_at": now,
        "spike_muted_until_at": now + _UNUSUAL_US,
    }
    connection.execute(error_issue.insert().values(values))
    moved = update(error_fingerprint).where(
        _fingerprints.project_id == row["project_id"], _fingerprints.fingerprint == one["fingerprint"]
    )
    connection.execute(moved.values(issue_id=id_, version=_fingerprints.version + 1))
    return id_


def _texts(ids: Sequence[uuid.UUID]) -> list[str]:
    return sorted(map(str, ids))
