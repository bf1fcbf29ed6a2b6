"""Everything of this room that an http worker runs, tied together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from sqlalchemy import Engine

from appliance._native import ingest
from appliance.catalog.snapshot import Snapshot
from appliance.config import Config
from appliance.flags.answer import METRICS, Flags, RemoteConfig, handlers
from appliance.flags.continuity import Continuity
from appliance.flags.evaluations import Evaluations
from appliance.flags.keeper import Current, Keeper
from appliance.flags.people import People
from appliance.http.body import Bodies
from appliance.http.client_address import ClientAddresses
from appliance.operations.counters import Counters
from appliance.operations.metrics import FLAGS_FAILED

log = logging.getLogger(__name__)


class Serving:
    """Made inside the worker's event loop. `take` gets every snapshot of the catalog."""

    def __init__(
        self,
        config: Config,
        catalog: Engine,
        remote_config: RemoteConfig,
        *,
        counters: Counters,
        bodies: Bodies,
        addresses: ClientAddresses,
    ) -> None:
        counters.register(METRICS)
        self._poll_s = config.snapshot_poll_ms / 1000
        self._evaluations = Evaluations(
            catalog,
            self._sets,
            config.flags_counted_days,
            on_failed=lambda count: counters.add(FLAGS_FAILED, count),
        )
        self._keeper = Keeper(catalog, config.flags_path, self._evaluations.retire)
        self._continuity = Continuity(config)
        self._people = People(config, self._continuity)
        self._flags = Flags(
            keeper=self._keeper,
            people=self._people,
            remote_config=remote_config,
            counts=counters,
            bodies=bodies,
            addresses=addresses,
            places=_places(config),
            bytes_max=config.flags_body_bytes_max,
        )

    def take(self, snapshot: Snapshot, *, is_recalled: bool) -> None:
        """A new snapshot, or `is_recalled`, the last known one; in whatever thread."""
        self._keeper.take(snapshot, is_recalled=is_recalled)

    def current(self) -> Current:
        return self._keeper.current

    def handlers(self) -> Mapping[str, Callable[[Any, Any], Awaitable[None]]]:
        return handlers(self._flags)

    def tasks(self, is_reachable: Callable[[], bool]) -> list[Coroutine[Any, Any, None]]:
        """What runs for as long as the worker does. `is_reachable`: whether the catalog answers."""
        return [self._keeper.follow(self._poll_s, is_reachable), self._evaluations.follow()]

    @property
    def under_way(self) -> int:
        """Requests that wait for their answer."""
        return self._flags.under_way

    def drain(self) -> None:
        """From now on requests are told to ask elsewhere."""
        self._flags.draining = True

    async def close(self) -> None:
        """What was counted is kept."""
        self._people.close()
        self._continuity.close()
        await asyncio.to_thread(self._evaluations.flush)

    def _sets(self) -> list[Any]:
        return [one.flag_set for one in self._keeper.current.projects if one.flag_set is not None]


def _places(config: Config) -> ingest.Places:
    """Without the file that was asked for, flags do with countries: ingest tells of it, and capture must go on."""
    try:
        return ingest.Places(config.geoip_path or None)
    except (OSError, ValueError) as error:
        log.warning("no places from %s: %s", config.geoip_path, error)
        return ingest.Places()
