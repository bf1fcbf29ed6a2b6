"""Persons as the API shows them."""

import json
from uuid import UUID

import pytest
from sqlalchemy import Engine

from appliance import catalog, persons
from appliance.failures import Invalid

MADE_UP = "018f3a2c-1f2e-7cc1-9d4e-1a2b3c4d5e6f"


@pytest.fixture
def people(engine: Engine) -> Engine:
    """Four persons, the newest first: zoe, ann, bob, and one without properties."""
    described = [
        ({"email": "Zoe@example.com", "age": 30, "vip": True, 'odd"key': "x"}, ["zoe"]),
        ({"name": "Ann 100%", "age": 4.5, "vip": False, "email": None}, ["ann", MADE_UP]),
        ({"username": "bob", "age": "30", "tags": ["a"]}, [MADE_UP[:-1] + "0", "bob-id"]),
        ({}, [MADE_UP[:-1] + "1"]),
    ]
    with catalog.writing(engine) as connection:
        persons.save(
            connection,
            persons=[
                (1, UUID(int=number).bytes, 4_000_000 - number, json.dumps(properties), number == 0, 0, False)
                for number, (properties, _) in enumerate(described)
            ]
            + [(2, UUID(int=0).bytes, 0, '{"email":"zoe@elsewhere"}', False, 0, False)],
            distinct_ids=[
                (1, distinct_id, UUID(int=number).bytes, 0, False)
                for number, (_, distinct_ids) in enumerate(described)
                for distinct_id in distinct_ids
            ]
            + [(2, "zoe", UUID(int=0).bytes, 0, False)],
        )
    return engine


def numbers(engine: Engine, **options: object) -> list[int]:
    with catalog.reading(engine) as connection:
        found, _ = persons.list_persons(connection, 1, **options)
    return [UUID(person["uuid"]).int for person in found]


def test_a_person_has_the_fields_of_the_api(people: Engine) -> None:
    with catalog.reading(people) as connection:
        [zoe], more = persons.list_persons(connection, 1, limit=1)
    assert more
    assert zoe == {
        "id": str(UUID(int=0)),
        "uuid": str(UUID(int=0)),
        "name": "Zoe@example.com",
        "distinct_ids": ["zoe"],
        "properties": {"email": "Zoe@example.com", "age": 30, "vip": True, 'odd"key': "x"},
        "created_at": "1970-01-01T00:00:04Z",
        "is_identified": True,
    }


def test_a_person_is_called_by_its_properties_or_the_id_it_was_given(people: Engine) -> None:
    with catalog.reading(people) as connection:
        found, _ = persons.list_persons(connection, 1)
    assert [person["name"] for person in found] == ["Zoe@example.com", "Ann 100%", "bob", MADE_UP[:-1] + "1"]


def test_pages_follow_each_other_newest_first(people: Engine) -> None:
    assert numbers(people) == [0, 1, 2, 3]
    assert numbers(people, limit=2) + numbers(people, limit=2, offset=2) == [0, 1, 2, 3]
    with catalog.reading(people) as connection:
        assert persons.list_persons(connection, 1, limit=4)[1] is False


@pytest.mark.parametrize(
    ("search", "expected"),
    [("zOE", [0]), ("100%", [1]), ("10_", []), ("bob-id", [2]), ("bob-i", []), ("BO", [2]), ("a\0", [])],
)
def test_search_finds_parts_of_names_and_whole_ids(people: Engine, search: str, expected: list[int]) -> None:
    assert numbers(people, search=search) == expected


def test_a_distinct_id_has_at_most_one_person(people: Engine) -> None:
    assert numbers(people, distinct_id=MADE_UP) == [1]
    assert numbers(people, distinct_id="nobody") == []


@pytest.mark.parametrize(
    ("key", "operator", "value", "expected"),
    [
        ("email", None, "Zoe@example.com", [0]),
        ("email", "exact", ["x", "Zoe@example.com"], [0]),
        ("email", "is_not", "Zoe@example.com", [1, 2, 3]),
        ("email", "icontains", "ZOE@", [0]),
        ("email", "not_icontains", "zoe", [1, 2, 3]),
        ("email", "is_set", None, [0]),
        ("email", "is_not_set", None, [1, 2, 3]),
        ("vip", "exact", True, [0]),
        ("vip", "exact", "false", [1]),
        ("age", "exact", 30, [0, 2]),
        ("age", "gt", 4.5, [0]),
        ("age", "gte", "4.5", [0, 1]),
        ("age", "lt", 30, [1]),
        ("age", "lte", 30, [0, 1]),
        ('odd"key', "exact", "x", [0]),
    ],
)
def test_properties_filter_persons(
    people: Engine, key: str, operator: str | None, value: object, expected: list[int]
) -> None:
    given = {"key": key, "value": value, "type": "person"} | ({"operator": operator} if operator else {})
    assert numbers(people, properties=[given]) == expected


def test_a_number_too_large_for_the_catalog_spoils_no_query(people: Engine) -> None:
    with catalog.writing(people) as connection:
        row = (1, UUID(int=9).bytes, 0, '{"age":1e999999999}', False, 0, False)
        persons.save(connection, persons=[row])
    assert numbers(people, properties=[{"key": "age", "operator": "lt", "value": 30}]) == [1]


@pytest.mark.parametrize(
    "options",
    [
        {"limit": 0},
        {"limit": 1_001},
        {"offset": -1},
        {"search": "x" * 401},
        {"properties": [{"value": 1}]},
        {"properties": [{"key": "a", "operator": "between", "value": 1}]},
        {"properties": [{"key": "a", "operator": "gt", "value": "many"}]},
        {"properties": [{"key": "a", "value": []}]},
        {"properties": [{"key": "a", "value": {}}]},
        {"properties": [{"key": "a", "value": 1, "type": "event"}]},
    ],
)
def test_what_cannot_be_answered_is_refused(people: Engine, options: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        numbers(people, **options)


def test_one_person_is_found_by_its_id_or_a_distinct_id(people: Engine) -> None:
    with catalog.reading(people) as connection:
        by_id = persons.find_person(connection, 1, str(UUID(int=1)))
        by_distinct_id = persons.find_person(connection, 1, MADE_UP)
        assert by_id == by_distinct_id
        assert by_id is not None
        assert sorted(by_id["distinct_ids"]) == [MADE_UP, "ann"]
        assert persons.find_person(connection, 1, "nobody\0") is None
        assert persons.find_person(connection, 3, "zoe") is None
