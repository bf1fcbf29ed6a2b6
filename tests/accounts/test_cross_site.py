"""What other sites can make somebody's browser do: nothing."""

import pytest

from appliance.accounts.sessions import csrf_token
from tests.accounts.desk import PASSWORD, Browser, Desk
from tests.accounts.routes import address, closed

CHANGES = ("POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.signed_in("ada@example.org")


def _forged(browser: Browser, **headers: str) -> Browser:
    """The same cookies in a request that another page has caused."""
    return Browser(browser.client, "", headers)


def test_no_route_changes_anything_without_the_word_from_our_own_page(desk: Desk, ada: Browser) -> None:
    forged = _forged(ada)
    for method, path in closed(ada):
        if method in CHANGES:
            known = {"project_id": desk.first.project_id, "organization_id": "@current"}
            answer = forged.ask(method, address(path, **known), {})
            assert answer.status_code == 403, (method, path, answer.text)
            assert answer.json()["detail"].startswith("CSRF Failed"), (method, path)
    assert ada.is_signed_in


@pytest.mark.parametrize("word", ["x", "a" * 64, "é", csrf_token("a" * 43)])
def test_the_word_of_nobody_and_of_others_is_refused(ada: Browser, word: str) -> None:
    forged = _forged(ada)
    answer = forged.client.post(
        "/api/projects/@current/insights/", json={}, headers={"x-csrftoken": word.encode("latin-1")}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:8001",
        "http://127.0.0.1:8000.evil.example",
        "http://evil.example@127.0.0.1:8000",
        "http://[",
        "file://",
    ],
)
def test_even_with_the_word_another_origin_is_refused(ada: Browser, origin: str) -> None:
    ada.headers["origin"] = origin
    answer = ada.post("/api/projects/@current/insights/", {"name": "x"})
    assert answer.status_code == 403
    assert ada.get("/api/projects/").status_code == 200


def test_our_own_origin_passes(desk: Desk, ada: Browser) -> None:
    ada.headers["origin"] = "http://127.0.0.1:8000"
    assert ada.post("/api/projects/@current/insights/", {"name": "x"}).status_code == 201
    public = desk.browser(public_url="https://hoglet.example")
    assert public.sign_in("ada@example.org").status_code == 200
    public.headers["origin"] = "https://hoglet.example"
    # A proxy asks under another name than people do.
    public.headers["host"] = "10.0.0.5:8000"
    assert public.post("/api/logout/").status_code in (200, 401)


@pytest.mark.parametrize("path", ["/api/login/", "/api/login/token/", "/api/setup/", "/api/signup/x/"])
def test_nobody_is_signed_in_by_another_site(desk: Desk, path: str) -> None:
    desk.user("ada@example.org")
    browser = desk.browser()
    body = {"email": "ada@example.org", "password": PASSWORD}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = browser.post(path, body, headers=headers)
        assert answer.status_code == 403, headers
        assert "set-cookie" not in answer.headers


def test_a_key_needs_no_word(desk: Desk) -> None:
    browser = desk.browser()
    browser.headers = {
        "authorization": f"Bearer {desk.first.personal_api_key}",
        "origin": "https://any.example",
    }
    assert browser.post("/api/projects/@current/insights/", {"name": "x"}).status_code == 201


def test_a_key_that_nobody_has_is_not_saved_by_a_session(ada: Browser) -> None:
    assert ada.get("/api/projects/", headers={"authorization": "Bearer phx_nobody"}).status_code == 401


def test_other_sites_may_not_read_what_the_api_answers(ada: Browser) -> None:
    answer = ada.get("/api/users/@me/", headers={"origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_answers_of_the_api_are_no_pages_and_stay_in_no_cache(ada: Browser) -> None:
    for path in ("/api/users/@me/", "/api/session/", "/api/nothing/"):
        headers = ada.get(path).headers
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'", path
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["cache-control"] == "no-store", path
        assert headers["referrer-policy"] == "same-origin", path


def test_no_page_runs_foreign_or_inline_scripts_or_stands_in_a_frame(ada: Browser) -> None:
    answer = ada.get("/", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";") if rule.strip())
    assert rules["script-src"] == "'self'"
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
