"""Without a mouse: the search, and a list with what its rows open to."""

import json
from urllib.parse import quote
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen
from tests.web.sending import capture

_STEPS_MAX = 150


def tab_to(page: Page, wanted: Locator) -> None:
    """With the tabulator alone, from wherever one is."""
    expect(wanted).to_be_visible()
    for _ in range(_STEPS_MAX):
        page.keyboard.press("Tab")
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"the tabulator does not lead to {wanted}")


def test_the_search_finds_and_opens_by_keys(inside: Screen, api: DemoApi) -> None:
    dashboard = api.ask("dashboards/")["results"][0]
    inside.in_project("events", api.project_id)
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    inside.settle()
    page.keyboard.press("Control+k")
    search = page.get_by_role("combobox", name="Search")
    expect(search).to_be_focused()
    page.keyboard.type(dashboard["name"])
    found = page.get_by_role("option", name=f"{dashboard['name']} Dashboard", exact=True)
    expect(found).to_be_visible()
    for _ in range(_STEPS_MAX):
        if found.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    expect(search).to_have_attribute("aria-activedescendant", found.get_attribute("id") or "")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=dashboard["name"], level=1)).to_be_visible()


def test_the_search_opens_what_was_typed_however_fast(inside: Screen, api: DemoApi) -> None:
    inside.in_project("events", api.project_id)
    page = inside.page
    expect(page.get_by_role("heading", name="Events", level=1)).to_be_visible()
    inside.settle()
    for text, title in (("annotations", "Annotations"), ("ingestion warn", "Ingestion warnings")):
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Search")).to_be_focused()
        # Enter comes before the list can have followed.
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()


def test_a_list_is_read_and_opened_by_keys(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    who = f"typist-{mark}"
    capture(inside.appliance, "typed", who, colour=f"green {mark}", **{"$set": {"name": f"Typist {mark}"}})
    filters = json.dumps(
        [{"type": "event_metadata", "key": "distinct_id", "operator": "exact", "value": [who]}]
    )
    inside.in_project(f"events?properties={quote(filters)}")
    page = inside.page
    line = inside.row("typed")
    inside.settle()
    tab_to(page, line.get_by_role("button", name="Show details"))
    page.keyboard.press("Enter")
    details = page.get_by_role("table", name="Properties")
    expect(details).to_contain_text(f"green {mark}")
    expect(line.get_by_role("button", name="Hide details")).to_be_focused()
    page.keyboard.press("Space")
    expect(details).to_have_count(0)
    tab_to(page, line.get_by_role("link", name=f"Typist {mark}"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Typist {mark}", level=1)).to_be_visible()


def test_a_filter_is_set_by_keys_and_gives_the_focus_back(inside: Screen) -> None:
    inside.in_project("events")
    page = inside.page
    inside.settle()
    opener = page.get_by_role("button", name="Filter", exact=True)
    tab_to(page, opener)
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Search properties")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Search properties")).to_have_count(0)
    expect(opener).to_be_focused()
