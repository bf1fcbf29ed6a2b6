"""The list of groups, searched and filtered."""

import json

import pytest

PATH = "/api/projects/@current/query/"
GROUPS = (
    (3, "acme", "2026-01-01", {"name": "Acme Corp", "plan": "pro", "seats": 12}),
    (3, "burrow_1", "2026-01-03", {"plan": "free", "seats": 3}),
    (3, "burrow-2", "2026-01-02", {"name": "", "plan": "pro", "seats": 40}),
    (4, "acme", "2026-01-04", {"name": "Another kind of Acme", "plan": "pro"}),
)


@pytest.fixture(scope="module", autouse=True)
def _groups(api):
    values = ", ".join(
        f"({index}, '{key}', '{day} 00:00:00', {api.first.project_id}, '{json.dumps(properties)}')"
        for index, key, day, properties in GROUPS
    )
    columns = "group_type_index, group_key, created_at, team_id, group_properties"
    api.store.execute(f"INSERT INTO groups ({columns}) VALUES {values}")


def ask(api, **more):
    query = {"kind": "GroupsQuery", "group_type_index": 3, **more}
    body = {"query": query, "refresh": "force_blocking"}
    return api.client.post(PATH, json=body, headers=api.headers)


def keys(api, **more):
    answer = ask(api, select=["key"], **more)
    assert answer.status_code == 200, answer.text
    return [key for (key,) in answer.json()["results"]]


def plan(value, operator="exact"):
    return {"type": "group", "group_type_index": 3, "key": "plan", "operator": operator, "value": value}


def test_groups_of_a_type_are_listed_the_newest_first_by_the_name_they_have(api):
    found = ask(api).json()
    assert found["columns"] == ["group_name", "key"]
    assert found["results"] == [["burrow_1"] * 2, ["burrow-2"] * 2, ["Acme Corp", "acme"]]
    assert found["hasMore"] is False


def test_whole_properties_are_an_object(api):
    found = ask(api, select=["key", "properties"], search="acme").json()
    assert found["results"] == [["acme", GROUPS[0][3]]]


def test_search_looks_for_a_part_of_a_name_or_key_by_its_letters(api):
    assert keys(api, search="CORP") == ["acme"]
    assert keys(api, search="w_1") == ["burrow_1"]
    assert keys(api, search="w_2") == []
    assert keys(api, search="burrow") == ["burrow_1", "burrow-2"]


def test_filters_all_hold(api):
    assert keys(api, properties=[plan(["pro"])]) == ["burrow-2", "acme"]
    assert keys(api, properties=[plan(["pro"], "is_not")]) == ["burrow_1"]
    seats = {"type": "group", "group_type_index": 3, "key": "seats", "operator": "gt", "value": 12}
    assert keys(api, properties=[plan(["pro"]), seats]) == ["burrow-2"]
    assert keys(api, properties=[plan(["pro"])], search="acme") == ["acme"]


def test_order_and_pages_are_as_asked(api):
    assert keys(api, orderBy=["toFloat(properties.seats) DESC"]) == ["burrow-2", "acme", "burrow_1"]
    first = ask(api, select=["key"], orderBy=["key ASC"], limit=2).json()
    assert (first["results"], first["hasMore"]) == ([["acme"], ["burrow-2"]], True)
    assert keys(api, orderBy=["key ASC"], limit=2, offset=2) == ["burrow_1"]


@pytest.mark.parametrize(
    "wrong", [{"group_type_index": 9}, {"group_type_index": None}, {"search": 4}, {"select": "key"}]
)
def test_what_makes_no_sense_is_refused(api, wrong):
    assert ask(api, **wrong).status_code == 400
