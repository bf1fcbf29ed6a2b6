"""How a person's properties changed, over the API."""

import json
import uuid

from appliance.catalog import writing
from appliance.persons import save
from tests.query.conftest import Api

PATH = "/api/projects/@current/persons"


def _person(api: Api, *plans: str) -> uuid.UUID:
    """Somebody with an event a minute, each with a plan."""
    person, project = uuid.uuid4(), api.first.project_id
    with writing(api.engine) as connection:
        save(
            connection,
            persons=[(project, person.bytes, 0, '{"plan":"now"}', True, 0, False)],
            distinct_ids=[(project, f"timeline {person}", person.bytes, 0, False)],
        )
    for minute, plan in enumerate(plans):
        properties = json.dumps({"plan": plan, "seen": minute})
        api.store.execute(
            "INSERT INTO events (uuid, event, timestamp, team_id, distinct_id, person_id, person_properties) "
            f"VALUES ('{uuid.uuid4()}', 'paid', '2026-05-01 10:{minute:02}:00', {project}, "
            f"'timeline {person}', '{person}', '{properties}')"
        )
    return person


def _ask(api: Api, person: uuid.UUID, **parameters: str):
    dates = {"date_from": "2026-05-01", "date_to": "2026-05-02"}
    return api.get(f"{PATH}/{person}/properties_timeline/", **(dates | parameters))


def test_each_change_of_a_crucial_property_is_a_point(api: Api) -> None:
    person = _person(api, "free", "free", "pro", "free", "free", "free")
    found = _ask(api, person, breakdown="plan", breakdown_type="person").json()
    assert found["crucial_property_keys"] == ["plan"]
    points = [(one["properties"]["plan"], one["relevant_event_count"]) for one in found["points"]]
    assert points == [("free", 2), ("pro", 1), ("free", 3)]
    assert found["points"][1]["timestamp"] == "2026-05-01T10:02:00Z"
    assert found["effective_date_from"] == "2026-05-01T00:00:00Z"


def test_other_properties_make_no_point_and_other_events_do_not_count(api: Api) -> None:
    person = _person(api, "free", "pro", "free")
    assert [one["relevant_event_count"] for one in _ask(api, person).json()["points"]] == [3]
    filtered = {"id": "paid", "properties": [{"key": "plan", "value": "free", "type": "person"}]}
    found = _ask(api, person, events=json.dumps([filtered])).json()
    assert (found["crucial_property_keys"], len(found["points"])) == (["plan"], 1)
    assert found["points"][0]["relevant_event_count"] == 2
    assert _ask(api, person, events='[{"id": "other"}]').json()["points"] == []


def test_who_or_what_is_not_there_is_told(api: Api) -> None:
    assert _ask(api, uuid.uuid4()).status_code == 404
    person = _person(api, "free")
    for wrong in ({"events": "{"}, {"events": "[5]"}, {"actions": '[{"id": 9}]'}, {"date_from": "soon"}):
        assert _ask(api, person, **wrong).status_code == 400, wrong
