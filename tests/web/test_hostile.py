"""Names and values that strangers and colleagues may write are text on every page, never a part of it."""

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import expect

from tests.conftest import Appliance
from tests.web.screen import Screen
from tests.web.sending import capture, send
from tests.web.test_every_page import PAGES, is_there

IMAGE = "<img src=x onerror=\"window.ran='image'\">"
SCRIPT = "</script><script>window.ran='script'</script>"
LINK = "javascript:window.ran='link'"
TEMPLATE = "{{constructor.constructor('window.ran=1')()}}${window.ran=1}"
HOSTILE = f"{IMAGE}{SCRIPT}"
MARKDOWN = f"""# {IMAGE}
{SCRIPT} <svg onload="window.ran='svg'"></svg> <iframe srcdoc="<script>parent.ran=1</script>"></iframe>

[press]({LINK}) [again](JaVaScRiPt:window.ran=1) [data](data:text/html,<script>parent.ran=1</script>)
![picture]({LINK}) <a href="{LINK}">raw</a> <{LINK}>

`{IMAGE}` **{IMAGE}**
"""
_PEOPLE = (
    "persons",
    "person",
    "events",
    "live",
    "groups",
    "group",
    "cohorts",
    "cohort",
    "trends",
    "paths",
    "funnel",
)
_MADE = ("home", "dashboards", "dashboard", "insights", "insight", "actions", "annotations", "definitions",
         "definition", "definitions-properties", "flags", "flag", "flag-edit", "flag-history", "sql", "warnings",
         "settings", "settings-audit-log")  # fmt: skip


@pytest.fixture(scope="module")
def hostile(appliance: Appliance) -> tuple[Appliance, dict[str, str]]:
    """A project in which everything that takes a text took a hostile one; and what is in it."""
    ours = appliance.with_project(HOSTILE)
    who = f"{HOSTILE} {uuid4().hex}"
    persons = {"$set": {"name": HOSTILE, "email": f"{LINK}@example.org", HOSTILE: LINK}}
    send(ours, "$groupidentify", who, **{"$group_type": "organization", "$group_key": HOSTILE,
                                         "$group_set": {"name": HOSTILE, HOSTILE: HOSTILE}})  # fmt: skip
    send(ours, "$pageview", who, **{"$current_url": LINK, "$pathname": f"/{IMAGE}", **persons})
    send(ours, TEMPLATE, who, **{"$current_url": f"https://example.org/{HOSTILE}"})
    capture(ours, HOSTILE, who, **{HOSTILE: HOSTILE, "link": LINK, "deep": {HOSTILE: [HOSTILE]},
                                   "$groups": {"organization": HOSTILE}, **persons})  # fmt: skip
    ours.wait_for_event(who, 4)

    def make(path: str, body: dict[str, Any]) -> Any:
        answer = httpx.post(
            f"{ours.url}/api/projects/{ours.project_id}/{path}",
            json=body,
            headers={"authorization": f"Bearer {ours.key}"},
            timeout=60,
        )
        assert answer.status_code in (200, 201), (path, answer.text)
        return answer.json()

    series = [{"kind": "EventsNode", "event": HOSTILE, "name": HOSTILE, "custom_name": HOSTILE}]
    trends = {"kind": "TrendsQuery", "series": series, "breakdownFilter": {"breakdown": HOSTILE}}
    dashboard = make(
        "dashboards/", {"name": HOSTILE, "description": HOSTILE, "tags": [IMAGE], "pinned": True}
    )
    insight = make(
        "insights/",
        {
            "name": HOSTILE,
            "description": HOSTILE,
            "query": {"kind": "InsightVizNode", "source": trends},
            "saved": True,
            "dashboards": [dashboard["id"]],
        },
    )
    httpx.patch(
        f"{ours.url}/api/projects/{ours.project_id}/dashboards/{dashboard['id']}/",
        json={"tiles": [{"text": {"body": MARKDOWN}, "layouts": {}}]},
        headers={"authorization": f"Bearer {ours.key}"},
        timeout=60,
    ).raise_for_status()
    flag = make(
        "feature_flags/",
        {
            "key": "hostile",
            "name": HOSTILE,
            "tags": [IMAGE],
            "active": True,
            "filters": {
                "groups": [
                    {
                        "properties": [
                            {"key": HOSTILE, "type": "person", "value": [HOSTILE], "operator": "exact"}
                        ],
                        "rollout_percentage": 50,
                    }
                ],
                "multivariate": {
                    "variants": [
                        {"key": "control", "name": HOSTILE, "rollout_percentage": 50},
                        {"key": "test", "name": HOSTILE, "rollout_percentage": 50},
                    ]
                },
                "payloads": {"test": f'"{LINK}"'},
            },
        },
    )
    behind = [{"key": HOSTILE, "type": "person", "value": [HOSTILE], "operator": "exact"}]
    cohort = make(
        "cohorts/",
        {
            "name": HOSTILE,
            "description": HOSTILE,
            "filters": {"properties": {"type": "OR", "values": [{"type": "OR", "values": behind}]}},
        },
    )
    make("actions/", {"name": HOSTILE, "description": HOSTILE, "steps": [{"event": HOSTILE, "url": LINK}]})
    make("annotations/", {"content": HOSTILE, "date_marker": "2026-01-01T00:00:00Z", "scope": "project"})

    def first(path: str) -> Any:
        return httpx.get(
            f"{ours.url}/api/projects/{ours.project_id}/{path}",
            headers={"authorization": f"Bearer {ours.key}"},
            timeout=60,
        ).json()["results"][0]

    return ours, {
        "dashboard": str(dashboard["id"]),
        "insight": insight["short_id"],
        "flag": str(flag["id"]),
        "cohort": str(cohort["id"]),
        "person": first("persons/")["id"],
        "definition": first(f"event_definitions/?search={quote(IMAGE)}")["id"],
        "group": quote(HOSTILE, safe=""),
    }


@pytest.mark.parametrize("name", [*_PEOPLE, *_MADE])
def test_it_is_shown_as_text(inside: Screen, hostile: tuple[Appliance, dict[str, str]], name: str) -> None:
    if not is_there(name):
        pytest.skip("this build has no such page")
    ours, made = hostile
    inside.in_project(PAGES[name].format(**made), ours.project_id)
    page = inside.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    inside.settle()
    page.mouse.wheel(0, 2000)
    inside.settle()
    if name not in ("warnings", "live"):
        expect(page.locator("body")).to_contain_text("onerror", use_inner_text=True)
    # A policy would stop most of this, and say so on the console; it must not come so far.
    assert page.evaluate("window.ran ?? null") is None
    assert page.locator("img[src=x], svg[onload], iframe, [onerror], main script").count() == 0
    for scheme in ("javascript:", "data:"):
        assert page.locator(f"a[href^='{scheme}' i], img[src^='{scheme}text' i]").count() == 0


def test_a_text_of_a_dashboard_has_no_link_that_runs(
    inside: Screen, hostile: tuple[Appliance, dict[str, str]]
) -> None:
    ours, made = hostile
    inside.in_project(PAGES["dashboard"].format(**made), ours.project_id)
    text = inside.page.get_by_role("article", name="Text")
    expect(text).to_contain_text("press")
    links = text.get_by_role("link").evaluate_all("links => links.map(link => link.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    for link in text.get_by_text("press").all():
        link.click()
    assert inside.page.evaluate("window.ran ?? null") is None
