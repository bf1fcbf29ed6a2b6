"""One reading connection pool for this process, which follows the store when it restarts elsewhere."""

import threading

from appliance.config import Config
from appliance.store.address import Address, address, reader
from appliance.store.client import ClickHouseStore


class CurrentStore:
    """Shared by all threads. Raises `StoreUnavailable` while no store runs."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._address: Address | None = None
        self._store: ClickHouseStore | None = None

    def get(self) -> ClickHouseStore:
        """The store as it is reached now: the embedded one has another port after each start."""
        found = address(self._config)
        with self._lock:
            if self._store is None or found != self._address:
                # The old one is not closed: another thread may be in the midst of a query.
                self._store, self._address = reader(self._config), found
            return self._store
