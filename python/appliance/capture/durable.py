"""One lane of this worker's journal, and the requests that wait for it to reach the disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Generator
from contextvars import Context
from typing import Any

from appliance._native import journal, wire


class CommitFailed(Exception):
    """The disk refused the records; they were not acknowledged and the client should send them again."""


class Commit:
    """What one request awaits: its records on disk, or CommitFailed.

    It follows asyncio's protocol for futures of others, with one difference: settling it resumes the request at once
    instead of through the loop's queue, which every event would pay for.
    """

    def __init__(self, position: int, loop: asyncio.AbstractEventLoop) -> None:
        self.position = position
        self._loop = loop
        self._settled = False
        self._failure: BaseException | None = None
        self._resume: Callable[[Any], object] | None = None
        self._context: Context | None = None
        self._asyncio_future_blocking = False

    def __await__(self) -> Generator[Any, None, None]:
        return self  # type: ignore[return-value]  # an iterator, which is all that awaiting asks for

    def __iter__(self) -> Commit:
        return self

    def __next__(self) -> Commit:
        if not self._settled:
            self._asyncio_future_blocking = True
            return self
        if self._failure is not None:
            raise self._failure
        raise StopIteration

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def add_done_callback(self, resume: Callable[[Any], object], *, context: Context) -> None:
        self._resume = resume
        self._context = context

    def result(self) -> None:
        if self._failure is not None:
            raise self._failure

    def cancel(self, msg: object = None) -> bool:  # noqa: ARG002 - asyncio's signature
        """The request is given up, as when the worker stops; its records go to the disk all the same."""
        if self._settled:
            return False
        self._settled = True
        self._failure = asyncio.CancelledError()
        if self._resume is not None:
            self._loop.call_soon(self._resume, self, context=self._context)
        return True

    def settle(self, failure: CommitFailed | None) -> None:
        """The records are durable, or not. Only from a callback of the loop: a task cannot step another one."""
        if self._settled:
            return
        self._settled = True
        self._failure = failure
        if self._resume is not None and self._context is not None:
            self._context.run(self._resume, self)


class Durable:
    """Appends records and hands out what resolves when those are on disk.

    The journal's committer signals an eventfd after each group; one wake-up of the event loop resolves every
    request of the group.
    """

    def __init__(self, writer: journal.Writer, loop: asyncio.AbstractEventLoop) -> None:
        self.writer = writer
        self._loop = loop
        self._waiting: deque[Commit] = deque()
        loop.add_reader(writer.event_fd, self._committed)

    def append(self, records: wire.Records) -> Commit:
        """Resolves once the records are durable; CommitFailed if they could not be made so.

        Raises JournalFull at once when the journal's budget is spent, RecordsTooLarge when no budget would do.
        """
        commit = Commit(self.writer.append(records), self._loop)
        self._waiting.append(commit)
        return commit

    @property
    def waiting(self) -> int:
        """How many requests wait for the disk."""
        return len(self._waiting)

    def close(self) -> None:
        """Stops listening and closes the writer, which drains and syncs what it holds."""
        self._loop.remove_reader(self.writer.event_fd)
        self.writer.close()
        # Not here and now: whoever closes may be a task.
        self._loop.call_soon(self._committed)

    def _committed(self) -> None:
        # `progress` makes the descriptor quiet again.
        committed_through, failures = self.writer.progress()
        if failures:
            self._fail(failures)
        waiting = self._waiting
        while waiting and waiting[0].position <= committed_through:
            waiting.popleft().settle(None)

    def _fail(self, failures: list[tuple[int, int, str]]) -> None:
        kept: deque[Commit] = deque()
        failed: list[tuple[Commit, str]] = []
        for commit in self._waiting:
            message = next((text for first, last, text in failures if first <= commit.position <= last), None)
            if message is None:
                kept.append(commit)
            else:
                failed.append((commit, message))
        self._waiting = kept
        for commit, message in failed:
            commit.settle(CommitFailed(message))
