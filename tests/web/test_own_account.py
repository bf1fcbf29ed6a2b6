"""What people do with their own way in: a second factor, and an invite."""

import re
import time
from dataclasses import dataclass

import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.conftest import Appliance
from tests.web.conftest import watched
from tests.web.people import Somebody, joined
from tests.web.screen import Screen

_STEP_S = 30


@dataclass
class Phone:
    """An authenticator app that never shows a code twice."""

    totp: pyotp.TOTP
    last_step: int = 0

    def code(self) -> str:
        self.last_step = max(self.last_step + 1, int(time.time()) // _STEP_S)
        return self.totp.at(self.last_step * _STEP_S)


def give_password(screen: Screen, who: Somebody) -> None:
    """On the sign-in page; a second factor comes next."""
    page = screen.page
    screen.open("/sign-in")
    page.get_by_role("textbox", name="Email").fill(who.email)
    page.get_by_label("Password", exact=True).fill(who.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def give_code(page: Page, code: str) -> None:
    page.get_by_role("textbox", name="Code").fill(code)
    page.get_by_role("button", name="Go on").click()


def signed_in_as(page: Page, name: str) -> None:
    expect(page.get_by_role("button", name=re.compile(f"^Signed in as\\W+{re.escape(name)}"))).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for(screen: Screen, browser: Browser) -> None:
    who = joined(browser, screen.appliance, "member")
    page = screen.page
    # A password alone, and codes that are not right.
    screen.may_be_refused("401 /api/login/", "400 /api/login/token/", "401 .*")
    answer = page.request.post(
        f"{screen.appliance.url}/api/login/", data={"email": who.email, "password": who.password}
    )
    assert answer.ok

    screen.in_project("settings/account")
    section = page.get_by_role("region", name="Second factor")
    section.get_by_role("button", name="Set it up").click()
    section.get_by_label("Your password", exact=True).fill(who.password)
    section.get_by_role("button", name="Go on").click()
    expect(section.get_by_label("QR code of the second factor")).to_be_visible()
    phone = Phone(pyotp.TOTP(section.locator("code").inner_text()))
    section.get_by_role("textbox", name="Code from the app").fill(phone.code())
    section.get_by_role("button", name="Turn it on").click()
    shown_once = section.get_by_role("status").filter(has_text="Your recovery codes")
    expect(shown_once.locator("code")).to_have_count(10)
    recovery = shown_once.locator("code").all_inner_texts()
    expect(section.get_by_text("10 recovery codes left")).to_be_visible()
    assert screen.barriers() == []

    page.context.clear_cookies()
    give_password(screen, who)
    # Never right, since a digit is missing.
    give_code(page, "12345")
    expect(page.get_by_role("textbox", name="Code")).to_have_attribute("aria-invalid", "true")
    give_code(page, phone.code())
    signed_in_as(page, who.name)

    page.context.clear_cookies()
    give_password(screen, who)
    give_code(page, recovery[0])
    signed_in_as(page, who.name)
    screen.in_project("settings/account")
    expect(section.get_by_text("9 recovery codes left")).to_be_visible()
    expect(page.locator("code")).to_have_count(0)

    page.context.clear_cookies()
    give_password(screen, who)
    # It was good once.
    with page.expect_response("**/api/login/token/") as told:
        give_code(page, recovery[0])
    assert told.value.status == 400
    give_code(page, recovery[1])
    signed_in_as(page, who.name)


def test_an_invite_is_taken_in_another_browser(
    inside: Screen, browser: Browser, appliance: Appliance, visitor: BrowserContext
) -> None:
    page, email = inside.page, f"nora.{time.time_ns()}@example.org"
    inside.in_project("settings/members")
    section = page.get_by_role("region", name="Invite somebody")
    section.get_by_role("textbox", name="Address").fill(email)
    section.get_by_role("combobox", name="Role").click()
    page.get_by_role("option", name="Viewer", exact=True).click()
    section.get_by_role("button", name="Make a link").click()
    link = section.get_by_role("status").filter(has_text="The link").locator("code").inner_text()
    assert link.startswith(f"{appliance.url}/signup/")
    expect(
        page.get_by_role("table", name="Open invites").get_by_role("row").filter(has_text=email)
    ).to_be_visible()

    with watched(appliance, visitor) as other:
        door = other.page
        door.goto(link)
        expect(door.get_by_role("heading", name=re.compile("^Join "))).to_be_visible()
        expect(door.get_by_role("textbox", name="Email")).to_have_value(email)
        door.get_by_role("textbox", name="Your name").fill("Nora Newcomer")
        door.get_by_label("Password", exact=True).fill("a long enough password")
        door.get_by_role("button", name="Make an account and join").click()
        signed_in_as(door, "Nora Newcomer")

    page.reload()
    member = page.get_by_role("table", name="Members").get_by_role("row").filter(has_text=email)
    expect(member).to_contain_text("Nora Newcomer")
    expect(member.get_by_role("combobox", name="Role of Nora Newcomer")).to_have_value("Viewer")
    inside.settle()
    expect(page.get_by_role("table", name="Open invites").get_by_text(email)).to_have_count(0)

    late = browser.new_context()
    with watched(appliance, late) as other:
        other.may_be_refused("40[0-9] /api/signup/.*")
        other.page.goto(link)
        expect(other.page.get_by_role("heading", name="This link does not work")).to_be_visible()
    late.close()
