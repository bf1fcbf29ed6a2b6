"""The virtual schema: what users see of the store, by name."""

from collections.abc import Iterator

from appliance.query.hogql.context import Context
from appliance.query.hogql.schema import events, persons
from appliance.query.hogql.schema.table import Table
from appliance.store.tables import GROUPS

_FIXED = {table.name: table for table in persons.TABLES}
_FIXED |= {f"group_{index}": persons.group_of_type(index) for index in range(GROUPS)}
_ONLY_LINKED = frozenset(f"group_{index}" for index in range(GROUPS))


class Schema:
    """Of one query. `get` knows also the tables that only links lead to."""

    def __init__(self, context: Context) -> None:
        self._tables = {**_FIXED, "events": events.table(context)}

    def get(self, name: str) -> Table | None:
        return self._tables.get(name)

    def named(self, name: str) -> Table | None:
        """A table that may stand in FROM."""
        return None if name in _ONLY_LINKED else self._tables.get(name)

    def __iter__(self) -> Iterator[Table]:
        return (table for name, table in sorted(self._tables.items()) if name not in _ONLY_LINKED)


def physical_tables() -> list[str]:
    """Of the store, each with a `team_id`."""
    return sorted({"events", *(table.physical for table in _FIXED.values() if table.physical)})
