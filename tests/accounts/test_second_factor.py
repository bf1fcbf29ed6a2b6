"""The second factor: an app's code, or a recovery code, at every sign-in."""

import time

import pyotp
import pytest
from sqlalchemy import select

from appliance import catalog
from appliance.accounts import second_factor as room
from appliance.catalog.accounts import second_factor
from appliance.catalog.model import user_account
from tests.accounts.desk import PASSWORD, Browser, Desk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What time it is, in steps of half a minute."""
    now = [int(time.time()) // 30]
    monkeypatch.setattr(room.time, "time", lambda: now[0] * 30.0)
    return now


class Phone:
    def __init__(self, browser: Browser, clock: list[int]) -> None:
        answer = browser.post("/api/users/@me/two_factor_start_setup/", {"current_password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.address = answer.json()["otpauth_url"]
        self.totp, self.clock = pyotp.parse_uri(self.address), clock

    def code(self, steps_away: int = 0) -> str:
        return self.totp.at((self.clock[0] + steps_away) * 30)

    def next_code(self) -> str:
        self.clock[0] += 1
        return self.code()


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.signed_in("ada@example.org")


@pytest.fixture
def phone(ada: Browser, clock: list[int]) -> Phone:
    return Phone(ada, clock)


@pytest.fixture
def recovery_codes(ada: Browser, phone: Phone) -> list[str]:
    """Enabled."""
    answer = ada.post("/api/users/@me/two_factor_validate/", {"token": phone.code()})
    assert answer.status_code == 200, answer.text
    codes: list[str] = answer.json()["backup_codes"]
    return codes


def half_way(desk: Desk) -> Browser:
    """The password was right."""
    browser = desk.browser()
    answer = browser.sign_in("ada@example.org")
    assert (answer.status_code, answer.json()["code"]) == (401, "2fa_required")
    assert not browser.is_signed_in
    return browser


def give(browser: Browser, code: str) -> int:
    return browser.keep(browser.post("/api/login/token/", {"token": code})).status_code


def test_the_password_alone_opens_nothing_once_it_is_enabled(
    desk: Desk, ada: Browser, phone: Phone, recovery_codes: list[str]
) -> None:
    assert len(set(recovery_codes)) == 10
    assert ada.me()["is_2fa_enabled"] is True
    browser = half_way(desk)
    assert browser.get("/api/projects/").status_code == 401
    assert give(browser, phone.next_code()) == 200
    assert browser.me()["email"] == "ada@example.org"


def test_it_is_not_enabled_before_a_code_was_seen(desk: Desk, ada: Browser, phone: Phone) -> None:
    assert desk.browser().sign_in("ada@example.org").status_code == 200
    refused = ada.post("/api/users/@me/two_factor_validate/", {"token": "000000"})
    assert (refused.status_code, refused.json()["code"]) == (400, "token_invalid")
    assert ada.get("/api/users/@me/two_factor_status/").json()["is_enabled"] is False
    assert desk.browser().sign_in("ada@example.org").status_code == 200
    assert "ada%40example.org" in phone.address


def test_a_code_works_once(desk: Desk, phone: Phone, recovery_codes: list[str]) -> None:
    assert recovery_codes
    code = phone.next_code()
    assert give(half_way(desk), code) == 200
    assert give(half_way(desk), code) == 400
    assert give(half_way(desk), phone.code(-1)) == 400
    assert give(half_way(desk), phone.next_code()) == 200


def test_a_clock_may_be_half_a_minute_off_and_no_more(
    desk: Desk, phone: Phone, recovery_codes: list[str]
) -> None:
    assert recovery_codes
    phone.clock[0] += 10
    browser = half_way(desk)
    assert give(browser, phone.code(-2)) == 400
    assert give(browser, phone.code(2)) == 400
    assert give(browser, phone.code(-1)) == 200
    assert give(half_way(desk), phone.code(1)) == 200


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "\uff11\uff12\uff13" * 2, "null", "-" * 99]
)
def test_what_is_no_code_is_refused(desk: Desk, recovery_codes: list[str], code: str) -> None:
    assert recovery_codes
    assert give(half_way(desk), code) == 400


def test_a_recovery_code_works_once_however_it_is_written(
    desk: Desk, ada: Browser, recovery_codes: list[str]
) -> None:
    written = recovery_codes[3].upper().replace("-", " ")
    assert give(half_way(desk), written) == 200
    assert give(half_way(desk), recovery_codes[3]) == 400
    assert give(half_way(desk), recovery_codes[4]) == 200
    assert ada.get("/api/users/@me/two_factor_status/").json()["backup_codes_left"] == 8


def test_new_recovery_codes_make_the_old_ones_worthless(
    desk: Desk, ada: Browser, phone: Phone, recovery_codes: list[str]
) -> None:
    assert ada.post("/api/users/@me/two_factor_backup_codes/", {"token": "000000"}).status_code == 400
    answer = ada.post("/api/users/@me/two_factor_backup_codes/", {"token": phone.next_code()})
    assert give(half_way(desk), recovery_codes[0]) == 400
    assert give(half_way(desk), answer.json()["backup_codes"][0]) == 200


def test_turning_it_off_takes_a_last_code(
    desk: Desk, ada: Browser, phone: Phone, recovery_codes: list[str]
) -> None:
    assert recovery_codes
    assert ada.post("/api/users/@me/two_factor_disable/", {"token": "123456"}).status_code == 400
    assert ada.post("/api/users/@me/two_factor_disable/", {"token": phone.next_code()}).status_code == 200
    assert desk.browser().sign_in("ada@example.org").status_code == 200


def test_turning_it_on_takes_the_password(ada: Browser) -> None:
    for password in (None, "wrong"):
        answer = ada.post("/api/users/@me/two_factor_start_setup/", {"current_password": password})
        assert answer.status_code == 400


def test_whoever_has_a_session_cannot_replace_the_phone(ada: Browser, recovery_codes: list[str]) -> None:
    assert recovery_codes
    answer = ada.post("/api/users/@me/two_factor_start_setup/", {"current_password": PASSWORD})
    assert answer.status_code == 409


def test_codes_are_not_guessed_at_and_the_password_does_not_help(
    desk: Desk, phone: Phone, recovery_codes: list[str]
) -> None:
    tries = desk.config.sign_in_attempts_max
    for number in range(tries):
        assert give(half_way(desk), f"{number:06}") == 400
    assert give(half_way(desk), phone.next_code()) == 429
    assert give(half_way(desk), recovery_codes[0]) == 429


def test_a_code_without_the_password_opens_nothing(
    desk: Desk, phone: Phone, recovery_codes: list[str]
) -> None:
    assert recovery_codes
    browser = desk.browser()
    assert give(browser, phone.next_code()) == 400
    browser.client.cookies.set("hoglet_second_factor", "made up")
    assert give(browser, phone.next_code()) == 400


def test_half_way_is_worth_nothing_once_the_password_has_changed(
    desk: Desk, ada: Browser, phone: Phone, recovery_codes: list[str]
) -> None:
    assert recovery_codes
    browser = half_way(desk)
    changed = ada.patch("/api/users/@me/", {"password": "something new", "current_password": PASSWORD})
    assert changed.status_code == 200
    assert give(browser, phone.next_code()) == 400


def test_the_catalog_alone_gives_no_codes(desk: Desk, phone: Phone, recovery_codes: list[str]) -> None:
    with catalog.reading(desk.engine) as connection:
        kept = repr(connection.execute(select(second_factor)).one())
    assert phone.totp.secret not in kept
    assert not [one for one in recovery_codes if one in kept or one.replace("-", "") in kept]


def test_who_has_no_password_shows_a_code_for_another_address(
    desk: Desk, ada: Browser, phone: Phone, recovery_codes: list[str]
) -> None:
    assert recovery_codes
    with catalog.writing(desk.engine) as connection:
        hers = user_account.c.email == "ada@example.org"
        connection.execute(user_account.update().where(hers).values(password_hash=None))
    for wrong in ({}, {"token": "000000"}, {"current_password": PASSWORD}):
        answer = ada.patch("/api/users/@me/", {"email": "king@example.org", **wrong})
        assert (answer.status_code, answer.json()["attr"]) == (400, "token")
    given = {"email": "king@example.org", "token": phone.next_code()}
    assert ada.patch("/api/users/@me/", given).status_code == 200
    assert ada.me()["email"] == "king@example.org"
