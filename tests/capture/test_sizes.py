"""What unpacks to more than the journal takes at once is refused before anything of it is acknowledged."""

import gzip
import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest

_MIB = 1 << 20
_REASON = "rejected_too_big"


def _recording(token: str, session_id: str, size: int) -> tuple[str, Any]:
    """One session's items, which become one record."""
    item = {"type": 3, "timestamp": 1, "data": {"text": "x" * size}}
    properties = {"$session_id": session_id, "$snapshot_data": [item]}
    return "/s/", {"token": token, "event": "$snapshot", "distinct_id": session_id, "properties": properties}


def _batch(token: str, distinct_id: str, size: int) -> tuple[str, Any]:
    """Many events, each of a size that is allowed."""
    event = {"event": "large", "distinct_id": distinct_id, "properties": {"text": "x" * (_MIB - 1_000)}}
    return "/batch/", {"api_key": token, "batch": [event] * (size // _MIB + 1)}


@pytest.mark.parametrize(("request_of", "size"), [(_recording, 33 * _MIB), (_batch, 65 * _MIB)])
def test_more_than_the_journal_takes_at_once_is_refused_and_counted(
    appliance: Any, request_of: Any, size: int
) -> None:
    one = str(uuid4())
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=60)) as connection:
        before = _counted(connection)
        status, body = _post(connection, *request_of(appliance.token, one, size))
        assert status == 413
        assert body.startswith("maximum event size exceeded: ")
        assert _counted(connection) == before + 1
        assert _post(connection, *request_of(appliance.token, one, 10))[0] == 200
        assert (
            _post(connection, "/e/", {"token": appliance.token, "event": "after", "distinct_id": one})[0]
            == 200
        )
    stored = appliance.wait_for_event(one, event="after")
    # By id: the person of an event may be known a moment after the event.
    known = {event["id"] for event in stored}
    small = [event for event in appliance.events(distinct_id=one) if event["id"] not in known]
    assert len(small) == (request_of is _batch)


def _post(connection: HTTPConnection, path: str, body: Any) -> tuple[int, str]:
    packed = gzip.compress(json.dumps(body).encode(), compresslevel=1)
    connection.request("POST", path, packed, {"Content-Type": "text/plain"})
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def _counted(connection: HTTPConnection) -> int:
    """The refusals so far, which health and metrics tell alike."""
    connection.request("GET", "/_health")
    told = json.loads(connection.getresponse().read())["dropped"].get(_REASON, 0)
    connection.request("GET", "/metrics")
    lines = connection.getresponse().read().decode().splitlines()
    metrics = [line for line in lines if line.startswith("hoglet_dropped_total{") and f'"{_REASON}"' in line]
    assert sum(int(line.rsplit(" ", 1)[1]) for line in metrics) == told
    return told
