"""Dashboards: made, laid out, and shared by a link."""

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.conftest import Appliance
from tests.web.conftest import DemoApi, watched
from tests.web.screen import Screen


def place(tile: Locator) -> FloatRect:
    found = tile.bounding_box()
    assert found is not None
    return found


def tiles(page: Page) -> Locator:
    return page.get_by_role("article")


def test_one_is_made_arranged_and_stays_as_it_was_left(inside: Screen, api: DemoApi) -> None:
    inside.in_project("dashboards", api.project_id)
    page = inside.page
    page.get_by_role("button", name="New dashboard").first.click()
    page.get_by_role("textbox", name="Name").fill("Of this test")
    page.get_by_role("button", name="Create dashboard").click()
    expect(page.get_by_role("heading", name="Of this test", level=1)).to_be_visible()

    page.get_by_role("button", name="Add", exact=True).first.click()
    page.get_by_role("menuitem", name="Insight").click()
    dialog = page.get_by_role("dialog")
    for _ in range(2):
        dialog.get_by_role("button", name=re.compile("^Add ")).first.click()
        expect(dialog.get_by_role("button", name=re.compile("^Add ")).first).to_be_enabled()
    dialog.get_by_role("button", name="Done").click()
    expect(tiles(page)).to_have_count(2)
    inside.settle()

    page.get_by_role("button", name="Edit layout").click()
    expect(page.locator(".arrange article")).to_have_count(2)
    inside.settle()
    left, right = tiles(page).nth(0), tiles(page).nth(1)
    name = left.get_attribute("aria-label") or ""
    before = place(left)
    handle = place(left.locator("header"))
    aim = place(right)
    with page.expect_response(lambda answer: answer.request.method in ("PATCH", "POST")):
        page.mouse.move(handle["x"] + 40, handle["y"] + 12)
        page.mouse.down()
        page.mouse.move(handle["x"] + 90, handle["y"] + 40, steps=4)
        page.mouse.move(aim["x"] + 60, aim["y"] + aim["height"] + 40, steps=10)
        page.mouse.up()
    page.get_by_role("button", name="Done").click()
    inside.settle()
    moved = place(page.get_by_role("article", name=name, exact=True))
    assert (moved["x"], moved["y"]) != (before["x"], before["y"])
    page.reload()
    expect(tiles(page)).to_have_count(2)
    inside.settle()
    assert place(page.get_by_role("article", name=name, exact=True)) == pytest.approx(moved, abs=2)


def test_a_shared_link_opens_one_dashboard_and_nothing_else(
    inside: Screen, api: DemoApi, appliance: Appliance, browser: Browser
) -> None:
    shown = api.ask("dashboards/")["results"][-1]
    inside.in_project(f"dashboards/{shown['id']}", api.project_id)
    page = inside.page
    page.get_by_role("button", name="Share", exact=True).click()
    switch = page.get_by_role("switch", name="Anyone with the link can look")
    switch.click()
    expect(switch).to_be_checked()
    link = page.get_by_role("textbox", name="Link", exact=True).input_value()
    assert link.startswith(f"{appliance.url}/shared/")

    stranger = browser.new_context()
    try:
        with watched(appliance, stranger) as other:
            asked: list[str] = []
            other.page.on("request", lambda request: asked.append(request.url))
            other.page.goto(link)
            expect(other.page.get_by_role("heading", name=shown["name"], level=1)).to_be_visible()
            expect(tiles(other.page).first).to_be_visible()
            other.settle()
            expect(other.page.get_by_role("navigation")).to_have_count(0)
            assert stranger.cookies() == []
            assert [url for url in asked if "/api/projects" in url] == []
            for path in ("", "dashboards/", f"dashboards/{shown['id']}/", "insights/", "persons/"):
                refused = stranger.request.get(f"{appliance.url}/api/projects/{api.project_id}/{path}")
                assert refused.status == 401, path
            assert api.token not in other.page.content()

            switch.click()
            expect(page.get_by_role("textbox", name="Link", exact=True)).to_have_count(0)
            other.page.reload()
            expect(other.page.get_by_text("This link opens nothing")).to_be_visible()
            assert {one.split()[0] for one in other.refused} == {"404"}
            other.refused.clear()
    finally:
        stranger.close()


def test_a_shared_page_in_a_frame_of_another_site_is_allowed_only_where_it_is_made_for_it(
    appliance: Appliance, screen: Screen
) -> None:
    for path, ancestors, framing in (
        ("/embedded/anything", "frame-ancestors *", None),
        ("/shared/anything", "frame-ancestors 'none'", "DENY"),
        ("/", "frame-ancestors 'none'", "DENY"),
    ):
        answer = screen.page.request.get(f"{appliance.url}{path}", headers={"accept": "text/html"})
        assert ancestors in answer.headers["content-security-policy"]
        assert answer.headers.get("x-frame-options") == framing
