"""Organisations, and the log of what happened in them."""

import pytest
from sqlalchemy import select

from appliance import catalog
from appliance.accounts import audit
from appliance.accounts.roles import Role
from appliance.catalog.model import project
from appliance.config import DAY_S
from tests.accounts.desk import PASSWORD, Browser, Desk

LOG = "/api/organizations/@current/audit_log/"


def actions(browser: Browser, path: str = LOG, **narrowed: str) -> list[str]:
    """Oldest first."""
    answer = browser.get(path, params={"limit": "1000", **narrowed})
    assert answer.status_code == 200, answer.text
    return [one["action"] for one in reversed(answer.json()["results"])]


def test_an_organisation_is_made_named_and_deleted_with_its_projects(desk: Desk) -> None:
    owner = desk.owner()
    made = owner.post("/api/organizations/", {"name": "Second"}).json()
    assert (made["name"], made["role"], made["projects"]) == ("Second", "owner", [])
    path = f"/api/organizations/{made['id']}/"
    number = owner.post(f"{path}projects/", {"name": "Its own"}).json()["id"]
    assert [one["id"] for one in owner.get(f"{path}projects/").json()["results"]] == [number]
    assert owner.patch(path, {"name": "Renamed"}).json()["name"] == "Renamed"
    assert owner.patch(path, {"name": ""}).json()["attr"] == "name"
    assert desk.keeper.refresh()
    assert number in desk.keeper.current.by_id
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404
    assert desk.keeper.refresh()
    assert number not in desk.keeper.current.by_id
    with catalog.reading(desk.engine) as connection:
        assert connection.execute(select(project.c.id)).scalars().all() == [desk.first.project_id]


def test_the_last_organisation_stays(desk: Desk) -> None:
    owner = desk.owner()
    assert owner.delete("/api/organizations/@current/").status_code == 409
    assert owner.get("/api/organizations/@current/").status_code == 200


def test_an_admin_does_not_delete_it(desk: Desk) -> None:
    desk.owner().post("/api/organizations/", {"name": "Second"})
    admin = desk.signed_in("admin@example.org", Role.ADMIN)
    assert admin.delete("/api/organizations/@current/").status_code == 403


def test_the_log_tells_who_signed_in_and_who_failed_to(desk: Desk) -> None:
    owner, browser = desk.owner(), desk.browser("203.0.113.4")
    desk.user("ada@example.org")
    browser.sign_in("ada@example.org", "wrong")
    browser.sign_in("ada@example.org")
    browser.sign_in("nobody@example.org")
    browser.post("/api/logout/")
    assert actions(owner, email="Ada@example.org") == ["sign_in_failed", "signed_in", "signed_out"]
    [failed] = owner.get(LOG, params={"action": "sign_in_failed"}).json()["results"]
    assert (failed["email"], failed["address"]) == ("ada@example.org", "203.0.113.4")
    assert failed["user"]["email"] == "ada@example.org"
    assert failed["detail"] == {"wrong": "password"}


def test_the_log_tells_of_keys_members_roles_and_settings(desk: Desk) -> None:
    owner, ada = desk.owner(), desk.signed_in("ada@example.org")
    uuid = ada.me()["uuid"]
    key = owner.post("/api/personal_api_keys/", {"label": "k", "scopes": ["*"]}).json()["id"]
    owner.post(f"/api/personal_api_keys/{key}/roll/")
    owner.delete(f"/api/personal_api_keys/{key}/")
    owner.post("/api/organizations/@current/invites/", {"role": "viewer"})
    owner.patch(f"/api/organizations/@current/members/{uuid}/", {"role": "viewer"})
    owner.patch(f"/api/organizations/@current/members/{uuid}/", {"role": "viewer"})
    owner.delete(f"/api/organizations/@current/members/{uuid}/")
    owner.patch("/api/organizations/@current/", {"name": "New name"})
    owner.post("/api/projects/", {"name": "Second"})
    owner.patch("/api/projects/@current/", {"timezone": "Asia/Tokyo"})
    owner.patch("/api/projects/@current/", {"timezone": "Asia/Tokyo"})
    owner.patch("/api/projects/@current/reset_token/", {})
    assert actions(owner, email=desk.first.email) == [
        "signed_in", "key_created", "key_rolled", "key_deleted", "invite_created", "role_changed", "member_removed",
        "organization_renamed", "project_created", "project_updated", "project_token_reset",
    ]  # fmt: skip
    [changed] = owner.get(LOG, params={"action": "role_changed"}).json()["results"]
    assert changed["detail"] == {"email": "ada@example.org", "before": "member", "after": "viewer"}


def test_the_log_holds_no_secret(desk: Desk) -> None:
    owner = desk.owner()
    key = owner.post("/api/personal_api_keys/", {"label": "k", "scopes": ["*"]}).json()["value"]
    invite = owner.post("/api/organizations/@current/invites/").json()["token"]
    told = owner.get(LOG).text
    assert desk.first.password is not None
    for secret in (key, invite, PASSWORD, desk.first.password, owner.token):
        assert secret not in told


def test_an_organisation_sees_its_own_log_only(desk: Desk) -> None:
    owner = desk.owner()
    other = owner.post("/api/organizations/", {"name": "Other"}).json()["id"]
    assert actions(owner, f"/api/organizations/{other}/audit_log/") == ["organization_created"]
    assert "organization_created" not in actions(owner)
    owner.delete(f"/api/organizations/{other}/")
    assert actions(owner)[-1] == "organization_deleted"


def test_what_is_old_leaves_the_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    owner = desk.owner()
    owner.patch("/api/organizations/@current/", {"name": "Long ago"})
    later = audit.now_us() + (desk.config.audit_days + 1) * DAY_S * 1_000_000
    monkeypatch.setattr(audit, "now_us", lambda: later)
    desk.owner()
    assert actions(owner) == ["signed_in"]
