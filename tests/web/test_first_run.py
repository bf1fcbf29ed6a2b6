"""From an appliance that nobody knows yet to the first event."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.conftest import Appliance, running
from tests.web.conftest import watched
from tests.web.screen import Screen

_EMAIL, _PASSWORD = "ada@example.org", "a long enough password"


@pytest.fixture
def fresh(tmp_path: Path, visitor: BrowserContext) -> Iterator[Screen]:
    with running(tmp_path / "data") as appliance, watched(appliance, visitor) as found:
        yield found


def test_whoever_installs_it_sets_it_up_and_sees_the_first_event(fresh: Screen) -> None:
    page = fresh.page
    fresh.open("/")
    expect(page.get_by_role("heading", name="Welcome to Hoglet")).to_be_visible()
    assert fresh.barriers() == []
    fresh.shoot("setup")
    page.get_by_role("textbox", name="Your name").fill("Ada")
    page.get_by_role("textbox", name="Email").fill(_EMAIL)
    page.get_by_label("Password", exact=True).fill(_PASSWORD)
    page.get_by_role("textbox", name="Organization").fill("Analytical Engines")
    page.get_by_role("textbox", name="First project").fill("Engine one")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("button", name="Project: Engine one")).to_be_visible()

    fresh.in_project("onboarding")
    expect(page.get_by_text(fresh.appliance.token).first).to_be_visible()
    fresh.settle()
    fresh.shoot("onboarding-waiting")
    token = page.evaluate("document.body.innerText.match(/phc_[A-Za-z0-9_-]+/)[0]")
    _first_event(fresh.appliance, token)
    expect(page.get_by_text("first thing that happened").first).to_be_visible()
    fresh.shoot("onboarding-seen")

    # The way in that was made first is closed, and the new one is open. Whatever the page still asks is refused.
    fresh.may_be_refused("401 .*")
    page.context.clear_cookies()
    fresh.open("/setup")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.get_by_label("Email").fill(_EMAIL)
    page.get_by_label("Password", exact=True).fill(_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Project: Engine one")).to_be_visible()


def _first_event(appliance: Appliance, token: str) -> None:
    body = {"api_key": token, "event": "first thing that happened", "distinct_id": "ada"}
    httpx.post(f"{appliance.url}/capture/", json=body, timeout=20).raise_for_status()
