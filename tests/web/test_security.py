"""What other sites can do to somebody who is signed in: nothing."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.web.screen import Screen

# What fetch and forms can send without asking first.
_ATTACK = """<!doctype html><title>Elsewhere</title>
<form method="post" action="{target}" enctype="text/plain"><input name='{{"name":"{name}","x":"' value='"}}'></form>
<iframe src="{url}"></iframe>
<script>
for (const type of ['text/plain', 'application/x-www-form-urlencoded'])
  fetch('{target}', {{method: 'POST', mode: 'no-cors', credentials: 'include', headers: {{'content-type': type}},
    body: '{{"name":"{name}"}}'}}).finally(() => {{ window.sent = (window.sent ?? 0) + 1 }})
</script>"""


@pytest.fixture
def elsewhere(inside: Screen) -> Iterator[tuple[str, str]]:
    """Another site on the same machine, so that cookies of the same site go along; and what its page tries to make."""
    name = f"made elsewhere {uuid4().hex}"
    target = f"{inside.appliance.url}/api/projects/{inside.appliance.project_id}/dashboards/"
    body = _ATTACK.format(target=target, url=inside.appliance.url, name=name).encode()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", name
    server.shutdown()
    server.server_close()


def test_a_page_of_another_site_changes_nothing_and_frames_nothing(
    inside: Screen, elsewhere: tuple[str, str]
) -> None:
    address, name = elsewhere
    page = inside.page
    inside.in_project("events")
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    page.goto(address)
    inside.may_be_refused("403 .*")
    page.wait_for_function("window.sent === 2")
    # The frame holds the browser's own page about a refusal, not ours.
    inside.wait_until(lambda: any("frame" in one.lower() for one in inside.complaints))
    assert page.frames[1].locator("#root").count() == 0
    with page.expect_navigation():
        page.evaluate("document.forms[0].submit()")
    inside.wait_until(lambda: len(inside.refused) == 3)
    inside.complaints.clear()
    assert name not in page.request.get(f"{_base(inside)}/dashboards/").text()


def test_a_cookie_alone_changes_nothing(inside: Screen) -> None:
    request = inside.page.request
    assert request.get(f"{_base(inside)}/dashboards/").ok
    for headers in ({}, {"X-CSRFToken": "guessed"}, {"X-CSRFToken": ""}):
        answer = request.post(f"{_base(inside)}/dashboards/", data={"name": "by cookie"}, headers=headers)
        assert answer.status == 403, headers
    word = request.get(f"{inside.appliance.url}/api/session/").json()["csrf_token"]
    foreign = {"X-CSRFToken": word, "Origin": "https://elsewhere.example"}
    assert request.post(f"{_base(inside)}/dashboards/", data={"name": "x"}, headers=foreign).status == 403


def test_the_cookie_cannot_be_read_by_scripts(inside: Screen) -> None:
    inside.in_project("events")
    assert inside.page.evaluate("document.cookie") == ""
    for cookie in inside.page.context.cookies():
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/project/1/events", "/setup", "/signup/x"])
def test_pages_run_only_our_own_scripts_and_stay_out_of_frames(screen: Screen, path: str) -> None:
    answer = screen.page.request.get(f"{screen.appliance.url}{path}", headers={"accept": "text/html"})
    policy = dict(one.strip().split(" ", 1) for one in answer.headers["content-security-policy"].split(";"))
    assert policy["script-src"] == "'self'"
    assert policy["object-src"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'self'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in answer.text()


def _base(screen: Screen) -> str:
    return f"{screen.appliance.url}/api/projects/{screen.appliance.project_id}"
