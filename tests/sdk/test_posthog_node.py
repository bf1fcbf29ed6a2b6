"""The unmodified posthog-node: what it says it sent is what the API gives back.

`drive_node.mjs` calls the SDK and hands over each message as the SDK flushed it, which is the oracle here beside the
values a test chose itself. The tests run as the SDK does by default (gzip to `/batch/`) and with its v1 protocol, those
of the road itself without compression too.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Appliance
from tests.sdk.conftest import FindPerson, GroupOf, Read
from tests.sdk.same import assert_all_same, assert_in_transit, assert_same

_FOLDER = Path(__file__).parent
_RUN_S = 60

Call = tuple[str, list[Any]]
Drive = Callable[..., list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the SDK can be told to speak."""

    options: dict[str, Any]
    environment: dict[str, str]


WAYS = {
    "gzip": Way({}, {}),
    "plain": Way({"disableCompression": True}, {}),
    "v1": Way({}, {"POSTHOG_CAPTURE_MODE": "v1"}),
    "v1 plain": Way({"disableCompression": True}, {"POSTHOG_CAPTURE_MODE": "v1"}),
}


# Where it matters what is sent and not how.
both_protocols = pytest.mark.parametrize("drive", ["gzip", "v1"], indirect=True)


@pytest.fixture(params=WAYS)
def drive(request: pytest.FixtureRequest, address: str, project_token: str) -> Drive:
    """Calls the SDK's methods in order in one process, and gives each message that the SDK says it sent."""
    way = WAYS[request.param]

    def run(*calls: Call, **options: Any) -> list[dict[str, Any]]:
        given = {
            "token": project_token,
            "options": {"host": address, "fetchRetryCount": 0, **way.options, **options},
            "calls": [{"method": method, "arguments": arguments} for method, arguments in calls],
        }
        told = _node(given, way.environment)
        assert told["errors"] == []
        sent: list[dict[str, Any]] = told["sent"]
        return sent

    return run


def _node(given: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
    node = shutil.which("node")
    assert node is not None, "Node.js is missing"
    assert (_FOLDER / "node_modules" / "posthog-node").is_dir(), "run `make sdks` first"
    done = subprocess.run(
        [node, _FOLDER / "drive_node.mjs"],
        input=json.dumps(given),
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=_RUN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def date(text: str) -> dict[str, str]:
    return {"$date": text}


def test_a_captured_event_comes_back_as_it_was_sent(drive: Drive, someone: str, read: Read) -> None:
    properties = {
        "text": "naïve café 🦔", "whole": 2**53 - 1, "real": 0.1, "yes": True,
        "list": [1, "two", {"three": 3}], "nested": {"deep": {"er": []}}, "empty": "",
    }  # fmt: skip
    uuid = str(uuid4())
    [sent] = drive(
        ("capture", [{"distinctId": someone, "event": "order placed", "properties": properties, "uuid": uuid,
                      "timestamp": date("2026-01-02T03:04:05.678Z")}]),
    )  # fmt: skip
    [event] = read(someone, 1)
    assert event["id"] == uuid
    assert event["event"] == "order placed"
    assert_in_transit(event, datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC))
    assert {name: event["properties"][name] for name in properties} == properties
    assert event["properties"]["$lib"] == "posthog-node"
    assert_same(event, sent)


def test_a_time_that_must_not_be_corrected_comes_back_exactly(drive: Drive, someone: str, read: Read) -> None:
    at = "2026-01-02T03:04:05.678Z"
    properties = {"$ignore_sent_at": True}
    drive(
        (
            "capture",
            [{"distinctId": someone, "event": "noon", "properties": properties, "timestamp": date(at)}],
        )
    )
    [event] = read(someone, 1)
    assert datetime.fromisoformat(event["timestamp"]) == datetime.fromisoformat(at)


def test_many_events_arrive_each_once(drive: Drive, someone: str, read: Read) -> None:
    calls = [
        ("capture", [{"distinctId": someone, "event": "step", "properties": {"number": number}}])
        for number in range(250)
    ]
    sent = drive(*calls)
    events = read(someone, 250)
    assert_all_same(events, sent)
    assert sorted(event["properties"]["number"] for event in events) == list(range(250))


@both_protocols
def test_identify_joins_what_an_anonymous_visitor_did_to_the_person(
    drive: Drive, someone: str, read: Read, person: FindPerson
) -> None:
    known = f"known-{someone}"
    sent = drive(
        ("capture", [{"distinctId": someone, "event": "looked around", "properties": {"$set": {"seen": 1}}}]),
        ("flush", []),
        ("identify", [{"distinctId": known, "properties": {
            "$anon_distinct_id": someone, "$set": {"plan": "paid"}, "$set_once": {"first": "a"}}}]),
        ("identify", [{"distinctId": known, "properties": {"plan": "free", "$set_once": {"first": "b"}}}]),
    )  # fmt: skip
    found = person(known, (known, someone), plan="free", first="a", seen=1)
    assert person(someone)["id"] == found["id"]
    assert found["is_identified"]
    events = [*read(known, 2), *read(someone, 1)]
    assert_all_same(events, sent)
    assert {event["person"]["id"] for event in events} == {found["id"]}


@both_protocols
def test_person_properties_are_set_set_once_and_unset(
    drive: Drive, someone: str, read: Read, person: FindPerson
) -> None:
    def change(set_: dict[str, Any], once: dict[str, Any]) -> Call:
        return "setPersonProperties", [{"distinctId": someone, "properties": set_, "propertiesOnce": once}]

    sent = drive(
        change({"plan": "free", "name": "Ada", "age": 3}, {"first": 1}),
        change({"plan": "paid"}, {"first": 2, "late": None}),
        ("unsetPersonProperties", [{"distinctId": someone, "properties": ["age", "unheard-of"]}]),
        change({"left": True}, {}),
    )
    assert_all_same(read(someone, 4), sent)
    found = person(someone, left=True)["properties"]
    assert {name: found.get(name) for name in ("plan", "name", "first", "age", "late")} == {
        "plan": "paid", "name": "Ada", "first": 1, "age": None, "late": None,
    }  # fmt: skip
    assert "age" not in found


@both_protocols
def test_an_alias_makes_two_ids_one_person(
    drive: Drive, someone: str, read: Read, person: FindPerson
) -> None:
    other = f"other-{someone}"
    drive(
        ("capture", [{"distinctId": someone, "event": "before"}]),
        ("capture", [{"distinctId": other, "event": "elsewhere"}]),
        ("flush", []),
        ("alias", [{"distinctId": someone, "alias": other}]),
        ("capture", [{"distinctId": other, "event": "after"}]),
    )
    found = person(someone, (someone, other))
    assert person(other)["id"] == found["id"]
    events = {event["event"]: event for event in [*read(someone, 2), *read(other, 2)]}
    assert events.keys() == {"before", "elsewhere", "after", "$create_alias"}
    assert {event["person"]["id"] for event in events.values()} == {found["id"]}
    assert events["$create_alias"]["properties"]["alias"] == other


@both_protocols
def test_a_group_keeps_its_properties(drive: Drive, someone: str, read: Read, group_of: GroupOf) -> None:
    key = f"company-{uuid4()}"
    properties = {"name": "Hedgehogs", "staff": 11}
    identified, bought = drive(
        ("groupIdentify", [{"groupType": "company", "groupKey": key, "properties": properties}]),
        ("capture", [{"distinctId": someone, "event": "bought", "groups": {"company": key}}]),
    )
    [event] = read(f"$company_{key}", 1)
    assert_same(event, identified)
    assert event["properties"]["$group_set"] == properties
    [event] = read(someone, 1)
    assert_same(event, bought)
    assert event["properties"]["$groups"] == {"company": key}
    assert [one for name, one in event["properties"].items() if name.startswith("$group_")] == [key]
    assert group_of(key) == properties


@both_protocols
def test_an_exception_keeps_its_type_message_stack_and_lines(drive: Drive, someone: str, read: Read) -> None:
    uuid = str(uuid4())
    [sent] = drive(("captureException", [{"$error": "out of hedgehogs"}, someone, {"page": "sums"}, uuid]))
    [event] = read(someone, 1)
    assert (event["event"], event["id"]) == ("$exception", uuid)
    assert_same(event, sent)
    [exception] = event["properties"]["$exception_list"]
    assert (exception["type"], exception["value"]) == ("RangeError", "out of hedgehogs")
    frame = exception["stacktrace"]["frames"][-1]
    assert (frame["resolved_name"], frame["in_app"], frame["lang"]) == ("divide", True, "javascript")


@both_protocols
def test_a_historical_migration_keeps_its_old_times(
    drive: Drive, someone: str, read: Read, appliance: Appliance
) -> None:
    at = "2019-05-06T07:08:09Z"
    [sent] = drive(
        ("capture", [{"distinctId": someone, "event": "long ago", "timestamp": date(at)}]),
        historicalMigration=True,
    )
    [event] = read(someone, 1)
    assert_same(event, sent)
    assert_in_transit(event, datetime.fromisoformat(at))
    sql = "SELECT historical_migration FROM events WHERE uuid = {uuid:UUID}"
    assert appliance.sql(sql, {"uuid": event["id"]}) == [(True,)]


@both_protocols
def test_an_event_of_nobody_makes_no_person(drive: Drive, read: Read, appliance: Appliance) -> None:
    [sent] = drive(("capture", [{"event": "a visit", "properties": {"mark": 1}}]))
    assert sent["properties"]["$process_person_profile"] is False
    [event] = read(sent["distinct_id"], 1)
    assert_same(event, sent)
    assert event["person"] is None
    sql = "SELECT toString(person_mode) FROM events WHERE uuid = {uuid:UUID}"
    assert appliance.sql(sql, {"uuid": event["id"]}) == [("propertyless",)]


@both_protocols
def test_context_gives_its_session_and_properties_to_events(drive: Drive, someone: str, read: Read) -> None:
    session = "0199e3c2-8f3a-7c3e-9d3a-0242ac120002"
    context = {"distinctId": someone, "sessionId": session, "properties": {"route": "/sums"}}
    [sent] = drive(("enterContext", [context]), ("capture", [{"event": "asked"}]))
    [event] = read(someone, 1)
    assert_same(event, sent)
    assert event["properties"]["$session_id"] == session
    assert event["properties"]["route"] == "/sums"


@both_protocols
def test_ai_events_arrive_by_their_own_endpoint(drive: Drive, someone: str, read: Read) -> None:
    properties = {"$ai_model": "hog-1", "$ai_input": [{"role": "user", "content": "hedgehog? " * 1000}]}
    message = {"distinctId": someone, "event": "$ai_generation", "properties": properties}
    sent = drive(("captureAi", [message]), ("capture", [{**message, "event": "$ai_span"}]))
    assert_all_same(read(someone, 2), sent)


def test_the_sdk_is_told_that_its_token_is_unknown(address: str) -> None:
    given = {
        "token": "phc_nobody_has_this_one",
        "options": {"host": address, "fetchRetryCount": 0},
        "calls": [{"method": "capture", "arguments": [{"distinctId": "a", "event": "b"}]}],
    }
    for environment in ({}, {"POSTHOG_CAPTURE_MODE": "v1"}):
        told = _node(given, environment)
        [error] = told["errors"]
        assert "401" in error
