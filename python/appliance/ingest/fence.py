"""When a deleted project's rows can come into the store no more.

Each loop that fills the store passes the fence between two blocks: it has no block in hand, and prepares the next one
with the projects that there are then. A removal is fenced once all of them passed, in whatever order: what one hands
over to the other is dropped there. What was passed is remembered by the process alone, as a new one passes anew.
"""

from __future__ import annotations

import threading
from collections.abc import Collection

from sqlalchemy import Connection, Engine

from appliance.catalog import reading, removals


class Fence:
    """Shared by the loops."""

    def __init__(self, catalog: Engine, loops: Collection[str]) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._passed: dict[str, set[int]] = {loop: set() for loop in loops}

    def is_to_be_passed(self, loop: str, connection: Connection) -> bool:
        unfenced = removals.unfenced(connection)
        with self._lock:
            return not unfenced <= self._passed[loop]

    def pass_by(self, loop: str) -> None:
        """Called by a loop while it has no block in hand, and before it looks which projects there are."""
        with reading(self._catalog) as connection:
            unfenced = removals.unfenced(connection)
        with self._lock:
            self._passed[loop] = unfenced
            by_all = set.intersection(*self._passed.values())
        if by_all:
            removals.fence(self._catalog, by_all)
