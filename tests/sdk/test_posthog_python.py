"""The unmodified Python SDK: what it sends is what the API gives back.

`before_send` hands over each message as the SDK is about to send it, which is the oracle here beside the values a test
chose itself. The tests run with both of the SDK's protocols, those of the road itself with every compression.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from posthog import Posthog, contexts
from posthog.async_client import AsyncPosthog

from tests.conftest import Appliance
from tests.sdk.conftest import FindPerson, GroupOf, Read
from tests.sdk.same import assert_all_same, assert_in_transit, assert_same

WAYS: dict[str, dict[str, Any]] = {
    "plain": {"capture_mode": "v0", "gzip": False},
    "gzip": {"capture_mode": "v0", "gzip": True},
    "v1": {"capture_mode": "v1", "capture_compression": "none"},
    "v1 gzip": {"capture_mode": "v1", "capture_compression": "gzip"},
    "v1 deflate": {"capture_mode": "v1", "capture_compression": "deflate"},
    "v1 zstd": {"capture_mode": "v1", "capture_compression": "zstd"},
}
# Where it matters what is sent and not how.
both_protocols = pytest.mark.parametrize("way", ["gzip", "v1"], indirect=True)
SESSION = "0199e3c2-8f3a-7c3e-9d3a-0242ac120002"


@dataclass(frozen=True, slots=True)
class Told:
    """What an SDK tells of itself: each message it is about to send, and what went wrong."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def options(self) -> dict[str, Any]:
        def before_send(message: dict[str, Any]) -> dict[str, Any]:
            # The SDK goes on to change the message, not what is in it.
            self.sent.append({**message, "properties": dict(message["properties"])})
            return message

        def on_error(error: Exception, _batch: object) -> None:
            self.errors.append(str(error))

        return {"before_send": before_send, "on_error": on_error, "flush_interval": 0.1, "max_retries": 1}


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest) -> dict[str, Any]:
    return WAYS[request.param]


@pytest.fixture
def told() -> Iterator[Told]:
    told = Told()
    yield told
    assert told.errors == []


@pytest.fixture
def client(told: Told, way: dict[str, Any], address: str, project_token: str) -> Callable[..., Posthog]:
    return lambda **options: Posthog(project_token, host=address, **told.options(), **way, **options)


@pytest.fixture
def posthog(client: Callable[..., Posthog]) -> Iterator[Posthog]:
    posthog = client()
    yield posthog
    posthog.shutdown()


def test_a_captured_event_comes_back_as_it_was_sent(
    posthog: Posthog, told: Told, someone: str, read: Read
) -> None:
    properties = {
        "text": "naïve café 🦔", "whole": 2**53, "real": 0.1, "yes": True, "nothing": None,
        "list": [1, "two", {"three": 3}], "nested": {"deep": {"er": []}}, "empty": "",
    }  # fmt: skip
    at = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    uuid = str(uuid4())
    given = posthog.capture(
        "order placed", distinct_id=someone, properties=properties, timestamp=at, uuid=uuid
    )
    posthog.flush()
    [event] = read(someone, 1)
    assert given == event["id"] == uuid
    assert event["event"] == "order placed"
    assert_in_transit(event, at)
    assert {name: event["properties"][name] for name in properties} == properties
    assert event["properties"]["$lib"] == "posthog-python"
    assert_all_same([event], told.sent)


def test_a_time_that_must_not_be_corrected_comes_back_exactly(
    posthog: Posthog, someone: str, read: Read
) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    posthog.capture("noon", distinct_id=someone, timestamp=at, properties={"$ignore_sent_at": True})
    posthog.flush()
    [event] = read(someone, 1)
    assert datetime.fromisoformat(event["timestamp"]) == at


def test_many_events_arrive_each_once(posthog: Posthog, told: Told, someone: str, read: Read) -> None:
    uuids = [posthog.capture("step", distinct_id=someone, properties={"number": n}) for n in range(250)]
    posthog.flush()
    events = read(someone, 250)
    assert {event["id"]: event["properties"]["number"] for event in events} == {
        uuid: number for number, uuid in enumerate(uuids)
    }
    assert_all_same(events, told.sent)


@both_protocols
def test_person_properties_are_set_and_set_once_sticks(
    posthog: Posthog, told: Told, someone: str, read: Read, person: FindPerson
) -> None:
    posthog.set(distinct_id=someone, properties={"plan": "free", "name": "Ada"})
    posthog.set_once(distinct_id=someone, properties={"first": 1})
    posthog.set(distinct_id=someone, properties={"plan": "paid"})
    posthog.set_once(distinct_id=someone, properties={"first": 2})
    posthog.capture("left", distinct_id=someone, properties={"$set": {"left": True}, "$unset": ["name"]})
    posthog.flush()
    events = read(someone, 5)
    assert {event["event"] for event in events} == {"$set", "$set_once", "left"}
    assert_all_same(events, told.sent)
    found = person(someone, left=True)["properties"]
    assert {name: found.get(name) for name in ("plan", "first")} == {"plan": "paid", "first": 1}
    assert "name" not in found


@both_protocols
def test_a_context_says_who_it_is_and_in_which_session(
    posthog: Posthog, told: Told, someone: str, read: Read, person: FindPerson
) -> None:
    with posthog.new_context(fresh=True):
        contexts.identify_context(someone)
        contexts.set_context_session(SESSION)
        contexts.tag("route", "/sums")
        posthog.capture("asked")
        posthog.set(properties={"plan": "paid"})
    posthog.flush()
    found = person(someone, plan="paid")
    assert found["distinct_ids"] == [someone]
    events = read(someone, 2)
    assert_all_same(events, told.sent)
    assert {event["person"]["id"] for event in events} == {found["id"]}
    [asked] = [event for event in events if event["event"] == "asked"]
    assert (asked["properties"]["$session_id"], asked["properties"]["route"]) == (SESSION, "/sums")


@both_protocols
def test_identify_joins_what_an_anonymous_visitor_did_to_the_person(
    posthog: Posthog, told: Told, someone: str, read: Read, person: FindPerson
) -> None:
    known = f"known-{someone}"
    posthog.capture("looked around", distinct_id=someone, properties={"$set": {"seen": 1}})
    posthog.flush()
    posthog.capture(
        "$identify",
        distinct_id=known,
        properties={"$anon_distinct_id": someone, "$set": {"plan": "paid"}, "$set_once": {"seen": 2}},
    )
    posthog.flush()
    found = person(known, (known, someone), plan="paid", seen=1)
    assert found["is_identified"]
    events = [*read(someone, 1), *read(known, 1)]
    assert_all_same(events, told.sent)
    assert {event["person"]["id"] for event in events} == {found["id"]}


@both_protocols
def test_an_alias_makes_two_ids_one_person(
    posthog: Posthog, told: Told, someone: str, read: Read, person: FindPerson
) -> None:
    known = f"known-{someone}"
    posthog.capture("before", distinct_id=someone)
    posthog.alias(previous_id=someone, distinct_id=known)
    posthog.capture("after", distinct_id=known)
    posthog.flush()
    events = [*read(someone, 2), *read(known, 1)]
    assert_all_same(events, told.sent)
    assert {event["event"] for event in events} == {"before", "$create_alias", "after"}
    assert person(known, (someone, known))["id"] == person(someone, (someone, known))["id"]


@both_protocols
def test_a_group_keeps_its_properties(
    posthog: Posthog, told: Told, someone: str, read: Read, group_of: GroupOf
) -> None:
    key = f"company-{uuid4()}"
    posthog.group_identify("company", key, {"name": "Hedgehogs", "staff": 11}, distinct_id=someone)
    posthog.capture("bought", distinct_id=someone, groups={"company": key})
    posthog.flush()
    found = read(someone, 2)
    assert_all_same(found, told.sent)
    events = {event["event"]: event["properties"] for event in found}
    assert events["$groupidentify"]["$group_set"] == {"name": "Hedgehogs", "staff": 11}
    assert events["$groupidentify"]["$group_key"] == key
    assert events["bought"]["$groups"] == {"company": key}
    assert [one for name, one in events["bought"].items() if name.startswith("$group_")] == [key]
    assert group_of(key) == {"name": "Hedgehogs", "staff": 11}


@both_protocols
def test_an_exception_keeps_its_type_message_and_stack(
    posthog: Posthog, told: Told, someone: str, read: Read
) -> None:
    def divide() -> float:
        return 1 / 0

    try:
        divide()
    except ZeroDivisionError as error:
        uuid = posthog.capture_exception(error, distinct_id=someone, properties={"page": "sums"})
    posthog.flush()
    [event] = read(someone, 1)
    assert (event["event"], event["id"]) == ("$exception", uuid)
    assert_all_same([event], told.sent)
    assert event["properties"]["page"] == "sums"
    [exception] = event["properties"]["$exception_list"]
    assert (exception["type"], exception["value"]) == ("ZeroDivisionError", "division by zero")
    assert exception["stacktrace"]["frames"][-1]["resolved_name"] == "divide"


@both_protocols
def test_a_historical_migration_keeps_its_old_times(
    client: Callable[..., Posthog], told: Told, someone: str, read: Read, appliance: Appliance
) -> None:
    at = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)
    posthog = client(historical_migration=True)
    uuid = posthog.capture("long ago", distinct_id=someone, timestamp=at)
    posthog.shutdown()
    [event] = read(someone, 1)
    assert event["id"] == uuid
    assert_in_transit(event, at)
    assert_all_same([event], told.sent)
    sql = "SELECT historical_migration FROM events WHERE uuid = {uuid:UUID}"
    assert appliance.sql(sql, {"uuid": uuid}) == [(True,)]


@both_protocols
def test_an_event_of_nobody_makes_no_person(
    posthog: Posthog, told: Told, read: Read, appliance: Appliance
) -> None:
    uuid = posthog.capture("a visit")
    posthog.flush()
    [sent] = told.sent
    assert sent["properties"]["$process_person_profile"] is False
    [event] = read(sent["distinct_id"], 1)
    assert event["person"] is None
    assert_same(event, sent)
    sql = "SELECT toString(person_mode) FROM events WHERE uuid = {uuid:UUID}"
    assert appliance.sql(sql, {"uuid": uuid}) == [("propertyless",)]


@both_protocols
def test_ai_events_arrive_by_their_own_endpoint(
    posthog: Posthog, told: Told, someone: str, read: Read
) -> None:
    properties = {"$ai_model": "hog-1", "$ai_input": [{"role": "user", "content": "hedgehog? " * 1000}]}
    posthog.capture_ai("$ai_generation", distinct_id=someone, properties=properties)
    posthog.capture("$ai_span", distinct_id=someone, properties=properties)
    posthog.flush()
    assert_all_same(read(someone, 2), told.sent)


@both_protocols
def test_sending_at_once_needs_no_thread(
    client: Callable[..., Posthog], told: Told, someone: str, read: Read
) -> None:
    posthog = client(sync_mode=True)
    posthog.capture("now", distinct_id=someone)
    assert_all_same(read(someone, 1), told.sent)
    posthog.shutdown()


@both_protocols
def test_the_asynchronous_client_sends_the_same(
    told: Told, way: dict[str, Any], appliance: Appliance, someone: str, read: Read
) -> None:
    async def run() -> None:
        async with AsyncPosthog(appliance.token, host=appliance.url, **told.options(), **way) as posthog:
            posthog.capture("first", distinct_id=someone, properties={"number": 1})
            posthog.set(distinct_id=someone, properties={"plan": "paid"})
            await posthog.flush()

    asyncio.run(run())
    assert_all_same(read(someone, 2), told.sent)


def test_the_sdk_is_told_that_its_token_is_unknown(address: str, way: dict[str, Any]) -> None:
    told = Told()
    posthog = Posthog("phc_nobody_has_this_one", host=address, **told.options(), **way)
    posthog.capture("lost", distinct_id="someone")
    posthog.shutdown()
    [error] = told.errors
    assert "401" in error
