"""The unmodified Python SDK: what it sends is what the API gives back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from posthog import Posthog

Read = Callable[[str, int], list[dict[str, Any]]]

# A time is moved by what our clock is ahead of the SDK's `sent_at`; on one machine that is the way here.
_TRANSIT = timedelta(seconds=5)


@pytest.fixture(params=["plain", "gzip"])
def posthog(request: pytest.FixtureRequest, address: str, project_token: str) -> Iterator[Posthog]:
    client = _client(address, project_token, gzip=request.param == "gzip")
    yield client
    client.shutdown()


@pytest.fixture
def someone() -> str:
    return f"someone-{uuid4()}"


def _client(address: str, token: str, **options: Any) -> Posthog:
    def fail(error: Exception, _batch: object) -> None:
        raise AssertionError(error)

    return Posthog(token, host=address, flush_interval=0.1, max_retries=1, on_error=fail, **options)


def test_a_captured_event_comes_back_as_it_was_sent(posthog: Posthog, someone: str, read: Read) -> None:
    properties = {
        "text": "naïve café 🦔", "whole": 2**53, "real": 0.1, "yes": True, "nothing": None,
        "list": [1, "two", {"three": 3}], "nested": {"deep": {"er": []}}, "empty": "",
    }  # fmt: skip
    at = datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=UTC)
    uuid = str(uuid4())
    sent = posthog.capture(
        "order placed", distinct_id=someone, properties=properties, timestamp=at, uuid=uuid
    )
    posthog.flush()
    [event] = read(someone, 1)
    assert sent == event["id"] == uuid
    assert event["event"] == "order placed"
    assert event["distinct_id"] == someone
    assert timedelta(0) <= datetime.fromisoformat(event["timestamp"]) - at < _TRANSIT
    assert {name: event["properties"][name] for name in properties} == properties
    assert event["properties"]["$lib"] == "posthog-python"


def test_a_time_that_must_not_be_corrected_comes_back_exactly(
    posthog: Posthog, someone: str, read: Read
) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
    posthog.capture("noon", distinct_id=someone, timestamp=at, properties={"$ignore_sent_at": True})
    posthog.flush()
    [event] = read(someone, 1)
    assert datetime.fromisoformat(event["timestamp"]) == at


def test_many_events_arrive_each_once_and_in_order(posthog: Posthog, someone: str, read: Read) -> None:
    uuids = [posthog.capture("step", distinct_id=someone, properties={"number": n}) for n in range(250)]
    posthog.flush()
    events = read(someone, 250)
    assert {event["id"]: event["properties"]["number"] for event in events} == {
        uuid: number for number, uuid in enumerate(uuids)
    }
    assert len(events) == 250


def test_person_properties_are_set_and_set_once_sticks(
    posthog: Posthog, someone: str, read: Read, person_of: Callable[[str], dict[str, Any]]
) -> None:
    posthog.set(distinct_id=someone, properties={"plan": "free", "name": "Ada"})
    posthog.set_once(distinct_id=someone, properties={"first": 1})
    posthog.set(distinct_id=someone, properties={"plan": "paid"})
    posthog.set_once(distinct_id=someone, properties={"first": 2})
    posthog.flush()
    events = read(someone, 4)
    assert {event["event"] for event in events} == {"$set", "$set_once"}
    found = person_of(someone)
    assert {name: found[name] for name in ("plan", "name", "first")} == {
        "plan": "paid", "name": "Ada", "first": 1,
    }  # fmt: skip


def test_an_alias_makes_two_ids_one_person(
    posthog: Posthog, someone: str, read: Read, person_id_of: Callable[[str], str]
) -> None:
    known = f"known-{someone}"
    posthog.capture("before", distinct_id=someone)
    posthog.alias(previous_id=someone, distinct_id=known)
    posthog.capture("after", distinct_id=known)
    posthog.flush()
    assert {event["event"] for event in read(someone, 2)} == {"before", "$create_alias"}
    assert [event["event"] for event in read(known, 1)] == ["after"]
    assert person_id_of(someone) == person_id_of(known)


def test_a_group_keeps_its_properties(
    posthog: Posthog, someone: str, read: Read, group_of: Callable[[str], dict[str, Any]]
) -> None:
    key = f"company-{uuid4()}"
    posthog.group_identify("company", key, {"name": "Hedgehogs", "staff": 11}, distinct_id=someone)
    posthog.capture("bought", distinct_id=someone, groups={"company": key})
    posthog.flush()
    events = {event["event"]: event["properties"] for event in read(someone, 2)}
    assert events["$groupidentify"]["$group_set"] == {"name": "Hedgehogs", "staff": 11}
    assert events["$groupidentify"]["$group_key"] == key
    assert events["bought"]["$groups"] == {"company": key}
    assert group_of(key) == {"name": "Hedgehogs", "staff": 11}


def test_an_exception_keeps_its_type_message_and_stack(posthog: Posthog, someone: str, read: Read) -> None:
    def divide() -> float:
        return 1 / 0

    try:
        divide()
    except ZeroDivisionError as error:
        uuid = posthog.capture_exception(error, distinct_id=someone, properties={"page": "sums"})
    posthog.flush()
    [event] = read(someone, 1)
    assert (event["event"], event["id"]) == ("$exception", uuid)
    assert event["properties"]["page"] == "sums"
    [exception] = event["properties"]["$exception_list"]
    assert (exception["type"], exception["value"]) == ("ZeroDivisionError", "division by zero")
    assert exception["stacktrace"]["frames"][-1]["function"] == "divide"


@pytest.mark.parametrize("gzip", [False, True])
def test_a_historical_migration_keeps_its_old_times(
    address: str, project_token: str, someone: str, read: Read, gzip: bool
) -> None:
    at = datetime(2019, 5, 6, 7, 8, 9, tzinfo=UTC)
    client = _client(address, project_token, historical_migration=True, gzip=gzip)
    uuid = client.capture("long ago", distinct_id=someone, timestamp=at)
    client.shutdown()
    [event] = read(someone, 1)
    assert event["id"] == uuid
    assert timedelta(0) <= datetime.fromisoformat(event["timestamp"]) - at < _TRANSIT
