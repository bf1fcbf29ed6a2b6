"""Promotion on a real store: the answers stay, the column comes and goes."""

import json
import time
import uuid

import pytest

from appliance.config import Config
from appliance.promotion import Promoter, PropertyUse, columns, promoted, promoter

PATH = "/api/projects/@current/query/"
VALUES = ["pro", "", None, 12, 1.5, True, {"deep": [1]}, "ünï'code\\", "free"]


@pytest.fixture
def events(api):
    """One event for each value, and one without the property."""
    name = f"plan {uuid.uuid4()}'s"
    rows = [{name: value} for value in VALUES] + [{"else": 1}]
    for number, properties in enumerate(rows):
        text = json.dumps(properties, ensure_ascii=False)
        api.store.command(
            "INSERT INTO events (uuid, event, properties, timestamp, team_id, distinct_id) VALUES "
            "({uuid:UUID}, {name:String}, {text:String}, '2026-05-01 12:00:00', {team:Int64}, {number:String})",
            {
                "uuid": uuid.uuid4(),
                "name": name,
                "text": text,
                "team": api.first.project_id,
                "number": str(number),
            },
        )
    return name


@pytest.fixture
def made(api, monkeypatch):
    monkeypatch.setattr(promoted, "_FRESH_S", 0.0)
    return Promoter(Config(promotion_query_s_min=1.0), api.engine, api.store)


def read(api, name):
    quoted = name.replace("'", "\\'")
    text = (
        f"select distinct_id, properties['{quoted}'], properties['{quoted}'] is null from events "
        f"where event = '{quoted}' order by distinct_id"
    )
    query = {"kind": "HogQLQuery", "query": text, "explain": True}
    answer = api.client.post(PATH, json={"query": query, "refresh": "force_blocking"}, headers=api.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


def use(api, name, seconds=10.0):
    noted = PropertyUse(api.engine)
    for _ in range(5):
        noted.note([("event", name), ("person", "ignored")], seconds / 5)
    noted.flush()


def until_ready(api, made):
    deadline = time.monotonic() + 30
    while True:
        made.step()
        with api.engine.connect() as connection:
            states = connection.exec_driver_sql("SELECT state FROM promoted_property").scalars().all()
        if "filling" not in states:
            return
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_costly_property_gets_a_column_and_every_answer_stays_as_it_was(api, made, events):
    before = read(api, events)
    column = columns.column_of(events)
    assert column not in before["clickhouse"]
    use(api, events)
    made.step()
    told = read(api, events)
    assert column in told["clickhouse"]
    assert told["results"] == before["results"]
    until_ready(api, made)
    assert read(api, events)["results"] == before["results"]
    # Events that come later fill it by themselves.
    api.store.command(
        "INSERT INTO events (uuid, event, properties, timestamp, team_id, distinct_id) VALUES "
        "({uuid:UUID}, {name:String}, {text:String}, '2026-05-02 12:00:00', {team:Int64}, 'later')",
        {
            "uuid": uuid.uuid4(),
            "name": events,
            "text": json.dumps({events: "new"}),
            "team": api.first.project_id,
        },
    )
    assert read(api, events)["results"][-1] == ["later", "new", 0]


def test_a_column_goes_after_queries_have_stopped_using_it(api, made, events, monkeypatch):
    before = read(api, events)
    column = made.promote(events)
    until_ready(api, made)
    made.demote(events)
    assert column not in read(api, events)["clickhouse"]
    made.step()
    assert column in columns.present(api.store), "queries under way may still read it"
    monkeypatch.setattr(promoter, "_LEAVING_US", -1)
    made.step()
    assert column not in columns.present(api.store)
    assert read(api, events)["results"] == before["results"]


def test_a_column_that_a_crash_left_behind_is_dropped(api, made):
    columns.add(api.store, "left behind", columns.column_of("left behind"))
    made.step()
    assert columns.column_of("left behind") not in columns.present(api.store)


@pytest.mark.parametrize("name", ["", "x" * 201, "line\nbreak"])
def test_names_that_no_column_should_have_are_left_alone(api, made, name):
    use(api, name)
    made.step()
    assert columns.column_of(name) not in columns.present(api.store)
