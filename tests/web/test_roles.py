"""Who may only look is offered nothing else, and would be refused."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen
from tests.web.test_every_page import PAGES, is_there

# What changes something that others see. A viewer may filter, ask, export and copy.
_CHANGING = re.compile(
    r"^(New (?!insight|query|link$)|Create|Add (?!filter|series|step|breakdown|column|formula|a )|Save(?! as)|Delete"
    r"|Edit|Merge|Rename|Archive|Pin|Invite|Change$|Import|Turn)"
)
_LOOKED_AT = ("dashboards", "dashboard", "insights", "actions", "annotations", "cohorts", "cohort", "definitions",
              "flags", "flag", "groups", "issues", "issue-alerts", "issue-rules", "persons", "person", "sql",
              "symbol-sets", "trends")  # fmt: skip


@pytest.mark.parametrize("name", _LOOKED_AT)
def test_a_viewer_is_offered_nothing_that_changes(
    looking: Screen, api: DemoApi, standing: dict[str, str], name: str
) -> None:
    if not is_there(name):
        pytest.skip("this build has no such page")
    looking.in_project(PAGES[name].format(**standing), api.project_id)
    page = looking.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    looking.settle()
    main = page.get_by_role("main")
    offered = looking.offered(main.get_by_role("button").or_(main.get_by_role("link")))
    assert [one for one in offered if _CHANGING.match(one)] == []
    assert looking.offered(main.get_by_role("switch", name=re.compile("is on$|^On$"))) == []


def test_a_viewer_is_refused_by_the_api(looking: Screen, api: DemoApi, standing: dict[str, str]) -> None:
    looking.in_project("events", api.project_id)
    request, url = looking.page.request, looking.appliance.url
    base = f"{url}/api/projects/{api.project_id}"
    word = request.get(f"{url}/api/session/").json()["csrf_token"]
    headers = {"X-CSRFToken": word}
    assert request.get(f"{base}/dashboards/").ok
    for path, body in (
        ("dashboards/", {"name": "mine"}),
        (
            "insights/",
            {"name": "mine", "query": {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery"}}},
        ),
        ("feature_flags/", {"key": "mine"}),
        ("cohorts/", {"name": "mine"}),
        ("actions/", {"name": "mine"}),
        ("annotations/", {"content": "mine"}),
    ):
        answer = request.post(f"{base}/{path}", data=body, headers=headers)
        assert (path, answer.status) == (path, 403)
    changed = request.patch(
        f"{base}/dashboards/{standing['dashboard']}/", data={"name": "mine"}, headers=headers
    )
    assert changed.status == 403
    assert request.delete(f"{base}/persons/{standing['person']}/", headers=headers).status == 403
    assert request.patch(f"{base}/", data={"name": "mine"}, headers=headers).status == 403
