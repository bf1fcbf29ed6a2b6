"""Odd bodies at every route of accounts: refused or taken, never broken."""

import json
from typing import Any

import pytest

from appliance.accounts.roles import Role
from tests.accounts.desk import Desk
from tests.accounts.routes import ENDING, address, walk

ROOMS = (
    "/api/login", "/api/setup", "/api/signup", "/api/reset", "/api/users", "/api/personal_api_keys",
    "/api/organizations",
)  # fmt: skip
NAMES = (
    "email", "password", "token", "code", "first_name", "last_name", "organization_name", "project_name", "label",
    "scopes", "scoped_teams", "scoped_organizations", "name", "role", "level", "target_email", "theme_mode",
    "set_current_team", "set_current_organization", "current_password",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, "", "\0", "\ud800", "x" * 100_000, "é" * 200, "a@b", "A@B" * 200, "<script>alert(1)</script>", -1, 0, 2**63,
    1.5, 1e300, True, [], {}, [None], [[]], ["*"], {"a": {"b": []}}, "00000000-0000-0000-0000-000000000000", "'; --",
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(VALUES)))
def test_odd_values_are_refused_or_taken_never_broken(desk: Desk, number: int) -> None:
    value = VALUES[number]
    browser = desk.signed_in("ada@example.org", Role.OWNER)
    desk.user("bob@example.org", Role.OWNER)
    members = browser.get("/api/organizations/@current/members/").json()["results"]
    [bob] = [one["user"]["uuid"] for one in members if one["user"]["email"] == "bob@example.org"]
    content = json.dumps(dict.fromkeys(NAMES, value))
    for method, path in walk(browser):
        if not path.startswith(ROOMS) or method == "GET" or f"{method} {path}" in ENDING:
            continue
        place = address(path, organization_id="@current", user_uuid=bob)
        answer = browser.ask(method, place, content=content)
        assert answer.status_code < 500, (method, path, value, answer.text)
        assert desk.browser().get("/api/session/").status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"\xff", b'{"a":' * 5_000, b'{"email": NaN}'])
def test_what_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    for path in ("/api/login/", "/api/setup/", "/api/login/token/"):
        answer = desk.browser().client.post(path, content=body)
        assert answer.status_code == 400, (path, body[:20], answer.text)


def test_odd_headers_are_no_harm(desk: Desk) -> None:
    desk.user("ada@example.org")
    browser = desk.browser()
    browser.headers = {
        "x-forwarded-for": "x" * 500, "user-agent": "y" * 5_000, "referer": "\x01", "host": "[::", "cookie": "=;;=;",
    }  # fmt: skip
    assert browser.sign_in("ada@example.org").status_code == 200
