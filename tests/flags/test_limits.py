"""What the flags of one project may grow to, by the settings."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from appliance.api import build_api
from appliance.config import Config
from tests.rest import Rest

SIZE = 64 * 1024


@pytest.fixture
def limited(rest: Rest) -> Rest:
    """The same project at an appliance with narrow limits."""
    config = Config(
        data_dir=rest.keeper._path.parent, flags_of_project_max=5, flags_bytes_max=SIZE, flags_depth_max=2
    )
    return replace(rest, client=TestClient(build_api(config, rest.engine, rest.keeper, lambda: True)))


def of_values(size: int) -> dict[str, Any]:
    """Filters that take a little more than `size`."""
    email = {
        "key": "email",
        "type": "person",
        "operator": "exact",
        "value": ["x" * 1_000] * (size // 1_000 + 1),
    }
    return {"groups": [{"properties": [email], "rollout_percentage": 100}]}


def looking_at(*flags: dict[str, Any]) -> dict[str, Any]:
    looks = [{"key": str(one["id"]), "type": "flag", "value": True} for one in flags]
    return {"groups": [{"properties": looks, "rollout_percentage": 100}]}


def test_a_project_has_so_many_flags_and_no_more(limited: Rest) -> None:
    first = limited.made("feature_flags/", key="first")
    for number in range(4):
        limited.made("feature_flags/", key=f"f{number}")
    refused = limited.post("feature_flags/", {"key": "more"})
    assert (refused.status_code, refused.json()["code"]) == (400, "max_length")
    assert limited.patch(f"feature_flags/{first['id']}/", {"deleted": True}).status_code == 200
    limited.made("feature_flags/", key="more")
    back = limited.patch(f"feature_flags/{first['id']}/", {"deleted": False})
    assert (back.status_code, back.json()["code"]) == (400, "max_length")
    limited.other_project().made("feature_flags/", key="elsewhere")


def test_all_flags_together_take_so_much_and_no_more(rest: Rest, limited: Rest) -> None:
    flag = limited.made("feature_flags/", key="a", filters=of_values(SIZE // 2))
    refused = limited.post("feature_flags/", {"key": "b", "filters": of_values(SIZE * 5 // 8)})
    assert (refused.status_code, refused.json()["code"], refused.json()["attr"]) == (
        400,
        "flags_too_large",
        "filters",
    )
    assert str(SIZE) in refused.json()["detail"]
    path = f"feature_flags/{flag['id']}/"
    assert limited.patch(path, {"filters": of_values(SIZE)}).json()["code"] == "flags_too_large"
    assert limited.patch(path, {"filters": of_values(SIZE * 3 // 4)}).status_code == 200
    assert limited.post("feature_flags/", {"key": "b", "filters": of_values(SIZE // 8)}).status_code == 201
    # Whoever has too much already, by limits that were wider, may have less.
    assert rest.patch(path, {"filters": of_values(SIZE * 2)}).status_code == 200
    assert limited.patch(path, {"filters": of_values(SIZE * 3 // 2), "name": "less"}).status_code == 200
    assert limited.patch(path, {"active": False}).status_code == 200
    assert limited.patch(path, {"filters": of_values(SIZE * 2)}).json()["code"] == "flags_too_large"


def test_flags_look_at_flags_so_many_times_and_no_more(limited: Rest) -> None:
    first = limited.made("feature_flags/", key="first")
    second = limited.made("feature_flags/", key="second", filters=looking_at(first))
    third = limited.made("feature_flags/", key="third", filters=looking_at(second, first))
    refused = limited.post("feature_flags/", {"key": "fourth", "filters": looking_at(third)})
    assert (refused.status_code, refused.json()["code"], refused.json()["attr"]) == (
        400,
        "flag_depth",
        "filters",
    )
    assert "fourth" not in {one["key"] for one in limited.results("feature_flags/")}
    ground = limited.made("feature_flags/", key="ground")
    path = f"feature_flags/{first['id']}/"
    assert limited.patch(path, {"filters": looking_at(ground)}).json()["code"] == "flag_depth"
    assert limited.patch(f"feature_flags/{third['id']}/", {"filters": looking_at(first)}).status_code == 200
    assert limited.patch(path, {"filters": looking_at(ground)}).status_code == 200
