"""Saved insights over the API."""

from uuid import uuid4

import pytest

from appliance.accounts import hash_password
from appliance.catalog import writing
from appliance.catalog.model import membership, organization, user_account
from tests.rest import Rest

TRENDS = {
    "kind": "InsightVizNode",
    "source": {"kind": "TrendsQuery", "series": [{"kind": "EventsNode", "event": "$pageview"}]},
}
SQL = {"kind": "DataVisualizationNode", "source": {"kind": "HogQLQuery", "query": "select 1"}}


def test_an_insight_is_kept_as_it_was_sent(rest: Rest) -> None:
    made = rest.made("insights/", name=" Views ", query=TRENDS, tags=["Growth", "web"], favorited=True)
    assert made["name"] == "Views"
    assert made["query"] == TRENDS
    assert made["tags"] == ["growth", "web"]
    assert made["favorited"] is True
    assert made["saved"] is False
    assert made["deleted"] is False
    assert len(made["short_id"]) == 8
    assert set(made["created_by"]) == {"id", "uuid", "distinct_id", "first_name", "last_name", "email"}
    assert made["created_by"]["email"] == rest.first.email
    assert rest.get(f"insights/{made['id']}/").json() == made
    assert rest.get(f"insights/{made['short_id']}").json() == made
    environment = f"/api/environments/{rest.project_id}/insights/{made['id']}/"
    assert rest.get(environment).json() == made


def test_without_anything_to_compute_it_an_insight_has_no_result(rest: Rest) -> None:
    made = rest.made("insights/", query=SQL)
    found = rest.get(f"insights/{made['id']}/", refresh="blocking").json()
    assert (found["result"], found["is_cached"], found["last_refresh"]) == (None, False, None)
    assert found["timezone"] == "UTC"


def test_a_patch_changes_what_it_names_and_the_log_tells_of_it(rest: Rest) -> None:
    made = rest.made("insights/", name="Before", description="kept")
    changed = rest.patch(f"insights/{made['id']}/", {"name": "After", "tags": ["new"]}).json()
    assert changed["name"] == "After"
    assert changed["description"] == "kept"
    assert changed["last_modified_at"] > made["last_modified_at"]
    log = rest.get(f"insights/{made['id']}/activity/").json()
    assert log["total_count"] == 2
    assert [one["activity"] for one in log["results"]] == ["updated", "created"]
    assert log["results"][0]["detail"]["changes"] == [
        {"type": "Insight", "action": "changed", "field": "name", "before": "Before", "after": "After"},
        {"type": "Insight", "action": "changed", "field": "tags", "before": [], "after": ["new"]},
    ]
    assert log["results"][0]["detail"]["short_id"] == made["short_id"]
    assert rest.get("insights/activity/").json()["count"] == 2
    rest.patch(f"insights/{made['id']}/", {"name": "After"})
    assert rest.get(f"insights/{made['id']}/activity/").json()["count"] == 2


def test_what_is_deleted_is_hidden_and_can_be_brought_back(rest: Rest) -> None:
    made = rest.made("insights/", name="gone")
    assert rest.delete(f"insights/{made['id']}/").status_code == 405
    assert rest.patch(f"insights/{made['id']}/", {"deleted": True}).json()["deleted"] is True
    assert rest.get(f"insights/{made['id']}/").status_code == 404
    assert rest.patch(f"insights/{made['id']}/", {"name": "x"}).status_code == 404
    assert rest.results("insights/") == []
    assert rest.patch(f"insights/{made['id']}/", {"deleted": False}).status_code == 200
    log = rest.results(f"insights/{made['id']}/activity/")
    assert [one["activity"] for one in log] == ["restored", "deleted", "created"]
    assert [one["name"] for one in rest.results("insights/")] == ["gone"]


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({"description": "x" * 401}, "description", "max_length"),
        ({"name": ["x"]}, "name", "invalid_input"),
        ({"query": "select 1"}, "query", "not_a_dict"),
        ({"query": {"kind": 5}}, "query__kind", "invalid_input"),
        ({"saved": "maybe"}, "saved", "invalid_input"),
        ({"tags": [""]}, "tags__0", "blank"),
        ({"dashboards": [2**40]}, "dashboards", "does_not_exist"),
        ({"dashboards": "5"}, "dashboards", "not_a_list"),
        ({"filters": None}, "filters", "null"),
    ],
)
def test_a_bad_field_is_named(rest: Rest, body: dict[str, object], attr: str, code: str) -> None:
    answer = rest.post("insights/", body)
    assert (answer.status_code, answer.json()["attr"], answer.json()["code"]) == (400, attr, code)
    assert answer.json()["type"] == "validation_error"
    assert rest.results("insights/") == []


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"name": NaN}', b'{"name": "\\ud800"}', b'{"name": "a\\u0000"}', b"[" * 100_000]
)
def test_a_body_that_could_not_be_shown_again_is_refused(rest: Rest, body: bytes) -> None:
    answer = rest.ask("POST", "insights/", content=body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "validation_error"


def test_the_list_is_narrowed_by_posthogs_parameters(rest: Rest) -> None:
    with writing(rest.engine) as connection:
        colleague = connection.execute(
            user_account.insert()
            .values(
                uuid=uuid4(),
                email=f"{uuid4()}@us.example",
                name="Ada Lovelace",
                password_hash=hash_password("x"),
                created_at=0,
            )
            .returning(user_account.c.id)
        ).scalar_one()
        home = connection.execute(organization.select()).first()
        connection.execute(
            membership.insert().values(
                organization_id=home.id, user_id=colleague, role="member", created_at=0
            )
        )
    dashboard = rest.made("dashboards/", name="d")["id"]
    a = rest.made("insights/", name="Alpha", query=TRENDS, saved=True, dashboards=[dashboard])
    b = rest.made("insights/", derived_name="Beta count", query=SQL, favorited=True)
    c = rest.made("insights/", description="the beta", tags=["x"], query=TRENDS["source"])

    def names(**given: object) -> set[int]:
        return {one["id"] for one in rest.results("insights/", **given)}

    every = {a["id"], b["id"], c["id"]}
    assert names() == every
    assert names(search="BETA") == {b["id"], c["id"]}
    assert names(search="%") == set()
    assert names(insight="TRENDS") == {a["id"], c["id"]}
    assert names(insight="SQL") == {b["id"]}
    assert names(favorited="true") == {b["id"]}
    assert names(saved="true") == {a["id"]}
    assert names(short_id=c["short_id"]) == {c["id"]}
    assert names(dashboards=f"[{dashboard}]") == {a["id"]}
    assert names(tags='["x"]') == {c["id"]}
    assert names(user="true") == every
    assert names(created_by=str(colleague)) == set()
    assert names(created_date_from="2020-01-01T00:00:00Z") == every
    assert names(created_date_to="2020-01-01") == set()
    assert rest.get("insights/", insight="PIE").json()["attr"] == "insight"
    assert "result" not in rest.results("insights/", basic="true")[0]
    by_name = [one["id"] for one in rest.results("insights/", order="created_at")]
    assert by_name == [a["id"], b["id"], c["id"]]


def test_pages_hold_everything_once(rest: Rest) -> None:
    made = {rest.made("insights/", name=f"{number}")["id"] for number in range(7)}
    seen: list[int] = []
    page = rest.get("insights/", limit=3).json()
    while True:
        assert page["count"] == 7
        seen += [one["id"] for one in page["results"]]
        if page["next"] is None:
            break
        page = rest.client.get(page["next"], headers={"authorization": f"Bearer {rest.key}"}).json()
    assert (sorted(seen), len(seen)) == (sorted(made), 7)
    assert "offset=3" in page["previous"]


def test_what_people_look_at_is_trending(rest: Rest) -> None:
    first, second = (rest.made("insights/", name=name) for name in ("first", "second"))
    other = rest.other_project().made("insights/", name="elsewhere")
    assert rest.results("insights/trending/") == []
    assert rest.post("insights/viewed/", {"insight_ids": [first["id"], other["id"]]}).status_code == 201
    assert rest.post(f"insights/{second['id']}/viewed/").status_code == 201
    assert {one["id"] for one in rest.results("insights/trending/")} == {first["id"], second["id"]}
    last = rest.get("insights/my_last_viewed/").json()
    assert [one["id"] for one in last] == [second["id"], first["id"]]


def test_dashboards_of_an_insight_are_set_as_a_whole(rest: Rest) -> None:
    one, two = (rest.made("dashboards/", name=name)["id"] for name in ("one", "two"))
    made = rest.made("insights/", name="i", dashboards=[one])
    assert made["dashboards"] == [one]
    assert [tile["dashboard_id"] for tile in made["dashboard_tiles"]] == [one]
    moved = rest.patch(f"insights/{made['id']}/", {"dashboards": [two]}).json()
    assert moved["dashboards"] == [two]
    assert rest.get(f"dashboards/{one}/").json()["tiles"] == []
    back = rest.patch(f"insights/{made['id']}/", {"dashboards": [one, two]}).json()
    assert sorted(back["dashboards"]) == [one, two]
    assert made["dashboard_tiles"][0] in back["dashboard_tiles"]


def test_who_looked_at_an_insight_is_told(rest: Rest) -> None:
    made = rest.made("insights/", name="watched")
    path = f"insights/{made['id']}/viewed/"
    assert rest.results(path) == []
    rest.post(path)
    rest.post(path)
    [viewer] = rest.results(path)
    assert viewer["user"] == made["created_by"]
    assert viewer["last_viewed_at"] >= made["created_at"]
