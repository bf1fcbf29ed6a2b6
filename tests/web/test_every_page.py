"""Every page over the demo data: whole, quiet, and for everybody, on a screen and on a phone, in the light and dark."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen

_SOURCES = Path(__file__).parents[2] / "web/src"
# Page → what stands for the parameters of its route.
PAGES = {
    "home": "home",
    "onboarding": "onboarding",
    "dashboards": "dashboards",
    "dashboard": "dashboards/{dashboard}",
    "insights": "insights",
    "insight": "insights/{insight}",
    "trends": "insights/new?kind=TrendsQuery",
    "funnel": "insights/new?kind=FunnelsQuery",
    "retention": "insights/new?kind=RetentionQuery",
    "paths": "insights/new?kind=PathsQuery",
    "stickiness": "insights/new?kind=StickinessQuery",
    "lifecycle": "insights/new?kind=LifecycleQuery",
    "sql": "sql?q=SELECT%20event,%20count()%20FROM%20events%20GROUP%20BY%20event%20ORDER%20BY%202%20DESC",
    "events": "events?date_from=-30d",
    "live": "live",
    "definitions": "definitions",
    "definitions-properties": "definitions?tab=properties",
    "definition": "definitions/events/{definition}",
    "actions": "actions",
    "annotations": "annotations",
    "warnings": "warnings",
    "persons": "persons",
    "person": "persons/{person}",
    "groups": "groups",
    "group": "groups/0/{group}",
    "cohort-new": "cohorts/new",
    "cohorts": "cohorts",
    "cohort": "cohorts/{cohort}",
    "flags": "flags",
    "flag": "flags/{flag}",
    "flag-edit": "flags/{flag}/edit",
    "flag-new": "flags/new",
    "flag-who": "flags/{flag}?tab=who",
    "flag-usage": "flags/{flag}?tab=usage",
    "flag-history": "flags/{flag}?tab=history",
    "issues": "error-tracking",
    "issue-alerts": "error-tracking/alerts",
    "issue-rules": "error-tracking/rules",
    "issue-settings": "error-tracking/settings",
    "symbol-sets": "error-tracking/symbol-sets",
    "settings": "settings",
    "settings-data": "settings/data",
    "settings-members": "settings/members",
    "settings-organization": "settings/organization",
    "settings-api-keys": "settings/api-keys",
    "settings-account": "settings/account",
    "settings-audit-log": "settings/audit-log",
    "settings-health": "settings/health",
}


def is_there(page: str) -> bool:
    """Whether this build has such a page."""
    product = re.split(r"[/?]", PAGES[page])[0]
    return "createRoute" in (_SOURCES / product / "routes.ts").read_text("utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_it_is_whole_and_keeps_nobody_out(
    inside: Screen, api: DemoApi, standing: dict[str, str], name: str
) -> None:
    if not is_there(name):
        pytest.skip("this build has no such page")
    inside.in_project(PAGES[name].format(**standing), api.project_id)
    page = inside.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    inside.settle()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("There is nothing here")
    assert inside.barriers() == []
    inside.shoot(f"{name}-wide-light")
    inside.dark()
    # Nothing else depends on it.
    assert inside.barriers("color-contrast") == []
    inside.shoot(f"{name}-wide-dark")
    inside.narrow()
    inside.settle()
    assert not inside.scrolls_sideways
    inside.shoot(f"{name}-phone-dark")
    inside.light()
    inside.shoot(f"{name}-phone-light")
    assert json.loads(page.evaluate("JSON.stringify(window.ran ?? null)")) is None
