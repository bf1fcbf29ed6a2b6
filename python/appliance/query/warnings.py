"""Ingestion warnings: what ingest noticed about a project's events, by kind."""

import json
from dataclasses import dataclass
from typing import Any

from appliance.query.events import iso_time
from appliance.store.client import Store

DAYS = 30
KINDS_MAX = 100
EXAMPLES = 20
_TIME = "toUnixTimestamp64Micro(toDateTime64(timestamp, 6, 'UTC'))"


@dataclass(frozen=True, slots=True)
class Warnings:
    """The warnings of one project."""

    store: Store
    project_id: int
    time_s_max: float

    def listed(self, search: str = "") -> list[dict[str, Any]]:
        """Kinds of the last thirty days, the latest first: how many, how many a day, and the newest examples."""
        about = {"project_": self.project_id, "days_": DAYS, "search_": search}
        kinds = self._ask(
            f"SELECT type, count(), max({_TIME}), any(category), any(severity) FROM ingestion_warnings "
            f"WHERE {_RECENT} GROUP BY type ORDER BY 3 DESC LIMIT {KINDS_MAX}",
            about,
        )
        days: dict[str, dict[int, int]] = {}
        for kind, age, count in self._ask(
            "SELECT type, dateDiff('day', toDate(timestamp), today()), count() FROM ingestion_warnings "
            f"WHERE {_RECENT} GROUP BY 1, 2",
            about,
        ):
            days.setdefault(kind, {})[age] = count
        examples: dict[str, list[dict[str, Any]]] = {}
        for kind, time_us, source, details in self._ask(
            f"SELECT type, {_TIME}, source, details FROM ingestion_warnings WHERE {_RECENT} "
            f"ORDER BY timestamp DESC LIMIT {EXAMPLES} BY type",
            about,
        ):
            one = {
                "type": kind,
                "timestamp": iso_time(time_us),
                "source": source,
                "details": json.loads(details),
            }
            examples.setdefault(kind, []).append(one)
        return [
            {
                "type": kind,
                "count": count,
                "lastSeen": iso_time(last_us),
                "category": category,
                "severity": severity,
                "sparkline": [days.get(kind, {}).get(age, 0) for age in reversed(range(DAYS + 1))],
                "warnings": examples.get(kind, []),
            }
            for kind, count, last_us, category, severity in kinds
        ]

    def _ask(self, sql: str, parameters: dict[str, Any]) -> list[Any]:
        return list(self.store.query(sql, parameters, {"max_execution_time": self.time_s_max}).rows)


_RECENT = (
    "team_id = {project_:Int64} AND timestamp > now() - toIntervalDay({days_:UInt16}) "
    "AND ({search_:String} = '' OR positionCaseInsensitive(type || details, {search_:String}) > 0)"
)
