"""Ingestion warnings as people see them."""

import time
from typing import Any
from uuid import uuid4

import httpx

from tests.conftest import Appliance

WAIT_S = 20


def listed(appliance: Appliance, search: str) -> list[dict[str, Any]]:
    answer = httpx.get(
        f"{appliance.url}/api/projects/{appliance.project_id}/ingestion_warnings/",
        params={"q": search},
        headers={"authorization": f"Bearer {appliance.key}"},
    )
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()
    return found


def test_a_refused_merge_is_listed_with_its_count_its_day_and_its_example(appliance: Appliance) -> None:
    person = f"warned {uuid4()}"
    for _ in range(2):
        one = {"api_key": appliance.token, "event": "$create_alias", "distinct_id": person,
               "properties": {"alias": "undefined", "distinct_id": person}}  # fmt: skip
        assert httpx.post(f"{appliance.url}/capture/", json=one).status_code == 200
    deadline = time.monotonic() + WAIT_S
    while not (found := listed(appliance, person)) or found[0]["count"] < 2:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    [kind] = found
    assert kind["sparkline"][-1] + kind["sparkline"][-2] == 2
    assert len(kind["sparkline"]) == 31
    assert [person in str(one["details"]) for one in kind["warnings"]] == [True, True]
    assert listed(appliance, f"nobody {uuid4()}") == []


def test_another_project_sees_none_of_them(appliance: Appliance) -> None:
    assert listed(appliance.with_project("warnings apart"), "") == []
