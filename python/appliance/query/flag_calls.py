"""When flags were last called, by the events of SDKs: those that evaluate locally never ask `/flags`."""

import time
from dataclasses import dataclass, field

from sqlalchemy import Engine, bindparam

from appliance.catalog import writing
from appliance.catalog.feature_flags import feature_flag
from appliance.store.client import Store

# Events of clients that were offline, and imports, come late: they are looked for less often.
_WIDE_S = 30 * 86_400
_WIDE_EVERY_S = 300
_NARROW_S = 3_600
_KEYS_MAX = 100_000
_columns = feature_flag.c


@dataclass(slots=True)
class FlagCalls:
    """Brings the moments from the store to the catalog, in the thread that calls `look`."""

    catalog: Engine
    store: Store
    time_s_max: float
    _looked_wide_at: float | None = field(default=None)

    def look(self, now: float | None = None) -> int:
        """How many flags were called: in the last month every few minutes, in the last hour in between."""
        now = time.time() if now is None else now
        is_wide = self._looked_wide_at is None or now - self._looked_wide_at >= _WIDE_EVERY_S
        since_s = _WIDE_S if is_wide else _NARROW_S
        rows = self.store.query(
            "SELECT team_id, JSONExtractString(properties, '$feature_flag') AS key, "
            "max(toUnixTimestamp64Micro(timestamp)) FROM events "
            "WHERE event = '$feature_flag_called' AND timestamp > fromUnixTimestamp64Micro({since_:Int64}, 'UTC') "
            f"AND timestamp <= fromUnixTimestamp64Micro({{now_:Int64}}, 'UTC') GROUP BY 1, 2 LIMIT {_KEYS_MAX}",
            {"since_": int((now - since_s) * 1_000_000), "now_": int(now * 1_000_000)},
            {"max_execution_time": self.time_s_max, "max_threads": 1},
        ).rows
        called = [{"of_project": team, "of_key": key, "at": at} for team, key, at in rows if key]
        if called:
            with writing(self.catalog) as connection:
                connection.execute(
                    feature_flag.update()
                    .where(
                        _columns.project_id == bindparam("of_project"),
                        _columns.key == bindparam("of_key"),
                        ~_columns.is_deleted,
                        _columns.last_called_at.is_(None) | (_columns.last_called_at < bindparam("at")),
                    )
                    .values(last_called_at=bindparam("at")),
                    called,
                )
        if is_wide:
            self._looked_wide_at = now
        return len(called)
