"""What insights answer, by themselves and under a dashboard's filters, on a running appliance."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.conftest import Appliance

WAIT_S = 30
COUNT = {
    "kind": "InsightVizNode",
    "source": {
        "kind": "TrendsQuery",
        "series": [{"kind": "EventsNode", "event": "opened"}],
        "dateRange": {"date_from": "-7d"},
        "trendsFilter": {"display": "BoldNumber"},
    },
}


def _only(browser: str) -> dict[str, Any]:
    return {"properties": [{"key": "browser", "value": [browser], "operator": "exact", "type": "event"}]}


@pytest.fixture(scope="module")
def client(appliance: Appliance) -> Iterator[httpx.Client]:
    """A project with three events: two by Chrome, one by Safari."""
    project = appliance.with_project("results")
    found = httpx.Client(
        base_url=f"{project.url}/api/projects/{project.project_id}/",
        headers={"authorization": f"Bearer {project.key}"},
        timeout=WAIT_S,
    )
    deadline = time.monotonic() + WAIT_S
    while not project.events(event="first"):
        _capture(found, project, "first", "-")
        assert time.monotonic() < deadline
        time.sleep(0.2)
    for browser in ("Chrome", "Chrome", "Safari"):
        _capture(found, project, "opened", browser)
    while len(project.events(event="opened")) < 3:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    yield found
    found.close()


def _capture(client: httpx.Client, project: Appliance, event: str, browser: str) -> None:
    body = {"api_key": project.token, "event": event, "distinct_id": "d", "properties": {"browser": browser}}
    assert client.post(f"{project.url}/capture/", json=body).status_code == 200


def _made(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def _value(insight: dict[str, Any]) -> float:
    assert insight["result"] is not None, insight["query_status"]
    return float(insight["result"][0]["aggregated_value"])


def test_a_dashboard_s_filters_are_over_those_of_its_insights(client: httpx.Client) -> None:
    dashboard = _made(client, "dashboards/", name="d", filters=_only("Chrome"))["id"]
    insight = _made(client, "insights/", name="i", query=COUNT, dashboards=[dashboard])["id"]
    path = f"insights/{insight}/"
    assert client.get(path).json()["result"] is None
    assert _value(client.get(path, params={"refresh": "blocking"}).json()) == 3
    kept = client.get(path).json()
    assert (kept["is_cached"], _value(kept)) == (True, 3)
    from_dashboard = {"refresh": "blocking", "from_dashboard": dashboard}
    assert _value(client.get(path, params=from_dashboard).json()) == 2
    [tile] = client.get(f"dashboards/{dashboard}/", params={"refresh": "blocking"}).json()["tiles"]
    assert _value(tile["insight"]) == 2
    asked = {"refresh": "blocking", "filters_override": json.dumps(_only("Safari"))}
    [tile] = client.get(f"dashboards/{dashboard}/", params=asked).json()["tiles"]
    assert _value(tile["insight"]) == 1
    [run] = client.get(f"dashboards/{dashboard}/run_insights/").json()["results"]
    assert _value(run) == 2
    streamed = client.get(f"dashboards/{dashboard}/stream_tiles/", params={"refresh": "blocking"}).text
    told = [json.loads(line.removeprefix("data: ")) for line in streamed.split("\n\n") if line]
    assert _value(told[1]["tile"]["insight"]) == 2


def test_an_insight_that_cannot_be_answered_says_why_and_is_shown_all_the_same(client: httpx.Client) -> None:
    query = {
        "kind": "DataVisualizationNode",
        "source": {"kind": "HogQLQuery", "query": "select nothing from events"},
    }
    insight = _made(client, "insights/", name="broken", query=query)["id"]
    found = client.get(f"insights/{insight}/", params={"refresh": "blocking"})
    assert found.status_code == 200
    assert found.json()["result"] is None
    assert "nothing" in found.json()["query_status"]["error_message"]
