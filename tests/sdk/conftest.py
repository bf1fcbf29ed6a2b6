"""What an SDK's test sees of the appliance: where to send, events as the API shows them, people and groups."""

import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest

_SETTLED_S = 20
_POLL_S = 0.1


@pytest.fixture
def address(appliance: Any) -> str:
    return appliance.url


@pytest.fixture
def project_token(appliance: Any) -> str:
    return appliance.token


@pytest.fixture
def read(appliance: Any) -> Callable[[str, int], list[dict[str, Any]]]:
    """The events of a distinct id, once there are so many."""
    return lambda distinct_id, count: appliance.wait_for_event(distinct_id, count, limit="1000")


@pytest.fixture
def person_of(appliance: Any) -> Callable[[str], dict[str, Any]]:
    sql = (
        "SELECT properties FROM person JOIN person_distinct_id ON person.id = person_id"
        " AND person.project_id = person_distinct_id.project_id WHERE distinct_id = ?"
    )
    return lambda distinct_id: json.loads(_catalog(appliance, sql, distinct_id))


@pytest.fixture
def person_id_of(appliance: Any) -> Callable[[str], str]:
    sql = "SELECT person_id FROM person_distinct_id WHERE distinct_id = ?"
    return lambda distinct_id: str(UUID(str(_catalog(appliance, sql, distinct_id))))


@pytest.fixture
def group_of(appliance: Any) -> Callable[[str], dict[str, Any]]:
    sql = "SELECT properties FROM group_row WHERE group_key = ?"
    return lambda key: json.loads(_catalog(appliance, sql, key))


def _catalog(appliance: Any, sql: str, name: str) -> Any:
    """One value. The catalog is written right after the store, so it may come a moment later than the event."""
    deadline = time.monotonic() + _SETTLED_S
    with closing(sqlite3.connect(f"file:{appliance.data_dir}/catalog.sqlite3?mode=ro", uri=True)) as catalog:
        while (row := catalog.execute(sql, [name]).fetchone()) is None:
            assert time.monotonic() < deadline, f"nothing about {name!r} in the catalog"
            time.sleep(_POLL_S)
    return row[0]
