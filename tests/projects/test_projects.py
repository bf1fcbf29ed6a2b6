"""A project's own settings, and who asks."""

import json
import time
import urllib.request
from dataclasses import replace

import pytest

from tests.conftest import Appliance
from tests.rest import Rest


def test_a_project_tells_what_scripts_read(rest: Rest) -> None:
    found = rest.get(f"/api/projects/{rest.project_id}/").json()
    assert found["id"] == rest.project_id
    assert found["api_token"].startswith("phc_")
    assert found["timezone"] == "UTC"
    assert found["week_start_day"] == 0
    assert found["test_account_filters"] == []
    assert found["uuid"] == rest.get(f"/api/environments/{rest.project_id}").json()["uuid"]


def test_only_what_was_given_changes_and_every_process_learns_of_it(rest: Rest) -> None:
    filters = [{"key": "email", "type": "person", "operator": "not_icontains", "value": "@us.example"}]
    given = {"timezone": "Europe/Lisbon", "week_start_day": 1, "test_account_filters": filters}
    before = rest.get(f"/api/projects/{rest.project_id}/").json()
    answer = rest.patch(f"/api/projects/{rest.project_id}/", given)
    assert answer.status_code == 200
    assert answer.json() == before | given
    assert rest.keeper.refresh()
    snapshot = rest.keeper.current.by_id[rest.project_id]
    assert snapshot.timezone == "Europe/Lisbon"
    assert snapshot.options["test_account_filters"] == filters
    assert snapshot.options["week_start_day"] == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("timezone", "Mars/Olympus", "invalid_choice"),
        ("name", "", "blank"),
        ("name", None, "null"),
        ("week_start_day", 3, "invalid_choice"),
        ("anonymize_ips", "perhaps", "invalid_input"),
        ("session_recording_sample_rate", 2, "max_value"),
        ("app_urls", "https://example.org", "not_a_list"),
    ],
)
def test_a_bad_setting_is_named_and_nothing_is_changed(
    rest: Rest, field: str, value: object, code: str
) -> None:
    before = rest.get(f"/api/projects/{rest.project_id}/").json()
    answer = rest.patch(f"/api/projects/{rest.project_id}/", {"anonymize_ips": True, field: value})
    assert answer.status_code == 400
    assert answer.json() | {"detail": ""} == {
        "type": "validation_error", "code": code, "detail": "", "attr": field
    }  # fmt: skip
    assert rest.get(f"/api/projects/{rest.project_id}/").json() == before


def test_where_a_nested_filter_is_wrong_is_told(rest: Rest) -> None:
    filters = [{"key": "a", "value": 1}, {"key": "b", "operator": "roughly"}]
    answer = rest.patch(f"/api/projects/{rest.project_id}/", {"test_account_filters": filters})
    assert answer.json()["attr"] == "test_account_filters__1__operator"


def test_projects_are_listed_and_made(rest: Rest) -> None:
    made = rest.post("/api/projects/", {"name": "Second", "timezone": "Asia/Tokyo"})
    assert made.status_code == 201
    assert made.json()["timezone"] == "Asia/Tokyo"
    assert made.json()["ingested_event"] is False
    page = rest.get("/api/projects/", limit=2).json()
    assert page["count"] > 2
    assert len(page["results"]) == 2
    assert page["previous"] is None
    following = rest.client.get(page["next"], headers={"authorization": f"Bearer {rest.key}"}).json()
    assert {one["id"] for one in following["results"]}.isdisjoint(one["id"] for one in page["results"])
    every = rest.get("/api/projects/", limit=1000).json()["results"]
    assert made.json()["id"] in {one["id"] for one in every}


def test_who_asks_is_told_of_themselves_and_their_organisation(rest: Rest) -> None:
    me = rest.get("/api/users/@me/").json()
    assert me["email"] == rest.first.email
    assert me["organization"]["membership_level"] == 15
    assert me["team"]["id"] == rest.first.project_id
    assert rest.get("/api/organizations/@current/").json()["id"] == me["organization"]["id"]
    assert rest.get("/api/organizations/").json()["count"] == 1


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/projects/", "project:read"),
        ("/api/projects/@current/", "project:read"),
        ("/api/users/@me/", "user:read"),
        ("/api/organizations/", "organization:read"),
    ],
)
def test_a_key_without_the_scope_is_told_which(rest: Rest, path: str, scope: str) -> None:
    answer = rest.with_key("insight:write").get(path)
    assert answer.status_code == 403
    assert answer.json() == {
        "type": "authentication_error",
        "code": "permission_denied",
        "detail": f"API key missing required scope '{scope}'",
        "attr": None,
    }


def test_a_project_of_nobody_is_not_found(rest: Rest) -> None:
    assert rest.get("/api/projects/2147483647/").status_code == 404
    assert rest.get("/api/projects/none/").status_code == 404


def test_a_reset_token_takes_the_old_one_s_place(rest: Rest) -> None:
    path = f"/api/projects/{rest.project_id}/"
    before = rest.get(path).json()["api_token"]
    answer = rest.patch(f"{path}reset_token/", {})
    assert answer.status_code == 200
    token = answer.json()["api_token"]
    assert token.startswith("phc_")
    assert token != before
    assert rest.get(path).json()["api_token"] == token
    assert rest.keeper.refresh()
    assert before not in rest.keeper.current.by_token
    assert rest.keeper.current.by_token[token].id == rest.project_id


def test_capture_refuses_the_old_token_and_takes_the_new_one(appliance: Appliance) -> None:
    mine = appliance.with_project("token reset")
    request = urllib.request.Request(
        f"{mine.url}/api/projects/{mine.project_id}/reset_token/",
        b"{}",
        {"authorization": f"Bearer {mine.key}", "content-type": "application/json"},
        method="PATCH",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        renewed = replace(mine, token=json.load(answer)["api_token"])
    deadline = time.monotonic() + 10
    while mine.is_known() or not renewed.is_known():
        assert time.monotonic() < deadline, "the new token is not in place"


def test_a_project_tells_whether_any_event_ever_came(appliance: Appliance) -> None:
    mine = appliance.with_project("first event")

    def has_events() -> bool:
        request = urllib.request.Request(
            f"{mine.url}/api/projects/{mine.project_id}/", headers={"authorization": f"Bearer {mine.key}"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: bool = json.load(answer)["ingested_event"]
        return found

    assert not has_events()
    body = json.dumps({"api_key": mine.token, "event": "hello", "distinct_id": "somebody"}).encode()
    sent = urllib.request.Request(
        f"{mine.url}/i/v0/e/", body, {"content-type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(sent, timeout=10) as answer:
        assert answer.status == 200
    deadline = time.monotonic() + 20
    while not has_events():
        assert time.monotonic() < deadline, "the project still tells of no event"
        time.sleep(0.1)
