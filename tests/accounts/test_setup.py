"""The first run: the installer says who they are, and nobody else does."""

from dataclasses import asdict

import pytest
from sqlalchemy import func, select

from appliance import catalog
from appliance.accounts import bootstrap
from appliance.app import _welcome
from appliance.catalog.model import user_account
from tests.accounts.desk import PASSWORD, Browser, Desk

WHO = {
    "email": "Ada@Example.org",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "password": PASSWORD,
    "organization_name": "Engines",
    "project_name": "Difference",
}


def test_a_newcomer_on_the_machine_sets_up_and_is_signed_in(desk: Desk) -> None:
    browser = desk.browser()
    assert browser.get("/api/setup/").json() == {"is_open": True, "needs_code": False}
    answer = browser.keep(browser.post("/api/setup/", WHO))
    assert answer.status_code == 201
    me = browser.me()
    assert (me["email"], me["first_name"], me["last_name"]) == ("ada@example.org", "Ada", "Lovelace")
    assert me["organization"]["name"] == "Engines"
    assert me["organization"]["membership_level"] == 15
    projects = browser.get("/api/projects/").json()["results"]
    assert [(one["name"], one["api_token"]) for one in projects] == [("Difference", desk.first.project_token)]
    assert browser.get("/api/setup/").json() == {"is_open": False, "needs_code": False}


def test_it_happens_once(desk: Desk) -> None:
    assert desk.browser().post("/api/setup/", WHO).status_code == 201
    again = desk.browser().post("/api/setup/", WHO | {"email": "eve@example.org"})
    assert again.status_code == 404
    assert desk.browser().sign_in("ada@example.org").status_code == 200
    with catalog.reading(desk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(user_account)).scalar_one() == 1


def test_an_address_of_somebody_else_is_not_taken(desk: Desk) -> None:
    desk.user("ada@example.org")
    assert desk.browser().post("/api/setup/", WHO).status_code == 409
    assert desk.browser().get("/api/setup/").json()["is_open"] is True


def test_the_key_of_bootstrap_lives_on_and_its_password_is_gone(desk: Desk) -> None:
    desk.browser().post("/api/setup/", WHO)
    told = bootstrap(desk.engine, desk.config)
    assert told.email == "ada@example.org"
    assert told.password is None
    assert told.setup_code is None
    assert told.personal_api_key == desk.first.personal_api_key
    headers = {"authorization": f"Bearer {told.personal_api_key}"}
    assert desk.browser().get("/api/users/@me/", headers=headers).json()["email"] == "ada@example.org"


def test_who_signed_in_with_the_password_of_bootstrap_needs_no_setup(desk: Desk) -> None:
    desk.owner()
    assert desk.browser().get("/api/setup/").json()["is_open"] is False
    assert desk.browser().post("/api/setup/", WHO).status_code == 404


def strangers(desk: Desk) -> dict[str, Browser]:
    proxied, renamed = desk.browser(), desk.browser()
    proxied.headers["x-forwarded-for"] = "127.0.0.1"
    renamed.headers["host"] = "evil.example"
    return {
        "from another machine": desk.browser("203.0.113.9"),
        "through a proxy": proxied,
        "under a name of their own": renamed,
        "of a server that others reach": desk.browser(host="0.0.0.0"),
        "of a server with a public address": desk.browser(public_url="https://hoglet.example"),
    }


@pytest.mark.parametrize("code", [None, "", "wrong", "é"])
def test_strangers_need_the_code(desk: Desk, code: str | None) -> None:
    for who, browser in strangers(desk).items():
        assert browser.get("/api/setup/").json()["needs_code"] is True, who
        answer = browser.post("/api/setup/", WHO | ({} if code is None else {"code": code}))
        assert answer.status_code == 400, who
        assert (answer.json()["attr"], answer.json()["code"]) == ("code", "invalid_code"), who
    assert not desk.browser().sign_in("ada@example.org").is_success


def test_who_knows_the_code_is_no_stranger(desk: Desk) -> None:
    answer = desk.browser("203.0.113.9").post("/api/setup/", WHO | {"code": desk.first.setup_code})
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("email", "nobody", "invalid_input"),
        ("email", None, "null"),
        ("password", "short", "password_too_short"),
        ("password", "aaaaaaaaaaaaaa", "password_too_common"),
        ("password", "Ada@Example.org", "password_too_common"),
        ("password", "x" * 300, "max_length"),
        ("first_name", " ", "blank"),
    ],
)
def test_what_is_wrong_is_named_and_setup_stays_open(
    desk: Desk, field: str, value: object, code: str
) -> None:
    answer = desk.browser().post("/api/setup/", WHO | {field: value})
    assert answer.status_code == 400
    assert (answer.json()["attr"], answer.json()["code"]) == (field, code)
    assert desk.browser().get("/api/setup/").json()["is_open"] is True


def test_the_code_is_not_guessed_at_length(desk: Desk) -> None:
    browser = desk.browser("203.0.113.9", sign_in_attempts_of_address_max=3)
    answers = [browser.post("/api/setup/", WHO | {"code": f"guess {n}"}).status_code for n in range(5)]
    assert answers == [400, 400, 400, 429, 429]


def test_whoever_starts_the_appliance_is_told_the_code(desk: Desk) -> None:
    told = _welcome(desk.config, asdict(desk.first))
    assert f"/setup?code={desk.first.setup_code}\n" in told
    desk.browser().post("/api/setup/", WHO)
    assert "/setup" not in _welcome(desk.config, asdict(bootstrap(desk.engine, desk.config)))
