"""How far actors came through a sequence of steps: exact funnels over grouped events.

Rows come as ClickHouse's `RowBinary`: `(actor String, Array(Tuple(time_us Int64, mask UInt64, Array(String))))`. Bit
`k` of a mask: the event matches step `k` (from 0). Bit `32 + s`: it ends attempts whose last step is `s`.
"""

from typing import TypeAlias

STEPS_MAX: int

Shape: TypeAlias = tuple[int, int, str, int, str, int]
"""Steps, window in microseconds, order, optional steps, attribution, step of attribution."""

class Walk:
    """One pass over the actors. Errors are `ValueError`. The GIL is released while rows are read.

    Of a shape, `order` is `ordered`, `strict` or `unordered`; bit `k` of `optional` lets step `k` be left out;
    `attribution` is empty (no breakdown), `first_touch`, `last_touch`, `all_events` or `step` (the value on the event
    that does `attribution_step`).
    """

    @staticmethod
    def tally(
        shape: Shape,
    ) -> Walk: ...
    @staticmethod
    def times(
        shape: Shape,
        *,
        from_step: int,
        to_step: int,
    ) -> Walk: ...
    @staticmethod
    def trend(
        shape: Shape,
        *,
        from_step: int,
        to_step: int,
        starts_us: list[int],
    ) -> Walk: ...
    @staticmethod
    def actors(
        shape: Shape,
        *,
        wanted: str,
        step: int,
        breakdown: list[str] | None,
        actors_max: int,
    ) -> Walk:
        """`wanted`: `reached` a step, `dropped` before it, or `done` exactly the steps whose bits `step` has."""

    @staticmethod
    def entrants(
        shape: Shape,
        *,
        from_step: int,
        to_step: int,
        between_us: tuple[int, int],
        has_converted: bool,
        breakdown: list[str] | None,
        actors_max: int,
    ) -> Walk:
        """Those who reached `from_step` from the first of `between_us` until just before the second.

        And of those the ones who went on, or the ones who did not.
        """

    def feed(self, piece: bytes) -> None:
        """Takes a piece of the answer, cut anywhere."""

    def tallied(self) -> list[tuple[list[str], list[tuple[int, float | None, float | None]]]]:
        """For each breakdown value and step: actors, average and median seconds since the step before."""

    def times_s(self) -> list[float]:
        """Seconds from one step to the other, of each actor who did both."""

    def trends(self) -> list[tuple[list[str], list[tuple[int, int]]]]:
        """For each breakdown value and interval: actors who reached the first step, and who went on."""

    def selected(self) -> list[str]:
        """Ids of the actors."""
