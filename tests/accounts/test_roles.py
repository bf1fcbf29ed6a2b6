"""Role by route: every route of the API, asked by everybody there is."""

from typing import Any

import pytest

from appliance.accounts import create_organization, create_personal_api_key, create_project
from appliance.accounts.roles import Role
from appliance.catalog import writing
from appliance.persons import change_routes
from tests.accounts.desk import Browser, Desk
from tests.accounts.routes import ENDING, address, closed, minimum, walk
from tests.resources.test_every_route import BODY


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine is here to be waited for."""
    monkeypatch.setattr(change_routes, "_ENGINE_WAIT_S", 0)


def where(desk: Desk) -> dict[str, Any]:
    return {"project_id": desk.first.project_id, "organization_id": desk.organization()}


def test_the_table_knows_every_kind_of_route(desk: Desk) -> None:
    found = closed(desk.browser())
    assert len(found) > 150
    assert {minimum(*one) for one in found} == set(Role)
    assert {f"{method} {path}" for method, path in found} >= ENDING


def test_nobody_in_particular_gets_nowhere(desk: Desk) -> None:
    browser = desk.browser()
    for method, path in closed(browser):
        answer = browser.ask(method, address(path, **where(desk)), BODY)
        assert answer.status_code == 401, (method, path, answer.text)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says_and_nothing_else(desk: Desk, role: Role) -> None:
    browser = desk.signed_in("ada@example.org", role)
    for method, path in closed(browser):
        if f"{method} {path}" in ENDING and role >= minimum(method, path):
            continue
        answer = browser.ask(method, address(path, **where(desk)), BODY)
        if role >= minimum(method, path):
            assert answer.status_code not in (401, 403), (method, path, answer.text)
        else:
            assert answer.status_code == 403, (method, path, answer.text)
            told = answer.json()
            assert told["code"] == "permission_denied", (method, path)
            assert told["detail"].startswith("You are a"), (method, path, told)


def test_a_key_of_a_viewer_may_no_more_than_its_owner(desk: Desk) -> None:
    user_id = desk.user("ada@example.org", Role.VIEWER)
    with writing(desk.engine) as connection:
        key = create_personal_api_key(connection, user_id, "all")
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {key}"
    path = f"/api/projects/{desk.first.project_id}/insights/"
    assert browser.get(path).status_code == 200
    assert browser.post(path, {"name": "x"}).status_code == 403


def test_a_key_with_few_scopes_may_less_than_its_owner(desk: Desk) -> None:
    user_id = desk.user("ada@example.org", Role.OWNER)
    with writing(desk.engine) as connection:
        key = create_personal_api_key(connection, user_id, "few", ["insight:read"])
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {key}"
    path = f"/api/projects/{desk.first.project_id}/insights/"
    assert browser.get(path).status_code == 200
    assert (
        browser.post(path, {"name": "x"}).json()["detail"] == "API key missing required scope 'insight:write'"
    )


def test_a_changed_role_counts_from_the_next_request(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org", Role.VIEWER)
    insights = f"/api/projects/{desk.first.project_id}/insights/"
    assert ada.post(insights, {"name": "x"}).status_code == 403
    uuid = ada.me()["uuid"]
    assert owner.patch(f"/api/organizations/@current/members/{uuid}/", {"role": "member"}).status_code == 200
    assert ada.post(insights, {"name": "x"}).status_code == 201
    assert owner.delete(f"/api/organizations/@current/members/{uuid}/").status_code == 204
    assert ada.get(insights).status_code == 403


def stranger(desk: Desk) -> tuple[Browser, dict[str, Any]]:
    """The owner of another organisation with a project, and whose these are."""
    with writing(desk.engine) as connection:
        theirs = create_organization(connection, "Strangers")
        project_id = create_project(connection, "Strange", None, theirs)
    assert desk.keeper.refresh()
    browser = desk.signed_in("eve@example.org", Role.OWNER, organization_id=theirs)
    return browser, {"project_id": project_id, "organization_id": theirs}


def test_the_owner_of_another_organisation_reaches_nothing_of_this_one(desk: Desk) -> None:
    browser, _ = stranger(desk)
    walked = 0
    for method, path in closed(browser):
        if "{project_id}" not in path and "{organization_id}" not in path:
            continue
        answer = browser.ask(method, address(path, **where(desk)), BODY)
        assert answer.status_code in (403, 404), (method, path, answer.text)
        assert desk.first.project_token not in answer.text, (method, path)
        walked += 1
    assert walked > 120


def test_what_people_of_another_organisation_have_is_not_found_by_its_id(desk: Desk) -> None:
    ada = desk.signed_in("ada@example.org", Role.OWNER)
    key = ada.post("/api/personal_api_keys/", {"label": "hers", "scopes": ["*"]}).json()["id"]
    session = ada.get("/api/users/@me/sessions/").json()[0]["id"]
    invite = ada.post("/api/organizations/@current/invites/").json()["id"]
    uuid, browser = ada.me()["uuid"], stranger(desk)[0]
    ids = {"id_": key, "session_id": session, "user_uuid": uuid}
    walked = 0
    for method, path in walk(browser):
        if "{" not in path or "{project_id}" in path or not path.startswith("/api/"):
            continue
        if (
            path.startswith(("/api/signup/", "/api/reset/"))
            or path == "/api/organizations/{organization_id}/"
        ):
            continue
        known = ids | {"organization_id": "@current"} | ({"id_": invite} if "invites" in path else {})
        answer = browser.ask(method, address(path, **known), {"role": "viewer", "label": "x"})
        if "{" in path.replace("{organization_id}", "").replace("{key}", ""):
            assert answer.status_code == 404, (method, path, answer.text)
            walked += 1
        assert "ada@example.org" not in answer.text, (method, path)
    assert walked > 8
    assert ada.is_signed_in
    assert ada.get(f"/api/personal_api_keys/{key}/").status_code == 200
    assert ada.me()["organization"]["role"] == "owner"


def test_people_of_one_organisation_do_not_reach_each_others_keys_and_sessions(desk: Desk) -> None:
    ada, owner = desk.signed_in("ada@example.org"), desk.owner()
    key = ada.post("/api/personal_api_keys/", {"label": "hers", "scopes": ["*"]}).json()["id"]
    session = ada.get("/api/users/@me/sessions/").json()[0]["id"]
    for method, path in (
        ("GET", f"/api/personal_api_keys/{key}/"),
        ("PATCH", f"/api/personal_api_keys/{key}/"),
        ("POST", f"/api/personal_api_keys/{key}/roll/"),
        ("DELETE", f"/api/personal_api_keys/{key}/"),
        ("DELETE", f"/api/users/@me/sessions/{session}/"),
    ):
        assert owner.ask(method, path, {"label": "x"}).status_code == 404, path
