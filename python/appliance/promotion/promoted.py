"""Which properties have a promoted column now."""

import threading
import time
from collections.abc import Mapping

from sqlalchemy import Engine, select

from appliance.catalog import reading
from appliance.catalog.model import promoted_property

_FRESH_S = 5.0
LEAVING = "leaving"


class PromotedProperties:
    """Shared by all threads. A change is known here within `_FRESH_S`; a column stays longer than that after it."""

    def __init__(self, catalog: Engine) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._read_at = -_FRESH_S
        self._columns: Mapping[str, str] = {}

    def columns(self) -> Mapping[str, str]:
        """Column by property."""
        with self._lock:
            if time.monotonic() - self._read_at >= _FRESH_S:
                table = promoted_property.c
                with reading(self._catalog) as connection:
                    rows = connection.execute(
                        select(table.name, table.column).where(table.state != LEAVING)
                    ).all()
                self._columns = {row.name: row.column for row in rows}
                self._read_at = time.monotonic()
            return self._columns
