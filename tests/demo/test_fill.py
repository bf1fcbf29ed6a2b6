"""`hoglet demo` on a running appliance."""

from typing import Any

from sqlalchemy import select

from appliance import config
from appliance.catalog import connect, reading
from appliance.catalog.model import personal_api_key
from tests.conftest import Appliance
from tests.demo_project import EVENTS, ask, hoglet_demo


def test_every_insight_of_its_dashboards_shows_something(appliance: Appliance, demo: dict[str, Any]) -> None:
    base = f"/api/projects/{demo['id']}"
    dashboards = ask(appliance, f"{base}/dashboards/")["results"]
    assert {one["name"] for one in dashboards} == {"Product overview", "Marketing", "Onboarding experiment"}
    for one in dashboards:
        tiles = ask(appliance, f"{base}/dashboards/{one['id']}/?refresh=blocking")["tiles"]
        assert tiles
        for tile in tiles:
            assert has_numbers(tile["insight"]["result"]), tile["insight"]["name"]
            assert tile["layouts"]["sm"]["w"] == 6


def has_numbers(result: Any) -> bool:
    """Whether anything in it was counted."""
    if isinstance(result, bool):
        return False
    if isinstance(result, int | float):
        return result > 0
    if isinstance(result, dict):
        return any(
            has_numbers(one) for key, one in result.items() if key not in ("order", "action", "filter")
        )
    return isinstance(result, list) and any(has_numbers(one) for one in result)


def test_persons_companies_cohorts_and_flags_are_there(appliance: Appliance, demo: dict[str, Any]) -> None:
    base = f"/api/projects/{demo['id']}"
    query = "SELECT count(), uniq(person_id), countIf(event = '$identify'), uniq($group_0) FROM events"
    asked = {"query": {"kind": "HogQLQuery", "query": query}, "refresh": "force_blocking"}
    [[events, persons, identified, companies]] = ask(appliance, f"{base}/query/", asked)["results"]
    assert 0.8 * EVENTS < events < 1.2 * EVENTS
    assert 100 < persons < events / 3
    assert identified > 20
    assert companies > 10
    assert len(ask(appliance, f"{base}/cohorts/")["results"]) == 2
    flags = {one["key"] for one in ask(appliance, f"{base}/feature_flags/")["results"]}
    assert flags == {"onboarding-checklist", "new-file-viewer", "audit-export"}


def test_a_second_one_is_refused_in_one_line(appliance: Appliance, demo: dict[str, Any]) -> None:
    done = hoglet_demo(appliance)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert demo["name"] in done.stderr


def test_its_key_is_gone_afterwards(appliance: Appliance, demo: dict[str, Any]) -> None:
    del demo
    catalog = connect(config.load({"HOGLET_DATA_DIR": str(appliance.data_dir)}))
    with reading(catalog) as connection:
        labels = connection.execute(select(personal_api_key.c.label)).scalars().all()
    catalog.dispose()
    assert labels
    assert not [label for label in labels if label.startswith("demo ")]
