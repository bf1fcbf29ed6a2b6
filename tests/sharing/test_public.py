"""What the holder of a link sees."""

import json

import pytest

from tests.rest import Rest

TITLE = {"insights": "insight", "dashboards": "dashboard"}


def _shared(rest: Rest, kind: str, id_: int) -> str:
    answer = rest.patch(f"{kind}/{id_}/sharing/", {"enabled": True, "settings": {"whitelabel": True}})
    token: str = answer.json()["access_token"]
    return token


@pytest.mark.parametrize("kind", ["insights", "dashboards"])
def test_a_shared_thing_is_shown_to_everybody_who_has_the_token(rest: Rest, kind: str) -> None:
    made = rest.made(f"{kind}/", name="seen by all")
    token = _shared(rest, kind, made["id"])
    answer = rest.client.get(f"/shared/{token}.json")
    assert answer.status_code == 200
    found = answer.json()
    assert (found["type"], found["whitelabel"]) == ("scene", True)
    assert found[TITLE[kind]]["name"] == "seen by all"
    assert rest.client.get(f"/embedded/{token}.json").json()["type"] == "embed"


@pytest.mark.parametrize("kind", ["insights", "dashboards"])
def test_nothing_is_shown_once_it_is_not_shared_any_more(rest: Rest, kind: str) -> None:
    made = rest.made(f"{kind}/", name="seen for a while")
    path = f"{kind}/{made['id']}/"
    token = _shared(rest, kind, made["id"])
    renewed = rest.post(f"{path}sharing/refresh/").json()["access_token"]
    assert rest.client.get(f"/shared/{token}.json").status_code == 404
    assert rest.client.get(f"/shared/{renewed}.json").status_code == 200
    rest.patch(f"{path}sharing/", {"enabled": False})
    assert rest.client.get(f"/shared/{renewed}.json").status_code == 404
    rest.patch(f"{path}sharing/", {"enabled": True})
    rest.patch(path, {"deleted": True})
    assert rest.client.get(f"/shared/{renewed}.json").status_code == 404


def test_a_shared_dashboard_shows_its_tiles_and_nobody_s_name(rest: Rest) -> None:
    board = rest.made("dashboards/", name="board")
    query = {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery", "series": []}}
    rest.made("insights/", name="on it", query=query, dashboards=[board["id"]])
    rest.post(f"dashboards/{board['id']}/create_text_tile/", {"body": "Hello"})
    found = rest.client.get(f"/shared/{_shared(rest, 'dashboards', board['id'])}.json").json()["dashboard"]
    assert [one["insight"]["name"] for one in found["tiles"] if one["insight"]] == ["on it"]
    assert [one["text"]["body"] for one in found["tiles"] if one["text"]] == ["Hello"]
    email = rest.get("/api/users/@me/").json()["email"]
    assert email not in json.dumps(found)
    assert "created_by" not in json.dumps(found)


@pytest.mark.parametrize("token", ["x", "x" * 65, "%00", "..", "phc_"])
def test_a_token_that_opens_nothing_is_not_found(rest: Rest, token: str) -> None:
    assert rest.client.get(f"/shared/{token}.json").status_code == 404
