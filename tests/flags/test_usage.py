"""How often a flag is asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from appliance.catalog import writing
from appliance.catalog.feature_flags import flag_evaluation
from tests.rest import Rest


def made(rest: Rest, key: str = "a") -> dict[str, Any]:
    return rest.made("feature_flags/", key=key)


def source(tile: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = tile["insight"]["query"]["source"]
    return found


def asked_for(tile: dict[str, Any]) -> tuple[str, Any]:
    [[of_flag]] = [one["values"] for one in source(tile)["properties"]["values"]]
    return of_flag["key"], of_flag["value"]


def test_a_usage_dashboard_is_made_once(rest: Rest) -> None:
    flag = made(rest)
    path = f"feature_flags/{flag['id']}/"
    told = rest.post(f"{path}dashboard/").json()
    assert told["success"] is True
    assert rest.post(f"{path}dashboard/").json() == told
    after = rest.get(path).json()
    assert (after["usage_dashboard"], after["version"]) == (told["dashboard"], 1)
    board = rest.get(f"dashboards/{told['dashboard']}/").json()
    assert board["name"] == "Generated Dashboard: a Usage"
    volume, users = board["tiles"]
    assert [one["math"] for tile in (volume, users) for one in source(tile)["series"]] == ["total", "dau"]
    for tile in (volume, users):
        assert source(tile)["series"][0]["event"] == "$feature_flag_called"
        assert source(tile)["breakdownFilter"]["breakdown"] == "$feature_flag_response"
        assert asked_for(tile) == ("$feature_flag", ["a"])
    rest.patch(f"dashboards/{told['dashboard']}/", {"deleted": True})
    assert rest.post(f"{path}dashboard/").json()["dashboard"] != told["dashboard"]


def test_it_is_enriched_once(rest: Rest) -> None:
    flag = made(rest)
    path = f"feature_flags/{flag['id']}/"
    assert rest.post(f"{path}enrich_usage_dashboard/").json()["code"] == "no_usage_dashboard"
    board = rest.post(f"{path}dashboard/").json()["dashboard"]
    for _ in range(2):
        assert rest.post(f"{path}enrich_usage_dashboard/").json() == {"success": True}
    assert rest.get(path).json()["has_enriched_analytics"] is True
    tiles = rest.get(f"dashboards/{board}/").json()["tiles"]
    assert [source(one)["series"][0]["event"] for one in tiles][2:] == [
        "$feature_view",
        "$feature_interaction",
    ]
    assert asked_for(tiles[3]) == ("feature_flag", ["a"])
    assert tiles[3]["layouts"]["sm"]["y"] > tiles[0]["layouts"]["sm"]["y"]


def test_it_follows_the_flag_s_key(rest: Rest) -> None:
    flag = made(rest)
    path = f"feature_flags/{flag['id']}/"
    board = rest.post(f"{path}dashboard/").json()["dashboard"]
    rest.patch(path, {"key": "b"})
    tiles = rest.get(f"dashboards/{board}/").json()["tiles"]
    assert [asked_for(one) for one in tiles] == [("$feature_flag", ["b"])] * 2


def count(rest: Rest, flag: dict[str, Any], at: str, outcome: str, number: int) -> None:
    hour_at = int(datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()) * 1_000_000
    row = {"hour_at": hour_at, "outcome": outcome, "count": number}
    with writing(rest.engine) as connection:
        whose = {"project_id": rest.project_id, "flag_id": flag["id"]}
        connection.execute(flag_evaluation.insert().values(**whose, **row))


def test_counts_by_hour_and_by_day_of_the_project(rest: Rest) -> None:
    rest.ask("PATCH", f"/api/projects/{rest.project_id}/", json={"timezone": "Asia/Tokyo"})
    assert rest.keeper.refresh()
    flag, other = made(rest), made(rest, "b")
    count(rest, flag, "2026-05-01T14:00", "true", 3)
    count(rest, flag, "2026-05-01T15:00", "true", 4)
    count(rest, flag, "2026-05-01T15:00", "false", 5)
    count(rest, other, "2026-05-01T15:00", "true", 100)
    count(rest, flag, "2026-05-03T00:00", "true", 100)
    path = f"feature_flags/{flag['id']}/evaluations/"
    when = {"date_from": "2026-05-01T00:30:00Z", "date_to": "2026-05-03T00:00:00Z"}
    hours = rest.get(path, interval="hour", **when).json()
    assert hours["results"] == [
        {"at": "2026-05-01T14:00:00Z", "outcome": "true", "count": 3},
        {"at": "2026-05-01T15:00:00Z", "outcome": "false", "count": 5},
        {"at": "2026-05-01T15:00:00Z", "outcome": "true", "count": 4},
    ]
    assert (hours["total"], hours["totals"]) == (12, {"true": 7, "false": 5})
    days = rest.get(path, **when).json()
    assert [(one["at"], one["outcome"], one["count"]) for one in days["results"]] == [
        ("2026-05-01", "true", 3),
        ("2026-05-02", "false", 5),
        ("2026-05-02", "true", 4),
    ]
    assert rest.get(path).json()["total"] == 0


@pytest.mark.parametrize(
    ("parameters", "attr"),
    [
        ({"interval": "week"}, "interval"),
        ({"date_from": "soon"}, "date_from"),
        ({"date_from": "2020-01-01"}, "date_from"),
    ],
)
def test_what_cannot_be_asked_is_told(rest: Rest, parameters: dict[str, str], attr: str) -> None:
    answer = rest.get(f"feature_flags/{made(rest)['id']}/evaluations/", **parameters)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)
