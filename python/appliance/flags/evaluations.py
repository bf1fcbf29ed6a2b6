"""How often each flag was evaluated, and with what outcome: from the flag sets' memory to the catalog.

Promises:
- Requests pay nothing for it: the kernel counts, and a thread writes every few seconds.
- A catalog that does not answer costs no counts; they wait, up to a limit, and what does not fit is said.
- A flag set that was replaced is asked until the last request that began with it must have ended.
- Who was asked about is not remembered, only how often.
- A flag is not called by being evaluated, for browsers evaluate all there are: see `query/flag_calls.py`.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Engine, delete

from appliance._native import flags as native
from appliance.catalog.connect import insert, writing
from appliance.catalog.feature_flags import flag_evaluation
from appliance.failures import CatalogUnavailable

log = logging.getLogger(__name__)

FLUSHED_EVERY_S = 5.0
# Longer than any request takes.
_REPLACED_S = 120.0
_CLEANED_EVERY_S = 3_600.0
_HOUR_US = 3_600 * 1_000_000
_DAY_US = 24 * _HOUR_US
_WAITING_MAX = 100_000
_OUTCOME_CHARACTERS_MAX = 400
_ROWS_MAX = 1_000
FAILED = "failed"

# Project, flag, start of the hour, outcome.
_Key = tuple[int, int, int, str]
_columns = flag_evaluation.c


class Evaluations:
    """Counts of one worker. `sets` gives the flag sets in use."""

    def __init__(
        self,
        catalog: Engine,
        sets: Callable[[], Iterable[native.FlagSet]],
        kept_days: int,
        on_failed: Callable[[int], None] = lambda _: None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._catalog = catalog
        self._sets = sets
        self._kept_days = kept_days
        self._on_failed = on_failed
        self._now = now
        self._flushing = threading.Lock()
        # A lock of its own: whoever replaces a set must not wait for the catalog.
        self._retiring = threading.Lock()
        self._replaced: list[tuple[float, native.FlagSet]] = []
        self._waiting: dict[_Key, int] = {}
        self._cleaned_at = 0.0

    def retire(self, flag_set: native.FlagSet) -> None:
        """A set that is replaced; requests under way may still count on it. From any thread."""
        with self._retiring:
            self._replaced.append((self._now() + _REPLACED_S, flag_set))

    async def follow(self) -> None:
        """Flushes until cancelled."""
        while True:
            await asyncio.sleep(FLUSHED_EVERY_S)
            await asyncio.to_thread(self.flush)

    def flush(self) -> None:
        """Brings what was counted to the catalog. Never fails; what could not be written waits."""
        with self._flushing:
            try:
                self._gather()
                self._write()
                self._clean()
            except CatalogUnavailable as error:
                log.debug("%s; counts of flags wait", error)
            except Exception:
                log.exception("counts of flags could not be written; they wait")

    def _gather(self) -> None:
        now = self._now()
        hour_at = int(now * 1_000_000) // _HOUR_US * _HOUR_US
        for flag_set in [*self._sets(), *self._still_asked(now)]:
            for flag_id, outcome, count in flag_set.take_counts():
                if outcome == FAILED:
                    self._on_failed(count)
                key = (flag_set.project_id, flag_id, hour_at, _storable(outcome))
                if key in self._waiting or len(self._waiting) < _WAITING_MAX:
                    self._waiting[key] = self._waiting.get(key, 0) + count
                else:
                    log.warning("%d evaluations of flag %d are not counted: too many wait", count, flag_id)

    def _still_asked(self, now: float) -> list[native.FlagSet]:
        """Replaced sets; those whose time is over are asked this once more."""
        with self._retiring:
            asked = [one for _, one in self._replaced]
            self._replaced = [(until, one) for until, one in self._replaced if until > now]
        return asked

    def _write(self) -> None:
        if not self._waiting:
            return
        # In one order for all workers, so that two never wait for each other in a circle.
        counted = sorted(self._waiting.items())
        with writing(self._catalog) as connection:
            for start in range(0, len(counted), _ROWS_MAX):
                _add(connection, counted[start : start + _ROWS_MAX])
        self._waiting = {}

    def _clean(self) -> None:
        now = self._now()
        if now - self._cleaned_at < _CLEANED_EVERY_S:
            return
        before = int(now * 1_000_000) - self._kept_days * _DAY_US
        with writing(self._catalog) as connection:
            connection.execute(delete(flag_evaluation).where(_columns.hour_at < before))
        self._cleaned_at = now


def _storable(outcome: str) -> str:
    """A variant may be called anything."""
    return outcome.replace("\0", "\ufffd")[:_OUTCOME_CHARACTERS_MAX]


def _add(connection: Connection, counted: list[tuple[_Key, int]]) -> None:
    names = ("project_id", "flag_id", "hour_at", "outcome")
    rows = [{**dict(zip(names, key, strict=True)), "count": count} for key, count in counted]
    statement = insert(connection, flag_evaluation)
    more = _columns["count"] + statement.excluded["count"]
    connection.execute(
        statement.on_conflict_do_update(index_elements=list(names), set_={"count": more}), rows
    )
