import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, select, text

from appliance import catalog
from appliance.catalog.migrate import _alembic
from appliance.catalog.model import catalog_change, metadata
from appliance.config import Config
from appliance.failures import CatalogOutdated


def test_an_empty_catalog_is_not_current_until_it_is_upgraded(empty_engine: Engine) -> None:
    assert not catalog.is_current(empty_engine)
    catalog.upgrade(empty_engine)
    assert catalog.is_current(empty_engine)


def test_the_migrations_end_at_exactly_the_tables_of_the_model(engine: Engine) -> None:
    with catalog.reading(engine) as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []


def test_the_check_constraints_of_the_model_are_in_the_database(engine: Engine) -> None:
    inspector = inspect(engine)
    for table in metadata.sorted_tables:
        expected = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {str(one["name"]) for one in inspector.get_check_constraints(table.name)} == expected


def test_an_upgrade_can_be_taken_back(engine: Engine) -> None:
    with catalog.writing(engine) as connection:
        command.downgrade(_alembic(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    catalog.upgrade(engine)
    assert catalog.is_current(engine)


def test_a_failed_upgrade_leaves_nothing_behind(empty_engine: Engine) -> None:
    with catalog.writing(empty_engine) as connection:
        connection.execute(text("CREATE TABLE usage (in_the_way INTEGER)"))
    with pytest.raises(Exception, match="usage"):
        catalog.upgrade(empty_engine)
    assert inspect(empty_engine).get_table_names() == ["usage"]


def test_a_catalog_of_a_newer_release_is_refused(engine: Engine) -> None:
    with catalog.writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(CatalogOutdated, match="9999"):
        catalog.upgrade(engine)


def _upgrade(config: Config) -> int:
    engine = catalog.connect(config)
    catalog.upgrade(engine)
    with catalog.reading(engine) as connection:
        version = connection.execute(select(catalog_change.c.version)).scalar_one()
    engine.dispose()
    return version


def test_processes_that_upgrade_at_once_agree(config: Config) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        assert list(pool.map(_upgrade, [config] * 8)) == [0] * 8
