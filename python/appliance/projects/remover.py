"""Takes away what deleted projects left behind: in the store, in the catalog's tables of ingest, and in kept files.

Promises:
- Every step may be done twice, and what is left is counted anew each time: a crash anywhere loses nothing.
- Nobody waits for it. The store deletes in its own background, the catalog in small transactions.
- A removal is done when nothing was found any more. What arrives later is dropped by ingest, which counts it.

The tables are found by their columns, so that no list of them can be out of date.
"""

from __future__ import annotations

import logging
import shutil
import time
from typing import TYPE_CHECKING

from sqlalchemy import Engine, Table, delete, select, tuple_

from appliance.blobs import Blobs
from appliance.catalog import removals, writing
from appliance.catalog.accounts import project_removal
from appliance.catalog.model import metadata
from appliance.catalog.removals import Removal
from appliance.failures import StoreRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from appliance.config import Config
    from appliance.store.client import Store

log = logging.getLogger(__name__)

_DONE_LOOKED_AT_EVERY_S = 60.0
_ROWS_MAX = 1_000
# Between two of those transactions others have their turn.
_PAUSE_S = 0.02
_TABLES = (
    "SELECT columns.table FROM system.columns AS columns "
    "INNER JOIN system.tables AS tables ON tables.database = columns.database AND tables.name = columns.table "
    "WHERE columns.database = {database:String} AND columns.name = 'team_id' "
    "AND tables.engine LIKE '%MergeTree' ORDER BY columns.table"
)
_DELETING = (
    "SELECT table, max(latest_fail_reason) FROM system.mutations "
    "WHERE database = {database:String} AND NOT is_done AND match(command, {pattern:String}) GROUP BY table"
)


class Remover:
    """Used by one thread of the engine."""

    def __init__(self, config: Config, catalog: Engine, store: Store) -> None:
        self._config = config
        self._catalog = catalog
        self._store = store
        self._blobs = Blobs(config)
        self._done_looked_at = 0.0

    def look(self) -> None:
        """Takes each removal a step further."""
        with_done = time.monotonic() - self._done_looked_at > _DONE_LOOKED_AT_EVERY_S
        if with_done:
            self._done_looked_at = time.monotonic()
        for removal in removals.to_do(self._catalog, with_done=with_done):
            try:
                self._step(removal)
            except StoreRefused as refusal:
                log.exception("project %d: its data cannot be deleted", removal.project_id)
                removals.tell(self._catalog, removal, removal.rows_total or 0, str(refusal), is_done=False)

    def _step(self, removal: Removal) -> None:
        left, failure = self._delete_in_store(removal.project_id)
        self._delete_in_catalog(removal.project_id)
        self._delete_files(removal.project_id)
        is_done = left == 0
        if is_done and removal.is_done:
            return
        removals.tell(self._catalog, removal, left, failure, is_done=is_done)
        if is_done:
            log.info("project %d is gone with all its data", removal.project_id)

    def _delete_in_store(self, project_id: int) -> tuple[int, str | None]:
        """The rows that are still there, and what the store says where it does not get on with them."""
        counts = self._counts(project_id)
        if not counts:
            return 0, None
        deleting = self._deleting(project_id)
        for table in counts:
            if table not in deleting:
                self._store.command(f"ALTER TABLE `{table}` DELETE WHERE team_id = {project_id:d}")
        failure = next((f"{table}: {reason}" for table, reason in deleting.items() if reason), None)
        return sum(counts.values()), failure

    def _counts(self, project_id: int) -> dict[str, int]:
        """Tables with rows of the project, with how many."""
        tables = [row[0] for row in self._store.query(_TABLES, {"database": self._store.database}).rows]
        counted = " UNION ALL ".join(
            f"SELECT '{table}', count() FROM `{table}` WHERE team_id = {project_id:d}" for table in tables
        )
        return {table: int(count) for table, count in self._store.query(counted).rows if count}

    def _deleting(self, project_id: int) -> dict[str, str]:
        """Tables that are being cleaned of it, with the last failure at that."""
        asked = {"database": self._store.database, "pattern": rf"DELETE WHERE team_id = {project_id:d}\b"}
        return {table: str(reason) for table, reason in self._store.query(_DELETING, asked).rows}

    def _delete_in_catalog(self, project_id: int) -> None:
        for table in _tables_of_ingest():
            while self._delete_some(table, project_id) == _ROWS_MAX:
                time.sleep(_PAUSE_S)

    def _delete_some(self, table: Table, project_id: int) -> int:
        key = tuple_(*table.primary_key.columns)
        of_project = table.c.project_id == project_id
        some = select(*table.primary_key.columns).where(of_project).limit(_ROWS_MAX)
        with writing(self._catalog) as connection:
            return connection.execute(delete(table).where(key.in_(some))).rowcount

    def _delete_files(self, project_id: int) -> None:
        for folder in kept_folders(self._config, project_id):
            shutil.rmtree(folder, ignore_errors=True)
        self._blobs.remove_project(project_id)


def kept_folders(config: Config, project_id: int) -> Sequence[Path]:
    """Answers, background questions and exports."""
    name = str(project_id)
    return (
        config.queries_dir / "answers" / name,
        config.queries_dir / "runs" / name,
        config.exports_dir / name,
    )


def _tables_of_ingest() -> list[Table]:
    """Those of a project that do not go with its row."""
    return [
        table
        for table in metadata.sorted_tables
        if table is not project_removal and "project_id" in table.c and not table.c.project_id.foreign_keys
    ]
