"""What queries read out of JSON, gathered in a worker and added up in the catalog."""

import logging
import threading
import time
from collections.abc import Iterable

from sqlalchemy import Engine

from appliance.catalog import insert, writing
from appliance.catalog.model import promoted_property, property_use
from appliance.failures import HogletError
from appliance.promotion.columns import can_be_promoted

log = logging.getLogger(__name__)

_SAVE_EVERY_S = 10.0
_NAMES_MAX = 1_000
EVENT, PROMOTED = "event", "promoted"


class PropertyUse:
    """Shared by all threads. What a worker has not saved when it ends is forgotten: it is only statistics."""

    def __init__(self, catalog: Engine) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._read: dict[str, tuple[int, float]] = {}
        self._columns: set[str] = set()
        self._saved_at = time.monotonic()

    def note(self, properties: Iterable[tuple[str, str]], seconds: float) -> None:
        """`properties` are pairs of owner and name; `promoted` as the owner means that its column was read."""
        found = [(owner, name) for owner, name in properties if owner in (EVENT, PROMOTED)]
        if not found:
            return
        with self._lock:
            for owner, name in found:
                if owner == PROMOTED:
                    self._columns.add(name)
                elif can_be_promoted(name) and (name in self._read or len(self._read) < _NAMES_MAX):
                    uses, total = self._read.get(name, (0, 0.0))
                    self._read[name] = (uses + 1, total + seconds / len(found))
            if time.monotonic() - self._saved_at < _SAVE_EVERY_S:
                return
            self._saved_at = time.monotonic()
            read, columns = self._read, self._columns
            self._read, self._columns = {}, set()
        self._save(read, columns)

    def flush(self) -> None:
        with self._lock:
            read, columns = self._read, self._columns
            self._read, self._columns = {}, set()
        self._save(read, columns)

    def _save(self, read: dict[str, tuple[int, float]], columns: set[str]) -> None:
        now_us = time.time_ns() // 1_000
        table = property_use.c
        try:
            with writing(self._catalog) as connection:
                for name, (uses, seconds) in sorted(read.items()):
                    row = {"name": name, "uses": uses, "seconds": seconds, "last_used_at": now_us}
                    statement = insert(connection, property_use).values(row)
                    connection.execute(
                        statement.on_conflict_do_update(
                            index_elements=[table.name],
                            set_={
                                "uses": table.uses + uses,
                                "seconds": table.seconds + seconds,
                                "last_used_at": now_us,
                            },
                        )
                    )
                if columns:
                    connection.execute(
                        promoted_property.update()
                        .where(promoted_property.c.name.in_(sorted(columns)))
                        .values(last_used_at=now_us)
                    )
        except HogletError as failure:
            log.warning("what queries read could not be saved: %s", failure)
