"""What the HTTP endpoint asks of an engine, and the limits both keep. Knows no engine by name."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

MIB = 1 << 20
GIB = 1 << 30

WRITER = "hoglet"
READER = "hoglet_reader"
DATABASE = "hoglet"


@dataclass(frozen=True, slots=True)
class Limits:
    """Chosen to share a machine of 2 GB with the rest of the appliance. Each is a maximum."""

    memory_bytes: int = 1200 * MIB
    """All of the engine's memory; a query that would pass it fails with a clear error."""
    mark_cache_bytes: int = 64 * MIB
    background_threads: int = 2
    """Merges and mutations at a time."""
    query_memory_bytes: int = 600 * MIB
    """One query of either user. Sorting and grouping go to disk at half of it."""
    query_time_s: float = 60.0
    """One query of the reader."""
    result_rows: int = 5_000_000
    """One answer to the reader."""
    result_bytes: int = 1 * GIB
    """One answer to the reader, before compression."""
    writer_queries: int = 16
    """Statements of the writer at a time."""
    reader_queries: int = 12
    """Queries of the reader at a time: readers never use up the writer's places."""
    connections: int = 96
    """HTTP connections at a time."""
    statement_bytes: int = 16 * MIB
    """A statement without the data of an INSERT; the engine's own `max_query_size` is usually lower."""
    wait_bytes: int = 64 * MIB
    """Of an answer held back by `wait_end_of_query`; what is longer is streamed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement's surroundings, as its request gave them."""

    reader: bool
    tag: str
    """Unique name by which `Engine.kill` finds the statement."""
    database: str
    settings: Mapping[str, str]
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the engine's own parser says about a text."""

    statements: int
    reads_only: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Part of an answer in its format, with what it took to make it."""

    data: bytes | memoryview
    rows: int = 0
    rows_read: int = 0
    bytes_read: int = 0


class Inserting(Protocol):
    """An INSERT under way: `finish` makes it durable, `cancel` forgets what was not yet written."""

    def append(self, data: bytes) -> None: ...
    def finish(self) -> tuple[int, int]:
        """Rows and bytes written."""
        ...

    def cancel(self) -> None: ...


class Session(Protocol):
    """One statement's own session: nothing set here is seen by another. Every method may raise `Problem`."""

    def kind(self, sql: str) -> Kind: ...
    def guard(self, sql: str) -> None:
        """Lets the reader go on with `sql` alone, or refuses it."""
        ...

    def run(self, sql: str, output_format: str) -> Piece: ...
    def stream(self, sql: str, output_format: str) -> Iterator[Piece]:
        """Pieces as the engine makes them. Closing the iterator cancels the query."""
        ...

    def insert(self, head: str, input_format: str) -> Inserting: ...


class Engine(Protocol):
    @property
    def version(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    def session(self, asked: Asked) -> AbstractContextManager[Session]: ...
    def kill(self, tag: str) -> None:
        """Asks the tagged statement to stop; nothing happens when it is not running."""
        ...
