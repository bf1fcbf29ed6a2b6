"""Counters and gauges shared between processes through small mapped files.

Promises:
- Each file has one writer, the process that owns it; any process may read all of them at any time.
- Raising a counter is one addition in mapped memory: no lock, no system call. A reader may see a value a moment
  old, never a torn one (eight aligned bytes).
- Counters survive restarts of their process, and a killed process loses nothing it had counted.

Layout: ``<name>.json`` lists the metric names in order; ``<name>.values`` holds one little-endian signed 64-bit number
for each. Names are Prometheus names with their labels, for example ``dropped_total{reason="x"}``; a name that ends in
``_total`` before its labels is a counter, any other a gauge.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
from collections.abc import Iterable
from pathlib import Path

log = logging.getLogger(__name__)

_BYTES = 8
# A process may register this many metrics; the mapping is made for all of them, so it never moves.
METRICS_MAX = 4096


class Counters:
    """The counters of one process. Not for several threads raising the same name at once."""

    def __init__(self, directory: Path, name: str) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._names_path = directory / f"{name}.json"
        self._places = {metric: place for place, metric in enumerate(_read_names(self._names_path))}
        values_path = directory / f"{name}.values"
        descriptor = os.open(values_path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            # Room for all of it now: a page that a full disk cannot give later would kill the process.
            os.posix_fallocate(descriptor, 0, METRICS_MAX * _BYTES)
            self._map = mmap.mmap(descriptor, METRICS_MAX * _BYTES)
        finally:
            os.close(descriptor)
        self._values = memoryview(self._map).cast("q")
        self._unwritten = False

    def register(self, names: Iterable[str]) -> None:
        """Makes ``names`` visible at once, with the value they had or zero."""
        fresh = [name for name in dict.fromkeys(names) if name not in self._places]
        if not fresh and not self._unwritten:
            return
        if len(self._places) + len(fresh) > METRICS_MAX:
            raise ValueError(f"a process may register at most {METRICS_MAX} metrics")
        for name in fresh:
            place = len(self._places)
            self._values[place] = 0
            self._places[name] = place
        self._unwritten = True
        self._write_names()

    def _write_names(self) -> None:
        """A disk that is full costs the new names their readers for now, never their counts."""
        replacement = self._names_path.with_suffix(".new")
        try:
            replacement.write_text(json.dumps(list(self._places)))
            replacement.replace(self._names_path)
        except OSError as error:
            log.warning("cannot tell the names of new metrics: %s", error)
        else:
            self._unwritten = False

    def add(self, name: str, amount: int = 1) -> None:
        """Raises a counter."""
        self._values[self._place(name)] += amount

    def set(self, name: str, value: int) -> None:
        """Sets a gauge."""
        self._values[self._place(name)] = value

    def get(self, name: str) -> int:
        """The value of one metric."""
        return self._values[self._place(name)]

    def _place(self, name: str) -> int:
        place = self._places.get(name)
        if place is None:
            self.register([name])
            place = self._places[name]
        return place


class Reasons:
    """The drop counters: ``add("quota_events")`` raises ``hoglet_dropped_total{reason="quota_events"}``."""

    def __init__(self, counters: Counters, reasons: Iterable[str]) -> None:
        self._counters = counters
        counters.register(dropped_metric(reason) for reason in reasons)

    def add(self, name: str, amount: int = 1) -> None:
        """Counts ``amount`` things dropped for the reason ``name``."""
        self._counters.add(dropped_metric(name), amount)


def dropped_metric(reason: str) -> str:
    """The metric that counts what was dropped for ``reason``."""
    return f'hoglet_dropped_total{{reason="{reason}"}}'


def read_counters(directory: Path) -> dict[str, dict[str, int]]:
    """Process name → metric → value, for every process that ever ran here."""
    processes: dict[str, dict[str, int]] = {}
    for names_path in sorted(directory.glob("*.json")):
        names = _read_names(names_path)
        try:
            raw = names_path.with_suffix(".values").read_bytes()[: len(names) * _BYTES]
        except OSError:
            continue
        values = memoryview(raw[: len(raw) // _BYTES * _BYTES]).cast("q")
        processes[names_path.stem] = dict(zip(names, values, strict=False))
    return processes


def _read_names(path: Path) -> list[str]:
    try:
        names = json.loads(path.read_text())
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
