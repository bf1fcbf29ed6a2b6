"""Symbol sets that frames lack, as rows: so people see what to upload, and the frames find them when they have."""

import threading
import time
import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, RowMapping, func, select

from appliance.accounts.keys import now_us
from appliance.catalog import insert
from appliance.catalog.error_tracking import symbol_set
from appliance.config import Config
from appliance.error_tracking import failed, symbol_sets

_COUNTED_EVERY_S = 60.0
_columns = symbol_set.c


class Missing:
    """Shared by threads. Frames come from anybody, so a project has a bounded number of these."""

    def __init__(self, config: Config) -> None:
        self._most = config.missing_symbol_sets_max
        self._lock = threading.Lock()
        self._counts: dict[int, tuple[float, int]] = {}

    def has_room(self, project_id: int) -> bool:
        """False where nothing more can be noted for a while."""
        with self._lock:
            counted_at, count = self._counts.get(project_id, (0.0, 0))
        return count < self._most or time.monotonic() - counted_at > _COUNTED_EVERY_S

    def note(
        self, connection: Connection, project_id: int, refs: Collection[str], *, is_failure: bool = True
    ) -> Mapping[str, RowMapping]:
        """Their rows, as far as there are some now. `is_failure`: they are known to be missing."""
        if not refs:
            return {}
        room = self._room(connection, project_id)
        now = now_us()
        rows = [
            {
                "id": uuid.uuid4(),
                "project_id": project_id,
                "ref": ref,
                "failure_reason": failed.missing(ref) if is_failure else None,
                "created_at": now,
                "last_used_at": now,
            }
            for ref in sorted(refs)[:room]
        ]
        if rows:
            connection.execute(insert(connection, symbol_set).on_conflict_do_nothing(), rows)
            with self._lock:
                counted_at, count = self._counts[project_id]
                self._counts[project_id] = (counted_at, count + len(rows))
        return symbol_sets.by_refs(connection, project_id, refs)

    def _room(self, connection: Connection, project_id: int) -> int:
        with self._lock:
            counted_at, count = self._counts.get(project_id, (0.0, 0))
        if not counted_at or time.monotonic() - counted_at > _COUNTED_EVERY_S:
            query = select(func.count()).where(
                _columns.project_id == project_id, _columns.upload_id.is_(None)
            )
            count = connection.execute(query.select_from(symbol_set)).scalar_one()
            with self._lock:
                self._counts[project_id] = (time.monotonic(), count)
        return max(0, self._most - count)
