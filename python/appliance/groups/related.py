"""Who and what shares events with a group or a person, by the events of the last months."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection

from appliance.catalog.model import GROUP_TYPES_MAX
from appliance.groups.read import find_group, view
from appliance.persons.distinct_ids import distinct_ids_of
from appliance.persons.read import find_person, persons_by_distinct_id
from appliance.store.client import Store

DAYS = 90
FOUND_MAX = 100
_DISTINCT_IDS_MAX = 1_000


class Related(Protocol):
    def find(
        self, connection: Connection, project_id: int, type_index: int | None, id_: str
    ) -> list[dict[str, Any]]: ...


class RelatedInStore:
    """Asks the store of events."""

    def __init__(self, store: Callable[[], Store], time_s_max: float) -> None:
        self._store = store
        self._settings = {"max_execution_time": time_s_max}

    def find(
        self, connection: Connection, project_id: int, type_index: int | None, id_: str
    ) -> list[dict[str, Any]]:
        """Without a type `id_` is a person's."""
        condition, values = self._whose(connection, project_id, type_index, id_)
        if condition is None:
            return []
        found: list[dict[str, Any]] = []
        if type_index is not None:
            names = self._column("distinct_id", condition, values, project_id)
            persons = persons_by_distinct_id(connection, project_id, names)[:FOUND_MAX]
            found += [{**person, "type": "person"} for person in persons]
        for index in range(GROUP_TYPES_MAX):
            if index == type_index:
                continue
            for key in self._column(f"`$group_{index}`", condition, values, project_id):
                row = find_group(connection, project_id, index, key)
                if row is not None:
                    found.append({**view(row), "type": "group"})
        return found

    @staticmethod
    def _whose(
        connection: Connection, project_id: int, type_index: int | None, id_: str
    ) -> tuple[str | None, dict[str, Any]]:
        if type_index is not None:
            return f"`$group_{type_index}` = {{key:String}}", {"key": id_}
        person = find_person(connection, project_id, id_)
        if person is None:
            return None, {}
        owned = distinct_ids_of(connection, project_id, [UUID(person["id"])], each_max=_DISTINCT_IDS_MAX)
        names = [distinct_id for pairs in owned.values() for distinct_id, _ in pairs][:_DISTINCT_IDS_MAX]
        return "distinct_id IN {names:Array(String)}", {"names": names}

    def _column(self, column: str, condition: str, values: dict[str, Any], project_id: int) -> Sequence[str]:
        rows = (
            self._store()
            .query(
                f"SELECT {column} AS value FROM events WHERE team_id = {{project:Int64}} AND {condition} "
                f"AND timestamp > now() - INTERVAL {DAYS} DAY AND value != '' "
                "GROUP BY value ORDER BY max(timestamp) DESC, value LIMIT {limit:UInt32}",
                {"project": project_id, "limit": FOUND_MAX, **values},
                self._settings,
            )
            .rows
        )
        return [str(row[0]) for row in rows]
