"""How many people a condition of a flag is about, over a real store."""

import json
import uuid
from typing import Any

from httpx import Response

from tests.query.conftest import Api

PATH = "/api/projects/@current/feature_flags/user_blast_radius/"
MARK = f"radius {uuid.uuid4()}"


def _ask(api: Api, *filters: dict[str, Any], **more: Any) -> Response:
    body = {"condition": {"properties": list(filters), "rollout_percentage": 10}, **more}
    return api.client.post(PATH, json=body, headers=api.headers)


def _people(api: Api, *plans: str) -> None:
    for plan in plans:
        properties = json.dumps({"plan": plan, "mark": MARK})
        api.store.execute(
            "INSERT INTO person (id, created_at, team_id, properties, is_identified, version) VALUES "
            f"('{uuid.uuid4()}', now(), {api.first.project_id}, '{properties}', 1, 1)"
        )


def test_those_who_fulfil_a_condition_of_all_there_are(api: Api) -> None:
    before = _ask(api).json()
    _people(api, "pro", "pro", "free")
    mark = {"key": "mark", "type": "person", "operator": "exact", "value": MARK}
    found = _ask(api, mark, {"key": "plan", "operator": "exact", "value": ["pro"]}).json()
    assert found["users_affected"] == 2
    assert found["total_users"] == before["total_users"] + 3
    assert _ask(api).json()["users_affected"] == found["total_users"]


def test_groups_of_a_type(api: Api) -> None:
    for key, tier in (("one", "gold"), ("two", "tin")):
        properties = json.dumps({"tier": tier})
        api.store.execute(
            "INSERT INTO groups (group_type_index, group_key, created_at, team_id, group_properties, _timestamp) "
            f"VALUES (4, '{key}', now(), {api.first.project_id}, '{properties}', now())"
        )
    gold = {"key": "tier", "type": "group", "group_type_index": 4, "operator": "exact", "value": "gold"}
    found = _ask(api, gold, group_type_index=4).json()
    assert (found["users_affected"], found["total_users"]) == (1, 2)


def test_what_cannot_be_asked_is_told(api: Api) -> None:
    for body, attr in (
        ({}, "condition"),
        ({"condition": []}, "condition"),
        ({"condition": {"properties": {}}}, "condition__properties"),
        ({"condition": {"properties": [{"key": "a", "type": "x"}]}}, "condition__properties__0__type"),
        ({"condition": {}, "group_type_index": 5}, "group_type_index"),
    ):
        answer = api.client.post(PATH, json=body, headers=api.headers)
        assert (answer.status_code, answer.json()["attr"]) == (400, attr), answer.text
