"""The schema a release needs, and how a store gets there.

Promises:
- Steps run in order, each once: `schema_migrations` records a step after it is done. A crash in the
  middle repeats that step, and every step may be repeated.
- Columns for shredded properties need no step: what the store lacks is added at each start (they are new
  and empty for older events; nothing is ever dropped).
- A store written by a newer release is refused rather than touched.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Literal, cast

from appliance.failures import StoreRefused
from appliance.store.client import Store
from appliance.store.tables import PARTITIONS_PER_BLOCK, Shredded, shredded_type

__all__ = ["PARTITIONS_PER_BLOCK", "SchemaState", "Step", "migrate", "schema_state", "shredded_columns"]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the schema. `run` may be interrupted anywhere and run again."""

    version: int
    name: str
    run: Callable[[Store, Sequence[Shredded]], None]


@dataclass(frozen=True, slots=True)
class SchemaState:
    found: int
    needed: int
    missing_columns: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        return self.found == self.needed and not self.missing_columns


def shredded_columns() -> tuple[Shredded, ...]:
    """The properties of events with a column of their own: the list lives in Rust, where they are filled."""
    native = import_module("appliance._native")
    found: Sequence[tuple[str, str, str]] = native.ingest.shredded()
    return tuple((name, column, cast("Literal['few', 'many']", storage)) for name, column, storage in found)


def migrate(
    store: Store, shredded: Sequence[Shredded] | None = None, steps: Sequence[Step] | None = None
) -> SchemaState:
    """Brings the store to this release's schema; safe to repeat and to interrupt."""
    from appliance.store.migrations import STEPS  # noqa: PLC0415  the steps import `Step` from here

    steps = STEPS if steps is None else steps
    shredded = shredded_columns() if shredded is None else shredded
    _prepare(store)
    done = _done(store)
    newest = max(step.version for step in steps)
    if done and max(done) > newest:
        raise StoreRefused(
            f"the store's schema is {max(done)}, this release knows {newest}: a newer Hoglet wrote it"
        )
    for step in steps:
        if step.version not in done:
            step.run(store, shredded)
            _record(store, step)
    _add_columns(store, shredded)
    return schema_state(store, shredded, steps)


def schema_state(
    store: Store, shredded: Sequence[Shredded] | None = None, steps: Sequence[Step] | None = None
) -> SchemaState:
    """How far a store is, without changing it."""
    from appliance.store.migrations import STEPS  # noqa: PLC0415

    steps = STEPS if steps is None else steps
    shredded = shredded_columns() if shredded is None else shredded
    tables = {
        row[0] for row in _ask(store, "SELECT name FROM system.tables WHERE database = {database:String}")
    }
    done = _done(store) if "schema_migrations" in tables else set()
    present = _columns(store)
    missing = tuple(column for _, column, _ in shredded if column not in present)
    return SchemaState(max(done, default=0), max(step.version for step in steps), missing)


def _prepare(store: Store) -> None:
    store.create_database()
    store.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations"
        " (version UInt32, name String, done_at DateTime64(3, 'UTC') DEFAULT now64(3))"
        " ENGINE = ReplacingMergeTree(done_at) ORDER BY version"
        " SETTINGS fsync_after_insert = 1, fsync_part_directory = 1"
    )


def _done(store: Store) -> set[int]:
    return {int(row[0]) for row in store.query("SELECT DISTINCT version FROM schema_migrations").rows}


def _record(store: Store, step: Step) -> None:
    store.command(
        "INSERT INTO schema_migrations (version, name) SELECT {version:UInt32}, {name:String}",
        {"version": step.version, "name": step.name},
    )


def _columns(store: Store) -> set[str]:
    sql = "SELECT name FROM system.columns WHERE database = {database:String} AND table = 'events'"
    return {row[0] for row in _ask(store, sql)}


def _add_columns(store: Store, shredded: Sequence[Shredded]) -> None:
    present = _columns(store)
    added = [
        f"ADD COLUMN IF NOT EXISTS `{one[1]}` {shredded_type(one)}"
        for one in shredded
        if one[1] not in present
    ]
    if added:
        store.execute(f"ALTER TABLE events {', '.join(added)}")


def _ask(store: Store, sql: str) -> Sequence[Sequence[str]]:
    return store.query(sql, {"database": store.database}).rows
