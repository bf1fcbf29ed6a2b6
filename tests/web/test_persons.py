"""Persons: found, merged, deleted."""

import time
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.conftest import Appliance
from tests.demo_project import ask
from tests.web.screen import Screen
from tests.web.sending import capture

_DONE_S = 20
_POLL_S = 0.1


def known(appliance: Appliance, name: str) -> str:
    """Somebody by this name and one event; their distinct id."""
    distinct_id = f"id-of-{uuid4().hex}"
    capture(appliance, "bought", distinct_id, **{"$set": {"name": name, "plan": f"plan of {name}"}})
    return distinct_id


def wait_until(is_so: Callable[[], bool]) -> None:
    """A merge and a deletion are noted like events, and take effect when those are ingested."""
    deadline = time.monotonic() + _DONE_S
    while not is_so():
        assert time.monotonic() < deadline, "it has not happened"
        time.sleep(_POLL_S)


def ids(appliance: Appliance, distinct_id: str) -> list[str]:
    """Of the persons who are known by it: one or none."""
    found = ask(appliance, f"/api/projects/{appliance.project_id}/persons/?distinct_id={distinct_id}")
    return [one["id"] for one in found["results"]]


def find(page: Page, text: str, name: str) -> None:
    """By the search of the list, to the person's own page."""
    page.get_by_role("searchbox", name="Search persons").fill(text)
    page.get_by_role("table", name="Persons").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def test_somebody_is_found_and_their_page_shows_what_they_did(inside: Screen) -> None:
    name = f"Ada {uuid4().hex[:8]}"
    who = known(inside.appliance, name)
    inside.in_project("persons")
    page = inside.page
    find(page, who, name)
    expect(page.get_by_text("bought").first).to_be_visible()
    page.get_by_role("tab", name="Properties").click()
    expect(page.get_by_role("tabpanel", name="Properties")).to_contain_text(f"plan of {name}")


def test_two_are_merged_and_then_deleted(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    first, second = known(inside.appliance, f"Grace {mark}"), known(inside.appliance, f"Double {mark}")
    inside.in_project("persons")
    page = inside.page
    # Whoever is merged or deleted is gone for what the page still asks of them.
    inside.may_be_refused("404 .*/persons/.*")
    find(page, first, f"Grace {mark}")
    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("menuitem", name="Merge with another person").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("searchbox", name="Search persons").fill(second)
    dialog.get_by_role("checkbox", name=f"Double {mark}").check()
    dialog.get_by_role("button", name="Merge", exact=True).click()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="Distinct ids").click()
    panel = page.get_by_role("tabpanel", name="Distinct ids")
    expect(panel).to_contain_text(first)
    expect(panel).to_contain_text(second)
    wait_until(lambda: ids(inside.appliance, first) == ids(inside.appliance, second))
    inside.in_project(f"persons/{second}")
    expect(page.get_by_role("heading", name=f"Grace {mark}", level=1)).to_be_visible()

    page.get_by_role("button", name="Change", exact=True).click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete person").click()
    expect(page.get_by_role("heading", name="Persons", level=1)).to_be_visible()
    wait_until(lambda: ids(inside.appliance, first) == [])
    inside.in_project(f"persons/{first}")
    expect(page.get_by_text("Nobody is known by this id")).to_be_visible()
    assert inside.refused
