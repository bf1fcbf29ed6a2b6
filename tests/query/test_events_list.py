"""The list of events by property filters, conditions, orders and columns."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

PATH = "/api/projects/@current/events/"
START = datetime(2026, 4, 1, tzinfo=UTC)


def _insert(api, *rows):
    """Rows of (event, seconds after START or a time, properties); the uuids in the same order."""
    ids = [str(uuid.uuid4()) for _ in rows]
    times = [START + timedelta(seconds=at) if isinstance(at, int) else at for _, at, _ in rows]
    values = ", ".join(
        f"('{id_}', '{event}', '{json.dumps(properties)}', '{time:%Y-%m-%d %H:%M:%S.%f}', "
        f"{api.first.project_id}, 'lister')"
        for id_, time, (event, _, properties) in zip(ids, times, rows, strict=True)
    )
    api.store.execute(
        f"INSERT INTO events (uuid, event, properties, timestamp, team_id, distinct_id) VALUES {values}"
    )
    return ids


def _ids(answer):
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["results"]]


def _all(api, **parameters):
    answer = api.get(PATH, **parameters)
    seen = _ids(answer)
    while address := answer.json()["next"]:
        answer = api.client.get(address, headers=api.headers)
        seen += _ids(answer)
    return seen


def test_property_filters_and_conditions_choose_events(api):
    ids = _insert(api, *[("filtered", n, {"plan": "pro" if n % 2 else "free", "seats": n}) for n in range(6)])
    pro = json.dumps([{"key": "plan", "value": "pro", "operator": "exact", "type": "event"}])
    assert _all(api, event="filtered", properties=pro) == [ids[5], ids[3], ids[1]]
    few = json.dumps(["toInt(properties.seats) < 4"])
    assert _all(api, event="filtered", properties=pro, where=few) == [ids[3], ids[1]]
    assert _all(api, event="filtered", where=few, distinct_id="nobody") == []
    assert _all(api, event="filtered", where=few, distinct_id="lister") == ids[3::-1]


@pytest.mark.parametrize("order", [None, '["-timestamp"]', '["properties.plan ASC"]', '["timestamp"]'])
def test_pages_of_any_order_hold_every_event_once_though_all_have_one_time_and_came_twice(api, order):
    event = f"paged {order}".replace('"', "")
    rows = [(event, 7, {"plan": "ab"[n % 2]}) for n in range(23)]
    ids = _insert(api, *rows)
    api.store.execute(
        f"INSERT INTO events (uuid, event, properties, timestamp, team_id, distinct_id) "
        f"SELECT uuid, event, properties, timestamp, team_id, distinct_id FROM events WHERE event = '{event}'"
    )
    asked = {"event": event, "limit": 5, "where": "[\"event != ''\"]"} | ({"orderBy": order} if order else {})
    seen = _all(api, **asked)
    assert sorted(seen) == sorted(ids)


def test_an_offset_skips_and_the_next_page_goes_on(api):
    ids = _insert(api, *[("skipped", n, {}) for n in range(10)])[::-1]
    assert _all(api, event="skipped", offset=3, limit=2) == ids[3:]


def test_an_order_by_a_property_is_kept_in_what_is_shown(api):
    ids = _insert(api, *[("ordered", n, {"rank": "cab"[n]}) for n in range(3)])
    assert _all(api, event="ordered", orderBy='["properties.rank"]') == [ids[1], ids[2], ids[0]]
    assert _all(api, event="ordered", orderBy='["-properties.rank"]') == [ids[0], ids[2], ids[1]]


def test_selected_columns_come_as_rows(api):
    _insert(api, *[("selected", n, {"plan": "ab"[n % 2]}) for n in range(5)])
    answer = api.get(
        PATH, event="selected", select='["properties.plan", "count()"]', orderBy='["count()"]'
    ).json()
    assert answer["columns"] == ["properties.plan", "count()"]
    assert answer["results"] == [["b", 2], ["a", 3]]
    page = api.get(
        PATH, event="selected", select='["event", "properties.plan"]', limit=3, distinct_id="lister"
    )
    assert page.json()["results"] == [["selected", "a"], ["selected", "b"], ["selected", "a"]]
    rest = api.client.get(page.json()["next"], headers=api.headers).json()
    assert (rest["results"], rest["next"]) == ([["selected", "b"], ["selected", "a"]], None)


def test_values_of_a_property_are_those_of_late_the_most_used_first(api):
    now = datetime.now(UTC) - timedelta(days=2)
    old = now - timedelta(days=30)
    colours = [("red", now), ("blue", now), ("blue", now), ("Bluish", now), ("black", old)]
    _insert(api, *[("valued", at, {"colour": colour}) for colour, at in colours])
    found = api.get(f"{PATH}values/", key="colour").json()
    assert found[0] == {"name": "blue", "count": 2}
    assert {one["name"] for one in found} == {"red", "blue", "Bluish"}
    assert {one["name"] for one in api.get(f"{PATH}values/", key="colour", value="BLU").json()} == {
        "blue",
        "Bluish",
    }
    assert api.get(f"{PATH}values/", key="colour", event_name="another").json() == []
    assert api.get(f"{PATH}values/").status_code == 400


@pytest.mark.parametrize(
    "parameters",
    [
        {"properties": "{"},
        {"properties": "5"},
        {"properties": '[{"key": "a", "type": "nothing"}]'},
        {"where": '"event"'},
        {"where": '["1 +"]'},
        {"where": '["_internal(1)"]'},
        {"select": "[5]"},
        {"select": '["nothing"]'},
        {"orderBy": '["-"]'},
        {"offset": "-1"},
    ],
)
def test_what_cannot_be_heeded_is_refused(api, parameters):
    answer = api.get(PATH, **parameters)
    assert answer.status_code == 400, answer.text
    assert answer.json()["type"] == "validation_error"
