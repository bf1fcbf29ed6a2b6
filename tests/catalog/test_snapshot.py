import asyncio
import json
import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from appliance import catalog
from appliance.accounts import create_organization, create_project, set_quota
from appliance.accounts.projects import count_usage
from appliance.catalog.model import SCOPES, Quota, project
from appliance.catalog.snapshot import Snapshot, SnapshotKeeper, month_of
from appliance.config import Config
from appliance.failures import CatalogUnavailable

FEBRUARY, MARCH = 1_771_000_000.0, 1_773_500_000.0


@pytest.fixture
def project_id(engine: Engine) -> int:
    with catalog.writing(engine) as connection:
        create_organization(connection, "Hedgehogs")
        return create_project(connection, "First", "phc_first", timezone="Europe/Berlin")


def _keeper(engine: Engine, config: Config, **others: object) -> SnapshotKeeper:
    return SnapshotKeeper(engine, config.snapshot_path, **{"poll_s": 0.01, **others})  # type: ignore[arg-type]


@pytest.fixture
def lost(tmp_path: Path) -> Engine:
    """A catalog that is not there."""
    return catalog.connect(Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3"))


def test_a_project_is_found_by_its_token_with_its_settings(
    engine: Engine, config: Config, project_id: int
) -> None:
    snapshot = _keeper(engine, config).open()
    found = snapshot.by_token["phc_first"]
    assert (found.id, found.timezone, found.exceeded) == (project_id, "Europe/Berlin", 0)
    assert (found.anonymize_ips, found.heatmaps_opt_in, found.cookieless_mode) == (False, True, 0)
    assert (found.person_processing_opt_out, found.drop_events_older_than_s) == (False, None)
    assert snapshot.by_id[project_id] is found
    assert "phc_other" not in snapshot.by_token


def test_a_refresh_sees_a_project_made_by_another_process(
    engine: Engine, config: Config, project_id: int, other_engine: Callable[[], Engine]
) -> None:
    keeper = _keeper(engine, config)
    keeper.open()
    with catalog.writing(other_engine()) as connection:
        second = create_project(connection, "Second", "phc_second")
    assert keeper.refresh()
    assert {one.id for one in keeper.current.projects} == {project_id, second}


def test_nothing_is_loaded_while_nothing_changed(engine: Engine, config: Config, project_id: int) -> None:
    assert project_id
    keeper = _keeper(engine, config)
    before = keeper.open()
    keeper.refresh()
    assert keeper.current is before


def test_a_snapshot_survives_the_catalog_and_a_restart(
    engine: Engine, config: Config, project_id: int, lost: Engine
) -> None:
    assert project_id
    known = _keeper(engine, config).open()
    restarted = _keeper(lost, config)
    assert restarted.open() == known
    assert restarted.current.by_token["phc_first"].id == project_id
    assert not restarted.reachable
    assert not restarted.refresh()
    assert restarted.current == known


def test_a_running_worker_keeps_its_snapshot_when_the_catalog_goes_away(
    engine: Engine, config: Config, project_id: int, monkeypatch: pytest.MonkeyPatch, lost: Engine
) -> None:
    assert project_id
    keeper = _keeper(engine, config)
    known = keeper.open()
    monkeypatch.setattr(keeper, "_engine", lost)
    assert not keeper.refresh()
    assert keeper.current is known
    monkeypatch.setattr(keeper, "_engine", engine)
    assert keeper.refresh()
    assert keeper.reachable


@pytest.mark.parametrize("kept", [None, "", "{", "[]", '{"format": 99}', '{"format": 1, "projects": [{}]}'])
def test_without_a_catalog_and_a_usable_copy_it_says_so(
    lost: Engine, tmp_path: Path, kept: str | None
) -> None:
    path = tmp_path / "snapshot.json"
    if kept is not None:
        path.write_text(kept)
    with pytest.raises(CatalogUnavailable, match="no last known snapshot"):
        SnapshotKeeper(lost, path).open()


def test_the_copy_on_disk_is_ours_alone_and_says_everything(
    engine: Engine, config: Config, project_id: int
) -> None:
    assert project_id
    known = _keeper(engine, config).open()
    assert stat.S_IMODE(config.snapshot_path.stat().st_mode) == 0o600
    text = config.snapshot_path.read_text()
    assert json.loads(text)["format"] == 2
    assert Snapshot.from_json(text) == known


def test_quota_bits_are_the_ones_capture_knows() -> None:
    assert SCOPES == {
        "events": 1, "exceptions": 2, "surveys": 4, "llm_events": 8, "recordings": 16, "all": 32,
    }  # fmt: skip


def test_a_quota_is_exceeded_once_usage_reaches_it_and_not_before(
    engine: Engine, config: Config, project_id: int
) -> None:
    keeper = _keeper(engine, config, now=lambda: FEBRUARY)
    with catalog.writing(engine) as connection:
        set_quota(connection, project_id, "events", 10)
        set_quota(connection, project_id, "recordings", 3)
        count_usage(connection, project_id, "events", "2026-02", 9)
        count_usage(connection, project_id, "recordings", "2026-02", 4)
    assert keeper.open().by_id[project_id].exceeded == Quota.RECORDINGS
    with catalog.writing(engine) as connection:
        count_usage(connection, project_id, "events", "2026-02", 1)
    keeper.refresh()
    assert keeper.current.by_id[project_id].exceeded == Quota.RECORDINGS | Quota.EVENTS
    with catalog.writing(engine) as connection:
        set_quota(connection, project_id, "recordings", None)
    keeper.refresh()
    assert keeper.current.by_id[project_id].exceeded == Quota.EVENTS


def test_a_quota_of_zero_closes_a_scope_from_the_start(
    engine: Engine, config: Config, project_id: int
) -> None:
    with catalog.writing(engine) as connection:
        set_quota(connection, project_id, "all", 0)
    assert _keeper(engine, config).open().by_id[project_id].exceeded == Quota.ALL


def test_a_new_month_opens_the_quota_again(engine: Engine, config: Config, project_id: int) -> None:
    now = [FEBRUARY]
    keeper = _keeper(engine, config, now=lambda: now[0])
    with catalog.writing(engine) as connection:
        set_quota(connection, project_id, "surveys", 1)
        count_usage(connection, project_id, "surveys", month_of(FEBRUARY), 5)
    assert keeper.open().by_id[project_id].exceeded == Quota.SURVEYS
    now[0] = MARCH
    keeper.refresh()
    assert keeper.current.by_id[project_id].exceeded == 0


def test_a_thread_follows_changes_until_it_is_stopped(
    engine: Engine, config: Config, project_id: int
) -> None:
    changed = threading.Event()
    keeper = _keeper(engine, config)
    keeper.open()
    keeper = _keeper(engine, config, on_change=lambda snapshot: _if(len(snapshot.projects) == 2, changed.set))
    keeper.start()
    try:
        with catalog.writing(engine) as connection:
            create_project(connection, "Second")
        assert changed.wait(20)
    finally:
        keeper.stop()
    assert project_id in keeper.current.by_id


def test_an_event_loop_follows_changes_until_it_is_cancelled(
    engine: Engine, config: Config, project_id: int
) -> None:
    async def follow() -> None:
        arrived = asyncio.Event()
        loop = asyncio.get_running_loop()
        keeper = _keeper(engine, config)
        keeper.open()
        keeper._on_change = lambda _: loop.call_soon_threadsafe(arrived.set)  # type: ignore[assignment, return-value]
        task = asyncio.create_task(keeper.follow())
        with catalog.writing(engine) as connection:
            connection.execute(project.update().values(anonymize_ips=True))
            catalog.changes.bump(connection)
        await asyncio.wait_for(arrived.wait(), 20)
        assert keeper.current.by_id[project_id].anonymize_ips
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(follow())


def test_an_equal_snapshot_compares_equal_and_a_changed_one_does_not(
    engine: Engine, config: Config, project_id: int
) -> None:
    assert project_id
    snapshot = _keeper(engine, config).open()
    assert replace(snapshot) == snapshot
    assert replace(snapshot, projects=()) != snapshot


def _if(condition: bool, then: Callable[[], None]) -> None:
    if condition:
        then()
