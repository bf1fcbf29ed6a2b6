"""Each kind of insight, built by hand: its numbers are those that the API tells a key that asks the same."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen

_PAGEVIEW = {"kind": "EventsNode", "event": "$pageview", "name": "$pageview"}
_MONTH = {"date_from": "-30d"}


def begin(screen: Screen, api: DemoApi, kind: str) -> Page:
    """A new insight of this kind, over the last 30 days."""
    screen.in_project("insights", api.project_id)
    page = screen.page
    page.get_by_role("button", name="New insight").first.click()
    page.get_by_role("menuitem", name=re.compile(f"^{kind}")).click()
    expect(page.get_by_role("tab", name=kind)).to_have_attribute("aria-selected", "true")
    screen.settle()
    page.get_by_role("button", name=re.compile("^Date range:")).click()
    page.get_by_role("button", name="Last 30 days", exact=True).click()
    expect(page.get_by_role("button", name="Date range: Last 30 days")).to_be_visible()
    return page


def choose_event(page: Page, mark: str, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^Event of {mark}:")).click()
    page.get_by_role("textbox", name="Search events").fill(name)
    page.get_by_role("option", name=name, exact=True).click()
    # From here on what is shown belongs to it, or says that it is older; another choice would be added to it.
    expect(page.get_by_role("button", name=f"Event of {mark}: {name}", exact=True)).to_be_visible()


def table(screen: Screen, title: str) -> list[list[str]]:
    """The cells below the drawing, once the answer is there."""
    found: Locator = screen.page.get_by_role("table", name=title, exact=True)
    screen.settle()
    expect(screen.page.get_by_text(re.compile("^Computed "))).to_be_visible()
    expect(found).to_be_visible()
    rows: list[list[str]] = found.evaluate(
        "table => [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return rows


def number(cell: str) -> float | None:
    return None if cell == "\N{EN DASH}" else float(cell.replace(",", ""))


def test_trends_count_what_the_api_counts(inside: Screen, api: DemoApi) -> None:
    page = begin(inside, api, "Trends")
    choose_event(page, "A", "file_uploaded")
    [row] = table(inside, "Numbers")
    series = [{"kind": "EventsNode", "event": "file_uploaded"}]
    [told] = api.query({"kind": "TrendsQuery", "series": series, "dateRange": _MONTH})
    assert sum(told["data"]) > 0
    assert [number(one) for one in row[1:]] == [sum(told["data"]), *told["data"]]


def test_who_is_behind_a_number_of_trends(inside: Screen, api: DemoApi) -> None:
    page = begin(inside, api, "Trends")
    choose_event(page, "A", "subscription_started")
    table(inside, "Numbers")
    page.get_by_label("Chart type").select_option(label="Number")
    expect(page.get_by_label("Chart type")).to_have_value("BoldNumber")
    inside.settle()
    drawn = page.get_by_role("group", name="New trends insight")
    expect(drawn).to_be_visible()
    drawn.get_by_text(re.compile(r"^\d+$")).click()
    [[people]] = api.query(
        {
            "kind": "HogQLQuery",
            "query": "SELECT uniq(person_id) FROM events WHERE event = 'subscription_started' "
            "AND timestamp >= toStartOfDay(now() - INTERVAL 30 DAY)",
        }
    )
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(re.compile(rf"^{people} (people|person)$"))).to_be_visible()
    expect(dialog.get_by_role("table", name="Who is behind it").get_by_role("row")).to_have_count(people + 1)


def test_funnels_count_what_the_api_counts_and_show_who_got_through(inside: Screen, api: DemoApi) -> None:
    page = begin(inside, api, "Funnel")
    choose_event(page, "1", "signup_started")
    choose_event(page, "2", "signed_up")
    rows = table(inside, "Steps")
    steps = [{"kind": "EventsNode", "event": name} for name in ("signup_started", "signed_up")]
    told = api.query({"kind": "FunnelsQuery", "series": steps, "dateRange": _MONTH})
    counts = [step["count"] for step in told]
    assert counts[0] > counts[1] > 0
    assert [number(row[1]) for row in rows] == counts

    page.get_by_role("button", name=re.compile("who reached step 2")).click()
    expect(
        page.get_by_role("dialog").get_by_text(re.compile(rf"^{counts[1]} (people|person)"))
    ).to_be_visible()


def test_retention_counts_what_the_api_counts(inside: Screen, api: DemoApi) -> None:
    page = begin(inside, api, "Retention")
    rows = table(inside, "People who came back")
    entity = {"id": "$pageview", "type": "events"}
    asked = {
        "period": "Day",
        "totalIntervals": 8,
        "targetEntity": entity,
        "returningEntity": entity,
        "retentionType": "retention_first_time",
    }
    told = api.query({"kind": "RetentionQuery", "retentionFilter": asked, "dateRange": _MONTH})
    assert [[number(one) for one in row[1:]] for row in rows] == [
        [value["count"] for value in row["values"]] for row in told
    ]
    first = page.get_by_role("button", name=re.compile("Day 0: [1-9]")).first
    count = re.search(r"Day 0: ([\d,]*\d)", first.get_attribute("aria-label") or "")
    assert count is not None
    first.click()
    expect(
        page.get_by_role("dialog").get_by_text(re.compile(rf"^{count[1]} (people|person)"))
    ).to_be_visible()


def test_paths_count_what_the_api_counts(inside: Screen, api: DemoApi) -> None:
    begin(inside, api, "Paths")
    rows = table(inside, "Ways")
    asked = {"includeEventTypes": ["$pageview"], "stepLimit": 5}
    told = api.query({"kind": "PathsQuery", "pathsFilter": asked, "dateRange": _MONTH})
    assert told
    shown = [(row[0], row[1], number(row[2])) for row in rows]
    assert shown == [(as_shown(edge["source"]), as_shown(edge["target"]), edge["value"]) for edge in told]


def as_shown(step: str) -> str:
    """`1_https://burrow.example/pricing` as people read it: all pages are of one site, so its name is left out."""
    number, _, address = step.partition("_")
    return f"{number}. {address.removeprefix('https://burrow.example') or '/'}"


def test_stickiness_counts_what_the_api_counts(inside: Screen, api: DemoApi) -> None:
    begin(inside, api, "Stickiness")
    [row] = table(inside, "Numbers")
    [told] = api.query({"kind": "StickinessQuery", "series": [_PAGEVIEW], "dateRange": _MONTH})
    assert sum(told["data"]) > 0
    assert [number(one) for one in row[2:]] == told["data"]


def test_lifecycle_counts_what_the_api_counts(inside: Screen, api: DemoApi) -> None:
    begin(inside, api, "Lifecycle")
    rows = table(inside, "Numbers")
    told: list[dict[str, Any]] = api.query(
        {"kind": "LifecycleQuery", "series": [_PAGEVIEW], "dateRange": _MONTH}
    )
    assert len(rows) == len(told) == 4
    shown = [[number(one) for one in row[2:]] for row in rows]
    assert shown == [one["data"] for one in told]


def test_an_insight_is_kept_and_found_again(inside: Screen, api: DemoApi) -> None:
    page = begin(inside, api, "Trends")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("textbox", name="Name").fill("Views in a month")
    page.get_by_role("button", name="Save insight").click()
    expect(page.get_by_role("heading", name="Views in a month", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"/insights/\w{8}$"))
    page.reload()
    expect(page.get_by_role("button", name="Date range: Last 30 days")).to_be_visible()
    inside.in_project("insights?q=views+in", api.project_id)
    expect(page.get_by_role("link", name="Views in a month")).to_be_visible()
