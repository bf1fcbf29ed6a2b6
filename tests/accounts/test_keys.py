import pytest
from sqlalchemy import Connection, Engine, select

from appliance import catalog
from appliance.accounts import (
    Principal,
    authenticate,
    bootstrap,
    create_organization,
    create_personal_api_key,
    create_project,
)
from appliance.accounts.keys import note_use
from appliance.catalog.model import personal_api_key, user_account
from appliance.config import Config
from appliance.failures import Invalid, NotAuthenticated, NotAuthorized


@pytest.fixture
def user_id(engine: Engine, config: Config) -> int:
    bootstrap(engine, config)
    with catalog.reading(engine) as connection:
        return connection.execute(select(user_account.c.id)).scalar_one()


def _principal(connection: Connection, user_id: int, *scopes: str) -> Principal:
    return authenticate(connection, create_personal_api_key(connection, user_id, "test", scopes))


def test_a_key_gives_its_owner_its_scopes_and_their_projects(engine: Engine, user_id: int) -> None:
    with catalog.writing(engine) as connection:
        second = create_project(connection, "Second")
        elsewhere = create_project(connection, "Third", None, create_organization(connection, "Others"))
        principal = _principal(connection, user_id, "insight:read", "person:write")
    assert principal.user_id == user_id
    assert principal.scopes == {"insight:read", "person:write"}
    assert second in principal.project_ids
    assert elsewhere not in principal.project_ids


def test_write_includes_read_and_read_does_not_include_write(engine: Engine, user_id: int) -> None:
    with catalog.writing(engine) as connection:
        principal = _principal(connection, user_id, "insight:read", "person:write")
    assert principal.allows("person:read")
    assert not principal.allows("insight:write")
    assert not principal.allows("cohort:read")


def test_what_a_key_does_not_allow_is_refused(engine: Engine, user_id: int) -> None:
    with catalog.writing(engine) as connection:
        elsewhere = create_project(connection, "Third", None, create_organization(connection, "Others"))
        principal = _principal(connection, user_id, "insight:read")
    principal.require("insight:read", min(principal.project_ids))
    with pytest.raises(NotAuthorized, match="insight:write"):
        principal.require("insight:write")
    with pytest.raises(NotAuthorized, match=f"project {elsewhere}"):
        principal.require("insight:read", elsewhere)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "phx_",
        "phc_" + "a" * 43,
        "phx_" + "a" * 43,
        "phx_" + "a" * 10_000,
        "phx_\x00",
        "phx_é",
        "phx_\ud800",
    ],
)
def test_a_key_nobody_has_is_refused(engine: Engine, user_id: int, key: str) -> None:
    assert user_id
    with pytest.raises(NotAuthenticated), catalog.reading(engine) as connection:
        authenticate(connection, key)


def test_the_key_of_an_inactive_user_is_refused(engine: Engine, user_id: int) -> None:
    with catalog.writing(engine) as connection:
        key = create_personal_api_key(connection, user_id, "test")
        connection.execute(user_account.update().values(is_active=False))
    with pytest.raises(NotAuthenticated), catalog.reading(engine) as connection:
        authenticate(connection, key)


def test_a_key_can_be_recognised_but_not_read_from_the_catalog(engine: Engine, user_id: int) -> None:
    with catalog.writing(engine) as connection:
        key = create_personal_api_key(connection, user_id, "laptop")
        row = connection.execute(select(personal_api_key).where(personal_api_key.c.label == "laptop")).one()
    assert row.mask == f"phx_…{key[-4:]}"
    assert key[4:-4] not in repr(row)


def test_a_key_without_a_scope_is_not_made(engine: Engine, user_id: int) -> None:
    with pytest.raises(Invalid, match="scope"), catalog.writing(engine) as connection:
        create_personal_api_key(connection, user_id, "test", ())


def test_use_is_noted_at_most_once_a_minute(
    engine: Engine, user_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_000_000_000_000_000]
    monkeypatch.setattr("appliance.accounts.keys.now_us", lambda: now[0])
    noted = []
    with catalog.writing(engine) as connection:
        key_id = _principal(connection, user_id, "*").key_id
        for after_s in (0, 30, 61):
            now[0] = 1_000_000_000_000_000 + after_s * 1_000_000
            note_use(connection, key_id)
            used = select(personal_api_key.c.last_used_at).where(personal_api_key.c.id == key_id)
            noted.append(connection.execute(used).scalar_one() - 1_000_000_000_000_000)
    assert noted == [0, 0, 61_000_000]
