"""Texts that some catalog or store cannot hold never stop the line."""

from collections.abc import Callable

import pytest

from appliance.catalog.model import (
    event_definition,
    event_property,
    group_row,
    group_type,
    property_definition,
)
from tests.ingest.conftest import Road

_ODD = "a\0b"
_SHOWN = "a\ufffdb"


@pytest.fixture
def road(build: Callable[..., Road], database_url: str) -> Road:
    return build(database_url)


def test_a_nul_anywhere_is_stored_as_a_replacement_character(road: Road) -> None:
    road.send(
        [
            {
                "event": _ODD,
                "distinct_id": f"who {_ODD}",
                "properties": {
                    _ODD: _ODD,
                    "$groups": {_ODD: _ODD},
                    "$set": {_ODD: _ODD},
                    "$browser": _ODD,
                    "$elements": [{"tag_name": _ODD, "$el_text": _ODD}],
                },
            },
            {
                "event": "$groupidentify",
                "distinct_id": "x",
                "properties": {"$group_type": _ODD, "$group_key": _ODD, "$group_set": {_ODD: _ODD}},
            },
            {"event": "after", "distinct_id": "x", "properties": {}},
        ]
    )
    road.run()
    assert {row[0] for row in road.ask("SELECT event FROM events")} >= {"$groupidentify", "after"}
    assert len(road.ask("SELECT event FROM events")) == 3
    assert {row["name"] for row in road.table(event_definition)} == {_SHOWN, "$groupidentify", "after"}
    assert _SHOWN in {row["name"] for row in road.table(property_definition)}
    assert (_SHOWN, _SHOWN) in {(row["event"], row["property"]) for row in road.table(event_property)}
    assert {row["name"] for row in road.table(group_type)} == {_SHOWN}
    assert {row["group_key"] for row in road.table(group_row)} == {_SHOWN}
