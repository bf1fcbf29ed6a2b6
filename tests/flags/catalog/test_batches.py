"""Many questions, one thread: nobody waits longer than the limit, and an outage is paid for once."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import pytest

from appliance.flags.batches import Away, Batches, Busy, Unanswerable

_SOON_S = 10.0


def _run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 3 * _SOON_S))


async def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(int(_SOON_S / 0.01)):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came to be so")


class Oracle:
    """Doubles numbers; `open` lets it answer, `fails` makes it fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.open = threading.Event()
        self.open.set()
        self.fails = False

    def __call__(self, questions: Sequence[int]) -> list[int]:
        self.batches.append(list(questions))
        self.open.wait(_SOON_S)
        if self.fails:
            raise OSError("nobody there")
        if -1 in questions:
            raise Unanswerable
        return [2 * one for one in questions]


def test_questions_that_come_together_are_answered_together() -> None:
    async def test() -> None:
        oracle = Oracle()
        batches = Batches("test", oracle, limit_s=_SOON_S)
        assert await asyncio.gather(*(batches.ask(one) for one in range(5))) == [0, 2, 4, 6, 8]
        assert oracle.batches == [[0, 1, 2, 3, 4]]
        batches.close()

    _run(test)


def test_what_comes_meanwhile_is_the_next_batch_of_at_most_so_many() -> None:
    async def test() -> None:
        oracle = Oracle()
        oracle.open.clear()
        batches = Batches("test", oracle, limit_s=_SOON_S, size_max=3)
        first = batches.ask(100)
        await _until(lambda: bool(oracle.batches))
        others = [batches.ask(one) for one in range(4)]
        oracle.open.set()
        assert await asyncio.gather(first, *others) == [200, 0, 2, 4, 6]
        assert oracle.batches == [[100], [0, 1, 2], [3]]
        batches.close()

    _run(test)


def test_more_than_may_wait_are_refused() -> None:
    async def test() -> None:
        oracle = Oracle()
        oracle.open.clear()
        batches = Batches("test", oracle, limit_s=_SOON_S, waiting_max=2)
        kept = [batches.ask(1), batches.ask(2)]
        with pytest.raises(Busy):
            batches.ask(3)
        oracle.open.set()
        assert await asyncio.gather(*kept) == [2, 4]
        batches.close()

    _run(test)


def test_who_waits_too_long_is_told_and_so_is_everybody_after_until_it_answers_again() -> None:
    async def test() -> None:
        oracle = Oracle()
        oracle.open.clear()
        batches = Batches("test", oracle, limit_s=0.05, retry_s=0.02)
        with pytest.raises(Away):
            await batches.ask(1)
        with pytest.raises(Away):
            batches.ask(2)
        assert oracle.batches == [[1]]
        oracle.open.set()
        await _until(lambda: not batches.is_away)
        assert await batches.ask(3) == 6
        batches.close()

    _run(test)


def test_after_a_failure_it_is_tried_in_the_background() -> None:
    async def test() -> None:
        oracle = Oracle()
        oracle.fails = True
        batches = Batches("test", oracle, limit_s=_SOON_S, retry_s=0.01)
        waiting = [batches.ask(1), batches.ask(2)]
        assert all(isinstance(one, Away) for one in await asyncio.gather(*waiting, return_exceptions=True))
        with pytest.raises(Away):
            batches.ask(3)
        await _until(lambda: [] in oracle.batches)
        oracle.fails = False
        await _until(lambda: not batches.is_away)
        assert await batches.ask(4) == 8
        batches.close()

    _run(test)


def test_a_question_that_cannot_be_answered_costs_the_others_nothing() -> None:
    async def test() -> None:
        batches = Batches("test", Oracle(), limit_s=_SOON_S)
        asked = [batches.ask(one) for one in (1, -1, 3)]
        first, second, third = await asyncio.gather(*asked, return_exceptions=True)
        assert (first, third) == (2, 6)
        assert isinstance(second, Unanswerable)
        assert not batches.is_away
        batches.close()

    _run(test)


def test_whoever_waits_when_it_is_closed_is_told() -> None:
    async def test() -> None:
        oracle = Oracle()
        oracle.open.clear()
        batches = Batches("test", oracle, limit_s=_SOON_S)
        first = batches.ask(1)
        await _until(lambda: bool(oracle.batches))
        second = batches.ask(2)
        batches.close()
        with pytest.raises(Away):
            await second
        oracle.open.set()
        assert await first == 2

    _run(test)
