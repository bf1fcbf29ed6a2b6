"""Events that the appliance makes itself, journaled as if an SDK had sent them."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any

from appliance import failures
from appliance._native import journal, wire
from appliance.capture.durable import CommitFailed, Durable

_ROUTE = wire.ROUTES["/batch"]
_OK = 200
_ADDRESS = "127.0.0.1"  # which has no place, so persons keep theirs
_DURABLE_S = 30.0


class OwnEvents:
    """Called from threads; the journal's lane belongs to the event loop."""

    def __init__(self, lane: Durable, loop: asyncio.AbstractEventLoop) -> None:
        self._lane = lane
        self._loop = loop

    def submit(self, project_id: int, token: str, events: Sequence[Mapping[str, Any]]) -> None:
        """Returns once they are durable. A project's used-up quotas do not stop what its own people do."""
        body = json.dumps({"api_key": token, "batch": [dict(one) for one in events]}).encode()
        answer = wire.accept(
            wire.Projects([(token, project_id, 0)]),
            _ROUTE,
            False,
            "",
            "application/json",
            None,
            None,
            None,
            None,
            None,
            None,
            None,
            body,
            _ADDRESS,
            time.time_ns() // 1000,
        )
        if answer.status != _OK or answer.records is None or answer.dropped:
            raise failures.Invalid(f"this cannot be kept: {answer.body.decode(errors='replace')[:200]}")
        try:
            asyncio.run_coroutine_threadsafe(self._append(answer.records), self._loop).result(_DURABLE_S)
        except journal.JournalFull as full:
            raise failures.JournalFull("the journal is full; try again later") from full
        except (CommitFailed, FutureTimeoutError) as failed:
            raise failures.Unavailable("the journal could not be written; try again later") from failed

    async def _append(self, records: wire.Records) -> None:
        await self._lane.append(records)
