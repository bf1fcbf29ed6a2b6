"""What people see and change of their own account."""

import pytest

from appliance.accounts.roles import Role
from tests.accounts.desk import PASSWORD, Browser, Desk

NEW = "another horse entirely"


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.signed_in("ada@example.org")


def test_names_and_theme_are_kept(ada: Browser) -> None:
    given = {"first_name": "Ada", "last_name": "King Lovelace", "theme_mode": "dark"}
    answer = ada.patch("/api/users/@me/", given)
    assert answer.status_code == 200
    me = ada.me()
    assert {name: me[name] for name in given} == given
    ada.patch("/api/users/@me/", {"theme_mode": None, "last_name": ""})
    assert (ada.me()["theme_mode"], ada.me()["last_name"], ada.me()["first_name"]) == (None, "", "Ada")


def test_current_is_the_project_that_was_chosen_last(desk: Desk) -> None:
    ada = desk.signed_in("ada@example.org", Role.ADMIN)
    second = ada.post("/api/projects/", {"name": "Second"}).json()["id"]
    assert desk.keeper.refresh()
    assert ada.me()["team"]["id"] == desk.first.project_id
    assert ada.patch("/api/users/@me/", {"set_current_team": second}).json()["team"]["id"] == second
    assert ada.get("/api/projects/@current/").json()["id"] == second
    made = ada.post("/api/projects/@current/insights/", {"name": "here"}).json()["id"]
    assert ada.get(f"/api/projects/{second}/insights/{made}/").status_code == 200


def test_current_organisation_follows_the_project(desk: Desk) -> None:
    ada = desk.signed_in("ada@example.org", Role.ADMIN)
    other = ada.post("/api/organizations/", {"name": "Other"}).json()["id"]
    assert ada.get("/api/organizations/@current/").json()["id"] == str(desk.organization())
    refused = ada.patch("/api/users/@me/", {"set_current_organization": other})
    assert refused.json()["attr"] == "set_current_organization"
    project = ada.post(f"/api/organizations/{other}/projects/", {"name": "There"}).json()["id"]
    me = ada.patch("/api/users/@me/", {"set_current_organization": other}).json()
    assert (me["organization"]["id"], me["team"]["id"]) == (other, project)
    assert ada.get("/api/organizations/@current/").json()["name"] == "Other"


@pytest.mark.parametrize("number", [2_000_000, 0, "x", None])
def test_a_project_of_nobody_is_not_chosen(ada: Browser, number: object) -> None:
    answer = ada.patch("/api/users/@me/", {"set_current_team": number})
    assert (answer.status_code, answer.json()["attr"]) == (400, "set_current_team")


def test_a_new_password_takes_the_old_one_and_ends_other_sessions(desk: Desk, ada: Browser) -> None:
    elsewhere = desk.browser()
    elsewhere.sign_in("ada@example.org")
    for wrong in (None, "", "wrong"):
        answer = ada.patch("/api/users/@me/", {"password": NEW, "current_password": wrong})
        assert (answer.status_code, answer.json()["attr"]) == (400, "current_password")
    assert elsewhere.is_signed_in
    assert ada.patch("/api/users/@me/", {"password": NEW, "current_password": PASSWORD}).status_code == 200
    assert ada.is_signed_in
    assert not elsewhere.is_signed_in
    assert desk.browser().sign_in("ada@example.org").status_code == 400
    assert desk.browser().sign_in("ada@example.org", NEW).status_code == 200


def test_another_address_takes_the_old_one_s_place_and_ends_other_sessions(desk: Desk, ada: Browser) -> None:
    elsewhere = desk.browser()
    elsewhere.sign_in("ada@example.org")
    for wrong in (None, "", "wrong"):
        answer = ada.patch("/api/users/@me/", {"email": "king@example.org", "current_password": wrong})
        assert (answer.status_code, answer.json()["attr"]) == (400, "current_password")
    assert elsewhere.is_signed_in
    answer = ada.patch("/api/users/@me/", {"email": " King@Example.org", "current_password": PASSWORD})
    assert (answer.status_code, answer.json()["email"]) == (200, "king@example.org")
    assert (ada.me()["email"], ada.me()["is_email_verified"]) == ("king@example.org", False)
    assert not elsewhere.is_signed_in
    assert desk.browser().sign_in("ada@example.org").status_code == 400
    assert desk.browser().sign_in("king@example.org").status_code == 200


def test_the_log_tells_both_addresses(desk: Desk, ada: Browser) -> None:
    ada.patch("/api/users/@me/", {"email": "king@example.org", "current_password": PASSWORD})
    log = desk.owner().get("/api/organizations/@current/audit_log/", params={"action": "email_changed"})
    [noted] = log.json()["results"]
    assert noted["email"] == "ada@example.org"
    assert noted["detail"] == {"before": "ada@example.org", "after": "king@example.org"}


def test_the_address_of_somebody_else_and_one_that_is_none_are_refused(desk: Desk, ada: Browser) -> None:
    for email, code in ((desk.first.email, "account_exists"), ("nowhere", "invalid_input")):
        answer = ada.patch("/api/users/@me/", {"email": email, "current_password": PASSWORD})
        assert (answer.status_code, answer.json()["attr"], answer.json()["code"]) == (400, "email", code)
    assert ada.me()["email"] == "ada@example.org"


def test_the_address_that_one_has_needs_no_password(ada: Browser) -> None:
    assert ada.patch("/api/users/@me/", {"email": "ada@example.org", "first_name": "Ada"}).status_code == 200


def test_a_key_changes_no_address(desk: Desk) -> None:
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {desk.first.personal_api_key}"
    body = {"email": "king@example.org", "current_password": desk.first.password}
    assert browser.patch("/api/users/@me/", body).status_code == 403


def test_a_weak_password_is_refused_and_nothing_ends(desk: Desk, ada: Browser) -> None:
    answer = ada.patch("/api/users/@me/", {"password": "short", "current_password": PASSWORD})
    assert (answer.json()["attr"], answer.json()["code"]) == ("password", "password_too_short")
    assert desk.browser().sign_in("ada@example.org").status_code == 200


def test_the_old_password_is_not_guessed_at_with_a_session(desk: Desk, ada: Browser) -> None:
    tries = desk.config.sign_in_attempts_max + 1
    answers = [
        ada.patch("/api/users/@me/", {"password": NEW, "current_password": f"guess {n}"}).status_code
        for n in range(tries)
    ]
    assert answers == [400] * (tries - 1) + [429]


def test_a_key_changes_no_password_and_no_key(desk: Desk) -> None:
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {desk.first.personal_api_key}"
    body = {"password": NEW, "current_password": desk.first.password}
    assert browser.patch("/api/users/@me/", body).status_code == 403
    assert browser.get("/api/personal_api_keys/").status_code == 403
    assert browser.post("/api/users/@me/two_factor_start_setup/").status_code == 403
    assert browser.patch("/api/users/@me/", {"first_name": "Grace"}).status_code == 200


def test_sessions_are_listed_and_ended_one_by_one(desk: Desk, ada: Browser) -> None:
    elsewhere = desk.browser("203.0.113.5")
    elsewhere.headers["user-agent"] = "Another browser"
    elsewhere.sign_in("ada@example.org")
    found = ada.get("/api/users/@me/sessions/").json()
    assert sorted((one["address"], one["is_current"]) for one in found) == [
        ("127.0.0.1", True),
        ("203.0.113.5", False),
    ]
    other = next(one for one in found if not one["is_current"])
    assert (other["user_agent"], other["method"]) == ("Another browser", "password")
    assert ada.delete(f"/api/users/@me/sessions/{other['id']}/").status_code == 204
    assert not elsewhere.is_signed_in
    assert ada.delete(f"/api/users/@me/sessions/{other['id']}/").status_code == 404


def test_all_other_sessions_end_at_once(desk: Desk, ada: Browser) -> None:
    others = [desk.browser() for _ in range(3)]
    for one in others:
        one.sign_in("ada@example.org")
    assert ada.post("/api/users/@me/sessions/end_others/").status_code == 200
    assert [one.is_signed_in for one in (ada, *others)] == [True, False, False, False]


def test_somebody_without_a_project_is_told_so(desk: Desk) -> None:
    alone = desk.signed_in("alone@example.org", None)
    me = alone.me()
    assert (me["team"], me["organization"], me["organizations"]) == (None, None, [])
    assert alone.get("/api/projects/@current/").status_code == 404
    assert alone.get("/api/projects/@current/insights/").status_code == 404
    assert alone.get("/api/organizations/@current/").status_code == 404
    assert alone.post("/api/organizations/", {"name": "Mine"}).status_code == 404
