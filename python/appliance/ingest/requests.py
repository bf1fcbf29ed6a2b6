"""What people asked of persons, groups and cohorts, done between two blocks by the loop that owns them.

Between blocks the catalog is what the memory of ingest is, so a request can be prepared from the catalog alone.
Where it changes persons or groups, that memory is out of date afterwards and the loop begins a new one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from sqlalchemy import Connection, Engine

from appliance.catalog import reading, writing
from appliance.catalog.requests import EngineRequest, settle, waiting
from appliance.cohorts.mirror import MIRROR_COHORT, Mirror
from appliance.failures import CatalogUnavailable, StoreUnavailable
from appliance.groups.work import UNSET_GROUP_PROPERTY, UnsetProperty
from appliance.ingest.fence import Fence
from appliance.persons.work import DELETE_PERSONS, SPLIT_PERSON, Deletion, Split
from appliance.store.client import Store

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.1


class Work(Protocol):
    """One request, prepared. Doing it twice is as doing it once."""

    @property
    def changes_state(self) -> bool:
        """Whether persons or groups are others afterwards."""

    def in_store(self, store: Store) -> None: ...
    def in_catalog(self, connection: Connection) -> None: ...


_WORK: Mapping[str, Callable[[Connection, EngineRequest], Work]] = {
    DELETE_PERSONS: Deletion.prepare,
    SPLIT_PERSON: Split.prepare,
    UNSET_GROUP_PROPERTY: UnsetProperty.prepare,
    MIRROR_COHORT: Mirror.prepare,
}


class Requests:
    """Used by the loop's thread only."""

    def __init__(self, catalog: Engine, store: Store, fence: Fence, loop: str) -> None:
        self._catalog = catalog
        self._fence = fence
        self._loop = loop
        self._store = store
        self._looked_at = 0.0

    def are_waiting(self) -> bool:
        """Whether there is something to do. Looks now and then."""
        if time.monotonic() - self._looked_at < _LOOK_EVERY_S:
            return False
        self._looked_at = time.monotonic()
        with reading(self._catalog) as connection:
            return bool(waiting(connection)) or self._fence.is_to_be_passed(self._loop, connection)

    def done(self) -> bool:
        """Does what waits; whether the memory of ingest is out of date now. Not while a block is being stored."""
        with reading(self._catalog) as connection:
            found = waiting(connection)
        changed = [self._do(request) for request in found]
        self._fence.pass_by(self._loop)
        return any(changed)

    def _do(self, request: EngineRequest) -> bool:
        try:
            with reading(self._catalog) as connection:
                work = _WORK[request.kind](connection, request)
            work.in_store(self._store)
            with writing(self._catalog) as connection:
                work.in_catalog(connection)
                settle(connection, request.id)
        except (CatalogUnavailable, StoreUnavailable):
            raise  # it is done once they answer again
        except Exception as failure:
            log.exception("request %d (%s) could not be done", request.id, request.kind)
            with writing(self._catalog) as connection:
                settle(connection, request.id, f"{type(failure).__name__}: {failure}")
            return False
        return work.changes_state
