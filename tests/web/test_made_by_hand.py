"""An action, a cohort and an annotation, made and found again; what the API says of them is what was chosen."""

import re
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

from tests.demo_project import ask
from tests.web.screen import Screen
from tests.web.sending import capture


def resource(screen: Screen, path: str) -> Any:
    return ask(screen.appliance, f"/api/projects/{screen.appliance.project_id}/{path}")


def test_an_action_names_events_and_shows_those_that_match(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    event, who, other = f"ordered {mark}", f"buyer-{mark}", f"looker-{mark}"
    capture(inside.appliance, event, who, **{"$current_url": f"https://shop.example/{mark}/paid"})
    capture(inside.appliance, event, other, **{"$current_url": "https://shop.example/cart"})
    inside.in_project("actions")
    page = inside.page
    page.get_by_role("main").get_by_role("link", name="New action").first.click()
    expect(page.get_by_role("heading", name="New action", level=1)).to_be_visible()
    page.get_by_role("textbox", name="Name").fill(f"Bought {mark}")
    step = page.get_by_role("group", name="Step 1")
    step.get_by_role("button", name=re.compile("^Event:")).click()
    page.get_by_role("textbox", name="Search events").fill(event)
    page.get_by_role("option", name=event, exact=True).click()
    expect(step.get_by_role("button", name=f"Event: {event}")).to_be_visible()
    step.get_by_role("textbox", name="URL", exact=True).fill(f"{mark}/paid")
    matching = page.get_by_role("table", name="Matching events")
    expect(matching.get_by_role("row").filter(has_text=who)).to_be_visible()
    expect(matching.get_by_role("row").filter(has_text=other)).to_have_count(0)
    page.get_by_role("button", name="Create action").click()
    expect(page.get_by_role("heading", name=f"Bought {mark}", level=1)).to_be_visible()

    [made] = [
        one for one in resource(inside, "actions/?limit=500")["results"] if one["name"] == f"Bought {mark}"
    ]
    [kept] = made["steps"]
    assert (kept["event"], kept["url"], kept["url_matching"]) == (event, f"{mark}/paid", "contains")
    # It is an event like any other: the list of events takes it.
    inside.in_project(f"events?action={made['id']}")
    expect(inside.row(who).first).to_be_visible()
    inside.settle()
    expect(inside.row(other)).to_have_count(0)


def test_a_cohort_holds_who_matches(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    property_, people = f"team_{mark}", [f"one-{mark}", f"two-{mark}"]
    for one in people:
        capture(inside.appliance, "joined", one, **{"$set": {property_: "red", "name": f"Person {one}"}})
    capture(inside.appliance, "joined", f"three-{mark}", **{"$set": {property_: "blue"}})
    inside.in_project("cohorts/new")
    page = inside.page
    page.get_by_role("textbox", name="Name").fill(f"Reds {mark}")
    page.get_by_role("button", name="Choose a property").click()
    page.get_by_role("textbox", name="Search properties").fill(property_)
    page.get_by_role("button", name=re.compile(f"{property_}")).click()
    values = page.get_by_role("combobox", name="Values")
    values.fill("red")
    values.press("Enter")
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Create cohort").click()
    expect(page.get_by_role("heading", name=f"Reds {mark}", level=1)).to_be_visible()
    listed = page.get_by_role("table", name="People")
    for one in people:
        expect(listed.get_by_role("link", name=f"Person {one}")).to_be_visible()
    inside.settle()
    expect(listed.get_by_role("row")).to_have_count(1 + len(people))

    [made] = [
        one for one in resource(inside, "cohorts/?limit=500")["results"] if one["name"] == f"Reds {mark}"
    ]
    inside.wait_until(lambda: resource(inside, f"cohorts/{made['id']}/")["count"] == len(people))
    told = resource(inside, f"cohorts/{made['id']}/persons/")["results"]
    assert {one["name"] for one in told} == {f"Person {one}" for one in people}


def test_an_annotation_is_written_changed_and_deleted(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    inside.in_project("annotations")
    page = inside.page
    page.get_by_role("main").get_by_role("button", name="New annotation").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="What happened").fill(f"Version {mark} is out")
    dialog.get_by_label("When").fill("2026-02-03T04:05")
    dialog.get_by_role("combobox", name="Shown on charts of").select_option(label="This project")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    line = inside.row(f"Version {mark} is out")
    expect(line).to_contain_text("This project")
    [made] = resource(inside, f"annotations/?search={mark}")["results"]
    assert made["date_marker"].startswith("2026-02-03T04:05")
    assert made["scope"] == "project"

    line.get_by_role("button", name=re.compile("^Edit")).click()
    dialog.get_by_role("textbox", name="What happened").fill(f"Version {mark} is gone")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(line).to_have_count(0)
    line = inside.row(f"Version {mark} is gone")
    with page.expect_response(lambda one: one.request.method == "PATCH") as deleted:
        line.get_by_role("button", name=re.compile("^Delete")).click()
    assert deleted.value.json()["deleted"] is True
    # Whoever deletes by mistake is offered a way back, for a few seconds.
    page.get_by_role("button", name="Undo").click()
    expect(line).to_be_visible()
    [back] = resource(inside, f"annotations/?search={mark}")["results"]
    assert back["id"] == made["id"]
