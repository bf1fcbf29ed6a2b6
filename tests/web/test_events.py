"""The list of events."""

import json
import re
import uuid

from playwright.sync_api import expect

from tests.web.screen import Screen
from tests.web.sending import capture

_HOSTILE = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"


def test_events_are_found_by_name_and_opened(inside: Screen) -> None:
    name, who = f"paid {uuid.uuid4().hex}", f"list-{uuid.uuid4().hex}"
    capture(inside.appliance, name, who, plan="pro", amount=12)
    inside.in_project("events")
    page = inside.page
    page.get_by_role("button", name="Event: All events").click()
    page.get_by_role("textbox", name="Search events").fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    found = inside.row(who)
    expect(found.get_by_role("cell", name=who)).to_be_visible()
    expect(page).to_have_url(re.compile("event=paid"))
    # Until the answer is there the list of all events stands below.
    found.get_by_role("button", name="Show details").click()
    expect(page.get_by_role("table", name="Properties")).to_contain_text("plan")
    inside.shoot("events")


def test_what_a_stranger_sent_is_shown_as_text(inside: Screen) -> None:
    who = f"hostile-{uuid.uuid4().hex}"
    capture(inside.appliance, _HOSTILE, who, **{_HOSTILE: _HOSTILE})
    filters = json.dumps(
        [{"type": "event_metadata", "key": "distinct_id", "operator": "exact", "value": [who]}]
    )
    inside.in_project(f"events?properties={filters}")
    page = inside.page
    found = inside.row(who)
    expect(found.get_by_role("cell", name=_HOSTILE).first).to_be_visible()
    found.get_by_role("button", name="Show details").click()
    expect(page.get_by_role("table", name="Properties")).to_contain_text(_HOSTILE)
    assert page.title() == "Events · Hoglet"


def test_a_failed_question_says_what_is_wrong_and_can_be_asked_again(inside: Screen) -> None:
    filters = json.dumps([{"type": "hogql", "key": "no_such_field = 1"}])
    inside.in_project(f"events?properties={filters}")
    inside.may_be_refused("400 .*/query/")
    refused = inside.page.get_by_role("alert").filter(has_text="no_such_field")
    expect(refused.get_by_role("button", name="Try again")).to_be_visible()
    assert inside.refused
