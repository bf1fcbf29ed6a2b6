"""Actions over the API."""

import pytest

from tests.rest import Rest


def test_an_action_keeps_every_part_of_its_steps(rest: Rest) -> None:
    step = {
        "event": "$autocapture", "selector": "div > a.nav", "tag_name": "a", "text": "Buy", "href": "/buy",
        "text_matching": "contains", "href_matching": "exact", "url": "https://x/%", "url_matching": "regex",
        "properties": [{"key": "$browser", "value": ["Chrome"], "operator": "exact", "type": "event"}],
    }  # fmt: skip
    made = rest.made(
        "actions/", name="Bought", description="d", tags=["Sales"], steps=[step, {"event": "buy"}]
    )
    assert made["steps"][0] == step
    assert made["steps"][1]["event"] == "buy"
    assert made["steps"][1]["selector"] is None
    assert made["steps"][1]["url_matching"] == "contains"
    assert (made["tags"], made["deleted"], made["is_action"]) == (["sales"], False, True)
    assert rest.get(f"actions/{made['id']}/").json() == made
    assert rest.patch(f"actions/{made['id']}/", {"steps": []}).json()["steps"] == []
    rest.patch(f"actions/{made['id']}/", {"deleted": True})
    assert rest.results("actions/") == []


def test_an_action_is_pinned_once_and_unpinned(rest: Rest) -> None:
    made = rest.made("actions/", name="a", post_to_slack=True, slack_message_format="[event.name]")
    assert made["pinned_at"] is None
    pinned = rest.patch(f"actions/{made['id']}/", {"pinned_at": "2020-01-01T00:00:00Z"}).json()["pinned_at"]
    assert pinned is not None
    assert rest.patch(f"actions/{made['id']}/", {"pinned_at": True}).json()["pinned_at"] == pinned
    assert rest.patch(f"actions/{made['id']}/", {"pinned_at": None}).json()["pinned_at"] is None


def test_two_actions_of_a_project_have_two_names(rest: Rest) -> None:
    first = rest.made("actions/", name="Bought")
    again = rest.post("actions/", {"name": "Bought"})
    assert again.status_code == 400
    assert again.json() == {
        "type": "validation_error",
        "code": "unique",
        "detail": f"This project already has an action with this name, ID {first['id']}",
        "attr": "name",
    }
    second = rest.made("actions/", name="Sold")
    assert rest.patch(f"actions/{second['id']}/", {"name": "Bought"}).status_code == 400
    assert rest.patch(f"actions/{second['id']}/", {"name": "Sold", "description": "x"}).status_code == 200
    assert rest.other_project().made("actions/", name="Bought")
    rest.patch(f"actions/{first['id']}/", {"deleted": True})
    assert rest.patch(f"actions/{second['id']}/", {"name": "Bought"}).status_code == 200


@pytest.mark.parametrize(
    ("steps", "attr"),
    [
        ("x", "steps"),
        (["x"], "steps__0"),
        ([{}, {"url_matching": "near"}], "steps__1__url_matching"),
        ([{"event": {}}], "steps__0__event"),
        ([{"properties": [{"key": "a", "operator": "about"}]}], "steps__0__properties__0__operator"),
        ([{}] * 101, "steps"),
    ],
)
def test_where_a_step_is_wrong_is_told(rest: Rest, steps: object, attr: str) -> None:
    answer = rest.post("actions/", {"name": "a", "steps": steps})
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)
