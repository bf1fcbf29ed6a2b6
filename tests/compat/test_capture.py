"""The conformance table of capture, row by row, against a running appliance.

The rows are data, in capture.yaml, which also explains its words. All requests are sent before the first
answer is judged, so that one wait for ingest serves all rows. What must not be stored is proven by a witness:
an event sent last on the same connection, hence through the same journal; once it is visible, whatever came
before it is too.
"""

import base64
import gzip
import json
import re
import struct
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
import yaml
import zstandard

from appliance._native import journal
from tests.compat.lz_string import compress_to_base64

ROWS = yaml.safe_load(Path(__file__).with_name("capture.yaml").read_text(encoding="utf-8"))
_PLACE = re.compile(r"\{(now|now_ms|token|id|tag|uuid|uuid2|request_id)([+-]\d+)?\}")
_CLOCK_S = 8
_SOON_S = 20
# Where a journal record has the lengths of its texts, and which of those the properties are.
_LENGTHS_AT, _PROPERTIES = 48, 3


@dataclass
class Sent:
    """What one row's requests met."""

    project: Any
    values: dict[str, str]
    now: datetime
    answers: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)

    def fill(self, thing: Any) -> Any:
        """The same thing with `{token}`, `{id}`, `{now-3600}`… filled in."""
        if isinstance(thing, str):
            return _PLACE.sub(self._value, thing)
        if isinstance(thing, list):
            return [self.fill(one) for one in thing]
        if isinstance(thing, dict):
            return {self.fill(name): self.fill(one) for name, one in thing.items()}
        return thing

    def _value(self, found: re.Match[str]) -> str:
        then = self.now + timedelta(seconds=int(found[2] or 0))
        if found[1] == "now":
            return then.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if found[1] == "now_ms":
            return str(int(then.timestamp() * 1000))
        return self.values[found[1]]


def _body(request: dict[str, Any], sent: Sent) -> bytes:
    if "bytes" in request:
        return b"x" * request["bytes"]
    if "base64" in request:
        data = base64.b64decode(request["base64"])
    elif "json" in request:
        data = json.dumps(sent.fill(request["json"]), ensure_ascii=False).encode()
    else:
        data = sent.fill(request.get("text", "")).encode()
    data += b" " * request.get("padding", 0)
    for step in request.get("encode", []):
        data = _encoded(step, data)
    return data


def _encoded(step: str, data: bytes) -> bytes:
    if step == "gzip":
        return gzip.compress(data)
    if step == "truncate":
        return data[: len(data) // 2]
    if step == "zstd":
        return zstandard.compress(data)
    if step == "base64":
        return base64.b64encode(data)
    if step == "lz64":
        return compress_to_base64(data.decode()).encode()
    if step == "form":
        return b"data=" + quote(data, safe="").encode()
    raise AssertionError(step)


def _multipart(parts: list[dict[str, Any]], sent: Sent) -> bytes:
    pieces = []
    for part in parts:
        data = json.dumps(sent.fill(part["json"])).encode() + b" " * part.get("padding", 0)
        head = f'--limit\r\nContent-Disposition: form-data; name="{part["name"]}"\r\n'
        pieces.append(head.encode() + b"Content-Type: application/json\r\n\r\n" + data + b"\r\n")
    return b"".join(pieces) + b"--limit--\r\n"


def _send(connection: HTTPConnection, request: dict[str, Any], sent: Sent) -> None:
    headers = sent.fill(request.get("headers", {}))
    if "multipart" in request:
        body = _multipart(request["multipart"], sent)
        headers["Content-Type"] = "multipart/form-data; boundary=limit"
    else:
        body = _body(request, sent)
    query = sent.fill(request.get("query", {}))
    if "query_data" in request:
        query["data"] = base64.b64encode(json.dumps(sent.fill(request["query_data"])).encode()).decode()
    path = request.get("path", "/e") + (f"?{urlencode(query)}" if query else "")
    if request.get("json") is not None or "text" in request:
        headers.setdefault("Content-Type", "application/json")
    connection.request(request.get("method", "POST"), path, body, headers)
    answer = connection.getresponse()
    data = answer.read()
    told = {name.lower(): value for name, value in answer.getheaders()}
    sent.answers.append((answer.status, told, data))
    if request.get("stays_open"):
        assert connection.sock is not None, "the server closed the connection"


@pytest.fixture(scope="module")
def project(appliance: Any) -> Any:
    """The rows' own project: they use up what a project has little of, such as group types."""
    return appliance.with_project("Conformance")


@pytest.fixture(scope="module")
def sent(project: Any) -> dict[str, Sent]:
    found = {}
    for row in ROWS:
        limits, tag = row.get("limits"), uuid4().hex[:12]
        own = project.with_project(_name(row), **limits) if limits else project
        values = {
            "token": own.token,
            "tag": tag,
            "id": f"row{row['row']}-{tag}",
            "uuid": str(uuid4()),
            "uuid2": str(uuid4()),
            "request_id": str(uuid4()),
        }
        one = found[_name(row)] = Sent(own, values, datetime.now(UTC))
        with closing(HTTPConnection("127.0.0.1", project.port, timeout=60)) as connection:
            for request in row.get("requests") or [row]:
                _send(connection, request, one)
            witness = {"json": {"token": project.token, "event": "witness", "distinct_id": "witness-{tag}"}}
            _send(connection, witness, one)
            assert one.answers.pop()[0] == 200
    return found


def _name(row: dict[str, Any]) -> str:
    return f"{row['row']} {row['name']}"


def _cases() -> list[Any]:
    return [
        pytest.param(
            row,
            id=_name(row),
            marks=[pytest.mark.xfail(strict=True, reason=row["known_gap"])] if "known_gap" in row else [],
        )
        for row in ROWS
    ]


@pytest.mark.parametrize("row", _cases())
def test_a_row_of_the_contract_holds(row: dict[str, Any], project: Any, sent: dict[str, Sent]) -> None:
    one = sent[_name(row)]
    expected = one.fill(row["expect"])
    for status, _, body in one.answers[:-1]:
        assert status == 200, body
    _judge_answer(expected, *one.answers[-1])
    if expected.keys() & {"stored", "events", "person", "sql"}:
        project.wait_for_event(f"witness-{one.values['tag']}")
    if "stored" in expected:
        assert len(one.project.events(distinct_id=one.values["id"])) == expected["stored"]
    for event in expected.get("events", []):
        _judge_event(one, event)
    if "person" in expected:
        _judge_person(one, expected["person"])
    if "sql" in expected:
        _judge_sql(one, expected["sql"])
    if "recorded" in expected:
        assert _recorded(one.project.data_dir, one.values["uuid"]) == expected["recorded"]


def _judge_answer(expected: dict[str, Any], status: int, headers: dict[str, str], body: bytes) -> None:
    assert status == expected["status"], body
    if "json" in expected:
        assert json.loads(body) == expected["json"]
    if "body" in expected:
        assert body.decode() == expected["body"]
    if "contains" in expected:
        assert expected["contains"].lower() in body.decode().lower()
    for name, value in expected.get("headers", {}).items():
        assert headers.get(name.lower()) == value, name


def _judge_event(one: Sent, expected: dict[str, Any]) -> None:
    found = one.project.events(distinct_id=expected.get("distinct_id", one.values["id"]))
    if "event" in expected:
        found = [event for event in found if event["event"] == expected["event"]]
    assert len(found) == 1, found
    event = found[0]
    properties = event["properties"]
    wanted = expected.get("properties", {})
    assert {name: properties.get(name) for name in wanted} == wanted
    assert not properties.keys() & set(expected.get("without", []))
    if "timestamp" in expected:
        stored, due = (datetime.fromisoformat(text) for text in (event["timestamp"], expected["timestamp"]))
        assert abs((stored - due).total_seconds()) <= expected.get("within_s", _CLOCK_S), (stored, due)


def _judge_person(one: Sent, expected: dict[str, Any]) -> None:
    ids = expected.get("distinct_ids", [one.values["id"]])
    rows = one.project.sql(
        "SELECT distinct_id, argMax(person_id, version) FROM person_distinct_id2 "
        "WHERE has({ids:Array(String)}, distinct_id) GROUP BY distinct_id",
        {"ids": ids},
    )
    people = {str(person) for _, person in rows}
    assert len(people) == expected.get("persons", 1), rows
    if not people:
        return
    first = next(str(person) for distinct_id, person in rows if distinct_id == ids[0])
    [(properties, identified)] = one.project.sql(
        "SELECT properties, is_identified FROM person FINAL WHERE id = {id:UUID}", {"id": first}
    )
    held = json.loads(properties)
    wanted = expected.get("properties", {})
    assert {name: held.get(name) for name in wanted} == wanted
    assert not held.keys() & set(expected.get("without", []))
    if "identified" in expected:
        assert bool(identified) == expected["identified"]


def _judge_sql(one: Sent, expected: dict[str, Any]) -> None:
    deadline = time.monotonic() + _SOON_S
    while True:
        found = [[str(value) for value in row] for row in one.project.sql(expected["query"])]
        if found == expected["rows"]:
            return
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def _recorded(data_dir: Path, session_id: str) -> list[dict[str, Any]]:
    """What the journal's replay lane holds of a session, by the layout that native/record writes down."""
    reader, found = journal.Reader(data_dir / "journal", "replay", {}), []
    while (batch := reader.read(10_000, 64 << 20)) is not None:
        for record in batch.records():
            lengths = struct.unpack_from("<7I", record, _LENGTHS_AT)
            start = _LENGTHS_AT + struct.calcsize("<7I") + sum(lengths[:_PROPERTIES])
            properties = json.loads(record[start : start + lengths[_PROPERTIES]])
            if properties["$session_id"] == session_id:
                found.append(properties)
    return found
