"""The engine's side: columns added, filled and dropped.

Promises:
- A property is told to queries only after its column is there, and its column goes only `_LEAVING_US` after queries
  were told not to use it: no query names a column that is not there.
- Every step is repeated until it is done, so a crash anywhere leaves nothing half done.
- One column is filled at a time, beside everything else that the store does.
"""

import logging
import threading
import time

from sqlalchemy import Engine, delete, select

from appliance.catalog import insert, reading, writing
from appliance.catalog.model import promoted_property, property_use
from appliance.config import Config
from appliance.failures import HogletError
from appliance.promotion import columns
from appliance.promotion.choose import Choice, Promoted, Used, choose
from appliance.promotion.promoted import LEAVING
from appliance.store.client import Store

log = logging.getLogger(__name__)

FILLING, READY = "filling", "ready"
_EVERY_S = 30.0
_LEAVING_US = 120 * 1_000_000
_USES_MIN = 5
_AT_ONCE_MAX = 1
_USES_KEPT = 5_000
_FORGOTTEN_AFTER_US = 30 * 86_400 * 1_000_000


class Promoter:
    """Used by one thread."""

    def __init__(self, config: Config, catalog: Engine, store: Store) -> None:
        self._config = config
        self._catalog = catalog
        self._store = store

    def run(self, stopping: threading.Event) -> None:
        while not stopping.wait(_EVERY_S):
            try:
                self.step()
            except HogletError as failure:
                log.warning("properties could not be promoted now: %s", failure)
            except Exception:
                log.exception("properties could not be promoted")

    def step(self) -> None:
        """Everything there is to do now."""
        self._settle()
        chosen = self._chosen()
        for name in chosen.demote:
            self.demote(name)
        for name in chosen.promote:
            self.promote(name)

    def promote(self, name: str) -> str:
        """Gives the property its column; returns the column."""
        column = columns.column_of(name)
        columns.add(self._store, name, column)
        now_us = _now_us()
        row = {
            "name": name,
            "column": column,
            "state": FILLING,
            "promoted_at": now_us,
            "last_used_at": now_us,
            "left_at": None,
        }
        with writing(self._catalog) as connection:
            statement = insert(connection, promoted_property).values(row)
            again = {key: value for key, value in row.items() if key != "name"}
            connection.execute(
                statement.on_conflict_do_update(index_elements=[promoted_property.c.name], set_=again)
            )
            connection.execute(delete(property_use).where(property_use.c.name == name))
        columns.fill(self._store, column)
        log.info("the property %r has a column of its own now", name)
        return column

    def demote(self, name: str) -> None:
        """Queries stop using the column; it goes a little later."""
        with writing(self._catalog) as connection:
            connection.execute(
                promoted_property.update()
                .where(promoted_property.c.name == name, promoted_property.c.state != LEAVING)
                .values(state=LEAVING, left_at=_now_us())
            )
        log.info("the property %r loses its column", name)

    def _settle(self) -> None:
        """Columns that have been filled, and those whose time is over."""
        table = promoted_property.c
        with reading(self._catalog) as connection:
            rows = connection.execute(select(table.name, table.column, table.state, table.left_at)).all()
        for row in rows:
            if row.state == FILLING and not columns.is_filling(self._store, row.column):
                self._set_ready(row.name)
            elif row.state == LEAVING and (row.left_at or 0) < _now_us() - _LEAVING_US:
                columns.drop(self._store, row.column)
                with writing(self._catalog) as connection:
                    connection.execute(
                        delete(promoted_property).where(table.name == row.name, table.state == LEAVING)
                    )
        # A crash between adding a column and telling of it leaves one that nobody knows.
        for column in columns.present(self._store) - {row.column for row in rows}:
            columns.drop(self._store, column)

    def _set_ready(self, name: str) -> None:
        with writing(self._catalog) as connection:
            connection.execute(
                promoted_property.update()
                .where(promoted_property.c.name == name, promoted_property.c.state == FILLING)
                .values(state=READY)
            )

    def _chosen(self) -> Choice:
        table, used = promoted_property.c, property_use.c
        now_us = _now_us()
        with writing(self._catalog) as connection:
            connection.execute(delete(property_use).where(used.last_used_at < now_us - _FORGOTTEN_AFTER_US))
        with reading(self._catalog) as connection:
            rows = connection.execute(
                select(used.name, used.uses, used.seconds).order_by(used.seconds.desc()).limit(_USES_KEPT)
            ).all()
            promoted = connection.execute(
                select(table.name, table.state, table.last_used_at).where(table.state != LEAVING)
            ).all()
            leaving = connection.execute(select(table.name).where(table.state == LEAVING)).scalars().all()
        if any(row.state == FILLING for row in promoted):
            rows = []
        return choose(
            [Used(row.name, row.uses, row.seconds) for row in rows if row.name not in leaving],
            [Promoted(row.name, row.last_used_at) for row in promoted],
            now_us=now_us,
            promoted_max=self._config.promoted_properties_max,
            seconds_min=self._config.promotion_query_s_min,
            uses_min=_USES_MIN,
            at_once_max=_AT_ONCE_MAX,
        )


def _now_us() -> int:
    return time.time_ns() // 1_000
