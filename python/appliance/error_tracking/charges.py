"""What each exception of the batch in hand was charged, so that processing it again charges it nothing.

A batch is processed again when something after the charge fails: all of it, with what has come since at its end, or
its events one by one. Limits and spikes take each event once all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from appliance._native import ingest
    from appliance.error_tracking.grouped import Dropped

_Identity: TypeAlias = tuple[int, bytes, int]


@dataclass(slots=True)
class Charge:
    """What was decided of an event, by what it took from a limit."""

    may_open: bool | None = None
    """Whether it may make an issue; None before it asked."""
    is_weighed: bool = False
    """Whether it has been held against the limits of its issue and project."""
    limited: Dropped | None = None
    """Over which of them it was."""
    is_counted: bool = False
    """Whether spikes know of it."""


class Charges:
    """Of one batch. By place, as whoever sends events may repeat their ids."""

    def __init__(self) -> None:
        self._batch: list[_Identity] = []
        self._charges: list[Charge] = []

    def begin(self, events: Sequence[ingest.WaitingException]) -> None:
        """What another batch was charged is forgotten; the same one, maybe longer by now, keeps it."""
        batch = [(project_id, uuid, timestamp_us) for project_id, uuid, timestamp_us, _, _ in events]
        if batch[: len(self._batch)] != self._batch:
            self._charges = []
        self._batch = batch
        self._charges += [Charge() for _ in range(len(batch) - len(self._charges))]

    def of(self, place: int) -> Charge:
        return self._charges[place]
