import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from appliance import catalog
from appliance.catalog.connect import catalog_url
from appliance.catalog.model import event_property, group_type, project
from appliance.config import Config
from appliance.failures import CatalogUnavailable


def _event(name: str) -> dict[str, object]:
    return {"project_id": 1, "event": name, "property": "plan"}


def _count(engine: Engine) -> int:
    with catalog.reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(event_property)).scalar_one()


def test_a_committed_write_is_seen_by_every_other_connection(
    engine: Engine, other_engine: Callable[[], Engine]
) -> None:
    with catalog.writing(engine) as connection:
        connection.execute(event_property.insert(), [_event("a"), _event("b")])
    assert _count(other_engine()) == 2


def test_an_exception_rolls_everything_back(engine: Engine) -> None:
    with pytest.raises(IntegrityError), catalog.writing(engine) as connection:
        connection.execute(event_property.insert(), [_event("a"), _event("b"), _event("a")])
    assert _count(engine) == 0


def test_a_reader_sees_one_state_and_does_not_stop_a_writer(
    engine: Engine, other_engine: Callable[[], Engine]
) -> None:
    counted = select(func.count()).select_from(event_property)
    with catalog.reading(other_engine()) as reader:
        assert reader.execute(counted).scalar_one() == 0
        with catalog.writing(engine) as writer:
            writer.execute(event_property.insert(), [_event("a")])
        assert reader.execute(counted).scalar_one() == 0
    assert _count(engine) == 1


def test_a_write_inside_reading_is_refused(engine: Engine) -> None:
    with pytest.raises((DBAPIError, CatalogUnavailable)), catalog.reading(engine) as connection:
        connection.execute(event_property.insert(), [_event("a")])
    with catalog.writing(engine) as connection:
        connection.execute(event_property.insert(), [_event("b")])
    assert _count(engine) == 1


def test_writers_at_once_wait_for_each_other_and_lose_nothing(
    engine: Engine, other_engine: Callable[[], Engine]
) -> None:
    """Each reads before it writes, which is where SQLite's late locking would refuse."""

    def add(one: Engine, name: str) -> None:
        for number in range(25):
            with catalog.writing(one) as connection:
                connection.execute(select(func.count()).select_from(event_property)).scalar_one()
                connection.execute(event_property.insert(), [_event(f"{name}-{number}")])

    threads = [threading.Thread(target=add, args=(other_engine(), str(number))) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _count(engine) == 100


def test_an_upsert_is_written_once_for_both_databases(engine: Engine) -> None:
    for _ in range(2):
        with catalog.writing(engine) as connection:
            statement = catalog.insert(connection, event_property).values(_event("a"))
            connection.execute(statement.on_conflict_do_nothing())
    assert _count(engine) == 1


def test_a_project_of_no_organisation_is_refused(engine: Engine) -> None:
    row = {"organization_id": "00000000-0000-0000-0000-000000000001", "token": "t", "name": "n"}
    with pytest.raises(Exception), catalog.writing(engine) as connection:  # noqa: B017, PT011
        connection.execute(project.insert().values(**row, created_at=0))


def test_a_sixth_group_type_has_no_place(engine: Engine) -> None:
    rows = [{"project_id": 1, "name": f"type {index}", "type_index": index} for index in range(5)]
    with catalog.writing(engine) as connection:
        connection.execute(group_type.insert(), rows)
    for index in (4, 5):
        with pytest.raises(IntegrityError), catalog.writing(engine) as connection:
            connection.execute(group_type.insert(), [{"project_id": 1, "name": "sixth", "type_index": index}])


@pytest.mark.parametrize(
    "url", ["postgresql://hoglet@127.0.0.1:1/x", "sqlite:////proc/nowhere/catalog.sqlite3"]
)
def test_a_catalog_that_cannot_be_reached_says_so(tmp_path: Path, url: str) -> None:
    engine = catalog.connect(Config(data_dir=tmp_path, catalog_url=url, catalog_wait_s=2))
    with pytest.raises(CatalogUnavailable, match="the catalog does not answer"):
        catalog.is_current(engine)


def test_sqlite_syncs_each_commit_to_the_disk_and_keeps_foreign_keys(tmp_path: Path) -> None:
    engine = catalog.connect(Config(data_dir=tmp_path))
    with catalog.writing(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


@pytest.mark.parametrize("written", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_every_spelling_of_postgresql_means_our_driver(tmp_path: Path, written: str) -> None:
    url = catalog_url(Config(data_dir=tmp_path, catalog_url=written))
    assert url.render_as_string() == "postgresql+psycopg://u@h/d"
