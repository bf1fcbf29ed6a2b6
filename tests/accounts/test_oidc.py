"""Signing in with an OpenID Connect provider that runs on loopback."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response

from appliance.accounts.roles import Role
from appliance.config import Config
from appliance.failures import ConfigurationError
from tests.accounts.desk import Browser, Desk
from tests.accounts.provider import CLIENT, OTHER_KEY, SECRET, LocalProvider, Person, local_provider


@pytest.fixture
def provider() -> Iterator[LocalProvider]:
    with local_provider() as running:
        yield running


def settings(provider: LocalProvider, **more: Any) -> dict[str, Any]:
    return {
        "oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET, "oidc_name": "Home",
        "host": "127.0.0.1", "port": 8000, **more,
    }  # fmt: skip


def browser_of(desk: Desk, provider: LocalProvider, **more: Any) -> Browser:
    return desk.browser(**settings(provider, **more))


def go(browser: Browser, address: str, **parameters: str) -> Response:
    return browser.get(address, params=parameters, follow_redirects=False)


def sign_in(browser: Browser, provider: LocalProvider, **parameters: str) -> Response:
    to_provider = go(browser, "/login/oidc", **parameters)
    assert to_provider.status_code == 302, to_provider.text
    return go(browser, "/complete/oidc", **provider.authorize(to_provider.headers["location"]))


def refusal(answer: Response) -> str:
    assert answer.status_code == 302
    page, _, code = answer.headers["location"].partition("?error=")
    assert page == "/sign-in", answer.headers["location"]
    return code


def test_whom_the_provider_knows_is_signed_in_to_their_account(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    browser = browser_of(desk, provider)
    told = browser.get("/api/session/").json()["oidc"]
    assert told == {"is_enabled": True, "name": "Home", "path": "/login/oidc"}
    answer = sign_in(browser, provider, next="/insights?a=1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/insights?a=1")
    me = browser.me()
    assert (me["email"], me["has_social_auth"]) == ("ada@example.org", True)
    browser.token = browser.get("/api/session/").json()["csrf_token"]
    assert browser.post("/api/projects/@current/insights/", {"name": "x"}).status_code == 201


def test_the_identity_is_the_subject_not_the_address(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    sign_in(browser_of(desk, provider), provider)
    provider.person.email, provider.person.is_verified = "new@example.org", False
    again = browser_of(desk, provider)
    sign_in(again, provider)
    assert again.me()["email"] == "ada@example.org"
    desk.user("new@example.org")
    provider.person = Person("user-2", "new@example.org")
    other = browser_of(desk, provider)
    sign_in(other, provider)
    assert other.me()["email"] == "new@example.org"


def test_who_has_no_account_gets_none(desk: Desk, provider: LocalProvider) -> None:
    browser = browser_of(desk, provider)
    assert refusal(sign_in(browser, provider)) == "no_account"
    assert not browser.is_signed_in


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER, Role.ADMIN])
def test_who_has_no_account_gets_one_with_the_role_of_the_settings(
    desk: Desk, provider: LocalProvider, role: Role
) -> None:
    browser = browser_of(desk, provider, oidc_new_role=role.text)
    sign_in(browser, provider)
    me = browser.me()
    assert (me["organization"]["role"], me["first_name"], me["has_password"]) == (role.text, "Ada", False)


def test_only_the_domains_of_the_settings_get_in(desk: Desk, provider: LocalProvider) -> None:
    more = {"oidc_new_role": "member", "oidc_domains": ("Example.com",)}
    assert refusal(sign_in(browser_of(desk, provider, **more), provider)) == "domain_not_allowed"
    provider.person.email = "ada@example.com"
    browser = browser_of(desk, provider, **more)
    sign_in(browser, provider)
    assert browser.is_signed_in


def test_an_address_that_nobody_verified_opens_no_account(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    provider.person.is_verified = False
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "email_not_verified"


def test_an_account_whose_address_nobody_verified_is_linked_from_within(
    desk: Desk, provider: LocalProvider
) -> None:
    owner = desk.owner()
    link = owner.post("/api/organizations/@current/invites/").json()["token"]
    ada = browser_of(desk, provider)
    who = {"email": "ada@example.org", "first_name": "Ada", "password": "correct horse battery"}
    ada.keep(ada.post(f"/api/signup/{link}/", who))
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "link_first"
    assert sign_in(ada, provider, link="1", next="/settings").headers["location"] == "/settings"
    other = browser_of(desk, provider)
    sign_in(other, provider)
    assert other.me()["email"] == "ada@example.org"


def test_an_identity_of_somebody_else_is_not_taken_over(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    desk.user("eve@example.org")
    sign_in(browser_of(desk, provider), provider)
    eve = browser_of(desk, provider)
    eve.sign_in("eve@example.org")
    assert refusal(sign_in(eve, provider, link="1")) == "linked_to_another"


def test_the_address_may_come_from_user_info(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    provider.email_by_user_info = True
    browser = browser_of(desk, provider)
    sign_in(browser, provider)
    assert browser.me()["email"] == "ada@example.org"


def test_a_renewed_key_is_looked_for(
    desk: Desk, provider: LocalProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.user("ada@example.org")
    browser = browser_of(desk, provider)
    sign_in(browser, provider)
    provider.key, provider.key_id = OTHER_KEY, "second"
    assert refusal(sign_in(browser, provider)) == "provider_broken"
    now = time.monotonic() + 60
    monkeypatch.setattr("appliance.accounts.oidc.provider.time.monotonic", lambda: now)
    assert sign_in(browser, provider).headers["location"] == "/"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"azp": "another client"},
        {"exp": 1},
        {"iat": 2**40},
        {"nonce": "of another attempt"},
        {"nonce": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 300},
    ],
)
def test_a_token_that_is_not_for_us_now_opens_nothing(
    desk: Desk, provider: LocalProvider, claims: dict[str, Any]
) -> None:
    desk.user("ada@example.org")
    provider.wrong.claims = claims
    browser = browser_of(desk, provider)
    assert refusal(sign_in(browser, provider)) == "token_invalid"
    assert not browser.is_signed_in


@pytest.mark.parametrize("left_out", ["iss", "sub", "aud", "exp", "iat", "nonce"])
def test_a_token_that_lacks_something_opens_nothing(
    desk: Desk, provider: LocalProvider, left_out: str
) -> None:
    desk.user("ada@example.org")
    provider.wrong.left_out = (left_out,)
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "token_invalid"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_have_signed_opens_nothing(
    desk: Desk, provider: LocalProvider, algorithm: str
) -> None:
    desk.user("ada@example.org")
    provider.wrong.algorithm = algorithm
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "token_invalid"


def test_a_token_of_another_key_opens_nothing(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    provider.wrong.signed_with = OTHER_KEY
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "token_invalid"


def test_an_attempt_ends_in_the_browser_that_began_it_and_once(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    victim, attacker = browser_of(desk, provider), browser_of(desk, provider)
    back = provider.authorize(go(attacker, "/login/oidc").headers["location"])
    assert refusal(go(victim, "/complete/oidc", **back)) == "expired"
    go(victim, "/login/oidc")
    assert refusal(go(victim, "/complete/oidc", **back)) == "expired"
    assert go(attacker, "/complete/oidc", **back).headers["location"] == "/"
    assert refusal(go(attacker, "/complete/oidc", **back)) == "expired"
    assert not victim.is_signed_in


def test_a_code_of_another_attempt_is_worthless(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    attacker, victim = browser_of(desk, provider), browser_of(desk, provider)
    stolen = provider.authorize(go(victim, "/login/oidc").headers["location"])["code"]
    mine = provider.authorize(go(attacker, "/login/oidc").headers["location"])["state"]
    assert refusal(go(attacker, "/complete/oidc", code=stolen, state=mine)) == "provider_refused"


def test_a_person_who_declines_is_not_signed_in(desk: Desk, provider: LocalProvider) -> None:
    browser = browser_of(desk, provider)
    state = provider.authorize(go(browser, "/login/oidc").headers["location"])["state"]
    answer = go(browser, "/complete/oidc", error="access_denied", state=state)
    assert refusal(answer) == "provider_refused"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a b",
        "x" * 3_000,
        "/é",
    ],
)
def test_nobody_is_led_to_another_site(desk: Desk, provider: LocalProvider, address: str) -> None:
    desk.user("ada@example.org")
    answer = sign_in(browser_of(desk, provider), provider, next=address)
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"token_endpoint": "file:///etc/passwd"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ],
)
def test_a_document_that_leads_astray_is_not_followed(
    desk: Desk, provider: LocalProvider, document: dict[str, Any]
) -> None:
    provider.wrong.document = document
    assert refusal(go(browser_of(desk, provider), "/login/oidc")) == "provider_broken"


def test_secrets_follow_no_redirect(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    provider.wrong.redirects = True
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "provider_refused"
    assert not [path for path in provider.asked if path.startswith("/elsewhere")]


def test_an_answer_without_end_is_not_read_to_the_end(desk: Desk, provider: LocalProvider) -> None:
    desk.user("ada@example.org")
    provider.wrong.endless = True
    assert refusal(sign_in(browser_of(desk, provider), provider)) == "provider_broken"


def test_a_provider_that_is_away_is_told_of(desk: Desk) -> None:
    with local_provider() as gone:
        pass
    assert refusal(go(browser_of(desk, gone), "/login/oidc")) == "provider_away"


def test_without_a_provider_there_is_no_such_page(desk: Desk) -> None:
    assert go(desk.browser(), "/login/oidc").status_code == 404
    assert go(desk.browser(), "/complete/oidc").status_code == 404


@pytest.mark.parametrize(
    "issuer",
    ["http://login.example.org", "ftp://x", "https://", "https://x/?a=1", "http://127.0.0.1.evil.example"],
)
def test_an_issuer_that_anybody_on_the_way_could_play_is_no_setting(issuer: str) -> None:
    with pytest.raises((ConfigurationError, ValueError), match="https"):
        Config(oidc_issuer=issuer)
