"""Signing in and out by password: what a session opens, and what keeps others from it."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from appliance import catalog
from appliance.accounts import attempts, passwords, sessions
from appliance.catalog.accounts import sign_in_attempt
from tests.accounts.desk import HASHED, PASSWORD, Browser, Desk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have passed, for sessions and attempts."""
    passed, now = [0.0], sessions.now_us()
    for module in (sessions, attempts):
        monkeypatch.setattr(module, "now_us", lambda: now + round(passed[0] * 1_000_000))
    return passed


def test_a_session_answers_about_projects(desk: Desk) -> None:
    browser = desk.signed_in("ada@example.org")
    found = browser.get("/api/projects/").json()
    assert [one["id"] for one in found["results"]] == [desk.first.project_id]
    assert browser.get("/api/projects/@current/insights/").status_code == 200
    assert browser.get("/api/session/").json()["csrf_token"] == browser.token


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: Desk) -> None:
    desk.user("ada@example.org")
    cookie = desk.browser().sign_in("ada@example.org").headers["set-cookie"].lower()
    assert cookie.startswith("hoglet_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= {one.strip() for one in cookie.split(";")}
    assert "secure" not in cookie


def test_over_tls_the_cookie_is_for_tls_and_this_host_alone(desk: Desk) -> None:
    desk.user("ada@example.org")
    browser = desk.browser(public_url="https://hoglet.example")
    cookie = browser.sign_in("ada@example.org").headers["set-cookie"]
    assert cookie.startswith("__Host-hoglet_session=")
    assert "Secure" in cookie
    assert "domain" not in cookie.lower()
    assert browser.is_signed_in


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ada@example.org", "wrong"),
        ("ada@example.org", ""),
        ("nobody@example.org", PASSWORD),
        ("ada@example.org", "x" * 9_000),
        ("", ""),
        ("'; --", "\u00e9" * 300),
    ],
)
def test_a_wrong_word_opens_nothing_and_does_not_tell_who_exists(
    desk: Desk, email: str, password: str
) -> None:
    desk.user("ada@example.org")
    browser = desk.browser()
    answer = browser.sign_in(email, password)
    assert answer.status_code == 400
    assert answer.json() == {
        "type": "validation_error",
        "code": "invalid_credentials",
        "detail": "Invalid email or password.",
        "attr": None,
    }
    assert not browser.is_signed_in
    assert browser.get("/api/projects/").status_code == 401


def test_the_address_is_not_case_sensitive_and_the_password_is(desk: Desk) -> None:
    desk.user("ada@example.org")
    assert desk.browser().sign_in(" ADA@example.org ").status_code == 200
    assert desk.browser().sign_in("ada@example.org", PASSWORD.upper()).status_code == 400


def test_signing_out_ends_the_session_for_whoever_kept_the_cookie(desk: Desk) -> None:
    browser = desk.signed_in("ada@example.org")
    thief = Browser(browser.client, browser.token, {"cookie": f"hoglet_session={_cookie(browser)}"})
    assert browser.post("/api/logout/").status_code == 200
    assert not browser.is_signed_in
    assert thief.get("/api/projects/").status_code == 401


def test_signing_in_again_ends_the_session_before(desk: Desk) -> None:
    browser = desk.signed_in("ada@example.org")
    before = _cookie(browser)
    assert browser.sign_in("ada@example.org").status_code == 200
    assert _cookie(browser) != before
    other = desk.browser()
    assert other.get("/api/projects/", headers={"cookie": f"hoglet_session={before}"}).status_code == 401


@pytest.mark.parametrize("word", ["", "x", "x" * 43, "é" * 43, "a" * 100_000, '"; drop'])
def test_a_cookie_nobody_has_opens_nothing(desk: Desk, word: str) -> None:
    cookie = {"cookie": f"hoglet_session={word}".encode("latin-1")}
    assert desk.browser().client.get("/api/projects/", headers=cookie).status_code == 401


def test_a_session_ends_when_nobody_uses_it(desk: Desk, clock: list[float]) -> None:
    browser = desk.signed_in("ada@example.org")
    idle = desk.config.session_idle_s
    for passed in (idle * 0.9, idle * 1.8, idle * 2.7):
        clock[0] = passed
        assert browser.is_signed_in, passed
    clock[0] = idle * 3.8
    assert not browser.is_signed_in


def test_a_session_ends_at_last(desk: Desk, clock: list[float]) -> None:
    browser = desk.signed_in("ada@example.org")
    while clock[0] + 86_400 < desk.config.session_s:
        clock[0] += 86_400
        assert browser.is_signed_in
    clock[0] += 86_400
    assert not browser.is_signed_in


def test_guessing_at_an_account_is_stopped_for_a_while(desk: Desk, clock: list[float]) -> None:
    desk.user("ada@example.org")
    tries = desk.config.sign_in_attempts_max
    answers = [desk.browser().sign_in("ada@example.org", f"guess {n}").status_code for n in range(tries)]
    assert answers == [400] * tries
    stopped = desk.browser("203.0.113.7").sign_in("ada@example.org")
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["retry-after"]) <= attempts.WINDOW_S
    clock[0] = attempts.WINDOW_S + 1
    assert desk.browser().sign_in("ada@example.org").status_code == 200


def test_many_guesses_at_once_are_no_way_around_the_limit(desk: Desk) -> None:
    desk.user("ada@example.org")
    browsers = [desk.browser(sign_in_attempts_max=3) for _ in range(10)]

    def guess(number: int) -> int:
        return browsers[number].sign_in("ada@example.org", f"guess {number}").status_code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(guess, range(10))) == [400] * 3 + [429] * 7


def test_what_is_counted_does_not_grow_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts, "BUCKETS", 4)
    monkeypatch.setattr(passwords, "_of_nobody", lambda: HASHED)
    browser = desk.browser(sign_in_attempts_max=1_000, sign_in_attempts_of_address_max=1_000)
    for number in range(30):
        browser.sign_in(f"nobody{number}@example.org", "x")
    with catalog.reading(desk.engine) as connection:
        assert connection.execute(select(func.count()).select_from(sign_in_attempt)).scalar_one() <= 3 * 4


def test_a_right_password_starts_the_count_anew(desk: Desk) -> None:
    desk.user("ada@example.org")
    for _ in range(3):
        for n in range(desk.config.sign_in_attempts_max - 1):
            assert desk.browser().sign_in("ada@example.org", f"guess {n}").status_code == 400
        assert desk.browser().sign_in("ada@example.org").status_code == 200


def test_guessing_at_many_accounts_from_one_address_is_stopped(desk: Desk) -> None:
    desk.user("ada@example.org")
    for one, other in pairwise(["2001:db8:0:1::a", "2001:db8:0:1::b", "2001:db8:0:1::c", "2001:db8:0:1::d"]):
        assert desk.browser(one, sign_in_attempts_of_address_max=3).sign_in(f"{other}@x.example").is_error
    limited = desk.browser("2001:db8:0:1:ffff::1", sign_in_attempts_of_address_max=3)
    assert limited.sign_in("ada@example.org").status_code == 429
    elsewhere = desk.browser("2001:db8:0:2::1", sign_in_attempts_of_address_max=3)
    assert elsewhere.sign_in("ada@example.org").status_code == 200


def test_successes_do_not_use_up_what_an_address_may_try(desk: Desk) -> None:
    desk.user("ada@example.org")
    browser = desk.browser(sign_in_attempts_of_address_max=2)
    assert [browser.sign_in("ada@example.org").status_code for _ in range(6)] == [200] * 6


def _cookie(browser: Browser) -> str:
    return browser.client.cookies["hoglet_session"]
