"""One thread at a time answers the same question; the others wait for its answer."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Flight:
    lock: threading.Lock = field(default_factory=threading.Lock)
    threads: int = 0


class Flights:
    """Shared by all threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flights: dict[Hashable, _Flight] = {}

    @contextmanager
    def of(self, key: Hashable) -> Iterator[bool]:
        """Gives this thread the key alone, and whether it had to wait for another that has just had it."""
        with self._lock:
            flight = self._flights.setdefault(key, _Flight())
            flight.threads += 1
            waited = flight.threads > 1
        try:
            with flight.lock:
                yield waited
        finally:
            with self._lock:
                flight.threads -= 1
                if not flight.threads:
                    del self._flights[key]
