"""Questions of many requests, answered together in one thread: the event loop hops once for all who wait.

Promises:
- While one batch is answered the next one gathers; a lone question goes at once.
- A question is answered within `limit_s` of being sent, or fails with `Away`. So do all that come after it, at once,
  until the thread has found that it gets answers again: nobody pays for an outage but who met it first.
- Of more than `waiting_max` questions the last fail with `Busy`.
- A question that cannot be answered for what it is costs the others of its batch nothing.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)

Work = Callable[[Sequence[Any]], Sequence[Any]]


class Away(Exception):
    """Whoever knows does not answer now."""


class Busy(Exception):
    """More questions wait than there should."""


class Unanswerable(Exception):
    """Not a matter of who is asked, but of what."""


class Batches:
    """Asks `work` in a thread of its own. Only for the event loop that it was made in.

    `work` takes questions and gives as many answers. It raises `Unanswerable` if the questions are at fault, anything
    else if it is away; with no questions it only looks whether it could answer. `on_end`: the last it does.
    """

    def __init__(
        self,
        name: str,
        work: Work,
        *,
        limit_s: float,
        retry_s: float = 0.5,
        size_max: int = 256,
        waiting_max: int = 5_000,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._work = work
        self._limit_s = limit_s
        self._retry_s = retry_s
        self._size_max = size_max
        self._waiting_max = waiting_max
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._waiting: list[tuple[Any, asyncio.Future[Any]]] = []
        self._sent: list[tuple[Any, asyncio.Future[Any]]] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_gathering = False
        self._is_closed = False
        self.is_away = False
        self._inbox: queue.SimpleQueue[list[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, question: Any) -> asyncio.Future[Any]:
        """Resolves to the answer. Raises `Away` or `Busy`, at once or in the future."""
        if self.is_away or self._is_closed:
            raise Away
        if len(self._waiting) >= self._waiting_max:
            raise Busy
        future: asyncio.Future[Any] = self._loop.create_future()
        self._waiting.append((question, future))
        if self._sent is None and not self._is_gathering:
            # Not yet: others that are read in this turn of the loop come along.
            self._is_gathering = True
            self._loop.call_soon(self._send)
        return future

    def close(self) -> None:
        """Ends the thread once it has answered what it was asked. Who still waits fails with `Away`."""
        self._is_closed = True
        self._inbox.put(None)
        self._fail_waiting()

    def _send(self) -> None:
        self._is_gathering = False
        if self._sent is not None or not self._waiting:
            return
        batch, self._waiting = self._waiting[: self._size_max], self._waiting[self._size_max :]
        self._sent = batch
        self._timer = self._loop.call_later(self._limit_s, self._late, batch)
        self._inbox.put([question for question, _ in batch])

    def _late(self, batch: list[tuple[Any, asyncio.Future[Any]]]) -> None:
        """The thread still waits: it will tell when that has ended."""
        self._go_away(f"no answer within {self._limit_s:g} s")
        _fail(batch)
        self._fail_waiting()

    def _answered(self, answers: Sequence[Any]) -> None:
        batch = self._settle()
        if self.is_away:
            self.is_away = False
            log.info("%s: there are answers again", self._name)
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Unanswerable):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        self._send()

    def _failed(self, reason: str) -> None:
        self._go_away(reason)
        _fail(self._settle())
        self._fail_waiting()
        if not self._is_closed:
            self._loop.call_later(self._retry_s, self._probe)

    def _probe(self) -> None:
        if self._sent is None and not self._is_closed:
            self._sent = []
            self._inbox.put([])

    def _settle(self) -> list[tuple[Any, asyncio.Future[Any]]]:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        batch, self._sent = self._sent or [], None
        return batch

    def _go_away(self, reason: str) -> None:
        if not self.is_away:
            log.warning("%s: %s", self._name, reason)
        self.is_away = True

    def _fail_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        _fail(waiting)

    # What follows happens in the thread.

    def _run(self) -> None:
        while (questions := self._inbox.get()) is not None:
            try:
                answers = self._answers(questions)
            except Exception as failure:  # noqa: BLE001 - whatever it is, nobody gets an answer
                self._tell(self._failed, " ".join(str(failure).split()) or type(failure).__name__)
            else:
                self._tell(self._answered, answers)
        self._on_end()

    def _answers(self, questions: list[Any]) -> Sequence[Any]:
        try:
            return self._work(questions)
        except Unanswerable as failure:
            if len(questions) == 1:
                return [failure]
            return [answer for question in questions for answer in self._answers([question])]

    def _tell(self, callback: Callable[[Any], None], argument: Any) -> None:
        with suppress(RuntimeError):  # the loop is closed, and so is everybody who waited
            self._loop.call_soon_threadsafe(callback, argument)


def _fail(batch: list[tuple[Any, asyncio.Future[Any]]]) -> None:
    for _, future in batch:
        if not future.done():
            future.set_exception(Away())
