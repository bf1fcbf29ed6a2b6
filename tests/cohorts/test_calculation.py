"""Cohorts as a running appliance calculates and mirrors them."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Appliance

WAIT_S = 30


class Api:
    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance
        self.client = httpx.Client(
            base_url=f"{appliance.url}/api/projects/{appliance.project_id}/",
            headers={"authorization": f"Bearer {appliance.key}"},
            timeout=WAIT_S,
        )

    def capture(self, event: str, distinct_id: str, **properties: Any) -> None:
        body = {
            "api_key": self.appliance.token,
            "event": event,
            "distinct_id": distinct_id,
            "properties": properties,
        }
        assert self.client.post(f"{self.appliance.url}/capture/", json=body).status_code == 200

    def person(self, **properties: Any) -> str:
        """The distinct id of somebody new whom the store knows."""
        name = f"member-{uuid4().hex[:8]}"
        self.capture("seen", name, **{"$set": properties})
        self.until(lambda: self.in_store(name))
        return name

    def in_store(self, name: str) -> bool:
        return bool(
            self.appliance.sql(
                "SELECT 1 FROM person_distinct_id2 WHERE team_id = {p:Int64} AND distinct_id = {d:String}",
                {"p": self.appliance.project_id, "d": name},
            )
        )

    def cohort(self, id_: int) -> dict[str, Any]:
        return dict(self.client.get(f"cohorts/{id_}/").json())

    def made(self, **body: Any) -> int:
        answer = self.client.post("cohorts/", json=body)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def members(self, id_: int) -> set[str]:
        results = self.client.get(f"cohorts/{id_}/persons/").json()["results"]
        return {name for one in results for name in one["distinct_ids"]}

    def queried(self, id_: int) -> set[str]:
        """The same asked of the store."""
        query = f"select distinct_id from person_distinct_ids where person_id in cohort {id_}"
        answer = self.client.post(
            "query/", json={"query": {"kind": "HogQLQuery", "query": query}, "refresh": True}
        )
        assert answer.status_code == 200, answer.text
        return {row[0] for row in answer.json()["results"]}

    def until(self, holds: Callable[[], Any]) -> None:
        deadline = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < deadline
            time.sleep(0.1)


@pytest.fixture(scope="module")
def api(appliance: Appliance) -> Iterator[Api]:
    found = Api(appliance.with_project("cohorts"))
    deadline = time.monotonic() + WAIT_S
    while not found.in_store("first"):
        found.capture("seen", "first")
        assert time.monotonic() < deadline
        time.sleep(0.2)
    yield found
    found.client.close()


def _of(plan: str) -> dict[str, Any]:
    criterion = {"type": "person", "key": "plan", "operator": "exact", "value": plan}
    return {"properties": {"type": "OR", "values": [{"type": "AND", "values": [criterion]}]}}


def test_criteria_are_calculated_and_again_when_they_change(api: Api) -> None:
    pro, free = {api.person(plan="pro"), api.person(plan="pro")}, {api.person(plan="free")}
    id_ = api.made(name="plan", filters=_of("pro"))
    api.until(lambda: api.cohort(id_)["version"])
    found = api.cohort(id_)
    assert (found["count"], found["is_calculating"], found["errors_calculating"]) == (2, False, 0)
    assert found["last_calculation"] is not None
    assert api.members(id_) == pro == api.queried(id_)
    api.client.patch(f"cohorts/{id_}/", json={"filters": _of("free")})
    api.until(lambda: (api.cohort(id_)["version"] or 0) > found["version"])
    assert api.members(id_) == free == api.queried(id_)
    [name] = free
    person = api.client.get(f"persons/{name}/").json()["id"]
    cohorts = api.client.get("persons/cohorts/", params={"person_id": person}).json()["results"]
    assert [one["id"] for one in cohorts] == [id_]


def test_who_is_listed_by_hand_is_in_the_store_too(api: Api) -> None:
    names = [api.person() for _ in range(3)]
    ids = [api.client.get(f"persons/{name}/").json()["id"] for name in names]
    id_ = api.made(name="static", is_static=True, _create_static_person_ids=ids[:2])
    api.until(lambda: api.queried(id_) == set(names[:2]))
    api.client.patch(f"cohorts/{id_}/add_persons_to_static_cohort/", json={"person_ids": ids[2:]})
    api.client.patch(f"cohorts/{id_}/remove_person_from_static_cohort/", json={"person_id": ids[0]})
    api.until(lambda: api.queried(id_) == set(names[1:]))
    assert api.members(id_) == set(names[1:])
    # One person becomes part of another who was not in it.
    other = api.person()
    api.capture("$merge_dangerously", other, alias=names[1])
    api.until(lambda: api.members(id_) == {other, names[1], names[2]})
    api.until(lambda: api.queried(id_) == {other, names[1], names[2]})


def test_a_static_cohort_is_filled_once_by_a_query(api: Api) -> None:
    tier = uuid4().hex
    name = api.person(tier=tier)
    query = {
        "kind": "HogQLQuery",
        "query": f"select id as person_id from persons where properties.tier = '{tier}'",
    }
    id_ = api.made(name="by query", is_static=True, query=query)
    api.until(lambda: api.cohort(id_)["last_calculation"])
    assert api.members(id_) == {name}
    api.until(lambda: api.queried(id_) == {name})
    broken = api.made(name="broken", is_static=True, query={"kind": "HogQLQuery", "query": "select nothing"})
    api.until(lambda: api.cohort(broken)["errors_calculating"])
    assert api.cohort(broken)["last_calculation"] is None
    assert api.cohort(broken)["is_calculating"] is False
