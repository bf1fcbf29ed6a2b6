"""One lane of this worker's journal, and the requests that wait for it to reach the disk."""

from __future__ import annotations

import asyncio
from collections import deque

from appliance._native import journal, wire


class CommitFailed(Exception):
    """The disk refused the records; they were not acknowledged and the client should send them again."""


class Durable:
    """Appends records and hands out futures that resolve when those are on disk.

    The journal's committer signals an eventfd after each group; one wake-up of the event loop resolves every
    request of the group.
    """

    def __init__(self, writer: journal.Writer, loop: asyncio.AbstractEventLoop) -> None:
        self.writer = writer
        self._loop = loop
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        loop.add_reader(writer.event_fd, self._committed)

    def append(self, records: wire.Records) -> asyncio.Future[None]:
        """A future that resolves once the records are durable; CommitFailed if they could not be made so.

        Raises JournalFull at once when the journal's budget is spent, RecordsTooLarge when no budget would do.
        """
        position = self.writer.append(records)
        future = self._loop.create_future()
        self._waiting.append((position, future))
        return future

    @property
    def waiting(self) -> int:
        """How many requests wait for the disk."""
        return len(self._waiting)

    def close(self) -> None:
        """Stops listening and closes the writer, which drains and syncs what it holds."""
        self._loop.remove_reader(self.writer.event_fd)
        self.writer.close()
        self._resolve()

    def _committed(self) -> None:
        # `progress` makes the descriptor quiet again.
        self._resolve()

    def _resolve(self) -> None:
        committed_through, failures = self.writer.progress()
        if failures:
            self._fail(failures)
        waiting = self._waiting
        while waiting and waiting[0][0] <= committed_through:
            _, future = waiting.popleft()
            if not future.done():
                future.set_result(None)

    def _fail(self, failures: list[tuple[int, int, str]]) -> None:
        kept: deque[tuple[int, asyncio.Future[None]]] = deque()
        for position, future in self._waiting:
            message = next((text for first, last, text in failures if first <= position <= last), None)
            if message is None:
                kept.append((position, future))
            elif not future.done():
                future.set_exception(CommitFailed(message))
        self._waiting = kept
