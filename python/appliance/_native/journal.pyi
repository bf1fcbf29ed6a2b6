"""The durable log between capture and ingest.

A *stream* is one lane (``events``, ``replay``, ``telemetry``) of one slot; a slot belongs to one process.
Records of a stream are numbered by a rising *sequence*. The number of a new stream's first record is random.
"""

import builtins
from os import PathLike
from pathlib import Path
from typing import TypeAlias, final

from appliance._native.wire import Records

# Where reading a stream goes on: the first sequence of the segment, the offset in it, the next sequence.
Checkpoint: TypeAlias = tuple[int, int, int]

# slot, first segment, first offset, last segment, last offset (exclusive), first and last sequence, records.
Range: TypeAlias = tuple[int, int, int, int, int, int, int, int]

# slot, lane, segments, bytes, records, damaged bytes, records lost to damage, bytes of torn tails, the oldest
# segment's first sequence, the last durable sequence. Damage within segments; the reader counts the rest.
StreamReport: TypeAlias = tuple[int, str, int, int, int, int, int, int, int | None, int | None]

class JournalFull(OSError):
    """Nothing was appended; the client should come back later.

    ``args`` are the message and the limit: ``pending`` (the disk is slow), ``lane`` (ingest is behind) or
    ``free_bytes`` (the file system is nearly full).
    """

class RecordsTooLarge(ValueError):
    """Nothing was appended, and trying again is in vain: a record may have 32 MiB, an append 64 MiB."""

@final
class Slot:
    """A directory of the journal that this process alone writes, until the object and its writers go."""

    @property
    def number(self) -> int: ...
    @property
    def directory(self) -> Path: ...

def claim_slot(root: str | PathLike[str]) -> Slot:
    """The first slot that no process holds. OSError if there is none, or the root cannot be written."""

def inspect(root: str | PathLike[str]) -> list[StreamReport]:
    """Reads every segment of every stream, for an operator. Changes nothing."""

@final
class Writer:
    """The one writer of a stream. Appends return at once; a thread makes them durable in groups."""

    def __new__(
        cls,
        slot: Slot,
        lane: str,
        *,
        segment_bytes_max: int,
        budget_bytes_max: int,
        minimum_free_bytes: int,
        pending_bytes_max: int = ...,
    ) -> Writer:
        """Recovers what an earlier process left. The budget is the lane's over all slots.

        OSError if this process has the lane open already, or the files cannot be read.
        """

    def append(self, records: Records | bytes) -> int:
        """The sequence of the last record; 0 for no records. Durable once ``progress`` has passed it.

        Bytes are records one after the other, each a little-endian u32 length and its bytes.
        Raises JournalFull; RecordsTooLarge; ValueError if closed or if the bytes are no records.
        """

    @property
    def event_fd(self) -> int:
        """Readable when there is progress. Non-blocking; closed with the object, not with ``close``."""

    def progress(self) -> tuple[int, list[tuple[int, int, str]]]:
        """The sequence committed through, and the groups that failed since last asked: first, last, message.

        Makes ``event_fd`` quiet. Failed groups may lie below the committed sequence: look at them first.
        """

    def close(self) -> None:
        """Refuses further appends, returns once everything is settled. ``progress`` still answers."""

    @property
    def bytes(self) -> int:
        """What this stream's segments take on disk."""

    @property
    def last_sequence(self) -> int:
        """The last sequence handed out, durable or not."""

    @property
    def pending_bytes(self) -> int:
        """Appended and not yet durable."""

    @property
    def commits(self) -> int:
        """Groups made durable."""

    @property
    def syncs(self) -> int:
        """Syncs asked of the disk."""

@final
class Batch:
    """Records of one lane, in order within each slot. May be empty, to pass damage."""

    def __len__(self) -> int: ...
    @property
    def bytes(self) -> int:
        """What the records take in the journal."""

    @property
    def ranges(self) -> list[Range]:
        """At most one for each slot; what ``Reader.read_ranges`` takes."""

    @property
    def checkpoints(self) -> dict[int, Checkpoint]:
        """By slot, where to go on once the records are stored."""

    @property
    def token(self) -> str:
        """Equal for the same ranges with the same records, different otherwise."""

    @property
    def lost_records(self) -> int:
        """Acknowledged records within the ranges that damage destroyed."""

    @property
    def lost_bytes(self) -> int:
        """Damaged bytes that were passed over."""

    def records(self) -> list[builtins.bytes]:
        """Copies of the records, for tests and tools."""

@final
class Reader:
    """Reads one lane of all slots, new ones included. Only what is durable."""

    def __new__(cls, root: str | PathLike[str], lane: str, checkpoints: dict[int, Checkpoint]) -> Reader:
        """Recovers the streams nobody writes. Slots without a checkpoint are read from their beginning."""

    def read(self, records_max: int, bytes_max: int, held: tuple[int, int] | None = None) -> Batch | None:
        """What is unread, in equal shares for the slots; at least one record. None if all is read.

        With ``held``, batch follows on batch in the order of receipt over all slots, as far as each slot keeps
        it; records received between the two times (microseconds, both included) are left for later.
        """

    def read_ranges(self, ranges: list[Range]) -> Batch:
        """Exactly these ranges again, and goes on behind them. Same bytes on disk: same batch, same token."""

    def release(self, slot: int, until: Checkpoint) -> int:
        """Deletes the segments wholly before a checkpoint, never the newest. Returns how many."""

    def backlog(self) -> tuple[int, int]:
        """Records and bytes that are durable and unread."""

    def checkpoints(self) -> dict[int, Checkpoint]:
        """By slot, where this reader goes on."""

    def take_warnings(self) -> list[str]:
        """What an operator should know, each told once: streams older than their checkpoint, read again."""
