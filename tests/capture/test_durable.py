"""Requests wait for the disk, and each learns what became of its records."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import uvloop

from appliance._native import journal, wire
from appliance.capture.durable import Commit, CommitFailed, Durable

PROJECTS = wire.Projects([("phc_durable", 1, 0)])


def _records(number: int) -> wire.Records:
    body = b'{"api_key":"phc_durable","event":"e%d","distinct_id":"one"}' % number
    answer = wire.accept(
        PROJECTS,
        wire.ROUTES["/e"],
        False,
        "",
        "application/json",
        *(None,) * 7,
        body,
        "203.0.113.7",
        1_758_000_000_000_000,
    )
    assert answer.records is not None
    return answer.records


def _durable(folder: Path, loop: asyncio.AbstractEventLoop) -> Durable:
    slot = journal.claim_slot(str(folder))
    limits = {"segment_bytes_max": 1 << 20, "budget_bytes_max": 1 << 30, "minimum_free_bytes": 1 << 20}
    return Durable(journal.Writer(slot, "events", **limits), loop)


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_every_request_is_resumed_once_its_records_are_on_disk(tmp_path: Path, run: Any) -> None:
    async def ask(durable: Durable, number: int) -> int:
        commit = durable.append(_records(number))
        await commit
        return durable.writer.progress()[0] - commit.position

    async def main() -> list[int]:
        durable = _durable(tmp_path, asyncio.get_running_loop())
        asked = await asyncio.wait_for(asyncio.gather(*(ask(durable, number) for number in range(200))), 30)
        assert durable.waiting == 0
        durable.close()
        return asked

    assert all(beyond >= 0 for beyond in run(main()))


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_requests_under_way_when_the_lane_closes_are_resumed(tmp_path: Path, run: Any) -> None:
    async def main() -> list[None]:
        durable = _durable(tmp_path, asyncio.get_running_loop())

        async def ask(number: int) -> None:
            await durable.append(_records(number))

        asked = [asyncio.create_task(ask(number)) for number in range(20)]
        await asyncio.sleep(0)
        durable.close()
        return await asyncio.wait_for(asyncio.gather(*asked), 30)

    assert run(main()) == [None] * 20


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_a_request_learns_that_the_disk_refused_and_a_stopped_one_is_given_up(run: Any) -> None:
    async def wait(commit: Commit) -> str:
        await commit
        return "durable"

    async def main() -> list[Any]:
        loop = asyncio.get_running_loop()
        commits = [Commit(number, loop) for number in range(3)]
        asked = [asyncio.create_task(wait(commit)) for commit in commits]
        await asyncio.sleep(0)
        loop.call_soon(commits[0].settle, None)
        loop.call_soon(commits[1].settle, CommitFailed("no space"))
        asked[2].cancel()
        loop.call_soon(commits[2].settle, None)
        return await asyncio.wait_for(asyncio.gather(*asked, return_exceptions=True), 30)

    durable, refused, given_up = run(main())
    assert durable == "durable"
    assert isinstance(refused, CommitFailed)
    assert isinstance(given_up, asyncio.CancelledError)
