"""Members, their roles, and getting back in."""

import pyotp
import pytest

from appliance.accounts import create_organization
from appliance.accounts.roles import Role
from appliance.catalog import writing
from tests.accounts.desk import PASSWORD, Browser, Desk

MEMBERS = "/api/organizations/@current/members/"


def change(browser: Browser, other: Browser, role: str) -> int:
    return browser.patch(f"{MEMBERS}{other.me()['uuid']}/", {"role": role}).status_code


def test_members_are_listed_with_their_roles(desk: Desk) -> None:
    ada = desk.signed_in("ada@example.org", Role.VIEWER)
    found = {one["user"]["email"]: one for one in ada.get(MEMBERS).json()["results"]}
    assert {email: (one["role"], one["level"]) for email, one in found.items()} == {
        desk.first.email: ("owner", 15),
        "ada@example.org": ("viewer", 0),
    }
    assert found["ada@example.org"]["last_login"] is not None
    assert found["ada@example.org"]["is_2fa_enabled"] is False


def test_posthogs_numbers_work_too(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    answer = owner.patch(f"{MEMBERS}{ada.me()['uuid']}/", {"level": 8})
    assert answer.json()["role"] == "admin"


@pytest.mark.parametrize(
    "body", [{}, {"role": "king"}, {"role": "Owner"}, {"level": 7}, {"level": True}, {"role": 1}]
)
def test_a_role_that_is_none_is_refused(desk: Desk, body: dict[str, object]) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    assert owner.patch(f"{MEMBERS}{ada.me()['uuid']}/", body).status_code == 400
    assert ada.me()["organization"]["role"] == "member"


def test_an_admin_rules_up_to_admins(desk: Desk) -> None:
    owner, admin = desk.owner(), desk.signed_in("admin@example.org", Role.ADMIN)
    other = desk.signed_in("other@example.org", Role.MEMBER)
    assert change(admin, other, "admin") == 200
    assert change(admin, other, "viewer") == 200
    assert change(admin, other, "owner") == 403
    assert change(admin, admin, "owner") == 403
    assert change(admin, owner, "member") == 403
    assert admin.delete(f"{MEMBERS}{owner.me()['uuid']}/").status_code == 403
    assert change(owner, other, "owner") == 200


def test_the_last_owner_stays_an_owner(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org", Role.ADMIN)
    assert change(owner, owner, "admin") == 409
    assert owner.delete(f"{MEMBERS}{owner.me()['uuid']}/").status_code == 409
    assert owner.delete(f"{MEMBERS}@me/").status_code == 409
    assert change(owner, ada, "owner") == 200
    assert change(owner, owner, "member") == 200
    assert change(ada, ada, "member") == 409


def test_who_is_removed_keeps_the_account_and_loses_the_organisation(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    key = ada.post("/api/personal_api_keys/", {"label": "hers", "scopes": ["*"]}).json()["value"]
    assert owner.delete(f"{MEMBERS}{ada.me()['uuid']}/").status_code == 204
    assert ada.me()["organizations"] == []
    assert ada.get("/api/projects/").json()["count"] == 0
    path = f"/api/projects/{desk.first.project_id}/insights/"
    assert desk.browser().get(path, headers={"authorization": f"Bearer {key}"}).status_code == 403


def test_everybody_may_leave(desk: Desk) -> None:
    ada = desk.signed_in("ada@example.org", Role.VIEWER)
    assert ada.delete(f"{MEMBERS}@me/").status_code == 204
    assert ada.me()["organizations"] == []
    assert ada.delete(f"{MEMBERS}@me/").status_code == 404


@pytest.mark.parametrize("uuid", ["1", "x", "00000000-0000-0000-0000-000000000000", "%00"])
def test_a_member_nobody_is_is_not_found(desk: Desk, uuid: str) -> None:
    owner = desk.owner()
    assert owner.delete(f"{MEMBERS}{uuid}/").status_code == 404
    assert owner.patch(f"{MEMBERS}{uuid}/", {"role": "viewer"}).status_code == 404


def test_an_admin_makes_a_link_by_which_somebody_chooses_a_password(desk: Desk) -> None:
    admin, ada = desk.signed_in("admin@example.org", Role.ADMIN), desk.signed_in("ada@example.org")
    answer = admin.post(f"{MEMBERS}{ada.me()['uuid']}/password_reset/")
    assert answer.status_code == 201
    uuid, token = answer.json()["link"].rsplit("/", 2)[1:]
    somebody = desk.browser()
    path = f"/api/reset/{uuid}/"
    assert somebody.get(path, params={"token": token}).json()["email"] == "ada@example.org"
    weak = somebody.post(path, {"token": token, "password": "short"})
    assert weak.json()["code"] == "password_too_short"
    assert somebody.post(path, {"token": token, "password": "a new horse now"}).status_code == 200
    assert not ada.is_signed_in
    assert not somebody.is_signed_in
    assert somebody.sign_in("ada@example.org").status_code == 400
    assert somebody.sign_in("ada@example.org", "a new horse now").status_code == 200
    assert somebody.post(path, {"token": token, "password": "and once more please"}).status_code == 400


def test_a_link_works_for_one_account_until_there_is_a_newer_one(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    uuid, mine = ada.me()["uuid"], owner.me()["uuid"]
    old, new = (
        owner.post(f"{MEMBERS}{uuid}/password_reset/").json()["link"].rsplit("/", 1)[1] for _ in range(2)
    )
    somebody = desk.browser()
    for wrong_uuid, token in ((uuid, old), (mine, new), ("x", new), (uuid, ""), (uuid, "é")):
        answer = somebody.post(f"/api/reset/{wrong_uuid}/", {"token": token, "password": PASSWORD})
        assert answer.status_code == 400, (wrong_uuid, token)
    assert somebody.post(f"/api/reset/{uuid}/", {"token": new, "password": PASSWORD}).status_code == 200


def test_a_link_is_not_guessed_at(desk: Desk) -> None:
    browser = desk.browser(sign_in_attempts_of_address_max=3)
    uuid = desk.owner().me()["uuid"]
    answers = [browser.get(f"/api/reset/{uuid}/", params={"token": str(n)}).status_code for n in range(5)]
    assert answers == [400, 400, 400, 429, 429]


@pytest.mark.parametrize("what", ["password_reset", "two_factor_disable"])
def test_an_account_that_opens_more_is_not_taken_over(desk: Desk, what: str) -> None:
    """By an admin of one of its organisations only, or somebody with a lower role."""
    admin, ada = desk.signed_in("admin@example.org", Role.ADMIN), desk.signed_in("ada@example.org")
    owner = desk.owner()
    assert admin.post(f"{MEMBERS}{owner.me()['uuid']}/{what}/").status_code == 403
    with writing(desk.engine) as connection:
        other = create_organization(connection, "Other")
    stranger = desk.signed_in("stranger@example.org", Role.OWNER, organization_id=other)
    link = stranger.post(f"/api/organizations/{other}/invites/", {"role": "owner"}).json()["token"]
    assert ada.post(f"/api/signup/{link}/").status_code == 200
    assert owner.post(f"{MEMBERS}{ada.me()['uuid']}/{what}/").status_code == 403
    assert stranger.post(f"/api/organizations/{other}/members/{ada.me()['uuid']}/{what}/").status_code == 403
    assert ada.is_signed_in


@pytest.mark.parametrize("what", ["password_reset", "two_factor_disable"])
def test_nobody_gets_around_their_own_password_and_second_factor(desk: Desk, what: str) -> None:
    owner = desk.owner()
    assert owner.post(f"{MEMBERS}{owner.me()['uuid']}/{what}/").status_code == 403
    assert owner.is_signed_in


def test_an_admin_forgets_the_second_factor_of_who_has_lost_it(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    start = ada.post("/api/users/@me/two_factor_start_setup/", {"current_password": PASSWORD})
    code = pyotp.TOTP(start.json()["secret"]).now()
    assert ada.post("/api/users/@me/two_factor_validate/", {"token": code}).status_code == 200
    assert desk.browser().sign_in("ada@example.org").status_code == 401
    assert owner.post(f"{MEMBERS}{ada.me()['uuid']}/two_factor_disable/").status_code == 204
    assert not ada.is_signed_in
    assert desk.browser().sign_in("ada@example.org").status_code == 200


def test_a_key_takes_over_nothing(desk: Desk) -> None:
    ada, browser = desk.signed_in("ada@example.org"), desk.browser()
    browser.headers["authorization"] = f"Bearer {desk.first.personal_api_key}"
    assert browser.post(f"{MEMBERS}{ada.me()['uuid']}/password_reset/").status_code == 403
