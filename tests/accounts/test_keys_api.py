"""Personal API keys as people make and limit them."""

from typing import Any

import pytest

from appliance.accounts.roles import Role
from tests.accounts.desk import Browser, Desk
from tests.accounts.routes import address, closed

KEYS = "/api/personal_api_keys/"


@pytest.fixture
def ada(desk: Desk) -> Browser:
    return desk.signed_in("ada@example.org", Role.ADMIN)


def make(browser: Browser, **body: Any) -> dict[str, Any]:
    answer = browser.post(KEYS, {"label": "script", "scopes": ["*"], **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def with_key(desk: Desk, value: str) -> Browser:
    browser = desk.browser()
    browser.headers["authorization"] = f"Bearer {value}"
    return browser


def test_a_key_is_shown_once_and_works(desk: Desk, ada: Browser) -> None:
    made = make(ada, scopes=["insight:read", "insight:read", "person:write"])
    assert made["value"].startswith("phx_")
    assert made["scopes"] == ["insight:read", "person:write"]
    [listed] = ada.get(KEYS).json()
    assert listed == made | {"value": None}
    assert ada.get(f"{KEYS}{made['id']}/").json() == listed
    assert with_key(desk, made["value"]).get("/api/projects/@current/insights/").status_code == 200
    assert ada.get(KEYS).json()[0]["last_used_at"] is not None


def test_a_rolled_key_has_another_value_and_the_same_scopes(desk: Desk, ada: Browser) -> None:
    made = make(ada)
    rolled = ada.post(f"{KEYS}{made['id']}/roll/").json()
    assert rolled["value"] != made["value"]
    assert rolled["scopes"] == made["scopes"]
    assert rolled["last_rolled_at"] is not None
    assert with_key(desk, made["value"]).get("/api/projects/").status_code == 401
    assert with_key(desk, rolled["value"]).get("/api/projects/").status_code == 200


def test_a_changed_key_may_what_it_says_now_and_a_deleted_one_nothing(desk: Desk, ada: Browser) -> None:
    made = make(ada)
    key = with_key(desk, made["value"])
    changed = ada.patch(f"{KEYS}{made['id']}/", {"label": "less", "scopes": ["insight:read"]}).json()
    assert (changed["label"], changed["scopes"], changed["value"]) == ("less", ["insight:read"], None)
    assert key.get("/api/projects/@current/insights/").status_code == 200
    assert key.get("/api/projects/").status_code == 403
    assert ada.delete(f"{KEYS}{made['id']}/").status_code == 204
    assert key.get("/api/projects/@current/insights/").status_code == 401


def test_a_key_for_one_project_reaches_that_alone(desk: Desk, ada: Browser) -> None:
    second = ada.post("/api/projects/", {"name": "Second"}).json()["id"]
    assert desk.keeper.refresh()
    key = with_key(desk, make(ada, scoped_teams=[second])["value"])
    assert [one["id"] for one in key.get("/api/projects/").json()["results"]] == [second]
    assert key.get(f"/api/projects/{second}/insights/").status_code == 200
    assert key.get(f"/api/projects/{desk.first.project_id}/insights/").status_code == 403
    assert key.get("/api/organizations/@current/").status_code == 404
    assert key.get("/api/organizations/").json()["count"] == 0
    assert key.post("/api/projects/", {"name": "Third"}).status_code == 404


def test_a_key_for_one_organisation_reaches_that_alone(desk: Desk, ada: Browser) -> None:
    other = ada.post("/api/organizations/", {"name": "Other"}).json()["id"]
    project = ada.post(f"/api/organizations/{other}/projects/", {"name": "There"}).json()["id"]
    assert desk.keeper.refresh()
    key = with_key(desk, make(ada, scoped_organizations=[other])["value"])
    assert [one["id"] for one in key.get("/api/organizations/").json()["results"]] == [other]
    assert [one["id"] for one in key.get("/api/projects/").json()["results"]] == [project]
    assert key.get(f"/api/organizations/{desk.organization()}/").status_code == 404
    assert key.get(f"/api/projects/{desk.first.project_id}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"label": ""}, "label"),
        ({"label": "x" * 41}, "label"),
        ({"scopes": []}, "scopes"),
        ({"scopes": "*"}, "scopes"),
        ({"scopes": ["insight:delete"]}, "scopes"),
        ({"scopes": ["nonsense:read"]}, "scopes"),
        ({"scopes": [None]}, "scopes"),
        ({"scoped_teams": [2_000_000]}, "scoped_teams"),
        ({"scoped_teams": "1"}, "scoped_teams"),
        ({"scoped_organizations": ["00000000-0000-0000-0000-000000000000"]}, "scoped_organizations"),
        ({"scoped_organizations": ["x"]}, "scoped_organizations__0"),
    ],
)
def test_what_is_wrong_with_a_key_is_named(ada: Browser, body: dict[str, Any], attr: str) -> None:
    answer = ada.post(KEYS, {"label": "x", "scopes": ["*"]} | body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_every_scope_that_a_route_asks_for_can_be_given_to_a_key(desk: Desk, ada: Browser) -> None:
    known = {one["name"] for one in ada.get(f"{KEYS}scopes/").json()}
    key = with_key(desk, make(ada, scopes=["tracing:read"])["value"])
    where = {"project_id": desk.first.project_id, "organization_id": "@current"}
    asked = set()
    for method, path in closed(key):
        answer = key.ask(method, address(path, **where), {})
        detail = answer.json()["detail"] if answer.status_code == 403 else ""
        if "missing required scope" in detail:
            asked.add(detail.split("'")[1].partition(":")[0])
        else:
            assert "takes a session" in detail, (method, path, answer.status_code, detail)
    assert len(asked) > 15
    assert asked <= known
