"""The query endpoint over HTTP, on a real store and catalog."""

import json
import threading
import time
import uuid
from datetime import UTC, datetime

import pytest

PATH = "/api/projects/@current/query/"


def post(api, query, path=PATH, **more):
    return api.client.post(path, json={"query": query, **more}, headers=api.headers)


def hogql(text, **more):
    return {"kind": "HogQLQuery", "query": text, **more}


@pytest.fixture(scope="module")
def pages(api):
    """Three pageviews of two people on two days."""
    rows = [
        (uuid.uuid4(), "viewed here", "2026-04-01 12:00:00.000000", "anna"),
        (uuid.uuid4(), "viewed here", "2026-04-02 12:00:00.000000", "anna"),
        (uuid.uuid4(), "viewed here", "2026-04-02 13:00:00.000000", "boris"),
    ]
    api.insert(*rows)
    return rows


RANGE = {"date_from": "2026-04-01", "date_to": "2026-04-03"}
TRENDS = {
    "kind": "TrendsQuery",
    "series": [{"kind": "EventsNode", "event": "viewed here"}],
    "dateRange": RANGE,
}


@pytest.mark.usefixtures("pages")
def test_a_hogql_query_answers_rows_columns_and_types(api):
    text = "select event, count() from events where event = 'viewed here' group by event"
    answer = post(api, hogql(text))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["results"] == [["viewed here", 3]]
    assert found["columns"] == ["event", "count()"]
    assert found["types"][1] == ["count()", "UInt64"]
    assert "LIMIT 100" in found["hogql"]
    assert found["is_cached"] is False
    assert found["hasMore"] is False
    assert found["query"] == text


@pytest.mark.usefixtures("pages")
def test_an_insight_answers_its_series(api):
    for path in (PATH, "/api/environments/@current/query/", "/api/projects/@current/query/TrendsQuery/"):
        (item,) = post(api, TRENDS, path).json()["results"]
        assert item["data"] == [1, 2, 0]
        assert item["days"] == ["2026-04-01", "2026-04-02", "2026-04-03"]


@pytest.mark.usefixtures("pages")
def test_a_wrapped_query_is_the_query_inside(api):
    wrapped = {"kind": "InsightVizNode", "source": TRENDS}
    assert post(api, wrapped).json()["results"][0]["count"] == 3


@pytest.mark.usefixtures("pages")
def test_who_is_in_a_number(api):
    source = {"kind": "InsightActorsQuery", "source": TRENDS, "day": "2026-04-02", "series": 0}
    asked = {"kind": "ActorsQuery", "select": ["actor", "event_count"], "source": source}
    found = post(api, asked).json()
    assert found["columns"] == ["actor", "event_count"]
    assert sum(row[1] for row in found["results"]) == 2


@pytest.mark.usefixtures("pages")
def test_events_come_with_the_columns_asked_for(api):
    asked = {
        "kind": "EventsQuery",
        "select": ["*", "event", "timestamp", "distinct_id -- Who"],
        "after": "2026-04-01",
        "before": "2026-04-03",
        "event": "viewed here",
    }
    found = post(api, asked).json()
    assert found["columns"] == ["*", "event", "timestamp", "distinct_id -- Who"]
    assert [row[3] for row in found["results"]] == ["boris", "anna", "anna"]
    assert found["results"][0][0]["properties"] == {"$lib": "web"}
    assert found["results"][0][2] == "2026-04-02T13:00:00Z"
    counted = post(api, {**asked, "select": ["distinct_id", "count()"]}).json()
    assert counted["results"] == [["anna", 2], ["boris", 1]]
    first = post(api, {**asked, "limit": 1}).json()
    assert first["hasMore"] is True
    assert len(first["results"]) == 1


def test_a_kept_answer_is_shown_until_a_fresh_one_is_asked_for(api):
    asked = hogql("select count() from events where event = 'kept'")
    first = post(api, asked).json()
    assert (first["is_cached"], first["results"]) == (False, [[0]])
    api.insert((uuid.uuid4(), "kept", "2026-04-05 12:00:00.000000", "anna"))
    again = post(api, asked).json()
    assert (again["is_cached"], again["results"]) == (True, [[0]])
    assert again["last_refresh"] <= first["last_refresh"]
    assert again["cache_key"] == first["cache_key"]
    for refresh in ("force_blocking", True):
        fresh = post(api, asked, refresh=refresh).json()
        assert (fresh["is_cached"], fresh["results"]) == (False, [[1]])


def test_a_background_query_tells_how_it_is_and_then_its_results(api):
    name = str(uuid.uuid4())
    answer = post(api, hogql("select 41 + 1"), refresh="force_async", client_query_id=name)
    assert answer.status_code == 202
    assert answer.json()["query_status"]["id"] == name
    found = wait_for(api, name)
    assert found.status_code == 200
    status = found.json()["query_status"]
    assert status["complete"] is True
    assert status["error"] is False
    assert status["results"]["results"] == [[42]]
    assert status["end_time"] >= status["start_time"]
    blocking = post(api, hogql("select 41 + 1"), refresh="force_blocking").json()
    assert status["results"].keys() == blocking.keys()
    for same in ("timezone", "cache_key", "is_cached", "columns", "types"):
        assert status["results"][same] == blocking[same]
    assert status["results"]["last_refresh"] >= status["start_time"][:19]
    # What it found is kept for those who ask again.
    assert post(api, hogql("select 41 + 1"), refresh="async").json()["is_cached"] is True


def test_a_background_query_that_fails_says_why(api):
    name = str(uuid.uuid4())
    post(api, hogql("select nothing_like_it from events"), refresh="force_async", client_query_id=name)
    found = wait_for(api, name)
    assert found.status_code == 400
    assert "nothing_like_it" in found.json()["query_status"]["error_message"]


def test_a_running_query_can_be_cancelled(api):
    name = str(uuid.uuid4())
    slow = hogql(
        "select count() from numbers(100000000) a cross join numbers(1000) b where sin(a.number * b.number) > 2"
    )
    post(api, slow, refresh="force_async", client_query_id=name)
    deadline = time.monotonic() + 20
    while api.get(f"{PATH}{name}/").json()["query_status"]["pickup_time"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.3)
    assert api.client.delete(f"{PATH}{name}/", headers=api.headers).status_code == 200
    status = wait_for(api, name, seconds=20).json()["query_status"]
    assert (status["error"], status["error_message"]) == (True, "Query was cancelled.")


def test_an_unknown_background_query_is_not_found(api):
    assert api.get(f"{PATH}{uuid.uuid4()}/").status_code == 404


def wait_for(api, name, seconds=20):
    deadline = time.monotonic() + seconds
    while True:
        found = api.get(f"{PATH}{name}/")
        if found.status_code != 202:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("query", "said", "attr"),
    [
        (None, "must be an object", "query"),
        ({}, "must have a kind", "query"),
        ({"kind": "NoSuchQuery"}, "Unsupported query kind: NoSuchQuery", "query"),
        (hogql("select x from nope"), "Unknown table `nope`.", None),
        (hogql("select 1 as team_id"), "Alias 'team_id' is a reserved keyword.", None),
        (hogql("selekt"), "", None),
        ({"kind": "TrendsQuery", "series": []}, "series", "series"),
    ],
)
def test_what_cannot_be_answered_is_a_validation_error(api, query, said, attr):
    answer = post(api, query)
    assert answer.status_code == 400
    failure = answer.json()
    assert failure["type"] == "validation_error"
    assert said in failure["detail"]
    if attr:
        assert failure["attr"] == attr


def test_a_key_without_the_scope_is_refused(api):
    answer = api.client.post(
        PATH, json={"query": hogql("select 1")}, headers={"authorization": "Bearer phx_no"}
    )
    assert answer.status_code == 401


@pytest.mark.usefixtures("pages")
def test_a_dashboard_may_lay_its_dates_and_filters_over_a_query(api):
    laid = {"date_from": "2026-04-02", "date_to": "2026-04-02"}
    (item,) = post(api, TRENDS, filters_override=laid).json()["results"]
    assert item["data"] == [2]
    only = {
        "properties": [
            {"type": "event_metadata", "key": "distinct_id", "value": "boris", "operator": "exact"}
        ]
    }
    (item,) = post(api, TRENDS, filters_override=only).json()["results"]
    assert item["data"] == [0, 1, 0]


def test_variables_and_their_overrides_reach_the_query(api):
    asked = hogql(
        "select {variables.number}", variables={"1": {"variableId": "1", "code_name": "number", "value": 7}}
    )
    assert post(api, asked).json()["results"] == [[7]]
    over = {"1": {"code_name": "number", "value": 8}}
    assert post(api, asked, variables_override=over).json()["results"] == [[8]]


def test_large_numbers_times_and_nothing_are_json(api):
    text = "select toDateTime('2026-01-02 03:04:05'), null, 1/0, toUUID('00000000-0000-0000-0000-000000000001'), [1, 2]"
    answer = post(api, hogql(text))
    assert answer.status_code == 200, answer.text
    assert json.loads(answer.content)["results"] == [
        ["2026-01-02T03:04:05Z", None, None, "00000000-0000-0000-0000-000000000001", [1, 2]]
    ]


def test_the_same_question_asked_at_once_is_answered_once(api):
    marker = datetime.now(UTC).isoformat()
    asked = hogql(f"select count() from numbers(50000000) where sin(number) > 2 or '{marker}' = ''")
    found = []
    threads = [threading.Thread(target=lambda: found.append(post(api, asked).json())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one["results"] for one in found] == [[[0]]] * 4
    assert sorted(one["is_cached"] for one in found) == [False, True, True, True]
