import pytest
from sqlalchemy import Engine, select

from appliance import catalog
from appliance.accounts import bootstrap, create_organization, create_project, set_quota
from appliance.catalog import changes
from appliance.catalog.model import project
from appliance.config import Config
from appliance.failures import Conflict, Invalid, NotFound


def test_a_project_needs_an_organisation(engine: Engine) -> None:
    catalog.upgrade(engine)
    with pytest.raises(NotFound, match="bootstrap"), catalog.writing(engine) as connection:
        create_project(connection, "First")


def test_a_taken_token_is_refused_and_the_transaction_lives_on(engine: Engine, config: Config) -> None:
    taken = bootstrap(engine, config).project_token
    with catalog.writing(engine) as connection:
        with pytest.raises(Conflict, match="already"):
            create_project(connection, "Second", taken)
        create_project(connection, "Third")
        names = connection.execute(select(project.c.name).order_by(project.c.id)).scalars().all()
    assert names == ["Default project", "Third"]


@pytest.mark.parametrize("token", ["phx_abc", "a b", "é", "x" * 65, "nul\x00"])
def test_a_token_that_capture_would_refuse_is_not_given(engine: Engine, config: Config, token: str) -> None:
    bootstrap(engine, config)
    with pytest.raises(Invalid), catalog.writing(engine) as connection:
        create_project(connection, "Second", token)


def test_the_number_of_a_deleted_project_is_not_used_again(engine: Engine, config: Config) -> None:
    bootstrap(engine, config)
    with catalog.writing(engine) as connection:
        second = create_project(connection, "Second")
    with catalog.writing(engine) as connection:
        connection.execute(project.delete().where(project.c.id == second))
    with catalog.writing(engine) as connection:
        assert create_project(connection, "Third") > second


def test_deleting_an_organisation_deletes_its_projects(engine: Engine) -> None:
    catalog.upgrade(engine)
    with catalog.writing(engine) as connection:
        create_organization(connection, "Hedgehogs")
        create_project(connection, "First")
    with catalog.writing(engine) as connection:
        connection.execute(catalog.model.organization.delete())
        assert connection.execute(select(project.c.id)).all() == []


def test_every_change_of_a_project_or_quota_is_announced(engine: Engine, config: Config) -> None:
    first = bootstrap(engine, config).project_id
    assert first is not None
    with catalog.writing(engine) as connection:
        seen = [changes.version(connection)]
        create_project(connection, "Second")
        seen.append(changes.version(connection))
        set_quota(connection, first, "events", 5)
        seen.append(changes.version(connection))
        set_quota(connection, first, "events", None)
        seen.append(changes.version(connection))
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(("scope", "limit"), [("nonsense", 1), ("events", -1)])
def test_a_quota_that_means_nothing_is_refused(
    engine: Engine, config: Config, scope: str, limit: int
) -> None:
    first = bootstrap(engine, config).project_id
    assert first is not None
    with pytest.raises(Invalid), catalog.writing(engine) as connection:
        set_quota(connection, first, scope, limit)
