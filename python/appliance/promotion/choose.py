"""Which properties get a column and which lose theirs. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

DAY_US = 86_400_000_000
UNUSED_US = 14 * DAY_US
"""A column that no query read for so long makes room for another."""


@dataclass(frozen=True, slots=True)
class Used:
    """What queries took, in all, that read this property out of JSON."""

    name: str
    uses: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Promoted:
    name: str
    last_used_at_us: int


@dataclass(frozen=True, slots=True)
class Choice:
    promote: tuple[str, ...]
    demote: tuple[str, ...]


def choose(
    used: Sequence[Used],
    promoted: Sequence[Promoted],
    *,
    now_us: int,
    promoted_max: int,
    seconds_min: float,
    uses_min: int,
    at_once_max: int,
) -> Choice:
    """The costliest first, at most `at_once_max`. An unused column goes only when its place is needed.

    Columns beyond `promoted_max` go as well, the longest unused first, as when the limit was lowered.
    """
    have = {one.name for one in promoted}
    wanted = [
        one
        for one in sorted(used, key=lambda one: (-one.seconds, one.name))
        if one.name not in have and one.seconds >= seconds_min and one.uses >= uses_min
    ][:at_once_max]
    by_age = sorted(promoted, key=lambda one: (one.last_used_at_us, one.name))
    demote = [one.name for one in by_age[: max(0, len(promoted) - promoted_max)]]
    free = promoted_max - (len(promoted) - len(demote))
    unused = [
        one.name for one in by_age if one.name not in demote and one.last_used_at_us < now_us - UNUSED_US
    ]
    missing = max(0, len(wanted) - free)
    demote += unused[:missing]
    room = promoted_max - (len(promoted) - len(demote))
    return Choice(tuple(one.name for one in wanted[: max(0, room)]), tuple(demote))
