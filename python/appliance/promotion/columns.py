"""The store's statements for promoted columns of `events`. Every one of them may be repeated."""

import hashlib
import re

from appliance.store.client import Store

_NAME_CHARACTERS = 40
NAME_CHARACTERS_MAX = 200


def can_be_promoted(name: str) -> bool:
    return 0 < len(name) <= NAME_CHARACTERS_MAX and name.isprintable()


def column_of(name: str) -> str:
    """A column's name that tells the property to people and is its own for each."""
    shown = re.sub(r"[^A-Za-z0-9_]+", "_", name)[:_NAME_CHARACTERS].strip("_")
    return f"promoted_{shown}_{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def add(store: Store, name: str, column: str) -> None:
    """The same text as the printer reads out of the JSON: strings unquoted, a missing one and null as NULL."""
    literal = name.replace("\\", "\\\\").replace("'", "\\'")
    store.execute(
        f"ALTER TABLE events ADD COLUMN IF NOT EXISTS `{column}` Nullable(String) "
        f"MATERIALIZED JSONExtract(properties, '{literal}', 'Nullable(String)') CODEC(ZSTD(1))"
    )


def fill(store: Store, column: str) -> None:
    """Begins to write the column into the parts that were there before it; goes on by itself."""
    store.execute(f"ALTER TABLE events MATERIALIZE COLUMN `{column}`", {"mutations_sync": "0"})


def is_filling(store: Store, column: str) -> bool:
    rows = store.query(
        "SELECT count() FROM system.mutations WHERE database = {database:String} AND table = 'events' "
        "AND NOT is_done AND position(command, {column:String}) > 0",
        {"database": store.database, "column": column},
    ).rows
    return bool(rows[0][0])


def drop(store: Store, column: str) -> None:
    store.execute(f"ALTER TABLE events DROP COLUMN IF EXISTS `{column}`")


def present(store: Store) -> set[str]:
    rows = store.query(
        "SELECT name FROM system.columns WHERE database = {database:String} AND table = 'events' "
        "AND startsWith(name, 'promoted_')",
        {"database": store.database},
    ).rows
    return {str(row[0]) for row in rows}
