"""An event as the API shows it beside the message that an SDK says it sent."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

# A time is moved by what our clock is ahead of the SDK's `sent_at`; on one machine that is the way here.
TRANSIT = timedelta(seconds=5)
# What the server adds to an event by itself.
_SERVER_MADE = {"$ip", "$sent_at", "$group_0", "$group_1", "$group_2", "$group_3", "$group_4"}
# What it finds out about an exception, whatever the SDK said of it.
_FOUND_OUT = {
    "$exception_fingerprint", "$exception_fingerprint_record", "$exception_fingerprint_version",
    "$exception_functions", "$exception_handled", "$exception_issue_id", "$exception_list", "$exception_release",
    "$exception_sources", "$exception_types", "$exception_values",
}  # fmt: skip
# A message may carry these beside its properties; an event has them among its properties.
_LIFTED = ("$set", "$set_once")


def assert_same(event: dict[str, Any], sent: dict[str, Any]) -> None:
    """The event is what was sent, with nothing lost, changed or added but what the server adds."""
    said = sent["properties"] | {name: sent[name] for name in _LIFTED if name in sent}
    stored = own_properties(event)
    assert without_found_out(stored) == without_found_out(said)
    assert event["event"] == sent["event"]
    assert event["distinct_id"] == sent["distinct_id"]
    assert UUID(event["id"]) == UUID(sent["uuid"])
    assert_in_transit(event, datetime.fromisoformat(sent["timestamp"]))


def assert_all_same(events: list[dict[str, Any]], sent: list[dict[str, Any]]) -> None:
    """Each event is one of the messages, and each message is an event."""
    by_uuid = {one["uuid"]: one for one in sent}
    assert sorted(event["id"] for event in events) == sorted(by_uuid)
    for event in events:
        assert_same(event, by_uuid[event["id"]])


def assert_in_transit(event: dict[str, Any], sent_at: datetime) -> None:
    """The event's time is what was sent, but for the way here."""
    assert timedelta(0) <= datetime.fromisoformat(event["timestamp"]) - sent_at < TRANSIT


def without_found_out(properties: dict[str, Any]) -> dict[str, Any]:
    """Of an exception's properties, what is the same before and after its frames were resolved."""
    if "$exception_list" not in properties:
        return properties
    exceptions = [
        (one["type"], one.get("value", ""), [_function(frame) for frame in _frames(one)])
        for one in properties["$exception_list"]
    ]
    rest = {name: value for name, value in properties.items() if name not in _FOUND_OUT}
    return {**rest, "exceptions": exceptions}


def _frames(exception: dict[str, Any]) -> list[dict[str, Any]]:
    frames: list[dict[str, Any]] = (exception.get("stacktrace") or {}).get("frames", [])
    return frames


def _function(frame: dict[str, Any]) -> Any:
    return frame.get("mangled_name", frame.get("function"))


def own_properties(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event["properties"].items() if name not in _SERVER_MADE}
