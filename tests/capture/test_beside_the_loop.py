"""What may take long to unpack is unpacked beside the event loop, so it holds up nobody else."""

import asyncio
import base64
import gzip
import json
import threading
import zlib
from typing import Any

import pytest

from appliance._native import wire
from appliance.capture.accept import Capture
from appliance.capture.protocol import Protocol
from appliance.http.body import Bodies
from appliance.http.client_address import ClientAddresses

_NOISE = "".join(chr(33 + number * 7919 % 90) for number in range(30_000))


class _Scope:
    method, path, client = "POST", "/e/", "203.0.113.7:1"

    def __init__(self, headers: dict[str, str], query_string: str) -> None:
        self.headers, self.query_string = headers, query_string


class _Sent:
    """A body to read, and what was answered."""

    def __init__(self, body: bytes) -> None:
        self.body, self.status = body, 0

    async def __call__(self) -> bytes:
        return self.body

    def response_bytes(self, status: int, _headers: Any, _body: bytes) -> None:
        self.status = status


class _Lane:
    async def append(self, _records: Any) -> None:
        return


class _Counts:
    def add(self, _name: str, _amount: int = 1) -> None:
        return


def _event(size: int) -> bytes:
    return json.dumps(
        {"api_key": "phc_a", "event": "e", "distinct_id": "one", "properties": {"x": _NOISE[:1] * size}}
    ).encode()


def _bomb(size: int) -> bytes:
    """Small, and large when it is unpacked."""
    packed = gzip.compress(_event(size))
    assert len(packed) > 4 * 1024
    return packed


async def _ask(body: bytes, query: str = "", **headers: str) -> int:
    bodies = Bodies(20)
    bodies.watch(asyncio.get_running_loop())
    lanes: Any = dict.fromkeys(range(4), _Lane())
    capture = Capture(wire.Projects([("phc_a", 1, 0)]), lanes, _Counts(), bodies, ClientAddresses([]))
    sent = _Sent(body)
    scope = _Scope({"content-length": str(len(body)), **headers}, query)
    await capture.handler(wire.ROUTES["/e"], Protocol.V0, allows_get=True)(scope, sent)
    return sent.status


@pytest.mark.parametrize(
    ("body", "query", "encoding", "is_beside"),
    [
        (_event(10), "", {}, False),
        (_event(200_000), "", {}, False),
        (gzip.compress(_event(10)), "compression=gzip-js", {}, False),
        (_event(300_000), "", {}, True),
        (_bomb(6_000_000), "", {}, True),
        (b"data=" + base64.b64encode(_event(10_000)), "", {}, True),
        (zlib.compress(_event(6_000_000)), "", {"content-encoding": "deflate"}, True),
        (b"\n" + base64.b64encode(_event(10_000)), "compression=lz64", {}, True),
    ],
    ids=["small", "plain", "packed but small", "large", "gzip", "form", "deflate", "lz64"],
)
def test_what_may_take_long_to_unpack_holds_up_nobody_else(
    body: bytes, query: str, encoding: dict[str, str], is_beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def accept(*arguments: Any) -> Any:
        threads.append(threading.get_ident())
        return real(*arguments)

    real = wire.accept
    monkeypatch.setattr(wire, "accept", accept)
    asyncio.run(_ask(body, query, **encoding))
    assert [one != threading.get_ident() for one in threads] == [is_beside]


def test_what_is_unpacked_beside_the_loop_is_taken() -> None:
    assert asyncio.run(_ask(gzip.compress(_event(10)))) == 200
    assert asyncio.run(_ask(_event(300_000))) == 200
