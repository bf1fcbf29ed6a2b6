"""Answers that people see who have only a link, and times in answers of insights."""

from tests.query.conftest import Api

PATH = "/api/projects/@current/"
QUERY = {
    "kind": "DataVisualizationNode",
    "source": {
        "kind": "HogQLQuery",
        "query": "SELECT toDateTime('2026-01-01 00:00:00', 'UTC') AS t, 1 / 0 AS x",
    },
}


def test_a_shared_insight_and_dashboard_come_with_their_answers(api: Api) -> None:
    board = api.client.post(f"{PATH}dashboards/", json={"name": "b"}, headers=api.headers).json()
    body = {"name": "i", "query": QUERY, "dashboards": [board["id"]]}
    made = api.client.post(f"{PATH}insights/", json=body, headers=api.headers).json()
    expected = [["2026-01-01T00:00:00Z", None]]
    shown = api.get(f"{PATH}insights/{made['id']}/", refresh="force_blocking")
    assert shown.json()["result"] == expected
    for kind, id_ in (("insights", made["id"]), ("dashboards", board["id"])):
        sharing = api.client.patch(
            f"{PATH}{kind}/{id_}/sharing/", json={"enabled": True}, headers=api.headers
        ).json()
        found = api.client.get(f"/shared/{sharing['access_token']}.json").json()
        insight = found["insight"] if kind == "insights" else found["dashboard"]["tiles"][0]["insight"]
        assert insight["result"] == expected
