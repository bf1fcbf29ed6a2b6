"""The virtual schema: what users see of the store, by name."""

from collections.abc import Iterator
from functools import lru_cache

from appliance.query.hogql.context import Context
from appliance.query.hogql.schema import (
    catalogue,
    cohorts,
    error_tracking,
    events,
    persons,
    recordings,
    sessions,
)
from appliance.query.hogql.schema.table import Table
from appliance.store.sessions import TABLE as SESSIONS
from appliance.store.tables import GROUPS

_FIXED = {
    table.name: table
    for table in (*persons.TABLES, *recordings.TABLES, *cohorts.TABLES, *error_tracking.TABLES)
}
_ONLY_LINKED = {f"group_{index}": persons.group_of_type(index) for index in range(GROUPS)}


_OF_THE_CONTEXT = {"events": events.table, "sessions": sessions.table}


class Schema:
    """Of one query. `get` knows also the tables that only links lead to."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._made: dict[str, Table] = {}

    def get(self, name: str) -> Table | None:
        found = self._made.get(name) or _FIXED.get(name) or _ONLY_LINKED.get(name)
        make = _OF_THE_CONTEXT.get(name)
        if found is None and make is not None:
            found = self._made[name] = make(self._context)
        return found

    def named(self, name: str) -> Table | None:
        """A table that may stand in FROM."""
        if name.startswith("system."):
            return {one.name: one for one in catalogue.tables(self._known())}.get(name)
        return None if name in _ONLY_LINKED else self.get(name)

    def __iter__(self) -> Iterator[Table]:
        known = self._known()
        return iter([*known, *catalogue.tables(known)])

    def _known(self) -> list[Table]:
        found = (self.get(name) for name in sorted({*_FIXED, *_OF_THE_CONTEXT}))
        return [table for table in found if table is not None]


@lru_cache(maxsize=1)
def physical_tables() -> tuple[str, ...]:
    """Of the store, each with a `team_id`."""
    return tuple(sorted({"events", SESSIONS, *(table.physical for table in _FIXED.values())}))
