"""Dashboards: made, laid out, and shared by a link."""

import re

import pytest
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect

from tests.conftest import Appliance
from tests.web.conftest import DemoApi, watched
from tests.web.screen import Screen


def place(screen: Screen, tile: Locator) -> FloatRect:
    """Where it is once it has come to rest: tiles glide to their places."""
    found: list[FloatRect | None] = [None]

    def rests() -> bool:
        found.append(tile.bounding_box())
        return found[-1] is not None and found[-1] == found[-2]

    screen.wait_until(rests)
    assert found[-1] is not None
    return found[-1]


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
    names = sorted({one["name"] for one in api.ask("insights/?saved=true")["results"] if one["name"]})[:2]
    for count, name in enumerate(names, 1):
        dialog.get_by_role("textbox", name="Search saved insights").fill(name)
        dialog.get_by_role("button", name=f"Add {name}", exact=True).click()
        listed = dialog.get_by_role("listitem").filter(has_text=name)
        expect(listed.get_by_text("On this dashboard").first).to_be_visible()
        expect(tiles(page)).to_have_count(count)
    dialog.get_by_role("button", name="Done").click()
    inside.settle()

    page.get_by_role("button", name="Edit layout").click()
    expect(page.locator(".arrange article")).to_have_count(2)
    inside.settle()
    left, right = (page.get_by_role("article", name=name, exact=True) for name in names)
    before, aim = place(inside, left), place(inside, right)
    handle = place(inside, left.locator("header"))
    with page.expect_response(
        lambda answer: answer.request.method == "PATCH" and "/dashboards/" in answer.url
    ):
        page.mouse.move(handle["x"] + 40, handle["y"] + 12)
        page.mouse.down()
        page.mouse.move(handle["x"] + 90, handle["y"] + 40, steps=4)
        page.mouse.move(aim["x"] + 60, aim["y"] + aim["height"] + 40, steps=10)
        page.mouse.up()
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".arrange")).to_have_count(0)
    inside.settle()
    moved = place(inside, left)
    assert (moved["x"], moved["y"]) != (before["x"], before["y"])
    page.reload()
    expect(tiles(page)).to_have_count(2)
    inside.settle()
    assert place(inside, left) == pytest.approx(moved, abs=2)


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
    field = page.get_by_role("textbox", name="Link", exact=True)
    expect(field).to_have_value(re.compile(f"^{re.escape(appliance.url)}/shared/."))
    link = field.input_value()

    stranger = browser.new_context()
    try:
        with watched(appliance, stranger) as other:
            other.may_be_refused("404 /.*")
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
            assert other.refused
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
