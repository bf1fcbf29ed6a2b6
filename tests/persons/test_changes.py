"""Changing persons over the API of a running appliance: they stay right with ingest, which owns them."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.conftest import Appliance

WAIT_S = 20


class People:
    """The persons of one project of a running appliance."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance = appliance
        self.client = httpx.Client(
            base_url=f"{appliance.url}/api/projects/{appliance.project_id}/",
            headers={"authorization": f"Bearer {appliance.key}"},
            timeout=WAIT_S,
        )

    def capture(self, event: str, distinct_id: str, **properties: Any) -> None:
        answer = self.client.post(
            f"{self.appliance.url}/capture/",
            json={
                "api_key": self.appliance.token, "event": event, "distinct_id": distinct_id,
                "properties": properties,
            },
        )  # fmt: skip
        assert answer.status_code == 200, answer.text

    def find(self, distinct_id: str) -> dict[str, Any] | None:
        answer = self.client.get(f"persons/{distinct_id}/")
        return None if answer.status_code == 404 else dict(answer.json())

    def until(self, distinct_id: str, holds: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + WAIT_S
        while not holds(found := self.find(distinct_id)):
            assert time.monotonic() < deadline, (found, self.client.get(f"{self.appliance.url}/_health").text)
            time.sleep(0.05)
        return found

    def made(self, *distinct_ids: str, **properties: Any) -> dict[str, Any]:
        """Somebody with these distinct ids, all of them merged into one person."""
        first, *others = distinct_ids
        self.capture("seen", first, **{"$set": properties})
        for other in others:
            self.capture("seen", other)
            self.capture("$create_alias", first, alias=other)
        return dict(self.until(first, lambda one: one and len(one["distinct_ids"]) == len(distinct_ids)))

    def events_of(self, distinct_id: str) -> int:
        [[count]] = self.appliance.sql(
            "SELECT uniqExact(uuid) FROM events WHERE team_id = {project:Int64} AND distinct_id = {id:String}",
            {"project": self.appliance.project_id, "id": distinct_id},
        )
        return int(count)

    def owner_in_store(self, distinct_id: str) -> str | None:
        rows = self.appliance.sql(
            "SELECT argMax(person_id, version), argMax(is_deleted, version) FROM person_distinct_id2 "
            "WHERE team_id = {project:Int64} AND distinct_id = {id:String} GROUP BY distinct_id",
            {"project": self.appliance.project_id, "id": distinct_id},
        )
        return str(rows[0][0]) if rows and not rows[0][1] else None

    def properties_in_store(self, person_id: str) -> str | None:
        rows = self.appliance.sql(
            "SELECT argMax(properties, version), argMax(is_deleted, version) FROM person "
            "WHERE team_id = {project:Int64} AND id = {id:UUID} GROUP BY id",
            {"project": self.appliance.project_id, "id": person_id},
        )
        return str(rows[0][0]) if rows and not rows[0][1] else None


@pytest.fixture(scope="module")
def people(appliance: Appliance) -> Iterator[People]:
    found = People(appliance.with_project("changes of persons"))
    # The engine learns of a project by itself; what came before that would have been dropped.
    deadline = time.monotonic() + WAIT_S
    while found.find("first") is None:
        found.capture("seen", "first")
        assert time.monotonic() < deadline
        time.sleep(0.2)
    yield found
    found.client.close()


def _name() -> str:
    return f"somebody-{uuid4().hex[:8]}"


def test_a_property_is_set_and_taken_away_as_events_do_it(people: People) -> None:
    name = _name()
    person = people.made(name, plan="free", city="Lyon")
    answer = people.client.post(
        f"persons/{person['id']}/update_property/", json={"key": "plan", "value": "pro"}
    )
    assert answer.status_code == 202
    changed = people.until(name, lambda one: one["properties"]["plan"] == "pro")
    assert changed["properties"]["city"] == "Lyon"
    answer = people.client.post(f"persons/{person['id']}/delete_property/", json={"$unset": "city"})
    assert answer.status_code == 201
    people.until(name, lambda one: "city" not in one["properties"])
    people.client.patch(f"persons/{person['id']}/", json={"properties": {"age": 5, "plan": "max"}})
    people.until(name, lambda one: one["properties"].get("age") == 5)
    stored = people.properties_in_store(person["id"])
    assert stored is not None
    assert '"max"' in stored
    assert "Lyon" not in stored
    log = people.client.get("activity_log/", params={"scope": "Person", "item_id": person["id"]}).json()
    assert [one["detail"]["changes"][0]["field"] for one in log["results"]][1:] == [
        "properties.city", "properties.plan"
    ]  # fmt: skip


def test_a_property_that_is_set_is_not_undone_by_events_around_it(people: People) -> None:
    name = _name()
    person = people.made(name, counter=-1)
    for number in range(20):
        people.capture("seen", name, **{"$set": {"other": number}})
        people.client.post(
            f"persons/{person['id']}/update_property/", json={"key": "counter", "value": number}
        )
    found = people.until(name, lambda one: one["properties"].get("counter") == 19)
    people.until(name, lambda one: one["properties"].get("other") == 19)
    assert found["id"] == person["id"]


def test_who_is_deleted_is_gone_everywhere_and_may_come_back_as_somebody_new(people: People) -> None:
    first, second, stays = _name(), _name(), _name()
    person = people.made(first, second, email="gone@example.org")
    people.made(stays)
    answer = people.client.delete(f"persons/{person['id']}/")
    assert answer.status_code == 202
    for name in (first, second):
        people.until(name, lambda one: one is None)
        assert people.owner_in_store(name) is None
    assert people.properties_in_store(person["id"]) is None
    assert people.events_of(first) > 0
    assert people.find(stays) is not None
    people.capture("again", second, **{"$set": {"email": "new@example.org"}})
    back = people.until(second, bool)
    assert back["distinct_ids"] == [second]
    assert back["properties"]["email"] == "new@example.org"
    deadline = time.monotonic() + WAIT_S
    while people.owner_in_store(second) != back["id"]:
        assert time.monotonic() < deadline
    stored = people.properties_in_store(back["id"])
    assert stored is not None
    assert "new@example.org" in stored


def test_events_are_deleted_with_the_person_if_asked(people: People) -> None:
    gone, kept, alone = _name(), _name(), _name()
    persons = {name: people.made(name) for name in (gone, kept, alone)}
    people.client.delete(f"persons/{persons[gone]['id']}/", params={"delete_events": "true"})
    people.client.post(
        "persons/bulk_delete/", json={"distinct_ids": [kept], "delete_events": True, "keep_person": True}
    )
    deadline = time.monotonic() + WAIT_S
    while people.events_of(gone) or people.events_of(kept):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert people.events_of(alone) == 1
    assert people.find(gone) is None
    assert people.find(kept) is not None


def test_many_are_deleted_at_once(people: People) -> None:
    names = [_name() for _ in range(3)]
    persons = [people.made(name) for name in names]
    for wrong in ({}, {"ids": ["x"]}, {"ids": [str(uuid4())] * 1_001}, {"ids": [], "distinct_ids": []}):
        assert people.client.post("persons/bulk_delete/", json=wrong).status_code == 400
    answer = people.client.post("persons/bulk_delete/", json={"ids": [one["id"] for one in persons[:2]]})
    assert (answer.status_code, answer.json()["persons_deleted"]) == (202, 2)
    for name in names[:2]:
        people.until(name, lambda one: one is None)
    assert people.find(names[2]) is not None


@pytest.mark.parametrize("has_main", [True, False])
def test_a_split_makes_each_distinct_id_a_person_of_its_own(people: People, has_main: bool) -> None:
    names = sorted(_name() for _ in range(3))
    person = people.made(*names, plan="pro")
    body = {"main_distinct_id": names[1]} if has_main else {}
    assert people.client.post(f"persons/{person['id']}/split/", json=body).status_code == 201
    people.until(names[2], lambda one: one["distinct_ids"] == [names[2]])
    found = {name: people.find(name) for name in names}
    main = names[1] if has_main else names[0]
    assert found[main]["id"] == person["id"]
    assert found[main]["properties"].get("plan") == ("pro" if has_main else None)
    assert len({one["id"] for one in found.values()}) == 3
    for name in names:
        assert people.owner_in_store(name) == found[name]["id"]
    # Ingest has forgotten the old person: what comes now belongs to the new one.
    people.capture("later", names[2], **{"$set": {"plan": "own"}})
    own = people.until(names[2], lambda one: one["properties"].get("plan") == "own")
    assert own["id"] == found[names[2]]["id"]
    assert people.find(main)["properties"].get("plan") == ("pro" if has_main else None)
    wrong = people.client.post(f"persons/{person['id']}/split/", json={"main_distinct_id": "nobody"})
    assert wrong.status_code == 400


def test_values_of_a_property_are_told_the_most_frequent_first(people: People) -> None:
    for plan in ("pro", "pro", "free", 5):
        people.made(_name(), tier=plan)
    answer = people.client.get("persons/values/", params={"key": "tier"})
    assert answer.json() == [
        {"name": "pro", "count": 2},
        {"name": "5", "count": 1},
        {"name": "free", "count": 1},
    ]
    assert people.client.get("persons/values/", params={"key": "tier", "value": "RE"}).json() == [
        {"name": "free", "count": 1}
    ]
    assert people.client.get("persons/values/").status_code == 400


def test_persons_are_merged_into_the_one_that_is_named(people: People) -> None:
    kept, gone = f"kept {uuid4()}", f"gone {uuid4()}"
    one, other = people.made(kept, plan="team", city="Oslo"), people.made(gone, plan="free", color="red")
    answer = people.client.post(f"persons/{one['id']}/merge/", json={"ids": [other["id"]]})
    assert answer.status_code == 202, answer.text
    found = people.until(kept, lambda person: person and set(person["distinct_ids"]) == {kept, gone})
    assert found["id"] == one["id"]
    assert found["properties"] | {"plan": "team", "city": "Oslo", "color": "red"} == found["properties"]


def test_a_person_of_nowhere_is_not_merged(people: People) -> None:
    one = people.made(f"alone {uuid4()}")
    answer = people.client.post(f"persons/{one['id']}/merge/", json={"ids": [str(uuid4())]})
    assert (answer.status_code, answer.json()["attr"]) == (400, "ids")
