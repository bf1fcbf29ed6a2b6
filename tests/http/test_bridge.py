"""Bodies that come piece by piece: the application gets them as they come, and a client that stalls counts as gone."""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any

from appliance.http.body import Bodies
from appliance.http.bridge import Bridge


class Protocol:
    def __init__(self, pieces: Sequence[bytes], *, is_stalled: bool = False) -> None:
        self._pieces = pieces
        self._is_stalled = is_stalled
        self.answer: tuple[int, bytes] | None = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        if self._is_stalled:
            await asyncio.Event().wait()

    async def client_disconnect(self) -> None:
        return

    def response_bytes(self, status: int, _headers: Any, body: bytes) -> None:
        self.answer = (status, body)


def asked(pieces: Sequence[bytes], *, is_stalled: bool = False) -> tuple[list[dict[str, Any]], Protocol]:
    messages: list[dict[str, Any]] = []

    async def application(_scope: Any, receive: Any, send: Any) -> None:
        while not messages or messages[-1].get("more_body"):
            messages.append(await receive())
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    bridge = Bridge(
        application, Bodies(1), 1, streamed=re.compile("/up"), stalled_s=0.05 if is_stalled else 60
    )
    scope = SimpleNamespace(
        path="/up", method="POST", headers={}, client="1.2.3.4:5", server="1.2.3.4:80", query_string="",
        http_version="1.1", scheme="http",
    )  # fmt: skip
    protocol = Protocol(pieces, is_stalled=is_stalled)
    asyncio.run(bridge(scope, protocol))
    return messages, protocol


def test_a_body_comes_in_pieces_of_any_number_and_may_be_longer_than_others() -> None:
    for pieces in ([], [b"a"], [b"a", b"bc", b"d" * 1_000]):
        messages, protocol = asked(pieces)
        assert [one["body"] for one in messages] == [*pieces, b""]
        assert [one["more_body"] for one in messages] == [True] * len(pieces) + [False]
        assert protocol.answer == (201, b"done")


def test_who_stops_sending_counts_as_gone() -> None:
    messages, protocol = asked([b"a"], is_stalled=True)
    assert [one["type"] for one in messages] == ["http.request", "http.disconnect"]
    assert protocol.answer == (201, b"done")
