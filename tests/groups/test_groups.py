"""Groups and their types: read over a catalog, changed over a running appliance."""

import json
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from appliance.catalog import writing
from appliance.catalog.model import group_row, group_type
from tests.conftest import Appliance
from tests.rest import Rest

WAIT_S = 20


def _type(rest: Rest, name: str, index: int) -> None:
    with writing(rest.engine) as connection:
        row = {"project_id": rest.project_id, "name": name, "type_index": index}
        connection.execute(group_type.insert().values(row))


def _groups(rest: Rest, index: int, *groups: tuple[str, dict[str, Any]]) -> None:
    rows = [
        {
            "project_id": rest.project_id, "type_index": index, "group_key": key, "created_at": number // 2,
            "properties": json.dumps(properties), "version": 0,
        }
        for number, (key, properties) in enumerate(groups)
    ]  # fmt: skip
    with writing(rest.engine) as connection:
        connection.execute(group_row.insert(), rows)


def test_types_are_listed_and_named(rest: Rest) -> None:
    _type(rest, "company", 0)
    _type(rest, "team", 1)
    dashboard = rest.made("dashboards/", name="d")["id"]
    names = [
        {
            "group_type_index": 1,
            "name_singular": "Team",
            "name_plural": "Teams",
            "detail_dashboard": dashboard,
        }
    ]
    answer = rest.patch("groups_types/update_metadata/", names)
    assert answer.status_code == 200
    found = rest.get("groups_types/").json()
    assert [(one["group_type"], one["group_type_index"], one["name_plural"]) for one in found] == [
        ("company", 0, None), ("team", 1, "Teams")
    ]  # fmt: skip
    assert found[1]["detail_dashboard"] == dashboard
    away = rest.other_project().made("dashboards/", name="d")["id"]
    for wrong, attr in (
        ({"group_type_index": 4}, "0__group_type_index"),
        ({"name_plural": "x"}, "0__group_type_index"),
        ({"group_type_index": 0, "name_plural": 5 * ["x"]}, "0__name_plural"),
        ({"group_type_index": 0, "detail_dashboard": away}, "0__detail_dashboard"),
    ):
        refused = rest.patch("groups_types/update_metadata/", [wrong])
        assert (refused.status_code, refused.json()["attr"]) == (400, attr)


def test_pages_of_groups_hold_each_once(rest: Rest) -> None:
    _type(rest, "company", 0)
    keys = [f"g{number:03}" for number in range(250)]
    _groups(rest, 0, *((key, {}) for key in keys))
    seen: list[str] = []
    page = rest.get("groups/", group_type_index=0).json()
    while True:
        seen += [one["group_key"] for one in page["results"]]
        if page["next"] is None:
            break
        page = rest.client.get(page["next"], headers={"authorization": f"Bearer {rest.key}"}).json()
    assert (sorted(seen), len(seen)) == (keys, 250)
    assert rest.get("groups/", group_type_index=0, cursor="?").json()["attr"] == "cursor"
    assert rest.get("groups/").json()["attr"] == "group_type_index"


def test_groups_are_found_by_key_and_name(rest: Rest) -> None:
    _type(rest, "company", 0)
    _groups(
        rest,
        0,
        ("acme", {"name": "Acme Ltd", "plan": "pro"}),
        ("xyz", {"plan": "pro"}),
        ("q", {"plan": "free"}),
    )
    _groups(rest, 1, ("acme", {"name": "other type"}))
    assert [one["group_key"] for one in rest.results("groups/", group_type_index=0, search="ACME")] == [
        "acme"
    ]
    assert [one["group_key"] for one in rest.results("groups/", group_type_index=0, search="ltd")] == ["acme"]
    found = rest.get("groups/find/", group_type_index=0, group_key="acme").json()
    assert found["group_properties"] == {"name": "Acme Ltd", "plan": "pro"}
    assert rest.get("groups/find/", group_type_index=0, group_key="nobody").status_code == 404
    assert rest.other_project().get("groups/find/", group_type_index=0, group_key="acme").status_code == 404
    values = rest.get("groups/property_values/", group_type_index=0, key="plan").json()
    assert values == [{"name": "pro", "count": 2}, {"name": "free", "count": 1}]
    assert (
        rest.post("groups/", {"group_type_index": 3, "group_key": "x"}).json()["attr"] == "group_type_index"
    )
    assert rest.post("groups/", {"group_type_index": 0, "group_key": "acme"}).json()["code"] == "unique"


@pytest.fixture(scope="module")
def client(appliance: Appliance) -> httpx.Client:
    """A project that has a group type."""
    project = appliance.with_project("groups")
    found = httpx.Client(
        base_url=f"{project.url}/api/projects/{project.project_id}/",
        headers={"authorization": f"Bearer {project.key}"},
        timeout=WAIT_S,
    )
    event = {
        "api_key": project.token, "event": "$groupidentify", "distinct_id": "somebody",
        "properties": {"$group_type": "company", "$group_key": "first", "$group_set": {}},
    }  # fmt: skip
    deadline = time.monotonic() + WAIT_S
    while not found.get("groups_types/").json():
        found.post(f"{project.url}/capture/", json=event)
        assert time.monotonic() < deadline
        time.sleep(0.2)
    return found


def _until(client: httpx.Client, key: str, holds: Callable[[dict[str, Any]], bool]) -> None:
    deadline = time.monotonic() + WAIT_S
    while True:
        answer = client.get("groups/find/", params={"group_type_index": 0, "group_key": key})
        if answer.status_code == 200 and holds(answer.json()["group_properties"]):
            return
        assert time.monotonic() < deadline, answer.text
        time.sleep(0.05)


def test_a_group_is_made_and_its_properties_set_and_taken_away(client: httpx.Client) -> None:
    key = f"acme-{uuid4().hex[:8]}"
    made = client.post(
        "groups/", json={"group_type_index": 0, "group_key": key, "group_properties": {"plan": "a"}}
    )
    assert made.status_code == 201
    _until(client, key, lambda one: one == {"plan": "a"})
    named = {"group_type_index": 0, "group_key": key}
    answer = client.post("groups/update_property/", params=named, json={"key": "seats", "value": 5})
    assert (answer.status_code, answer.json()["group_properties"]) == (200, {"plan": "a", "seats": 5})
    _until(client, key, lambda one: one == {"plan": "a", "seats": 5})
    answer = client.post("groups/delete_property/", params=named, json={"$unset": "plan"})
    assert answer.json()["group_properties"] == {"seats": 5}
    _until(client, key, lambda one: one == {"seats": 5})
    # Ingest has forgotten what it knew: the next event adds to what is left.
    client.post("groups/update_property/", params=named, json={"key": "more", "value": 1})
    _until(client, key, lambda one: one == {"seats": 5, "more": 1})


def test_who_shares_events_with_a_group_is_related(client: httpx.Client, appliance: Appliance) -> None:
    token = client.get(str(client.base_url)).json()["api_token"]
    key, name = f"rel-{uuid4().hex[:8]}", f"somebody-{uuid4().hex[:8]}"
    event = {
        "api_key": token, "event": "worked", "distinct_id": name,
        "properties": {"$groups": {"company": key}, "$set": {"email": "w@example.org"}},
    }  # fmt: skip
    client.post(f"{appliance.url}/capture/", json=event)
    client.post("groups/", json={"group_type_index": 0, "group_key": key})
    _until(client, key, lambda one: one == {})
    deadline = time.monotonic() + WAIT_S
    while True:
        found = client.get("groups/related/", params={"group_type_index": 0, "id": key}).json()
        if name in {one["distinct_ids"][0] for one in found if one["type"] == "person"}:
            break
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    groups = client.get("groups/related/", params={"id": name}).json()
    assert [one["group_key"] for one in groups if one["type"] == "group"] == [key]
