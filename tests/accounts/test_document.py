"""What the API's document says of accounts against what is answered."""

from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from appliance.accounts.roles import Role
from tests.accounts.desk import PASSWORD, Browser, Desk

HOME = "/api/organizations/@current/"


def schema(browser: Browser, method: str, path: str) -> dict[str, Any]:
    operation = browser.get("/api/schema/").json()["paths"][path][method.lower()]
    found: dict[str, Any] = operation["responses"]["2XX"]["content"]["application/json"]["schema"]
    assert found, (method, path)
    return found


def check(browser: Browser, method: str, path: str, asked: str, body: Any = None) -> Any:
    answer = browser.ask(method, asked, body)
    assert answer.is_success, (method, asked, answer.text)
    found = answer.json()
    problems = [str(one) for one in Draft202012Validator(schema(browser, method, path)).iter_errors(found)]
    assert problems == [], (method, path)
    return found


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.signed_in("ada@example.org", Role.OWNER)


def test_answers_are_as_the_document_says(desk: Desk, ada: Browser) -> None:
    organization = "/api/organizations/{organization_id}/"
    for path in (
        "/api/session/",
        "/api/setup/",
        "/api/users/@me/",
        "/api/users/@me/sessions/",
        "/api/organizations/",
    ):
        check(ada, "GET", path, path)
    check(ada, "PATCH", "/api/users/@me/", "/api/users/@me/", {"theme_mode": "dark"})
    check(ada, "GET", organization, HOME)
    made = check(ada, "POST", "/api/organizations/", "/api/organizations/", {"name": "Second"})
    check(ada, "PATCH", organization, f"/api/organizations/{made['id']}/", {"name": "Third"})
    invite = check(
        ada, "POST", f"{organization}invites/", f"{HOME}invites/", {"target_email": "bob@example.org"}
    )
    check(ada, "GET", f"{organization}invites/", f"{HOME}invites/")
    shown = f"/api/signup/{invite['token']}/"
    bob = desk.browser()
    check(bob, "GET", "/api/signup/{token}/", shown)
    who = {"first_name": "Bob", "password": PASSWORD}
    bob.token = check(bob, "POST", "/api/signup/{token}/", shown, who)["csrf_token"]
    assert check(bob, "GET", "/api/users/@me/", "/api/users/@me/")["email"] == "bob@example.org"
    members = check(ada, "GET", f"{organization}members/", f"{HOME}members/")["results"]
    uuid = next(one["user"]["uuid"] for one in members if one["user"]["email"] == "bob@example.org")
    place = f"{HOME}members/{uuid}/"
    check(ada, "PATCH", f"{organization}members/{{user_uuid}}/", place, {"role": "viewer"})
    link = check(
        ada, "POST", f"{organization}members/{{user_uuid}}/password_reset/", f"{place}password_reset/"
    )
    token = link["link"].rsplit("/", 1)[1]
    check(bob, "GET", "/api/reset/{user_uuid}/", f"/api/reset/{uuid}/?token={token}")
    new = {"token": token, "password": "another horse entirely"}
    check(bob, "POST", "/api/reset/{user_uuid}/", f"/api/reset/{uuid}/", new)
    check(ada, "GET", f"{organization}audit_log/", f"{HOME}audit_log/")


def test_answers_about_keys_and_second_factors_are_as_the_document_says(ada: Browser) -> None:
    keys, me = "/api/personal_api_keys/", "/api/users/@me/"
    made = check(ada, "POST", keys, keys, {"label": "k", "scopes": ["insight:read"]})
    for path in (keys, f"{keys}scopes/"):
        check(ada, "GET", path, path)
    check(ada, "GET", f"{keys}{{id}}/", f"{keys}{made['id']}/")
    check(ada, "PATCH", f"{keys}{{id}}/", f"{keys}{made['id']}/", {"label": "l"})
    check(ada, "POST", f"{keys}{{id}}/roll/", f"{keys}{made['id']}/roll/")
    check(ada, "GET", f"{me}two_factor_status/", f"{me}two_factor_status/")
    start = f"{me}two_factor_start_setup/"
    check(ada, "POST", start, start, {"current_password": PASSWORD})
    check(ada, "POST", f"{me}sessions/end_others/", f"{me}sessions/end_others/")
    check(ada, "POST", "/api/logout/", "/api/logout/")
