"""How many events a second does one core decode, validate and shred, beside `orjson.loads` and the same checks?"""

from __future__ import annotations

import time
from uuid import UUID

import orjson

from appliance._native import ingest, wire
from bench import turns
from bench.events import body
from bench.figure import Figure

TOKEN = "phc_bench"
ROUTE = wire.ROUTES["/batch"]
PROJECTS = wire.Projects([(TOKEN, 1, 0)])


def measure() -> list[Figure]:
    figures = []
    for events in (1, 10, 100, 1000):
        request = body(TOKEN, events)
        decode, python = turns.rates([lambda r=request: _decode(r), lambda r=request: _decode_in_python(r)])
        figures.append(
            Figure(
                f"decode + validate, {events} a request",
                decode,
                "events/s",
                "orjson + checks in Python",
                python,
                "≥ 8 times",
            )
        )
    figures.append(_with_shredding())
    return figures


def _accept(request: bytes) -> wire.Answer:
    now_us = time.time_ns() // 1000
    return wire.accept(
        PROJECTS, ROUTE, False, "", "application/json", *(None,) * 7, request, "203.0.113.7", now_us
    )


def _decode(request: bytes) -> int:
    records = _accept(request).records
    if records is None:
        raise RuntimeError("the events were refused")
    return len(records)


def _decode_in_python(request: bytes) -> int:
    """The same rules, for these events: token, names, ids, sizes, uuid, time; then bytes to keep for each."""
    document = orjson.loads(request)
    if document.get("api_key") != TOKEN:
        raise RuntimeError("unknown token")
    kept = []
    for event in document.get("batch") or [document]:
        name, distinct_id, properties = event["event"], event["distinct_id"], event["properties"]
        if not isinstance(name, str) or not name or not isinstance(properties, dict):
            continue
        distinct_id = str(distinct_id).replace("\0", "�")[:200]
        if not distinct_id.strip():
            continue
        kept.append(
            orjson.dumps(
                {
                    "event": name[:200],
                    "distinct_id": distinct_id,
                    "uuid": UUID(event["uuid"]),
                    "timestamp": event["timestamp"],
                    "properties": properties,
                    "project": 1,
                    "address": "203.0.113.7",
                    "received_at": time.time_ns() // 1000,
                }
            )
        )
    return len(kept)


def _with_shredding() -> Figure:
    """Decoding and the whole pass of ingest (persons, typed columns, Arrow) over known persons, one after the other."""
    request = body(TOKEN, 100)
    state = ingest.Ingest()
    state.set_projects([(1, False, True, "disabled", "", False, None)])
    state.load_group_types(1, [])
    state.load_absent([(1, f"user-{number:08}", False) for number in range(500)])

    def shred() -> int:
        answers = [_accept(request) for _ in range(10)]
        records = b"".join(bytes(answer.records) for answer in answers if answer.records is not None)
        block = state.process(records, time.time_ns() // 1000)
        if block.poison():
            raise RuntimeError(f"not ingested: {block.poison()[0]}")
        return block.records

    def python() -> int:
        return _decode_in_python(request)

    whole, beside = turns.rates([shred, python])
    return Figure(
        "decode + validate, then persons, places, shredding and Arrow, 100 a request",
        whole,
        "events/s",
        "orjson + checks in Python",
        beside,
        "≥ 1,000,000 events/s",
    )
