"""The Python door of the wire kernel. Its decisions are tested in Rust; here: that they get out whole."""

import itertools
import json
import threading
import time

import pytest

from appliance._native import wire

NOW_US = 1_758_110_400_000_000


def accept(body: bytes, *, path: str = "/e", query: str = "", **headers: str) -> wire.Answer:
    names = [
        "content_type",
        "content_encoding",
        "user_agent",
        "authorization",
        "sdk_info",
        "attempt",
        "request_id",
        "request_timestamp",
    ]
    projects = wire.Projects([("phc_a", 1, 0), ("phc_over", 2, 63)])
    values = [headers.get(name) for name in names]
    return wire.accept(projects, wire.ROUTES[path], False, query, *values, body, "203.0.113.7", NOW_US)


def event(**fields: object) -> bytes:
    return json.dumps({"token": "phc_a", "event": "e", "distinct_id": "d", **fields}).encode()


def test_an_event_becomes_an_answer_and_a_record() -> None:
    answer = accept(event(properties={"plan": "pro"}))
    assert (answer.status, answer.body, answer.content_type) == (200, b'{"status":"Ok"}', "application/json")
    assert (answer.headers, answer.lane, answer.dropped) == ([], 0, ())
    assert answer.records is not None
    assert len(answer.records) == 1
    assert b'{"plan": "pro"}' in bytes(answer.records)
    assert answer.body is accept(event()).body


def test_a_refusal_keeps_nothing_and_is_counted() -> None:
    answer = accept(event(token="phc_unknown"))
    assert (answer.status, answer.content_type, answer.records) == (401, "text/plain; charset=utf-8", None)
    assert answer.dropped == (("unknown_token", 1),)
    assert {reason for reason, _ in answer.dropped} <= set(wire.DROP_REASONS)


def test_v1_answers_carry_their_headers() -> None:
    answer = accept(b"", path="/i/v1/analytics/events", request_id="7")
    assert answer.status == 401
    assert answer.headers == [("date", "Wed, 17 Sep 2025 12:00:00 GMT"), ("posthog-request-id", "7")]


def test_recordings_go_to_their_own_lane() -> None:
    item = {"token": "phc_a", "distinct_id": "d", "$session_id": "s", "$snapshot_data": [{"type": 4}]}
    answer = accept(json.dumps([{"event": "$snapshot", "properties": item}]).encode(), path="/s")
    assert (answer.status, answer.lane) == (200, 1)


def test_every_path_has_a_route_and_a_limit() -> None:
    assert {"/e", "/batch", "/s", "/engage", "/i/v1/analytics/events", "/report"} <= set(wire.ROUTES)
    assert wire.body_bytes_max(wire.ROUTES["/e"]) == 20 << 20
    assert wire.body_bytes_max(wire.ROUTES["/s"]) == 25 << 20
    with pytest.raises(ValueError, match="no route 99"):
        wire.body_bytes_max(99)


def test_other_threads_run_while_a_large_body_is_read() -> None:
    body = b"[" + b",".join([event(properties={"text": "x" * 200})] * 40_000) + b"]"
    projects = wire.Projects([("phc_a", 1, 0)])
    arguments = (projects, wire.ROUTES["/e"], False, "", *[None] * 8, body, "", NOW_US)
    reader = threading.Thread(target=lambda: [wire.accept(*arguments) for _ in range(20)])
    started = time.perf_counter()
    reader.start()
    ticks = []
    while reader.is_alive():
        ticks.append(time.perf_counter())
        time.sleep(0.0005)
    whole = time.perf_counter() - started
    # With the interpreter's lock held, the gaps would be the twenty calls themselves.
    gaps = [after - before for before, after in itertools.pairwise(ticks)]
    assert len(ticks) > 20
    assert sorted(gaps)[len(gaps) // 2] < whole / 20
