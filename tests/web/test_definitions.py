"""What people say of a property, and the two kinds of groups."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.demo_project import ask
from tests.web.conftest import DemoApi
from tests.web.screen import Screen
from tests.web.sending import capture


def test_a_property_is_described_tagged_and_verified(inside: Screen) -> None:
    mark = uuid4().hex[:8]
    name = f"basket_{mark}"
    capture(inside.appliance, "ordered", f"who-{mark}", **{name: 12})
    inside.in_project("definitions")
    page = inside.page
    page.get_by_role("tab", name="Properties").click()
    page.get_by_role("textbox", name="Search properties").fill(name)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    about = page.get_by_role("region", name="About")
    expect(about.get_by_role("button", name="Save")).to_be_disabled()
    about.get_by_role("textbox", name="Description").fill("What is in the basket")
    tags = about.get_by_role("combobox", name="Tags")
    tags.fill("checkout")
    tags.press("Enter")
    about.get_by_role("radiogroup", name="State").get_by_text("Verified").click()
    about.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The definition was saved.")).to_be_visible()
    expect(about.get_by_role("button", name="Save")).to_be_disabled()

    page.reload()
    expect(about.get_by_role("textbox", name="Description")).to_have_value("What is in the basket")
    expect(about.get_by_role("radio", name="Verified")).to_be_checked()
    project = f"/api/projects/{inside.appliance.project_id}"
    [told] = ask(inside.appliance, f"{project}/property_definitions/?search={name}")["results"]
    assert (told["description"], told["tags"], told["verified"], told["hidden"]) == (
        "What is in the basket", ["checkout"], True, False,
    )  # fmt: skip
    assert told["property_type"] == "Numeric"

    inside.in_project(f"definitions?tab=properties&q={name}")
    line = inside.row(name)
    expect(line).to_contain_text("What is in the basket")
    expect(line).to_contain_text("checkout")
    expect(line.get_by_role("img", name="Verified")).to_be_visible()


def test_a_group_tells_in_its_tabs_what_the_api_tells(inside: Screen, api: DemoApi) -> None:
    types = api.ask("groups_types/")
    assert types
    index = types[0]["group_type_index"]
    groups = api.ask(f"groups/?group_type_index={index}")["results"]
    group = next(one for one in groups if one["group_properties"].get("name"))
    title = group["group_properties"]["name"]
    inside.in_project(f"groups?type={index}&search={title}", api.project_id)
    page = inside.page
    page.get_by_role("searchbox").fill(title)
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()

    told = page.get_by_role("tabpanel", name="Properties").get_by_role("table", name="Properties")
    for name, value in group["group_properties"].items():
        if isinstance(value, str) and value:
            expect(told.get_by_role("row").filter(has_text=name).filter(has_text=value).first).to_be_visible()

    page.get_by_role("tab", name="Events").click()
    panel = page.get_by_role("tabpanel", name="Events")
    [[count]] = api.query(
        {
            "kind": "HogQLQuery",
            "query": f"SELECT count() FROM events WHERE $group_{index} = {{key}} "
            "AND timestamp >= now() - INTERVAL 30 DAY",
            "values": {"key": group["group_key"]},
        }
    )
    inside.settle()
    shown = panel.get_by_role("table", name="Events", exact=True).get_by_role("button", name="Show details")
    expect(shown).to_have_count(min(count, 100))

    page.get_by_role("tab", name="Related").click()
    related = api.ask(f"groups/related/?group_type_index={index}&id={group['group_key']}")
    panel = page.get_by_role("tabpanel", name="Related")
    if related:
        expect(panel.get_by_role("table", name="Related").locator("tbody tr")).to_have_count(len(related))
    else:
        expect(panel.get_by_text("Nothing related")).to_be_visible()

    page.get_by_role("tab", name="Activity").click()
    expect(page.get_by_role("tabpanel", name="Activity")).to_be_visible()
    inside.settle()
    # The address brings the tab back.
    page.reload()
    expect(page.get_by_role("tab", name="Activity")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="Related").press("Enter")
    page.go_back()
    expect(page.get_by_role("tab", name="Activity")).to_have_attribute("aria-selected", "true")
