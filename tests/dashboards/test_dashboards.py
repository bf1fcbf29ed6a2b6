"""Dashboards and what lies on them, over the API."""

import json
from typing import Any

import pytest

from tests.rest import Rest

QUERY = {"kind": "InsightVizNode", "source": {"kind": "TrendsQuery", "series": []}}


def _tiles(rest: Rest, dashboard: int) -> list[dict[str, Any]]:
    answer = rest.get(f"dashboards/{dashboard}/")
    assert answer.status_code == 200, answer.text
    tiles: list[dict[str, Any]] = answer.json()["tiles"]
    return tiles


def _filled(rest: Rest, insights: int = 2, texts: int = 1) -> dict[str, Any]:
    dashboard = rest.made("dashboards/", name="board")
    for number in range(insights):
        rest.made("insights/", name=f"insight {number}", query=QUERY, dashboards=[dashboard["id"]])
    for number in range(texts):
        rest.made(f"dashboards/{dashboard['id']}/create_text_tile/", body=f"text {number}")
    return dashboard


def test_a_dashboard_is_kept_as_it_was_sent(rest: Rest) -> None:
    filters = {"date_from": "-7d", "properties": [{"key": "$browser", "value": "Chrome"}]}
    made = rest.made(
        "dashboards/", name="KPIs", description="d", pinned=True, filters=filters, tags=["A"],
        breakdown_colors=[{"breakdownValue": "x", "colorToken": "preset-1"}], restriction_level=37,
    )  # fmt: skip
    assert made["filters"] == filters
    assert made["tags"] == ["a"]
    assert made["restriction_level"] == 37
    assert made["creation_mode"] == "default"
    assert made["tiles"] == []
    assert rest.get(f"dashboards/{made['id']}/").json() == made
    [listed] = rest.results("dashboards/")
    assert "tiles" not in listed
    assert listed["pinned"] is True
    changed = rest.patch(f"dashboards/{made['id']}/", {"pinned": False}).json()
    assert (changed["pinned"], changed["name"]) == (False, "KPIs")
    assert rest.results(f"dashboards/{made['id']}/activity/")[0]["detail"]["changes"][0]["field"] == "pinned"


def test_tiles_show_their_insights_and_texts(rest: Rest) -> None:
    dashboard = _filled(rest)
    tiles = _tiles(rest, dashboard["id"])
    assert [bool(tile["insight"]) for tile in tiles] == [True, True, False]
    assert tiles[0]["insight"]["query"] == QUERY
    assert tiles[0]["is_cached"] is False
    assert tiles[2]["text"]["body"] == "text 0"
    assert tiles[2]["text"]["created_by"]["email"] == rest.first.email


def test_layouts_and_texts_are_changed_with_the_dashboard(rest: Rest) -> None:
    dashboard = _filled(rest, insights=1)
    insight, text = _tiles(rest, dashboard["id"])
    layouts = {"sm": {"x": 6, "y": 0, "w": 6, "h": 4}, "xs": {"x": 0, "y": 0, "w": 1, "h": 4}}
    given = [
        {"id": insight["id"], "layouts": layouts, "color": "blue"},
        {"id": text["id"], "text": {"body": "rewritten"}},
        {"text": {"body": "new"}},
    ]
    tiles = rest.patch(f"dashboards/{dashboard['id']}/", {"tiles": given}).json()["tiles"]
    assert tiles[0]["layouts"] == layouts
    assert tiles[0]["color"] == "blue"
    assert [tile["text"]["body"] for tile in tiles[1:]] == ["rewritten", "new"]
    foreign = rest.other_project()
    stolen = foreign.made("dashboards/", name="x", tiles=[{"text": {"body": "theirs"}}])["tiles"][0]["id"]
    refused = rest.patch(f"dashboards/{dashboard['id']}/", {"tiles": [{"id": stolen, "color": "red"}]})
    assert refused.status_code == 404


def test_text_tiles_are_made_changed_and_taken_off(rest: Rest) -> None:
    dashboard = rest.made("dashboards/", name="board")["id"]
    tile = rest.made(f"dashboards/{dashboard}/create_text_tile/", body="# Hello", color="white")
    assert (tile["text"]["body"], tile["color"]) == ("# Hello", "white")
    path = f"dashboards/{dashboard}/update_text_tile/"
    changed = rest.patch(path, {"tile_id": tile["id"], "body": "Bye", "layouts": {"sm": {"h": 2}}}).json()
    assert (changed["text"]["body"], changed["layouts"]) == ("Bye", {"sm": {"h": 2}})
    too_long = rest.post(f"dashboards/{dashboard}/create_text_tile/", {"body": "x" * 4_001})
    assert (too_long.status_code, too_long.json()["attr"]) == (400, "body")
    gone = rest.post(f"dashboards/{dashboard}/delete_tile/", {"tile_id": tile["id"]})
    assert gone.status_code == 204
    assert _tiles(rest, dashboard) == []
    assert rest.post(path, {"tile_id": tile["id"], "body": "x"}).status_code == 404


def test_a_tile_moves_and_is_copied_between_dashboards(rest: Rest) -> None:
    first, second = _filled(rest), rest.made("dashboards/", name="second")
    insight, _, text = _tiles(rest, first["id"])
    body = {"tile": {"id": insight["id"]}, "toDashboard": second["id"]}
    left = rest.patch(f"dashboards/{first['id']}/move_tile/", body)
    assert left.status_code == 200
    assert insight["id"] not in {tile["id"] for tile in left.json()["tiles"]}
    assert [tile["insight"]["id"] for tile in _tiles(rest, second["id"])] == [insight["insight"]["id"]]
    copied = rest.post(
        f"dashboards/{second['id']}/copy_tile/", {"fromDashboardId": first["id"], "tileId": text["id"]}
    )
    assert [tile["text"] and tile["text"]["body"] for tile in copied.json()["tiles"]] == [None, "text 0"]
    assert len(_tiles(rest, first["id"])) == 2
    away = rest.other_project().made("dashboards/", name="away")["id"]
    body = {"tile": {"id": text["id"]}, "toDashboard": away}
    assert rest.patch(f"dashboards/{first['id']}/move_tile/", body).status_code == 404


@pytest.mark.parametrize("layout", ["preserve", "two_column", "full_width"])
def test_tiles_in_a_new_order_never_overlap(rest: Rest, layout: str) -> None:
    dashboard = _filled(rest, insights=3, texts=2)
    ids = [tile["id"] for tile in _tiles(rest, dashboard["id"])]
    sizes = [{"w": 12, "h": 3}, {"w": 4, "h": 9}, {"w": 8, "h": 1}, {"w": "wide"}]
    for number, size in zip(ids, sizes, strict=False):
        rest.patch(f"dashboards/{dashboard['id']}/", {"tiles": [{"id": number, "layouts": {"sm": size}}]})
    order = list(reversed(ids))
    answer = rest.post(
        f"dashboards/{dashboard['id']}/reorder_tiles/", {"tile_order": order, "layout": layout}
    )
    tiles = answer.json()["tiles"]
    assert [tile["id"] for tile in tiles] == order
    for screen, width in (("sm", 12), ("xs", 1)):
        cells = [
            (x, y)
            for box in (tile["layouts"][screen] for tile in tiles)
            for x in range(box["x"], box["x"] + box["w"])
            for y in range(box["y"], box["y"] + box["h"])
        ]
        assert len(cells) == len(set(cells))
        assert all(0 <= x < width for x, _ in cells)
    widths = {tile["layouts"]["sm"]["w"] for tile in tiles}
    assert {"two_column": {6}, "full_width": {12}}.get(layout, widths) == widths
    wrong = rest.post(f"dashboards/{dashboard['id']}/reorder_tiles/", {"tile_order": [ids[0], 2**40]})
    assert (wrong.status_code, wrong.json()["attr"]) == (400, "tile_order")


def test_a_copy_shows_the_same_insights_or_copies_of_them(rest: Rest) -> None:
    source = _filled(rest)
    same = rest.made("dashboards/", name="same", use_dashboard=source["id"])
    own = rest.made("dashboards/", name="own", use_dashboard=source["id"], duplicate_tiles=True)
    ids = [
        [tile["insight"]["id"] for tile in one["tiles"] if tile["insight"]]
        for one in (rest.get(f"dashboards/{source['id']}/").json(), same, own)
    ]
    assert ids[0] == ids[1]
    assert not set(ids[0]) & set(ids[2])
    assert own["tiles"][0]["insight"]["name"] == "insight 0 (copy)"
    assert own["creation_mode"] == "duplicate"
    assert own["tiles"][2]["text"]["body"] == "text 0"
    away = rest.other_project()
    assert away.post("dashboards/", {"name": "x", "use_dashboard": source["id"]}).status_code == 404
    assert away.results("dashboards/") == []


def test_a_template_makes_a_whole_dashboard(rest: Rest) -> None:
    template = {
        "template_name": "Launch",
        "dashboard_description": "how it goes",
        "dashboard_filters": {"date_from": "-1d"},
        "tags": ["launch"],
        "tiles": [
            {"type": "INSIGHT", "name": "Views", "query": QUERY, "layouts": {"sm": {"w": 3}}, "color": "red"},
            {"type": "TEXT", "body": "Read me", "layouts": {}},
        ],
    }
    made = rest.made("dashboards/create_from_template_json/", template=template)
    assert (made["name"], made["filters"], made["tags"]) == ("Launch", {"date_from": "-1d"}, ["launch"])
    assert made["creation_mode"] == "template"
    assert made["tiles"][0]["insight"]["query"] == QUERY
    assert made["tiles"][1]["text"]["body"] == "Read me"
    template["tiles"].append({"type": "PIE"})  # type: ignore[attr-defined]
    wrong = rest.post("dashboards/create_from_template_json/", {"template": template})
    assert (wrong.status_code, wrong.json()["attr"]) == (400, "template__tiles__2__type")
    assert len(rest.made("dashboards/", name="ours", use_template="DEFAULT_APP")["tiles"]) == 6
    unknown = rest.post("dashboards/", {"name": "x", "use_template": "nothing"})
    assert (unknown.status_code, unknown.json()["attr"]) == (400, "use_template")


@pytest.mark.parametrize("by_patch", [True, False])
def test_a_deleted_dashboard_takes_only_its_own_insights_along(rest: Rest, by_patch: bool) -> None:
    dashboard, other = rest.made("dashboards/", name="a")["id"], rest.made("dashboards/", name="b")["id"]
    own = rest.made("insights/", name="own", dashboards=[dashboard])["id"]
    shared = rest.made("insights/", name="shared", dashboards=[dashboard, other])["id"]
    if by_patch:
        rest.patch(f"dashboards/{dashboard}/", {"deleted": True, "delete_insights": True})
    else:
        assert rest.delete(f"dashboards/{dashboard}/").status_code == 204
    assert rest.get(f"dashboards/{dashboard}/").status_code == 404
    assert rest.get(f"insights/{own}/").status_code == (404 if by_patch else 200)
    assert rest.get(f"insights/{shared}/").json()["dashboards"] == [other]


def test_tiles_are_streamed_and_insights_run(rest: Rest) -> None:
    dashboard = _filled(rest)["id"]
    answer = rest.get(f"dashboards/{dashboard}/stream_tiles/")
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]
    assert [one["type"] for one in events] == ["metadata", "tile", "tile", "tile", "complete"]
    assert len(rest.results(f"dashboards/{dashboard}/run_insights/")) == 2


def test_a_dashboard_tells_when_it_was_last_looked_at(rest: Rest) -> None:
    made = rest.made("dashboards/", name="looked at")
    assert made["last_accessed_at"] is None
    rest.get(f"dashboards/{made['id']}/")
    noted = rest.get(f"dashboards/{made['id']}/").json()["last_accessed_at"]
    assert noted > made["created_at"]
    assert rest.results("dashboards/")[0]["last_accessed_at"] == noted
