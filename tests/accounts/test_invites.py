"""Invites by link."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from appliance import catalog
from appliance.accounts import create_organization, invites
from appliance.accounts.roles import Role
from appliance.catalog import writing
from appliance.catalog.accounts import organization_invite
from tests.accounts.desk import PASSWORD, Browser, Desk

INVITES = "/api/organizations/@current/invites/"
WHO = {"email": "Grace@Example.org", "first_name": "Grace", "last_name": "Hopper", "password": PASSWORD}


def invite(browser: Browser, **body: object) -> str:
    answer = browser.post(INVITES, body)
    assert answer.status_code == 201, answer.text
    assert answer.json()["link"].endswith(f"/signup/{answer.json()['token']}")
    token: str = answer.json()["token"]
    return token


@pytest.mark.parametrize("role", list(Role))
def test_a_link_makes_an_account_with_its_role_and_signs_it_in(desk: Desk, role: Role) -> None:
    token = invite(desk.owner(), role=role.text)
    grace = desk.browser()
    shown = grace.get(f"/api/signup/{token}/").json()
    assert (shown["role"], shown["level"], shown["target_email"]) == (role.text, role.value, None)
    assert shown["organization_name"] == "My organisation"
    answer = grace.keep(grace.post(f"/api/signup/{token}/", WHO))
    assert answer.status_code == 201
    me = grace.me()
    assert (me["email"], me["organization"]["role"]) == ("grace@example.org", role.text)
    assert desk.browser().sign_in("grace@example.org").status_code == 200


def test_a_link_works_once(desk: Desk) -> None:
    token = invite(desk.owner())
    assert desk.browser().post(f"/api/signup/{token}/", WHO).status_code == 201
    again = desk.browser().post(f"/api/signup/{token}/", WHO | {"email": "eve@example.org"})
    assert again.status_code == 404
    assert desk.browser().get(f"/api/signup/{token}/").status_code == 404


def test_of_many_who_come_at_once_one_gets_in(desk: Desk) -> None:
    token, browsers = invite(desk.owner()), [desk.browser() for _ in range(4)]

    def come(number: int) -> int:
        body = WHO | {"email": f"grace{number}@example.org"}
        return browsers[number].post(f"/api/signup/{token}/", body).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(come, range(4))) == [201, 404, 404, 404]


def test_who_has_an_account_joins_with_it(desk: Desk) -> None:
    with writing(desk.engine) as connection:
        other = create_organization(connection, "Other")
    grace = desk.signed_in("grace@example.org", Role.OWNER, organization_id=other)
    owner = desk.owner()
    token = invite(owner, role="viewer")
    assert grace.get(f"/api/signup/{token}/").json()["is_signed_in"] is True
    assert grace.post(f"/api/signup/{token}/").status_code == 200
    assert sorted(one["role"] for one in grace.me()["organizations"]) == ["owner", "viewer"]
    assert grace.post(f"/api/signup/{invite(owner, role='owner')}/").status_code == 409


def test_an_account_that_exists_is_not_made_again_nor_let_in(desk: Desk) -> None:
    desk.user("grace@example.org", None)
    browser, token = desk.browser(), invite(desk.owner())
    answer = browser.post(f"/api/signup/{token}/", WHO)
    assert (answer.status_code, answer.json()["code"]) == (400, "account_exists")
    assert not browser.is_signed_in
    assert browser.get(f"/api/signup/{token}/").status_code == 200


def test_an_invite_for_an_address_is_for_nobody_else(desk: Desk) -> None:
    owner, eve = desk.owner(), desk.signed_in("eve@example.org", None)
    token = invite(owner, target_email="Grace@example.org")
    assert eve.post(f"/api/signup/{token}/").json()["code"] == "invalid_recipient"
    browser = desk.browser()
    made = browser.keep(browser.post(f"/api/signup/{token}/", WHO | {"email": "eve2@example.org"}))
    assert made.status_code == 201
    assert browser.me()["email"] == "grace@example.org"
    assert browser.me()["is_email_verified"] is True


def test_an_address_that_belongs_already_is_not_invited(desk: Desk) -> None:
    desk.user("grace@example.org")
    answer = desk.owner().post(INVITES, {"target_email": "grace@example.org"})
    assert answer.json()["attr"] == "target_email"


def test_nobody_invites_above_themselves(desk: Desk) -> None:
    admin = desk.signed_in("admin@example.org", Role.ADMIN)
    assert admin.post(INVITES, {"role": "owner"}).status_code == 403
    assert admin.post(INVITES, {"level": 15}).status_code == 403
    assert admin.post(INVITES, {"level": 8}).status_code == 201


def test_an_invite_that_is_taken_back_or_old_opens_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = desk.owner()
    taken, old = invite(owner), invite(owner)
    listed = owner.get(INVITES).json()["results"]
    assert len(listed) == 2
    assert "token" not in listed[0]
    shown = desk.browser().get(f"/api/signup/{taken}/").json()["id"]
    assert owner.delete(f"{INVITES}{shown}/").status_code == 204
    assert owner.delete(f"{INVITES}{shown}/").status_code == 404
    assert desk.browser().post(f"/api/signup/{taken}/", WHO).status_code == 404
    later = invites.now_us() + round(desk.config.invite_s * 1_000_000) + 1
    monkeypatch.setattr(invites, "now_us", lambda: later)
    assert owner.get(INVITES).json()["results"][0]["is_expired"] is True
    assert desk.browser().post(f"/api/signup/{old}/", WHO).status_code == 404


@pytest.mark.parametrize("end", ["removed", "demoted"])
def test_links_of_somebody_who_may_invite_no_more_open_nothing(desk: Desk, end: str) -> None:
    owner, admin = desk.owner(), desk.signed_in("admin@example.org", Role.ADMIN)
    token, uuid = invite(admin), admin.me()["uuid"]
    path = f"/api/organizations/@current/members/{uuid}/"
    answer = owner.delete(path) if end == "removed" else owner.patch(path, {"role": "member"})
    assert answer.is_success
    assert desk.browser().post(f"/api/signup/{token}/", WHO).status_code == 404


@pytest.mark.parametrize("token", ["x", "é", "a" * 500, "%00", "' OR 1=1"])
def test_a_word_nobody_was_given_opens_nothing(desk: Desk, token: str) -> None:
    assert desk.browser().get(f"/api/signup/{token}/").status_code == 404
    assert desk.browser().post(f"/api/signup/{token}/", WHO).status_code == 404


def test_links_are_not_guessed_at(desk: Desk) -> None:
    browser = desk.browser(sign_in_attempts_of_address_max=3)
    assert [browser.get(f"/api/signup/{n}/").status_code for n in range(5)] == [404, 404, 404, 429, 429]


@pytest.mark.parametrize("field", ["email", "first_name", "password"])
def test_what_is_missing_is_named(desk: Desk, field: str) -> None:
    body = {name: value for name, value in WHO.items() if name != field}
    answer = desk.browser().post(f"/api/signup/{invite(desk.owner())}/", body)
    assert (answer.json()["attr"], answer.json()["code"]) == (field, "required")


def test_the_catalog_holds_no_word_that_opens(desk: Desk) -> None:
    token = invite(desk.owner())
    with catalog.reading(desk.engine) as connection:
        assert token not in repr(connection.execute(select(organization_invite)).all())
