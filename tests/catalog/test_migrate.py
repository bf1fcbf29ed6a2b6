import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from uuid import uuid4

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, inspect, select, text

from appliance import catalog
from appliance.catalog.migrate import _alembic
from appliance.catalog.model import catalog_change, metadata, organization, project
from appliance.config import Config
from appliance.failures import CatalogOutdated
from appliance.flags.secret_keys import authenticate_secret_key, generate_secret_key, token_masks


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


def test_a_secret_that_was_kept_in_plain_is_hashed_and_still_opens(empty_engine: Engine) -> None:
    key = generate_secret_key()
    with catalog.writing(empty_engine) as connection:
        command.upgrade(_alembic(connection), "0006")
        row = {"id": uuid4(), "name": "mine", "created_at": 0}
        connection.execute(organization.insert().values(row))
        mine = {
            "organization_id": row["id"],
            "token": "phc_a",
            "name": "mine",
            "created_at": 0,
            "options": {},
        }
        connection.execute(project.insert().values(id=7, secret_token=key, **mine))
    catalog.upgrade(empty_engine)
    with catalog.reading(empty_engine) as connection:
        opened = authenticate_secret_key(connection, key)
        assert (opened.project_id, opened.scopes) == (7, {"feature_flag:read"})
        assert token_masks(connection, 7) == {"token": f"phs_…{key[-4:]}"}
        assert connection.execute(select(project.c.secret_token)).scalars().all() == [None]


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
