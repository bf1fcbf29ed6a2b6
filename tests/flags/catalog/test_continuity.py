"""Who was bucketed by an anonymous id first stays in that bucket, whatever they are called later."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from appliance import persons
from appliance.catalog import reading, writing
from appliance.config import Config
from tests.flags.catalog.rows import add_person, add_project, buckets, remember
from tests.flags.catalog.test_people import ask, who

_NEEDS = (False, [], True, [])


@pytest.fixture
def project_id(engine: Engine) -> int:
    with writing(engine) as connection:
        return add_project(connection)


def test_the_first_bucket_is_remembered_for_every_flag_and_every_person(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        ada, anonymous = add_person(connection, project_id, "ada"), add_person(connection, project_id, "anon")
    [found] = ask(config, (who("ada", "anon"), _NEEDS), keys=("a", "b"), project_id=project_id)
    assert dict(found.hash_keys) == {"a": "anon", "b": "anon"}
    assert not found.is_continuity_broken
    with reading(engine) as connection:
        assert buckets(connection) == {
            (person, key, "anon") for person in (ada, anonymous) for key in ("a", "b")
        }
    [alone] = ask(config, (who("ada"), _NEEDS), keys=("a", "b"), project_id=project_id)
    assert dict(alone.hash_keys) == {"a": "anon", "b": "anon"}


def test_a_bucket_is_never_overwritten(engine: Engine, config: Config, project_id: int) -> None:
    with writing(engine) as connection:
        ada = add_person(connection, project_id, "ada")
        remember(connection, project_id, ada, "a", "first")
    [found] = ask(config, (who("ada", "second"), _NEEDS), keys=("a", "b"), project_id=project_id)
    assert dict(found.hash_keys) == {"a": "first", "b": "second"}
    [found] = ask(config, (who("ada", "third"), _NEEDS), keys=("a", "b"), project_id=project_id)
    assert dict(found.hash_keys) == {"a": "first", "b": "second"}


def test_who_has_all_their_buckets_keeps_them_on_a_new_device(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        ada, new = add_person(connection, project_id, "ada"), add_person(connection, project_id, "new-device")
        remember(connection, project_id, ada, "a", "first")
    [found] = ask(config, (who("ada", "new-device"), _NEEDS), keys=("a",), project_id=project_id)
    assert (dict(found.hash_keys), found.is_continuity_broken) == ({"a": "first"}, False)
    with reading(engine) as connection:
        assert buckets(connection) == {(ada, "a", "first"), (new, "a", "new-device")}


def test_of_many_who_remember_at_once_the_first_counts_for_all(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        add_person(connection, project_id, "ada")
    found = ask(
        config,
        *((who("ada", f"anonymous-{number}"), _NEEDS) for number in range(20)),
        keys=("a", "b"),
        project_id=project_id,
    )
    with reading(engine) as connection:
        kept = {key: hash_key for _, key, hash_key in buckets(connection)}
    assert len(set(kept.values())) == 1
    assert all(dict(one.hash_keys) == kept for one in found)


def test_nothing_is_remembered_of_somebody_unknown(engine: Engine, config: Config, project_id: int) -> None:
    [found] = ask(config, (who("ada", "anon"), _NEEDS), keys=("a",), project_id=project_id)
    assert (found.hash_keys, found.is_continuity_broken) == ([], False)
    with reading(engine) as connection:
        assert buckets(connection) == set()


@pytest.mark.parametrize("odd", ["x" * 5_000, "a\0b", "😀" * 300])
def test_an_anonymous_id_of_any_kind_can_be_remembered(
    engine: Engine, config: Config, project_id: int, odd: str
) -> None:
    with writing(engine) as connection:
        add_person(connection, project_id, "ada")
    [found] = ask(config, (who("ada", odd), _NEEDS), keys=("a",), project_id=project_id)
    assert dict(found.hash_keys) == {"a": odd.replace("\0", "\ufffd")[:200]}


def _merge(engine: Engine, project_id: int, *pairs: tuple[UUID, UUID]) -> None:
    """As a block of ingest does it."""
    with writing(engine) as connection:
        persons.save(
            connection,
            persons=[(project_id, gone.bytes, 0, "{}", False, 1, True) for gone, _ in pairs],
            merges=[(project_id, gone.bytes, now.bytes) for gone, now in pairs],
        )


def test_what_is_remembered_moves_with_a_merge_and_overwrites_nothing(
    engine: Engine, project_id: int
) -> None:
    with writing(engine) as connection:
        ada, bob, eve = (add_person(connection, project_id, name) for name in ("ada", "bob", "eve"))
        remember(connection, project_id, ada, "a", "by-ada")
        remember(connection, project_id, ada, "b", "by-ada")
        remember(connection, project_id, eve, "b", "by-eve")
        remember(connection, project_id, bob, "c", "by-bob")
    _merge(engine, project_id, (ada, bob), (bob, eve))
    with reading(engine) as connection:
        assert buckets(connection) == {(eve, "a", "by-ada"), (eve, "b", "by-eve"), (eve, "c", "by-bob")}


def test_a_merge_in_one_project_leaves_the_others_alone(engine: Engine, project_id: int) -> None:
    with writing(engine) as connection:
        ada, bob = (add_person(connection, project_id, name) for name in ("ada", "bob"))
        remember(connection, project_id, ada, "a", "here")
        other = add_project(connection, "phc_second")
        remember(connection, other, ada, "a", "there")
    _merge(engine, project_id, (ada, bob))
    with reading(engine) as connection:
        assert buckets(connection) == {(bob, "a", "here"), (ada, "a", "there")}


def test_what_is_remembered_of_a_deleted_person_goes(engine: Engine, project_id: int) -> None:
    with writing(engine) as connection:
        ada, bob = (add_person(connection, project_id, name) for name in ("ada", "bob"))
        remember(connection, project_id, ada, "a", "x")
        remember(connection, project_id, bob, "a", "x")
    with writing(engine) as connection:
        persons.save(connection, persons=[(project_id, ada.bytes, 0, "{}", False, 1, True)])
    with reading(engine) as connection:
        assert buckets(connection) == {(bob, "a", "x")}


def test_a_merge_right_after_signing_in_keeps_the_bucket(
    engine: Engine, config: Config, project_id: int
) -> None:
    """As it goes in a browser: known by an anonymous id, then identified, then merged by ingest."""
    with writing(engine) as connection:
        anonymous, ada = add_person(connection, project_id, "anon"), add_person(connection, project_id, "ada")
    ask(config, (who("ada", "anon"), _NEEDS), keys=("a",), project_id=project_id)
    _merge(engine, project_id, (anonymous, ada))
    with reading(engine) as connection:
        assert buckets(connection) == {(ada, "a", "anon")}
