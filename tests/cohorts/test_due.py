"""Which cohorts are calculated next, on both databases."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.accounts import create_organization, create_project
from appliance.catalog.resources import cohort
from appliance.cohorts.calculation import due
from appliance.config import Config

_MINUTE = 60_000_000


@pytest.fixture
def engine(tmp_path: Path, database_url: str) -> Iterator[Engine]:
    engine = catalog.connect(Config(data_dir=tmp_path / "data", catalog_url=database_url, catalog_wait_s=20))
    catalog.upgrade(engine)
    yield engine
    engine.dispose()


def cases(now: int) -> list[tuple[str, dict[str, Any], bool]]:
    """Name, columns, and whether it is due."""
    calculated = {"version": 1, "pending_version": 1, "last_calculation_at": now}
    return [
        ("never calculated", {}, True),
        ("calculated just now", calculated, False),
        ("changed since", {**calculated, "pending_version": 2}, True),
        ("calculated two days ago", {**calculated, "last_calculation_at": now - 2 * 1_440 * _MINUTE}, True),
        ("failed just now", {"errors_calculating": 1, "last_error_at": now}, False),
        ("failed once, long ago", {"errors_calculating": 1, "last_error_at": now - 2 * _MINUTE}, True),
        ("failed often", {"errors_calculating": 9, "last_error_at": now - 2 * _MINUTE}, False),
        ("failed often, an hour ago", {"errors_calculating": 9, "last_error_at": now - 60 * _MINUTE}, True),
        ("deleted", {"is_deleted": True}, False),
        ("static", {"is_static": True}, False),
        ("static, by a query that never ran", {"is_static": True, "query": {"kind": "HogQLQuery"}}, True),
    ]


def test_what_was_never_calculated_changed_or_is_old_is_due_and_failures_wait(engine: Engine) -> None:
    now = time.time_ns() // 1_000
    with catalog.writing(engine) as connection:
        create_organization(connection, "Hedgehogs")
        project_id = create_project(connection, "First", "phc_first")
        made = {}
        for name, columns, _ in cases(now):
            row = {"name": name, "groups": [], "created_at": now, "last_modified_at": now, **columns}
            inserted = connection.execute(cohort.insert().values(project_id=project_id, **row))
            made[inserted.inserted_primary_key[0]] = name
    with catalog.reading(engine) as connection:
        found = {made[id_] for id_ in due(connection)}
    assert found == {name for name, _, is_due in cases(now) if is_due}
