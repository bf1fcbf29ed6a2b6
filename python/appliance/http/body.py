"""Reading a request's body within bounds of size and time."""

from __future__ import annotations

import asyncio
from typing import Any

# A body announced as at most this long is read in one go; a longer or unannounced one piece by piece, so that
# an oversized upload never stands in memory whole.
WHOLE_BYTES_MAX = 1 << 20
# An oversized body is read on and thrown away up to this many times its limit, so that the client gets to see
# the answer instead of a reset connection.
DRAIN_FACTOR_MAX = 8


class BodyTooLarge(Exception):
    """The body is longer than its route allows."""


class BodyStalled(Exception):
    """The client stopped sending before the body was whole."""


class Bodies:
    """Reads bodies and gives up on clients that stop sending.

    One timer per worker looks over all reads under way instead of one timer per request: arming and cancelling
    timers is what a request would mostly pay for.
    """

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._reads: dict[asyncio.Task[Any], float] = {}
        self._stalled: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """Starts the timer on ``loop``."""
        self._loop = loop
        loop.call_later(self._timeout_s / 4, self._sweep)

    def _sweep(self) -> None:
        assert self._loop is not None  # noqa: S101 - watch() set it
        oldest = self._loop.time() - self._timeout_s
        for task, progress_at in list(self._reads.items()):
            if progress_at < oldest:
                self._stalled.add(task)
                task.cancel()
        self._loop.call_later(self._timeout_s / 4, self._sweep)

    async def read(self, headers: Any, protocol: Any, bytes_max: int) -> bytes:
        """The whole body. Raises BodyTooLarge or BodyStalled."""
        length = headers.get("content-length")
        task = asyncio.current_task(self._loop)
        if task is None or self._loop is None:
            raise RuntimeError("bodies are read inside a watched event loop")
        self._reads[task] = self._loop.time()
        try:
            if length is not None and length.isdigit() and int(length) <= WHOLE_BYTES_MAX:
                body: bytes = await protocol()
                if len(body) > bytes_max:
                    raise BodyTooLarge
                return body
            return await self._read_in_pieces(task, protocol, bytes_max)
        except asyncio.CancelledError:
            if task in self._stalled:
                raise BodyStalled from None
            raise
        finally:
            self._stalled.discard(task)
            del self._reads[task]

    async def _read_in_pieces(self, task: asyncio.Task[Any], protocol: Any, bytes_max: int) -> bytes:
        assert self._loop is not None  # noqa: S101 - read() checked it
        pieces: list[bytes] = []
        size = 0
        stream = aiter(protocol)
        while True:
            # Not ``async for``: compiled by Cython, it does not take the end of Granian's stream.
            try:
                coming = anext(stream)
            except StopAsyncIteration:
                break
            piece = await coming
            size += len(piece)
            self._reads[task] = self._loop.time()
            if size <= bytes_max:
                pieces.append(piece)
            elif size > bytes_max * DRAIN_FACTOR_MAX:
                break
            else:
                pieces.clear()
        if size > bytes_max:
            raise BodyTooLarge
        return b"".join(pieces)
