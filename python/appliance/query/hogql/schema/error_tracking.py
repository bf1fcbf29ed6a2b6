"""The issue that an exception belongs to: the one it was stored with, unless its fingerprint was moved since."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from appliance.query.hogql.schema.table import Column, Computed, Grouping, Link, Table, TableField
from appliance.query.hogql.value_types import BOOLEAN, INTEGER, STRING, UUID, Type
from appliance.query.hogql.written import Written

if TYPE_CHECKING:
    from appliance.query.hogql.source import TableSource

OVERRIDES = "error_tracking_issue_fingerprint_overrides"
_ISSUE = Type("UUID")

FINGERPRINT_OVERRIDES = Table(
    OVERRIDES,
    OVERRIDES,
    {
        "team_id": Column("any(source.team_id)", INTEGER, whole=True),
        "fingerprint": Column("source.fingerprint", STRING, whole=True),
        "issue_id": Column("source.issue_id", UUID),
    },
    grouping=Grouping(
        ("source.fingerprint",), "source.version", "argMax(source.is_deleted, source.version) = 0"
    ),
)

RAW_FINGERPRINT_OVERRIDES = Table(
    f"raw_{OVERRIDES}",
    OVERRIDES,
    {
        "team_id": Column("source.team_id", INTEGER),
        "fingerprint": Column("source.fingerprint", STRING),
        "issue_id": Column("source.issue_id", UUID),
        "is_deleted": Column("toBool(source.is_deleted)", BOOLEAN),
        "version": Column("source.version", INTEGER),
    },
)

TABLES = (FINGERPRINT_OVERRIDES, RAW_FINGERPRINT_OVERRIDES)


def _fingerprint(events: "TableSource") -> Written:
    found = events.value(["properties", "$exception_fingerprint"], typed=False)
    return Written(found.sql, Type("String"))


def _stored_issue_id(events: "TableSource") -> Written:
    found = events.value(["properties", "$exception_issue_id"], typed=False)
    return Written(f"toUUIDOrNull({found.sql})", _ISSUE)


def _issue_id(events: "TableSource") -> Written:
    stored = events.column("event_issue_id")
    if not events.context.joins_overrides(OVERRIDES):
        return stored
    override = events.linked("exception_issue_override")
    # An exception that was not grouped belongs to no issue, whatever fingerprint its client sent.
    is_moved = f"and(notEmpty({override.column('fingerprint').sql}), isNotNull({stored.sql}))"
    return Written(f"if({is_moved}, toNullable({override.column('issue_id').sql}), {stored.sql})", _ISSUE)


FIELDS_OF_EVENTS: Mapping[str, TableField] = {
    "exception_fingerprint": Computed(_fingerprint, Type("String"), hidden=True),
    "event_issue_id": Computed(_stored_issue_id, _ISSUE, hidden=True),
    "exception_issue_override": Link(OVERRIDES, ("exception_fingerprint", "fingerprint")),
    "exception_email": Column("source.exception_email", STRING, hidden=True),
    "issue_id": Computed(_issue_id, _ISSUE, hidden=True),
}
