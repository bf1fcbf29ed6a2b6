"""Events newest first, each once.

Promises:
- A repeated event (same uuid) is shown once, whether or not the store has merged it yet.
- Pages are cut by (timestamp, uuid), so events of one instant are neither skipped nor shown twice.
- Finding the page reads the narrow columns only; properties are read for the rows that are shown.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from appliance.store.client import Store

LIMIT_MAX = 1_000
MINUTES_SHOWN = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_US = 1_000_000
_MINUTE_US = 60 * _SECOND_US
DAY_US = 24 * 60 * _MINUTE_US
# Events of clocks that run ahead wait until their time has come, as with PostHog.
AHEAD_US = 5 * _SECOND_US
_KEYS = "toUnixTimestamp64Micro(timestamp) AS time_us, toString(uuid) AS id"
_TIME = "fromUnixTimestamp64Micro({%s:Int64}, 'UTC')"


class EventView(TypedDict):
    id: str
    distinct_id: str
    properties: dict[str, Any]
    event: str
    timestamp: str
    person: dict[str, Any] | None
    elements: list[Any]
    elements_chain: str


class Minute(TypedDict):
    minute: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which events. Times are microseconds since 1970 UTC, both ends open."""

    event: str = ""
    distinct_ids: Sequence[str] | None = None
    person_id: UUID | None = None
    after_us: int | None = None
    before_us: int | None = None
    before_uuid: UUID | None = None
    """With it `before_us` is itself included, for uuids that come before this one."""


@dataclass(frozen=True, slots=True)
class Key:
    """Where an event is in the order of pages."""

    time_us: int
    uuid: str


class Events:
    """The events of one project in one store."""

    def __init__(self, store: Store, project_id: int, time_s_max: float) -> None:
        self._store = store
        self._project_id = project_id
        self._settings = {"max_execution_time": time_s_max}

    def page(self, filters: Filters, limit: int) -> tuple[list[EventView], Key | None]:
        """At most `limit` events, and where the next page begins if there is one."""
        keys = self._recent_keys(filters, limit + 1)
        following = keys[limit - 1] if len(keys) > limit else None
        return self.shown(keys[:limit]), following

    def one(self, uuid: UUID) -> EventView | None:
        rows = self._rows(
            f"SELECT {_KEYS} FROM events WHERE team_id = {{project:Int64}} AND uuid = {{uuid:UUID}} "
            "ORDER BY timestamp DESC LIMIT 1",
            {"uuid": str(uuid)},
        )
        return next(iter(self.shown([Key(*row) for row in rows])), None)

    def per_minute(self, now_us: int) -> list[Minute]:
        """How many events each of the last minutes had, the running one last."""
        last = now_us // _MINUTE_US
        first = last - MINUTES_SHOWN + 1
        rows = self._rows(
            "SELECT intDiv(toUnixTimestamp64Micro(timestamp), {minute:Int64}) AS number, uniqExact(uuid) "
            f"FROM events WHERE team_id = {{project:Int64}} AND timestamp >= {_TIME % 'first'} "
            f"AND timestamp < {_TIME % 'end'} GROUP BY number",
            {"minute": _MINUTE_US, "first": first * _MINUTE_US, "end": (last + 1) * _MINUTE_US},
        )
        counts = {int(row[0]): int(row[1]) for row in rows}
        return [
            {"minute": iso_time(number * _MINUTE_US), "count": counts.get(number, 0)}
            for number in range(first, last + 1)
        ]

    def _recent_keys(self, filters: Filters, limit: int) -> list[Key]:
        """Most pages lie within the last day of what is asked for: look there before looking everywhere."""
        end_us = time.time_ns() // 1_000 + AHEAD_US if filters.before_us is None else filters.before_us
        recent_us = end_us - DAY_US
        if filters.after_us is None or filters.after_us < recent_us:
            keys = self._keys(filters, recent_us, end_us, limit)
            if len(keys) == limit:
                return keys
        return self._keys(filters, filters.after_us, end_us, limit)

    def _keys(self, filters: Filters, after_us: int | None, end_us: int, limit: int) -> list[Key]:
        conditions = ["team_id = {project:Int64}"]
        values: dict[str, Any] = {"before": end_us, "limit": limit}
        if filters.before_uuid is None:
            conditions.append(f"timestamp < {_TIME % 'before'}")
        else:
            conditions.append(f"timestamp <= {_TIME % 'before'}")
            conditions.append(f"(timestamp < {_TIME % 'before'} OR uuid < {{before_uuid:UUID}})")
            values["before_uuid"] = str(filters.before_uuid)
        if after_us is not None:
            conditions.append(f"timestamp > {_TIME % 'after'}")
            values["after"] = after_us
        if filters.event:
            conditions.append("event = {event:String}")
            values["event"] = filters.event
        if filters.distinct_ids is not None:
            conditions.append("distinct_id IN {distinct_ids:Array(String)}")
            values["distinct_ids"] = list(filters.distinct_ids)
        if filters.person_id is not None:
            conditions.append("person_id = {person:UUID}")
            values["person"] = str(filters.person_id)
        rows = self._rows(
            f"SELECT {_KEYS} FROM events WHERE {' AND '.join(conditions)} "
            "ORDER BY timestamp DESC, uuid DESC LIMIT 1 BY uuid LIMIT {limit:UInt32}",
            values,
        )
        return [Key(*row) for row in rows]

    def shown(self, keys: Sequence[Key]) -> list[EventView]:
        """The events of these keys, in their order."""
        if not keys:
            return []
        rows = self._rows(
            f"SELECT {_KEYS}, event, distinct_id, properties, elements_chain FROM events "
            f"WHERE team_id = {{project:Int64}} AND timestamp >= {_TIME % 'first'} "
            f"AND timestamp <= {_TIME % 'last'} AND uuid IN {{uuids:Array(UUID)}} "
            "ORDER BY timestamp DESC, uuid DESC LIMIT 1 BY uuid",
            {
                "first": min(key.time_us for key in keys),
                "last": max(key.time_us for key in keys),
                "uuids": [UUID(key.uuid) for key in keys],
            },
        )
        views = {row[1]: _view(row) for row in rows}
        return [views[key.uuid] for key in keys if key.uuid in views]

    def _rows(self, sql: str, values: Mapping[str, Any]) -> Sequence[Sequence[Any]]:
        return self._store.query(sql, {"project": self._project_id, **values}, self._settings).rows


def iso_time(time_us: int) -> str:
    return (_EPOCH + timedelta(microseconds=time_us)).isoformat()


def _view(row: Sequence[Any]) -> EventView:
    time_us, uuid, event, distinct_id, properties, elements_chain = row
    return {
        "id": uuid,
        "distinct_id": distinct_id,
        "properties": json.loads(properties) if properties else {},
        "event": event,
        "timestamp": iso_time(time_us),
        "person": None,
        "elements": [],
        "elements_chain": elements_chain,
    }
