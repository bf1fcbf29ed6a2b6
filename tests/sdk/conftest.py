"""What an SDK's test sees of the appliance: where to send, and events, people and groups as they are read back.

People and groups are written right after the events that made them, so they are asked for until they are as the test
says, for a bounded time.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from tests.browser import browser, visitor
from tests.conftest import Appliance

__all__ = ["browser", "visitor"]

_SETTLED_S = 20
_POLL_S = 0.1

Event = dict[str, Any]
Person = dict[str, Any]
Read = Callable[[str, int], list[Event]]
FindPerson = Callable[..., Person]
GroupOf = Callable[[str], dict[str, Any]]


@pytest.fixture
def address(appliance: Appliance) -> str:
    return appliance.url


@pytest.fixture
def project_token(appliance: Appliance) -> str:
    return appliance.token


@pytest.fixture
def someone() -> str:
    return f"someone-{uuid4()}"


@pytest.fixture
def read(appliance: Appliance) -> Read:
    """The events of a distinct id, newest first, once there are so many."""
    return lambda distinct_id, count: appliance.wait_for_event(distinct_id, count, limit="1000")


@pytest.fixture
def person(appliance: Appliance) -> FindPerson:
    """`person(distinct_id, distinct_ids, plan="paid")`: the person once it has these ids and properties."""

    def find(distinct_id: str, distinct_ids: tuple[str, ...] = (), **properties: Any) -> Person:
        found: Person | None = None
        for _ in _until_settled():
            page = _get(appliance, "persons", distinct_id=distinct_id)["results"]
            found = page[0] if page else None
            if (
                found is not None
                and set(distinct_ids) <= set(found["distinct_ids"])
                and properties.items() <= found["properties"].items()
            ):
                return found
        pytest.fail(f"{distinct_id!r} did not become {distinct_ids} {properties}, but is {found}")

    return find


@pytest.fixture
def group_of(appliance: Appliance) -> GroupOf:
    """The properties of a group by its key. No route of the API shows groups yet, the store does."""
    sql = (
        "SELECT group_properties FROM groups FINAL"
        " WHERE team_id = {project:Int64} AND group_key = {key:String}"
    )

    def find(key: str) -> dict[str, Any]:
        for _ in _until_settled():
            for (properties,) in appliance.sql(sql, {"project": appliance.project_id, "key": key}):
                found: dict[str, Any] = json.loads(properties)
                return found
        pytest.fail(f"there is no group {key!r}")

    return find


def _until_settled() -> Iterator[None]:
    deadline = time.monotonic() + _SETTLED_S
    yield
    while time.monotonic() < deadline:
        time.sleep(_POLL_S)
        yield


def _get(appliance: Appliance, what: str, **where: str) -> Any:
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=_SETTLED_S)) as connection:
        path = f"/api/projects/{appliance.project_id}/{what}/?{urlencode(where)}"
        connection.request("GET", path, headers={"Authorization": f"Bearer {appliance.key}"})
        answer = connection.getresponse()
        body = answer.read()
    assert answer.status == 200, body
    return json.loads(body)
