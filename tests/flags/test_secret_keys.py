"""Secret keys of a project: shown once, rolled, counted, and worth nothing elsewhere."""

from dataclasses import asdict
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from appliance.accounts.keys import hash_key
from appliance.catalog import reading, writing
from appliance.catalog.feature_flags import project_secret_key
from appliance.catalog.model import project
from appliance.failures import NotAuthenticated
from appliance.flags import secret_keys
from appliance.flags.secret_keys import authenticate_secret_key, note_use
from tests.rest import Rest

PATH = "project_secret_api_keys/"


def opens(rest: Rest, key: str) -> int | None:
    """The project that a key is for."""
    with reading(rest.engine) as connection:
        try:
            return authenticate_secret_key(connection, key).project_id
        except NotAuthenticated:
            return None


def row_of(rest: Rest, key: str) -> dict[str, Any]:
    with reading(rest.engine) as connection:
        query = select(project_secret_key).where(project_secret_key.c.hash == hash_key(key))
        return dict(connection.execute(query).mappings().one())


def test_a_key_is_shown_once_and_opens_its_project(rest: Rest) -> None:
    made = rest.made(PATH, label="server")
    key = made["value"]
    assert key.startswith("phs_")
    assert made["scopes"] == ["feature_flag:read"]
    assert opens(rest, key) == rest.project_id
    [listed] = rest.results(PATH)
    assert listed == {**made, "value": None}
    assert rest.get(f"{PATH}{made['id']}/").json() == listed
    assert (listed["mask_value"], listed["created_by"]["email"]) == (f"phs_…{key[-4:]}", rest.first.email)
    assert key not in str(row_of(rest, key))
    assert key not in rest.get("activity_log/").text


def test_rolling_ends_the_old_key(rest: Rest) -> None:
    made = rest.made(PATH, label="server")
    rolled = rest.post(f"{PATH}{made['id']}/roll/").json()
    assert rolled["value"] != made["value"]
    assert (opens(rest, made["value"]), opens(rest, rolled["value"])) == (None, rest.project_id)
    assert (rolled["id"], rolled["label"]) == (made["id"], "server")
    assert rolled["last_rolled_at"] is not None


def test_a_key_is_renamed_and_taken_away(rest: Rest) -> None:
    made = rest.made(PATH, label="server")
    assert rest.patch(f"{PATH}{made['id']}/", {"label": "worker"}).json()["label"] == "worker"
    assert opens(rest, made["value"]) == rest.project_id
    assert rest.delete(f"{PATH}{made['id']}/").status_code == 204
    assert opens(rest, made["value"]) is None
    assert rest.results(PATH) == []


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({}, "label", "required"),
        ({"label": ""}, "label", "blank"),
        ({"label": "x" * 41}, "label", "max_length"),
        ({"label": "taken"}, "label", "unique"),
        ({"label": "a", "scopes": []}, "scopes", "required"),
        ({"label": "a", "scopes": ["*"]}, "scopes__0", "invalid_choice"),
        ({"label": "a", "scopes": ["insight:read"]}, "scopes__0", "invalid_choice"),
    ],
)
def test_what_breaks_a_rule_is_refused(rest: Rest, body: dict[str, Any], attr: str, code: str) -> None:
    rest.made(PATH, label="taken")
    answer = rest.post(PATH, body)
    assert (answer.status_code, answer.json()["attr"], answer.json()["code"]) == (400, attr, code)


def test_a_project_has_so_many_keys_and_no_more(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_keys, "KEYS_MAX", 1)
    rest.made(PATH, label="a")
    rest.post("rotate_secret_token/")
    assert rest.post(PATH, {"label": "b"}).json()["code"] == "max_length"


def test_the_project_s_own_token_is_rotated_with_the_one_before_as_backup(rest: Rest) -> None:
    before = rest.get(f"/api/projects/{rest.project_id}/").json()
    assert (before["secret_api_token"], before["secret_api_token_backup"]) == (None, None)
    first = rest.ask("PATCH", "rotate_secret_token/").json()["secret_api_token"]
    second = rest.post("rotate_secret_token/").json()["secret_api_token"]
    assert [opens(rest, one) for one in (first, second)] == [rest.project_id] * 2
    shown = rest.get(f"/api/projects/{rest.project_id}/").json()
    assert shown["secret_api_token"] == f"phs_…{second[-4:]}"
    assert shown["secret_api_token_backup"] == f"phs_…{first[-4:]}"
    rest.post("delete_secret_token_backup/")
    assert [opens(rest, one) for one in (first, second)] == [None, rest.project_id]
    third = rest.post("rotate_secret_token/").json()["secret_api_token"]
    rest.post("rotate_secret_token/")
    assert [opens(rest, one) for one in (second, third)] == [None, rest.project_id]
    assert rest.results(PATH) == []


def test_no_secret_is_kept_in_plain(rest: Rest) -> None:
    token = rest.post("rotate_secret_token/").json()["secret_api_token"]
    with reading(rest.engine) as connection:
        query = select(project.c.secret_token).where(project.c.secret_token.is_not(None))
        assert connection.execute(query).all() == []
    assert rest.keeper.refresh()
    assert token not in rest.keeper.current.to_json()
    assert "secret_token" not in asdict(rest.keeper.current.projects[0])
    assert token not in rest.get("activity_log/").text


@pytest.mark.parametrize("key", ["", "phs_", "phx_abc", "phs_" + "x" * 200, "phs_é", "phs_\0"])
def test_what_is_no_key_opens_nothing(rest: Rest, key: str) -> None:
    assert opens(rest, key) is None


def test_a_key_belongs_to_its_project_alone(rest: Rest) -> None:
    made, other = rest.made(PATH, label="server"), rest.other_project()
    assert other.get(f"{PATH}{made['id']}/").status_code == 404
    assert other.post(f"{PATH}{made['id']}/roll/").status_code == 404
    assert other.results(PATH) == []
    assert other.made(PATH, label="server")["label"] == "server"
    assert rest.get(f"{PATH}{uuid4()}/").status_code == 404


def test_the_project_s_own_token_is_not_reached_as_a_named_key(rest: Rest) -> None:
    token = rest.post("rotate_secret_token/").json()["secret_api_token"]
    assert rest.delete(f"{PATH}{row_of(rest, token)['id']}/").status_code == 404
    assert opens(rest, token) == rest.project_id


def test_that_a_key_was_used_is_noted(rest: Rest) -> None:
    made = rest.made(PATH, label="server")
    with writing(rest.engine) as connection:
        note_use(connection, authenticate_secret_key(connection, made["value"]).key_id)
    assert rest.results(PATH)[0]["last_used_at"] is not None
