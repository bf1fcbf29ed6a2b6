"""What callers of the API get."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from appliance.catalog import writing
from appliance.persons import save

PATH = "/api/projects/@current"


def _events(count, event, start, distinct_id="somebody"):
    return [
        (uuid.uuid4(), event, f"{start + timedelta(seconds=n):%Y-%m-%d %H:%M:%S.%f}", distinct_id)
        for n in range(count)
    ]


def test_pages_hold_every_event_once_though_all_have_one_time_and_came_twice(api):
    rows = [(uuid.uuid4(), "same time", "2026-03-01 12:00:00.000001", "d") for _ in range(25)]
    api.insert(*rows)
    api.insert(*rows)
    seen, answer = [], api.get(f"{PATH}/events/", event="same time", limit=10).json()
    while True:
        seen += [one["id"] for one in answer["results"]]
        if answer["next"] is None:
            break
        assert "phx_" not in answer["next"]
        answer = api.client.get(answer["next"], headers=api.headers).json()
    assert sorted(seen) == sorted(str(row[0]) for row in rows)


def test_events_are_newest_first_and_cut_by_time(api):
    start = datetime(2026, 3, 2, tzinfo=UTC)
    rows = _events(5, "in order", start)
    api.insert(*rows)
    asked = {"event": "in order", "after": "2026-03-02T00:00:00Z", "before": "2026-03-02T00:00:04+00:00"}
    found = api.get(f"{PATH}/events/", **asked).json()["results"]
    assert [one["id"] for one in found] == [str(row[0]) for row in reversed(rows[1:4])]
    assert found[0]["timestamp"] == "2026-03-02T00:00:03+00:00"
    assert found[0]["properties"] == {"$lib": "web"}
    assert found[0]["elements"] == []
    assert found[0]["person"] is None


def test_events_of_a_person_are_those_of_all_its_distinct_ids(api):
    start = datetime(2026, 3, 3, tzinfo=UTC)
    person, project = uuid.uuid4(), api.first.project_id
    with writing(api.engine) as connection:
        save(
            connection,
            persons=[(project, person.bytes, 0, '{"email":"a@b.c"}', True, 0, False)],
            distinct_ids=[(project, name, person.bytes, 0, False) for name in ("phone", "desk")],
        )
    api.insert(
        *_events(1, "p", start, "phone"), *_events(1, "p", start, "desk"), *_events(1, "p", start, "else")
    )
    found = api.get(f"{PATH}/events/", person_id=str(person)).json()["results"]
    assert {one["distinct_id"] for one in found} == {"phone", "desk"}
    assert found[0]["person"]["properties"] == {"email": "a@b.c"}
    persons = api.get(f"{PATH}/persons/", search="a@b").json()
    assert [one["id"] for one in persons["results"]] == [str(person)]
    assert persons["next"] is None
    assert api.get(f"{PATH}/persons/phone/").json()["name"] == "a@b.c"


def test_one_event_by_its_uuid(api):
    rows = _events(1, "alone", datetime(2026, 3, 4, tzinfo=UTC))
    api.insert(*rows)
    assert (
        api.get(f"/api/environments/{api.first.project_id}/events/{rows[0][0]}/").json()["event"] == "alone"
    )
    assert api.get(f"{PATH}/events/{uuid.uuid4()}/").status_code == 404


def test_live_counts_each_of_the_last_minutes(api):
    now = datetime.now(UTC)
    api.insert(*_events(3, "live", now - timedelta(minutes=2)))
    answer = api.get(f"{PATH}/live/").json()
    assert len(answer["per_minute"]) == 30
    assert sum(one["count"] for one in answer["per_minute"]) == 3
    assert [one["event"] for one in answer["events"]] == ["live"] * 3
    assert answer["project"]["token"] == api.first.project_token


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (f"{PATH}/events/?limit=none", 400, "invalid_input"),
        (f"{PATH}/events/?after=yesterday", 400, "invalid_input"),
        (f"{PATH}/events/not-a-uuid/", 400, "invalid_input"),
        ("/api/projects/999/events/", 403, "permission_denied"),
        ("/api/projects/x/events/", 404, "not_found"),
        ("/api/nothing/", 404, "not_found"),
    ],
)
def test_a_failure_is_told_as_posthog_tells_it(api, path, status, code):
    answer = api.client.get(path, headers=api.headers)
    assert answer.status_code == status
    assert set(answer.json()) == {"type", "code", "detail", "attr"}
    assert answer.json()["code"] == code


@pytest.mark.parametrize("key", ["", "phx_nobody", "phc_token", "phx_\u00e9"])
def test_without_a_key_there_is_nothing_to_see(api, key):
    answer = api.client.get(f"{PATH}/events/", params={"personal_api_key": key})
    assert answer.status_code == 401
    assert answer.json()["type"] == "authentication_error"


def test_the_key_may_stand_in_the_address(api):
    answer = api.client.get(f"{PATH}/events/", params={"personal_api_key": api.first.personal_api_key})
    assert answer.status_code == 200
