"""Visitors who refused cookies, in projects that remember them for a day."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.catalog.model import CookielessMode, cookieless_session, person_distinct_id
from tests.ingest.conftest import Crash, Road

_MINUTE_US = 60_000_000
_NAMELESS = "$posthog_cookieless"


def _event(name: str, distinct_id: str = _NAMELESS) -> dict[str, object]:
    properties = {
        "$cookieless_mode": True,
        "$raw_user_agent": "agent",
        "$host": "www.shop.example",
        "$anon_distinct_id": "what the client sent",
    }
    return {"event": name, "distinct_id": distinct_id, "properties": properties}


@pytest.fixture
def stateful(build: Callable[..., Road], database_url: str) -> Road:
    road = build(database_url)
    road.project = replace(road.project, cookieless_mode=int(CookielessMode.STATEFUL))
    return road


def _sessions(road: Road) -> dict[str, str]:
    return dict(road.ask("SELECT event, `$session_id` FROM events"))


def test_an_identify_gives_the_visitor_a_name_and_the_next_one_is_another(stateful: Road) -> None:
    now_us = time.time_ns() // 1000 - 5_000_000
    stateful.send([_event("seen")], received_at_us=now_us)
    stateful.send([_event("$identify", "ada")], received_at_us=now_us + 1_000)
    stateful.run()
    # In a block of its own: what was counted comes from the catalog.
    stateful.send([_event("named", "ada")], received_at_us=now_us + 2_000)
    stateful.send([_event("after the sign-out")], received_at_us=now_us + 3_000)
    stateful.run()
    ids = dict(stateful.ask("SELECT event, distinct_id FROM events"))
    assert ids["seen"].startswith("cookieless_")
    assert (ids["$identify"], ids["named"]) == ("ada", "ada")
    assert ids["after the sign-out"].startswith("cookieless_")
    assert ids["after the sign-out"] != ids["seen"]
    sessions = _sessions(stateful)
    assert sessions["seen"] == sessions["$identify"] == sessions["named"]
    assert sessions["after the sign-out"] != sessions["seen"]
    owners = {row["distinct_id"]: row["person_id"] for row in stateful.table(person_distinct_id)}
    assert owners["ada"] == owners[ids["seen"]] != owners[ids["after the sign-out"]]
    assert "what the client sent" not in owners
    text = str(stateful.ask("SELECT properties, person_properties FROM events"))
    assert "203.0.113.7" not in text
    assert "agent" not in text


def test_what_is_remembered_survives_a_crash_once(stateful: Road) -> None:
    now_us = time.time_ns() // 1000 - 5_000_000
    stateful.moments.crash_at = stateful.moments.passed + 6
    stateful.send([_event("$identify", f"person {at}") for at in range(3)], received_at_us=now_us)
    try:
        stateful.run()
    except Crash:
        stateful.run_through_crashes()
    assert max(row["identify_count"] for row in stateful.table(cookieless_session)) == 3
