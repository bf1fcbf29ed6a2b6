"""The people of the demo and what they live through."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from appliance.demo.population import visits

UNTIL = datetime(2026, 11, 20, 16, tzinfo=UTC)
EVENTS = 40_000


@pytest.fixture(scope="module")
def lived() -> list[list[dict[str, Any]]]:
    return list(visits(1, EVENTS, 60, UNTIL))


def each(lived: list[list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    return (event for visit in lived for event in visit)


def test_a_seed_makes_the_same_events_every_time_and_another_others() -> None:
    first = list(visits(7, 2_000, 60, UNTIL))
    assert first == list(visits(7, 2_000, 60, UNTIL))
    assert first != list(visits(8, 2_000, 60, UNTIL))


def test_there_are_about_as_many_as_were_asked_for(lived: list[list[dict[str, Any]]]) -> None:
    assert 0.85 * EVENTS < sum(1 for _ in each(lived)) < 1.15 * EVENTS


def test_nothing_happens_before_the_first_day_or_after_now(lived: list[list[dict[str, Any]]]) -> None:
    # A visitor's day is one of their own clock: west of Greenwich it is still the day before.
    begin = UNTIL - timedelta(days=62)
    assert all(begin < datetime.fromisoformat(event["timestamp"]) < UNTIL for event in each(lived))


def test_a_visitor_lives_forward_and_no_event_is_told_twice(lived: list[list[dict[str, Any]]]) -> None:
    for visit in lived:
        moments = [datetime.fromisoformat(event["timestamp"]) for event in visit]
        assert all(before <= after for before, after in pairwise(moments))
    ids = [UUID(event["uuid"]) for event in each(lived)]
    assert len(set(ids)) == len(ids)
    assert {id_.version for id_ in ids} == {7}


def test_sessions_carry_the_moment_they_began(lived: list[list[dict[str, Any]]]) -> None:
    begun: dict[str, datetime] = {}
    for event in each(lived):
        begun.setdefault(event["properties"]["$session_id"], datetime.fromisoformat(event["timestamp"]))
    for id_, moment in begun.items():
        assert UUID(id_).int >> 80 == int(moment.timestamp() * 1000)


def test_the_funnel_narrows_and_the_checklist_helps(lived: list[list[dict[str, Any]]]) -> None:
    reached: Counter[str] = Counter()
    uploaded: Counter[str] = Counter()
    signed_up: Counter[str] = Counter()
    for visit in lived:
        names = {event["event"] for event in visit}
        reached.update(names)
        if "signed_up" in names:
            last = next(event for event in visit if event["event"] == "signed_up")
            variant = last["properties"]["$feature/onboarding-checklist"]
            signed_up[variant] += 1
            first_day = datetime.fromisoformat(last["timestamp"]) + timedelta(hours=6)
            uploaded[variant] += any(
                event["event"] == "file_uploaded" and datetime.fromisoformat(event["timestamp"]) < first_day
                for event in visit
            )
    assert reached["$pageview"] > reached["signup_started"] > reached["signed_up"] > reached["file_uploaded"]
    assert reached["subscription_started"] > 0
    assert reached["$exception"] > 0
    shares = {variant: uploaded[variant] / signed_up[variant] for variant in signed_up}
    assert shares["test"] > shares["control"] + 0.04
    assert 0.35 < signed_up["test"] / sum(signed_up.values()) < 0.65
