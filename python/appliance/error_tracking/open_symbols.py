"""Symbols that are open: those used last, up to so many bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection

from appliance._native import stacks

# The least that one counts, so that small ones do not pile up.
_ENTRY_BYTES_MIN = 4_096


class OpenSymbols:
    """Shared by threads."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._lock = threading.Lock()
        self._open: OrderedDict[str, tuple[stacks.Symbols, int]] = OrderedDict()
        self._bytes = 0

    @property
    def bytes_count(self) -> int:
        return self._bytes

    def get(self, name: str) -> stacks.Symbols | None:
        with self._lock:
            found = self._open.get(name)
            if found is None:
                return None
            self._open.move_to_end(name)
            return found[0]

    def keep(self, name: str, symbols: stacks.Symbols) -> None:
        """What is larger than all that may be open is not kept."""
        size = max(len(symbols), _ENTRY_BYTES_MIN)
        with self._lock:
            self._forget(name)
            if size > self._bytes_max:
                return
            self._open[name] = (symbols, size)
            self._bytes += size
            while self._bytes > self._bytes_max:
                self._forget(next(iter(self._open)))

    def remove(self, names: Collection[str]) -> None:
        with self._lock:
            for name in names:
                self._forget(name)

    def _forget(self, name: str) -> None:
        _, size = self._open.pop(name, (None, 0))
        self._bytes -= size
