"""Event and property definitions over the API."""

from typing import Any

import pytest

from appliance.catalog import writing
from appliance.catalog.model import NO_GROUP_TYPE, event_definition, event_property, property_definition
from appliance.definitions.ids import event_definition_id, property_definition_id
from tests.rest import Rest

SECOND = 1_000_000


def _events(rest: Rest, *names: str) -> None:
    rows = [
        {
            "project_id": rest.project_id, "name": name, "created_at": 0, "last_seen_at": number * SECOND,
            "id": event_definition_id(rest.project_id, name),
        }
        for number, name in enumerate(names)
    ]  # fmt: skip
    with writing(rest.engine) as connection:
        connection.execute(event_definition.insert(), rows)


def _property(
    rest: Rest, name: str, type_: str | None = None, owner: int = 1, index: int = NO_GROUP_TYPE
) -> str:
    id_ = property_definition_id(rest.project_id, owner, index, name)
    row: dict[str, Any] = {
        "project_id": rest.project_id, "name": name, "type": owner, "group_type_index": index,
        "property_type": type_, "is_numerical": type_ == "Numeric", "id": id_,
    }  # fmt: skip
    with writing(rest.engine) as connection:
        connection.execute(property_definition.insert().values(row))
    return str(id_)


def _names(rest: Rest, path: str, **given: Any) -> list[str]:
    return [one["name"] for one in rest.results(path, **given)]


def test_events_are_found_by_name_and_kind_the_latest_seen_first(rest: Rest) -> None:
    _events(rest, "$pageview", "sign up", "sign out", "100%")
    assert _names(rest, "event_definitions/") == ["100%", "sign out", "sign up", "$pageview"]
    assert _names(rest, "event_definitions/", ordering="name") == ["$pageview", "100%", "sign out", "sign up"]
    assert _names(rest, "event_definitions/", search="UP sign") == ["sign up"]
    assert _names(rest, "event_definitions/", search="%") == ["100%"]
    assert _names(rest, "event_definitions/", event_type="event_posthog") == ["$pageview"]
    assert "$pageview" not in _names(rest, "event_definitions/", event_type="event_custom")
    page = rest.get("event_definitions/", limit=3).json()
    assert (page["count"], len(page["results"])) == (4, 3)
    found = rest.get("event_definitions/by_name/", name="sign up").json()
    assert found["last_seen_at"] == "1970-01-01T00:00:01Z"
    assert rest.get(f"event_definitions/{found['id']}/").json() == found
    assert rest.get("event_definitions/by_name/", name="no").status_code == 404
    assert rest.get("event_definitions/by_name/").status_code == 400


def test_people_describe_verify_and_hide_an_event(rest: Rest) -> None:
    _events(rest, "sign up")
    id_ = rest.results("event_definitions/")[0]["id"]
    me = rest.get("/api/users/@me/").json()
    said = {"description": "first visit", "tags": ["Growth"], "verified": True, "owner": me["id"]}
    changed = rest.patch(f"event_definitions/{id_}/", said).json()
    assert (changed["description"], changed["tags"], changed["verified"]) == ("first visit", ["growth"], True)
    assert changed["owner"]["email"] == changed["verified_by"]["email"] == me["email"]
    assert changed["verified_at"] is not None
    hidden = rest.patch(f"event_definitions/{id_}/", {"hidden": True})
    assert (hidden.status_code, hidden.json()["attr"]) == (400, "hidden")
    rest.patch(f"event_definitions/{id_}/", {"verified": False, "hidden": True})
    assert rest.results("event_definitions/", exclude_hidden="true") == []
    assert rest.results(f"event_definitions/{id_}/activity/")[0]["activity"] == "updated"
    assert rest.delete(f"event_definitions/{id_}/").status_code == 204
    assert rest.results("event_definitions/") == []
    assert rest.post("event_definitions/", {"name": "x"}).status_code == 405


@pytest.mark.parametrize(
    ("body", "attr"), [({"owner": 2**40}, "owner"), ({"verified": 5}, "verified"), ({"tags": "x"}, "tags")]
)
def test_a_bad_field_is_named(rest: Rest, body: dict[str, object], attr: str) -> None:
    _events(rest, "sign up")
    id_ = rest.results("event_definitions/")[0]["id"]
    answer = rest.patch(f"event_definitions/{id_}/", body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_properties_are_found_by_owner_type_and_event(rest: Rest) -> None:
    _property(rest, "price", "Numeric")
    _property(rest, "Colour", "String")
    _property(rest, "$feature/beta")
    _property(rest, "email", "String", owner=2)
    _property(rest, "plan", "String", owner=3, index=1)
    with writing(rest.engine) as connection:
        seen = {"project_id": rest.project_id, "event": "buy", "property": "price"}
        connection.execute(event_property.insert().values(seen))
    path = "property_definitions/"
    assert _names(rest, path) == ["$feature/beta", "Colour", "price"]
    assert _names(rest, path, type="person") == ["email"]
    assert _names(rest, path, type="group", group_type_index=1) == ["plan"]
    assert _names(rest, path, type="group", group_type_index=0) == []
    assert rest.get(path, type="group").status_code == 400
    assert _names(rest, path, is_numerical="true") == ["price"]
    assert _names(rest, path, is_feature_flag="false") == ["Colour", "price"]
    assert _names(rest, path, properties="price,Colour", excluded_properties='["price"]') == ["Colour"]
    assert _names(rest, path, search="OL") == ["Colour"]
    by_event = rest.results(path, event_names='["buy"]')
    assert next((one["name"], one["is_seen_on_filtered_events"]) for one in by_event) == ("price", True)
    assert {one["is_seen_on_filtered_events"] for one in by_event[1:]} == {False}
    assert _names(rest, path, event_names='["buy"]', filter_by_event_names="true") == ["price"]
    together = rest.get(f"{path}seen_together/", event_names='["buy", "sell"]', property_name="price")
    assert together.json() == {"buy": True, "sell": False}


def test_a_property_s_type_can_be_corrected(rest: Rest) -> None:
    id_ = _property(rest, "zip", "Numeric")
    changed = rest.patch(f"property_definitions/{id_}/", {"property_type": "String"}).json()
    assert (changed["property_type"], changed["is_numerical"]) == ("String", False)
    answer = rest.patch(f"property_definitions/{id_}/", {"property_type": "Colour"})
    assert (answer.status_code, answer.json()["attr"]) == (400, "property_type")
    assert rest.delete(f"property_definitions/{id_}/").status_code == 204
