"""Links exceptions to their issues, a batch at a time.

Promises:
- A fingerprint has one issue, however many batches, processes or people are at it: the catalog's key says so.
- What is known costs one read for the whole batch; what is new, and what comes back, one transaction.
- Linking a batch again, because what followed failed, finds what it made, and tells nothing twice.
- An event that is found by an older fingerprint gives its newest one to that issue, and carries that one.
- An event whose issue is merged into another at this moment carries the first one's id, and is found under the
  second: the fingerprint leads there, see `mirror.py`.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, Engine, delete, update

from appliance.catalog import insert, reading, writing
from appliance.catalog.error_issues import error_fingerprint, error_issue
from appliance.config import Config
from appliance.error_tracking import alerts
from appliance.error_tracking.grouped import DROPS, SUPPRESSED_ISSUE, Candidate, Dropped, Grouped, Linked
from appliance.error_tracking.ids import time_ordered_uuid
from appliance.error_tracking.known_issues import (
    ACTIVE,
    SETTLED,
    SUPPRESSED,
    Key,
    KnownIssue,
    known_issues,
)

__all__ = ["DROPS", "Dropped", "Grouped", "Linked", "Linker"]
_DESCRIPTION_CHARACTERS_MAX = 255


class Linker:
    """Used by one thread of the engine."""

    def __init__(self, catalog: Engine, config: Config) -> None:
        self._catalog = catalog
        self._config = config

    def link(self, events: Sequence[Grouped], now_us: int) -> list[Linked | Dropped]:
        """What comes of each event, in their order. Raises CatalogUnavailable."""
        candidates = [Candidate(event, _kept(event)) for event in events]
        with reading(self._catalog) as connection:
            known = known_issues(connection, _wanted(candidates))
        unsettled = [one for one in candidates if not _is_settled(one, known)]
        if unsettled:
            with writing(self._catalog) as connection:
                known |= known_issues(connection, _wanted(unsettled), is_locked=True)
                opening = _Opening(connection, known, _earliest(candidates), now_us)
                for candidate in unsettled:
                    opening.settle(candidate)
        return [_linked(candidate, known) for candidate in candidates]


class _Opening:
    """Makes what a batch needs of issues, in one transaction."""

    def __init__(
        self, connection: Connection, known: dict[Key, KnownIssue], earliest: dict[Key, int], now_us: int
    ) -> None:
        self._connection = connection
        self._known = known
        self._earliest = earliest
        self._now_us = now_us

    def settle(self, candidate: Candidate) -> None:
        """Its issue is there afterwards, knows its fingerprint, and is not resolved."""
        project_id = candidate.event.project_id
        canonical = candidate.fingerprints[0][0]
        known = _find(candidate, self._known)
        if known is None:
            self._open(candidate, (project_id, canonical))
            return
        if (project_id, canonical) not in self._known:
            self._point((project_id, canonical), known, candidate.event.timestamp_us)
        if known.status not in SETTLED:
            self._reopen(candidate, known)
        if candidate.event.timestamp_us < known.first_seen_at:
            self._see_earlier(known, candidate.event.timestamp_us)

    def _open(self, candidate: Candidate, key: Key) -> None:
        event = candidate.event
        known = KnownIssue(time_ordered_uuid(self._now_us), ACTIVE, self._earliest[key])
        values = {
            "id": known.id,
            "project_id": event.project_id,
            "status": ACTIVE,
            "severity": event.issue_severity,
            "name": _without_nulls(event.issue_name),
            "description": _without_nulls(event.issue_description)[:_DESCRIPTION_CHARACTERS_MAX],
            "first_seen_at": known.first_seen_at,
            "created_at": self._now_us,
        }
        self._connection.execute(error_issue.insert().values(values))
        if not self._point(key, known, known.first_seen_at):
            # Somebody else made it first.
            self._connection.execute(delete(error_issue).where(error_issue.c.id == known.id))
            return
        self._tell(alerts.CREATED, candidate, known)

    def _point(self, key: Key, known: KnownIssue, first_seen_at: int) -> bool:
        """The fingerprint leads to the issue, or to the one that it leads to already: then False."""
        project_id, value = key
        values = {
            "project_id": project_id,
            "fingerprint": value,
            "issue_id": known.id,
            "first_seen_at": first_seen_at,
        }
        statement = insert(self._connection, error_fingerprint).values(values).on_conflict_do_nothing()
        if self._connection.execute(statement.returning(error_fingerprint.c.issue_id)).first() is not None:
            self._known[key] = known
            return True
        self._known |= known_issues(self._connection, {project_id: [value]}, is_locked=True)
        return False

    def _reopen(self, candidate: Candidate, known: KnownIssue) -> None:
        columns = error_issue.c
        self._connection.execute(update(error_issue).where(columns.id == known.id).values(status=ACTIVE))
        known.status = ACTIVE
        self._tell(alerts.REOPENED, candidate, known)

    def _see_earlier(self, known: KnownIssue, timestamp_us: int) -> None:
        columns = error_issue.c
        self._connection.execute(
            update(error_issue).where(columns.id == known.id).values(first_seen_at=timestamp_us)
        )
        known.first_seen_at = timestamp_us

    def _tell(self, happened: str, candidate: Candidate, known: KnownIssue) -> None:
        event = candidate.event
        details = {
            "name": _without_nulls(event.issue_name),
            "description": _without_nulls(event.issue_description),
            "fingerprint": candidate.fingerprints[0][0],
        }
        alerts.tell(
            self._connection,
            project_id=event.project_id,
            issue_id=known.id,
            event=happened,
            details=details,
            now_us=self._now_us,
        )


def _kept(event: Grouped) -> list[tuple[str, str | None, str]]:
    """Fingerprints as either catalog can keep them."""
    return [(_without_nulls(value), version, record) for value, version, record in event.fingerprints]


def _wanted(candidates: Iterable[Candidate]) -> dict[int, set[str]]:
    wanted: dict[int, set[str]] = {}
    for candidate in candidates:
        values = wanted.setdefault(candidate.event.project_id, set())
        values.update(value for value, _, _ in candidate.fingerprints)
    return wanted


def _earliest(candidates: Iterable[Candidate]) -> dict[Key, int]:
    """When each fingerprint that may make an issue was first seen in this batch."""
    earliest: dict[Key, int] = {}
    for candidate in candidates:
        key = candidate.event.project_id, candidate.fingerprints[0][0]
        earliest[key] = min(earliest.get(key, candidate.event.timestamp_us), candidate.event.timestamp_us)
    return earliest


def _find(candidate: Candidate, known: Mapping[Key, KnownIssue]) -> KnownIssue | None:
    """The issue of its newest fingerprint that has one."""
    project_id = candidate.event.project_id
    issues = (known.get((project_id, value)) for value, _, _ in candidate.fingerprints)
    return next((issue for issue in issues if issue is not None), None)


def _is_settled(candidate: Candidate, known: Mapping[Key, KnownIssue]) -> bool:
    """Nothing has to be written for it."""
    issue = known.get((candidate.event.project_id, candidate.fingerprints[0][0]))
    return (
        issue is not None and issue.status in SETTLED and candidate.event.timestamp_us >= issue.first_seen_at
    )


def _linked(candidate: Candidate, known: Mapping[Key, KnownIssue]) -> Linked | Dropped:
    fingerprint = candidate.fingerprints[0]
    issue = known[candidate.event.project_id, fingerprint[0]]
    return Dropped(SUPPRESSED_ISSUE) if issue.status == SUPPRESSED else Linked(issue.id, fingerprint)


def _without_nulls(text: str) -> str:
    return text.replace("\0", "\ufffd") if "\0" in text else text
