"""Signing in, and what is around every page."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.screen import Screen


def test_signing_in_leads_to_where_one_wanted_to_go(screen: Screen) -> None:
    screen.in_project("events?date_from=-7d")
    page = screen.page
    door = page.get_by_role("heading", name=re.compile("^(Welcome to Hoglet|Sign in)$"))
    expect(door).to_be_visible()
    if door.inner_text() != "Sign in":
        # Nobody has signed in to this appliance yet.
        page.get_by_role("link", name="Sign in").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    screen.may_be_refused("400 /api/login/")
    page.get_by_label("Email").fill(screen.appliance.email)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Invalid email or password")
    screen.shoot("sign-in")
    assert screen.refused == ["400 /api/login/"]

    page.get_by_label("Password", exact=True).fill(screen.appliance.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name=re.compile("^Signed in as"))).to_be_visible()


def test_a_link_reproduces_the_view_and_leads_back_to_it_after_signing_in(inside: Screen) -> None:
    inside.in_project("events?date_from=-30d&event=%24pageview")
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="Date range: Last 30 days")).to_be_visible()
    expect(page.get_by_role("button", name="Event: Pageview")).to_be_visible()

    inside.settle()
    # The session ends while the page is open, as it does after days.
    inside.may_be_refused("401 .*")
    page.context.clear_cookies()
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page).to_have_url(re.compile("date_from"))
    page.get_by_label("Email").fill(inside.appliance.email)
    page.get_by_label("Password", exact=True).fill(inside.appliance.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Date range: Last 30 days")).to_be_visible()
    expect(page.get_by_role("button", name="Event: Pageview")).to_be_visible()


def test_signing_out_ends_the_session(screen: Screen) -> None:
    # Not the session that the other tests share.
    screen.sign_in()
    screen.open("/")
    page = screen.page
    screen.settle()
    # What the page asks for by itself from time to time.
    screen.may_be_refused("401 .*")
    page.get_by_role("button", name=re.compile("^Signed in as")).click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    screen.open("/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


def test_the_search_opens_and_closes_by_its_keys(inside: Screen) -> None:
    inside.in_project("events")
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    inside.settle()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Search").fill("events explore")
    expect(page.get_by_role("option", name="Events Page", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Search")).to_be_hidden()


def test_an_address_that_leads_nowhere_says_so(inside: Screen) -> None:
    inside.in_project("no-such-page")
    expect(inside.page.get_by_role("heading", name="There is nothing here")).to_be_visible()


def test_another_project_is_not_found(inside: Screen) -> None:
    inside.may_be_refused("404 /api/projects/999999999/")
    inside.open("/project/999999999/events")
    expect(inside.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    assert inside.refused


def test_the_shell_is_whole_on_a_phone_in_the_dark(inside: Screen) -> None:
    inside.narrow()
    inside.dark()
    inside.in_project("events")
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    inside.settle()
    assert not inside.scrolls_sideways
    inside.shoot("events-phone-dark")
    page.get_by_role("button", name="Open navigation").click()
    expect(page.get_by_role("navigation", name="Pages")).to_be_visible()
    inside.shoot("navigation-phone-dark")


@pytest.mark.parametrize("is_dark", [False, True])
def test_nothing_in_the_shell_keeps_people_out(inside: Screen, is_dark: bool) -> None:
    if is_dark:
        inside.dark()
    inside.in_project("events")
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    inside.settle()
    assert inside.barriers() == []
    page.get_by_role("button", name="Filter", exact=True).click()
    expect(page.get_by_role("textbox", name="Search properties")).to_be_visible()
    inside.settle()
    assert inside.barriers() == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Date range: Last 24 hours").click()
    expect(page.get_by_role("button", name="Last 30 days", exact=True)).to_be_visible()
    assert inside.barriers() == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_visible()
    assert inside.barriers() == []
