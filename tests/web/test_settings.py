"""Settings, as somebody changes them: what they say afterwards, and what others see of it."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import Appliance
from tests.demo_project import ask
from tests.web.screen import Screen

_GONE_MS = 120_000


@pytest.fixture
def own(appliance: Appliance) -> Appliance:
    """A project that nobody else looks at."""
    return appliance.with_project(f"Own {uuid4().hex[:8]}")


def told(own: Appliance, path: str = "") -> Any:
    return ask(own, f"/api/projects/{own.project_id}/{path}")


def until(page: Page, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _GONE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline, "it has not come true"
        page.wait_for_timeout(100)


def test_a_project_is_deleted_by_typing_its_name(inside: Screen, own: Appliance) -> None:
    page, name = inside.page, told(own)["name"]
    inside.may_be_refused(rf"40[34] /api/projects/{own.project_id}/.*")  # what tells that it is gone
    elsewhere = page.context.new_page()
    elsewhere.goto(f"{own.url}/project/{own.project_id}/definitions")
    expect(elsewhere.get_by_role("heading", level=1)).to_be_visible()
    inside.in_project("settings", own.project_id)
    page.get_by_role("button", name="Delete the project").click()
    dialog = page.get_by_role("dialog")
    delete = dialog.get_by_role("button", name="Delete everything")
    expect(delete).to_be_disabled()
    assert inside.barriers() == []
    dialog.get_by_role("textbox").fill(name[:-1])
    expect(delete).to_be_disabled()
    dialog.get_by_role("textbox").fill(name)
    delete.click()
    # To a project that is still there, in other tabs too, as soon as they ask for something.
    page.wait_for_url(lambda url: f"/project/{own.project_id}" not in url, timeout=_GONE_MS)
    elsewhere.get_by_role("navigation", name="Pages").get_by_role("link", name="Cohorts").click()
    elsewhere.wait_for_url(lambda url: f"/project/{own.project_id}" not in url, timeout=_GONE_MS)
    inside.in_project("settings/organization")
    section = page.get_by_role("region", name="Deleted projects")
    expect(section.get_by_text(name, exact=True)).to_be_visible()
    expect(section.get_by_role("progressbar")).to_have_count(0, timeout=_GONE_MS)
    expect(section.get_by_text("All data removed").first).to_be_visible()
    inside.open(f"/project/{own.project_id}/home")
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_a_change_goes_through_after_signing_in_in_another_tab(screen: Screen, own: Appliance) -> None:
    page = screen.page
    screen.sign_in()
    screen.in_project("settings/replay", own.project_id)
    switch = page.get_by_role("switch", name="Record sessions")
    expect(switch).to_be_enabled()
    screen.sign_in()
    switch.click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(switch).to_be_checked()
    assert told(own)["session_recording_opt_in"] is True
    assert screen.refused == [f"403 /api/projects/{own.project_id}/"]
    screen.may_be_refused(*screen.refused)


def test_browsers_are_told_what_the_page_for_replay_says(inside: Screen, own: Appliance) -> None:
    page = inside.page
    inside.in_project("settings/replay", own.project_id)
    page.get_by_role("switch", name="Record sessions").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_role("combobox", name="On these pages", exact=True).fill("(")
    page.get_by_role("combobox", name="On these pages", exact=True).press("Enter")
    expect(page.get_by_text("is no regular expression")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("combobox", name="On these pages", exact=True).fill("/pay{1,2}$")
    page.get_by_role("combobox", name="On these pages", exact=True).press("Enter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    page.get_by_label("Mask the text of").fill(".private")
    page.get_by_role("region", name="Privacy").get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    assert inside.barriers() == []
    inside.narrow()
    assert not inside.scrolls_sideways

    def recording() -> Any:
        return page.request.get(f"{own.url}/array/{own.token}/config").json()["sessionRecording"]

    until(page, lambda: bool(recording()) and recording()["masking"] == {"maskTextSelector": ".private"})
    assert recording()["urlTriggers"] == [{"url": "/pay{1,2}$", "matching": "regex"}]


def test_a_flag_is_made_with_a_holdout_and_early_access(inside: Screen, own: Appliance) -> None:
    page, key = inside.page, f"held-{uuid4().hex[:8]}"
    inside.in_project("flags/new", own.project_id)
    page.get_by_role("textbox", name="Key").fill(key)
    page.get_by_role("switch", name="Early access").click()
    page.get_by_role("switch", name="Hold people out").click()
    page.get_by_role("textbox", name="Held out").fill("5")
    page.get_by_role("textbox", name="Holdout number").fill("12")
    page.get_by_role("textbox", name="Payload of the holdout").fill('{"old": true}')
    assert inside.barriers() == []
    page.get_by_role("button", name="Create flag").click()
    expect(page.get_by_role("heading", name=key)).to_be_visible()
    expect(page.get_by_text("5% of people get holdout-12")).to_be_visible()
    [made] = told(own, "feature_flags/")["results"]
    assert made["filters"]["holdout"] == {"id": 12, "exclusion_percentage": 5}
    assert made["filters"]["feature_enrollment"] is True
    assert made["filters"]["payloads"] == {"holdout-12": '{"old": true}'}


def test_somebody_takes_another_address_and_signs_in_with_it(
    screen: Screen, appliance: Appliance, visitor: BrowserContext
) -> None:
    page, name = screen.page, uuid4().hex
    before, after, password = f"{name}@example.org", f"{name}@example.net", "a long enough password"
    invite = ask(
        appliance, "/api/organizations/@current/invites/", {"target_email": before, "role": "viewer"}
    )
    given = {"email": before, "first_name": "Ada", "password": password}
    joined = visitor.request.post(f"{appliance.url}/api/signup/{invite['token']}/", data=given)
    assert joined.status == 201, joined.text()
    screen.in_project("settings/account")
    section = page.get_by_role("region", name="Email address")
    change = section.get_by_role("button", name="Change the address")
    expect(change).to_be_disabled()
    section.get_by_role("textbox", name="Address").fill(after)
    section.get_by_label("Your password", exact=True).fill("not this one")
    change.click()
    expect(section.get_by_text("Your current password is incorrect.")).to_be_visible()
    screen.may_be_refused("400 /api/users/@me/")
    section.get_by_label("Your password", exact=True).fill(password)
    change.click()
    expect(page.get_by_text("The address is changed.")).to_be_visible()
    expect(section.get_by_label("Your password", exact=True)).to_have_count(0)
    login = f"{appliance.url}/api/login/"
    assert visitor.request.post(login, data={"email": before, "password": password}).status == 400
    assert visitor.request.post(login, data={"email": after, "password": password}).status == 200
