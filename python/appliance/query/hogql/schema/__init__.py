"""The virtual schema: what users see of the store, by name."""

from collections.abc import Iterator
from functools import lru_cache

from appliance.query.hogql.context import Context
from appliance.query.hogql.schema import catalogue, cohorts, events, persons, recordings, sessions
from appliance.query.hogql.schema.table import Table
from appliance.store.sessions import TABLE as SESSIONS
from appliance.store.tables import GROUPS

_FIXED = {table.name: table for table in (*persons.TABLES, *recordings.TABLES, *cohorts.TABLES)}
_ONLY_LINKED = {f"group_{index}": persons.group_of_type(index) for index in range(GROUPS)}


class Schema:
    """Of one query. `get` knows also the tables that only links lead to."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tables = dict(_FIXED)
        self._tables["events"] = events.table(context)
        self._tables["sessions"] = sessions.table(context)

    def get(self, name: str) -> Table | None:
        return self._tables.get(name) or _ONLY_LINKED.get(name)

    def named(self, name: str) -> Table | None:
        """A table that may stand in FROM."""
        found = self._tables.get(name)
        if found is None and name.startswith("system."):
            return {one.name: one for one in catalogue.tables(self._known())}.get(name)
        return found

    def __iter__(self) -> Iterator[Table]:
        known = self._known()
        return iter([*known, *catalogue.tables(known)])

    def _known(self) -> list[Table]:
        return [table for _, table in sorted(self._tables.items())]


@lru_cache(maxsize=1)
def physical_tables() -> tuple[str, ...]:
    """Of the store, each with a `team_id`."""
    return tuple(sorted({"events", SESSIONS, *(table.physical for table in _FIXED.values())}))
