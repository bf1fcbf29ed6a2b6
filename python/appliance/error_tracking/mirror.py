"""Fingerprints that were moved to another issue, from the catalog into the store, so that stored events follow.

The catalog remembers which move the store has heard of: a crash between the two writes a row again, which is the same
row. Done by the engine, which writes the store.
"""

from collections.abc import Sequence

from sqlalchemy import Engine, RowMapping, bindparam, select, update

from appliance.catalog import reading, writing
from appliance.catalog.error_issues import error_fingerprint
from appliance.store.client import Store

_ROWS_MAX = 100  # they are in the request's address, which may have 64 KiB
_columns = error_fingerprint.c
_INSERT = (
    "INSERT INTO error_tracking_issue_fingerprint_overrides (team_id, fingerprint, issue_id, is_deleted, version) "
    "SELECT tupleElement(moved, 1), tupleElement(moved, 2), tupleElement(moved, 3), 0, tupleElement(moved, 4) "
    "FROM (SELECT arrayJoin(arrayZip({projects:Array(Int64)}, {fingerprints:Array(String)}, "
    "{issues:Array(UUID)}, {versions:Array(Int64)})) AS moved)"
)


class IssueMirror:
    """Used by one thread of the engine."""

    def __init__(self, catalog: Engine, store: Store) -> None:
        self._catalog = catalog
        self._store = store

    def look(self) -> None:
        """Until the store knows of every move."""
        while self._some() == _ROWS_MAX:
            pass

    def _some(self) -> int:
        is_behind = _columns.version > _columns.mirrored_version
        query = select(error_fingerprint).where(is_behind).limit(_ROWS_MAX)
        with reading(self._catalog) as connection:
            rows = connection.execute(query).mappings().all()
        if rows:
            self._in_store(rows)
            self._in_catalog(rows)
        return len(rows)

    def _in_store(self, rows: Sequence[RowMapping]) -> None:
        moved = {
            "projects": [row["project_id"] for row in rows],
            "fingerprints": [row["fingerprint"] for row in rows],
            "issues": [row["issue_id"] for row in rows],
            "versions": [row["version"] for row in rows],
        }
        self._store.command(_INSERT, moved)

    def _in_catalog(self, rows: Sequence[RowMapping]) -> None:
        """What was moved again meanwhile is still behind."""
        one = (_columns.project_id == bindparam("of_project")) & (
            _columns.fingerprint == bindparam("of_value")
        )
        told = update(error_fingerprint).where(one).values(mirrored_version=bindparam("told"))
        with writing(self._catalog) as connection:
            connection.execute(
                told,
                [
                    {"of_project": row["project_id"], "of_value": row["fingerprint"], "told": row["version"]}
                    for row in rows
                ],
            )
