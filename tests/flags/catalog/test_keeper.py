"""Flags in a worker's memory follow the catalog, and outlive it."""

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.catalog import SnapshotKeeper, changes, reading, writing
from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.model import project
from appliance.catalog.resources import cohort
from appliance.cohorts.calculation import _finish
from appliance.config import Config
from appliance.flags.definitions import from_text, load, to_text
from appliance.flags.keeper import Keeper
from appliance.flags.remote_config import remote_config
from tests.flags.catalog.rows import EVERYBODY, add_cohort, add_flag, add_group_type, add_project


class Worker:
    """The two keepers of a worker, as it ties them together."""

    def __init__(self, engine: Engine, config: Config) -> None:
        self.replaced: list[Any] = []
        self.flags = Keeper(engine, config.flags_path, self.replaced.append)
        self.snapshots = SnapshotKeeper.of(engine, config, self._take)

    def _take(self, snapshot: Any) -> None:
        self.flags.take(snapshot, is_recalled=not self.snapshots.reachable)

    def document(self, token: str = "phc_first") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.flags.current.by_token[token].document)
        return found

    def keys(self, token: str = "phc_first") -> list[str]:
        return [one["key"] for one in self.document(token)["flags"]]


@pytest.fixture
def project_id(engine: Engine) -> int:
    with writing(engine) as connection:
        return add_project(connection, timezone="Europe/Berlin", options={"property_matching_version": 2})


@pytest.fixture
def worker(engine: Engine, config: Config, project_id: int) -> Worker:
    assert project_id
    found = Worker(engine, config)
    found.snapshots.open()
    return found


def _cohort_filter(id_: Any) -> dict[str, Any]:
    aim = {"key": "id", "type": "cohort", "operator": "in", "value": id_}
    return {"groups": [{"properties": [aim], "rollout_percentage": 100}]}


def _made_of(*ids: int) -> dict[str, Any]:
    values = [{"key": "id", "type": "cohort", "value": id_} for id_ in ids]
    return {"properties": {"type": "OR", "values": [{"type": "AND", "values": values}]}}


def test_a_flag_is_there_after_the_next_look(engine: Engine, worker: Worker, project_id: int) -> None:
    assert worker.keys() == []
    assert worker.document()["timezone"] == "Europe/Berlin"
    assert worker.document()["property_matching_version"] == 2
    with writing(engine) as connection:
        id_ = add_flag(
            connection,
            project_id,
            "beta",
            name="Beta",
            version=4,
            evaluation_contexts=["docs"],
            evaluation_runtime="client",
            bucketing_identifier="device_id",
            ensure_experience_continuity=False,
        )
        add_flag(connection, project_id, "gone", is_deleted=True)
        add_flag(connection, project_id, "off", is_active=False)
    worker.snapshots.refresh()
    assert worker.keys() == ["beta", "off"]
    assert worker.document()["flags"][0] == {
        "id": id_,
        "key": "beta",
        "name": "Beta",
        "filters": EVERYBODY,
        "active": True,
        "version": 4,
        "ensure_experience_continuity": False,
        "evaluation_runtime": "client",
        "bucketing_identifier": "device_id",
        "evaluation_contexts": ["docs"],
        "has_experiment": False,
        "has_encrypted_payloads": False,
    }


def test_filters_arrive_as_they_were_stored(engine: Engine, worker: Worker, project_id: int) -> None:
    filters = {
        "groups": [],
        "payloads": {"true": '{"ü": 1.0, "big": 12345678901234567890123}'},
        "odd": "\u2028",
    }
    with writing(engine) as connection:
        add_flag(connection, project_id, "odd", filters)
    worker.snapshots.refresh()
    assert worker.document()["flags"][0]["filters"] == filters
    [row] = worker.flags.current.by_id[project_id].definitions.flags
    assert (row.filters, row.payloads) == (filters, filters["payloads"])


def test_only_cohorts_that_flags_name_come_along(engine: Engine, worker: Worker, project_id: int) -> None:
    with writing(engine) as connection:
        static = add_cohort(connection, project_id, filters=None, version=7)
        inner = add_cohort(connection, project_id, is_static=False, filters=_made_of(static))
        outer = add_cohort(connection, project_id, is_static=False, filters=_made_of(inner))
        add_cohort(connection, project_id, is_static=False, filters=_made_of(outer))
        gone = add_cohort(connection, project_id, is_deleted=True)
        elsewhere = add_cohort(connection, add_project(connection, "phc_second"))
        add_flag(connection, project_id, "a", _cohort_filter(outer))
        add_flag(connection, project_id, "b", _cohort_filter(str(static)))
        add_flag(connection, project_id, "c", _cohort_filter(gone))
        add_flag(connection, project_id, "d", _cohort_filter(elsewhere))
        add_flag(
            connection, project_id, "e", _cohort_filter("9" * 5_000)
        )  # more than Python reads as a number
        connection.execute(cohort.update().where(cohort.c.id == inner).values(version=5))
        changes.bump(connection)
    worker.snapshots.refresh()
    assert worker.document()["cohorts"] == [
        {"id": static, "is_static": True, "filters": None, "version": 0},
        {"id": inner, "is_static": False, "filters": _made_of(static), "version": 5},
        {"id": outer, "is_static": False, "filters": _made_of(inner), "version": None},
    ]


def test_a_calculation_that_ended_a_new_group_type_and_a_setting_reach_the_flags(
    engine: Engine, worker: Worker, project_id: int
) -> None:
    with writing(engine) as connection:
        aimed = add_cohort(
            connection,
            project_id,
            is_static=False,
            filters=_made_of(),
            pending_version=9,
            is_calculating=True,
        )
        add_flag(connection, project_id, "a", _cohort_filter(aimed))
    worker.snapshots.refresh()
    assert worker.document()["cohorts"][0]["version"] is None
    _finish(engine, aimed, 9, 1)
    worker.snapshots.refresh()
    assert worker.document()["cohorts"][0]["version"] == 9
    with writing(engine) as connection:
        add_group_type(connection, project_id, "company", 0)
    worker.snapshots.refresh()
    assert worker.document()["group_types"] == {"company": 0}
    with writing(engine) as connection:
        connection.execute(project.update().values(timezone="Asia/Tokyo"))
        changes.bump(connection)
    worker.snapshots.refresh()
    assert worker.document()["timezone"] == "Asia/Tokyo"


def test_only_what_changed_is_compiled_anew(engine: Engine, worker: Worker, project_id: int) -> None:
    with writing(engine) as connection:
        other = add_project(connection, "phc_second")
        add_flag(connection, project_id, "a")
        add_flag(connection, other, "b")
    worker.snapshots.refresh()
    before = worker.flags.current
    worker.replaced.clear()
    with writing(engine) as connection:
        connection.execute(feature_flag.update().where(feature_flag.c.key == "a").values(is_active=False))
        changes.bump(connection)
    worker.snapshots.refresh()
    after = worker.flags.current
    assert after.by_id[other] is before.by_id[other]
    assert worker.replaced == [before.by_id[project_id].flag_set]
    assert after.by_id[project_id].flag_set is not before.by_id[project_id].flag_set


def test_a_new_name_of_the_project_leaves_its_flags_as_they_are(
    engine: Engine, worker: Worker, project_id: int
) -> None:
    before = worker.flags.current.by_id[project_id]
    with writing(engine) as connection:
        connection.execute(project.update().values(name="Other"))
        changes.bump(connection)
    worker.snapshots.refresh()
    after = worker.flags.current.by_id[project_id]
    assert after.project.name == "Other"
    assert after.flag_set is before.flag_set


def test_a_document_that_is_refused_keeps_the_last_flags_and_stops_no_other(
    engine: Engine, worker: Worker, project_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing(engine) as connection:
        other = add_project(connection, "phc_second")
        add_flag(connection, project_id, "good")
    worker.snapshots.refresh()
    good = worker.flags.current.by_id[project_id]
    real = catalog_flags_set()

    def picky(document: bytes) -> Any:
        if b"refused" in document:
            raise ValueError("no")
        return real(document)

    monkeypatch.setattr("appliance.flags.keeper.native.FlagSet", picky)
    with writing(engine) as connection:
        add_flag(connection, project_id, "refused")
        add_flag(connection, other, "fine")
    worker.snapshots.refresh()
    now = worker.flags.current.by_id[project_id]
    assert (now.flag_set, now.document) == (good.flag_set, good.document)
    assert worker.keys("phc_second") == ["fine"]
    with writing(engine) as connection:
        connection.execute(
            feature_flag.update().where(feature_flag.c.key == "refused").values(is_deleted=True)
        )
        add_flag(connection, project_id, "better")
    worker.snapshots.refresh()
    assert worker.keys() == ["good", "better"]


def catalog_flags_set() -> Callable[[bytes], Any]:
    from appliance._native import flags as native  # noqa: PLC0415 - before it is replaced

    return native.FlagSet


def test_a_worker_that_starts_while_the_catalog_is_away_knows_the_last_flags(
    engine: Engine, worker: Worker, config: Config, project_id: int, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        add_flag(connection, project_id, "kept")
        add_group_type(connection, project_id, "company", 0)
    worker.snapshots.refresh()
    assert stat.S_IMODE(config.flags_path.stat().st_mode) == 0o600
    away = catalog.connect(Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3"))
    started = Worker(away, config)
    started.snapshots.open()
    assert (
        started.flags.current.by_token["phc_first"].document
        == worker.flags.current.by_id[project_id].document
    )
    # It comes back, with the same version: nothing told of a change, and yet the flags may have.
    started.flags._catalog = engine
    started.flags._catch_up()
    assert not started.flags._is_behind


def test_a_load_that_failed_is_made_up_for(
    engine: Engine, worker: Worker, project_id: int, tmp_path: Path
) -> None:
    away = catalog.connect(Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3"))
    with writing(engine) as connection:
        add_flag(connection, project_id, "first")
    worker.snapshots.refresh()
    worker.flags._catalog = away
    with writing(engine) as connection:
        add_flag(connection, project_id, "second")
    worker.snapshots.refresh()
    assert worker.keys() == ["first"]
    worker.flags._catalog = engine
    worker.flags._catch_up()
    assert worker.keys() == ["first", "second"]


def test_flags_that_were_never_known_are_not_taken_for_none(
    engine: Engine, config: Config, project_id: int, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        add_flag(connection, project_id, "there")
    worker = Worker(engine, config)
    worker.flags._catalog = catalog.connect(
        Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3")
    )
    worker.snapshots.open()  # the project is known, and of its flags there is nothing, not even a file
    found = worker.flags.current.by_id[project_id]
    assert (found.is_known, found.flag_set) == (False, None)
    assert remote_config(found)["hasFeatureFlags"] is True
    worker.flags._catalog = engine
    worker.flags._catch_up()
    assert worker.flags.current.by_id[project_id].is_known
    assert worker.keys() == ["there"]


def test_a_project_without_flags_is_known_to_have_none(
    worker: Worker, config: Config, project_id: int, tmp_path: Path
) -> None:
    assert worker.flags.current.by_id[project_id].is_known
    away = catalog.connect(Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3"))
    started = Worker(away, config)
    started.snapshots.open()
    found = started.flags.current.by_id[project_id]
    assert found.is_known
    assert remote_config(found)["hasFeatureFlags"] is False


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": 2}', '{"format": 1, "projects": {"1": {"flags": [{}]}}}']
)
def test_a_file_that_we_did_not_write_is_no_flags(text: str) -> None:
    with pytest.raises(ValueError, match=r"line 1|not definitions|broken"):
        from_text(text)


def test_what_was_written_reads_back_as_it_was(engine: Engine, project_id: int) -> None:
    with writing(engine) as connection:
        aimed = add_cohort(connection, project_id, is_static=False, filters=_made_of(), name="ü")
        add_flag(connection, project_id, "a", _cohort_filter(aimed), evaluation_contexts=["x"])
        add_group_type(connection, project_id, "company", 3)
    with reading(engine) as connection:
        found = load(connection)
    assert found[project_id].group_types == {"company": 3}
    assert from_text(to_text(found)) == found
