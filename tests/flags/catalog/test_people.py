"""What is found out about whoever asks, on both databases."""

import asyncio
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine

from appliance.catalog import writing
from appliance.config import Config
from appliance.flags.batches import Unanswerable
from appliance.flags.continuity import Continuity
from appliance.flags.lookups import Lookups, Person, open_hasty_lookups, open_lookups
from appliance.flags.people import Known, People
from tests.flags.catalog.rows import add_cohort, add_group, add_person, add_project, remember


@pytest.fixture
def project_id(engine: Engine) -> int:
    with writing(engine) as connection:
        return add_project(connection)


@pytest.fixture
def lookups(config: Config, engine: Engine) -> Iterator[Lookups]:
    assert engine is not None
    found = open_lookups(config)
    yield found
    found.close()


def ask(
    config: Config,
    *requests: tuple[Any, Any],
    keys: tuple[str, ...] = (),
    project_id: int = 1,
    open_hasty: Callable[[Config], Lookups | None] = lambda _: None,
) -> list[Known]:
    """Of requests and their needs; all together in the thread, unless something else opens."""

    async def asked() -> list[Known]:
        continuity = Continuity(config)
        people = People(config, continuity, open_hasty=open_hasty)
        flag_set: Any = SimpleNamespace(project_id=project_id, continuity_keys=list(keys))
        try:
            return await asyncio.gather(
                *(people.find(flag_set, request, needs) for request, needs in requests)
            )
        finally:
            people.close()
            continuity.close()

    return asyncio.run(asked())


def who(distinct_id: str, anonymous: str | None = None) -> Any:
    return SimpleNamespace(distinct_id=distinct_id, anonymous_distinct_id=anonymous)


def test_a_person_is_found_by_each_of_their_distinct_ids(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        add_person(connection, project_id, "ada", "anonymous", properties='{"plan": "pro", "n": 1.50}')
        add_person(connection, project_id, "bob")
        other = add_project(connection, "phc_second")
        add_person(connection, other, "eve", properties='{"plan": "other"}')
    needs = (True, [], False, [])
    found = ask(
        config,
        *((who(name), needs) for name in ("ada", "anonymous", "bob", "eve", "")),
        project_id=project_id,
    )
    assert [one.person_properties for one in found] == [
        '{"plan": "pro", "n": 1.50}',
        '{"plan": "pro", "n": 1.50}',
        "{}",
        None,
        None,
    ]
    assert not any(one.is_catalog_away for one in found)


@pytest.mark.parametrize("odd", ["a\0b", "'; DROP TABLE person; --", '"', "😀" * 200, "%s", "\\"])
def test_odd_names_are_names(engine: Engine, config: Config, project_id: int, odd: str) -> None:
    with writing(engine) as connection:
        add_person(connection, project_id, odd.replace("\0", "\ufffd"), properties='{"odd": true}')
        add_group(connection, project_id, 0, odd.replace("\0", "\ufffd"), '{"odd": 1}')
    [found] = ask(config, (who(odd), (True, [], False, [(0, odd)])), project_id=project_id)
    assert found.person_properties == '{"odd": true}'
    assert found.group_properties == [(0, '{"odd": 1}')]


def test_memberships_come_with_the_version_that_they_were_calculated_in(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        ada, bob = add_person(connection, project_id, "ada"), add_person(connection, project_id, "bob")
        static = add_cohort(connection, project_id, ada, bob)
        dynamic = add_cohort(connection, project_id, ada, is_static=False, version=3)
        unasked = add_cohort(connection, project_id, ada, bob)
    needs = (False, [static, dynamic], False, [])
    ada_found, bob_found, nobody = ask(
        config, *((who(name), needs) for name in ("ada", "bob", "eve")), project_id=project_id
    )
    assert sorted(ada_found.memberships) == [(static, 0), (dynamic, 3)]
    assert bob_found.memberships == [(static, 0)]
    assert nobody.memberships == []
    assert unasked not in dict(ada_found.memberships)


def test_groups_are_found_by_type_and_key(engine: Engine, config: Config, project_id: int) -> None:
    with writing(engine) as connection:
        add_group(connection, project_id, 0, "acme", '{"tier": "gold"}')
        add_group(connection, project_id, 1, "acme", '{"tier": "tin"}')
    [found] = ask(
        config,
        (who("ada"), (False, [], False, [(1, "acme"), (0, "acme"), (0, "none")])),
        project_id=project_id,
    )
    assert found.group_properties == [(1, '{"tier": "tin"}'), (0, '{"tier": "gold"}')]


def test_what_the_person_was_bucketed_by_wins_over_the_anonymous_one(
    engine: Engine, config: Config, project_id: int
) -> None:
    with writing(engine) as connection:
        ada, anonymous = add_person(connection, project_id, "ada"), add_person(connection, project_id, "anon")
        remember(connection, project_id, ada, "both", "by-ada")
        remember(connection, project_id, anonymous, "both", "by-anonymous")
        remember(connection, project_id, anonymous, "one", "by-anonymous")
        remember(connection, project_id, ada, "other", "by-ada")
    needs = (False, [], True, [])
    alone, together = ask(
        config, (who("ada"), needs), (who("ada", "anon"), needs), keys=(), project_id=project_id
    )
    assert dict(alone.hash_keys) == {"both": "by-ada", "other": "by-ada"}
    assert dict(together.hash_keys) == {"both": "by-ada", "one": "by-anonymous", "other": "by-ada"}


def test_at_once_or_together_the_answer_is_the_same(engine: Engine, config: Config, project_id: int) -> None:
    with writing(engine) as connection:
        ada = add_person(connection, project_id, "ada", "anon", properties='{"n": 1}')
        add_person(connection, project_id, "bob", properties='{"n": 2}')
        aimed = add_cohort(connection, project_id, ada)
        add_group(connection, project_id, 0, "acme", '{"tier": "gold"}')
        remember(connection, project_id, ada, "a", "x")
    requests = [
        (who("ada"), (True, [aimed], True, [(0, "acme")])),
        (who("anon"), (True, [aimed], False, [])),
        (who("bob", "anon"), (False, [], True, [])),
        (who("eve"), (True, [aimed], True, [(0, "none")])),
        (who("eve"), (False, [], False, [(0, "acme")])),
    ]
    together = ask(config, *requests, project_id=project_id)
    assert together == ask(config, *requests, project_id=project_id, open_hasty=open_hasty_lookups)
    assert together[0].person_properties == '{"n": 1}'


def test_hundreds_at_once_each_get_their_own(engine: Engine, config: Config, project_id: int) -> None:
    with writing(engine) as connection:
        for number in range(700):
            add_person(connection, project_id, f"user-{number}", properties=f'{{"n": {number}}}')
    needs = (True, [], False, [])
    found = ask(config, *((who(f"user-{number}"), needs) for number in range(700)), project_id=project_id)
    assert [one.person_properties for one in found] == [f'{{"n": {number}}}' for number in range(700)]


def test_a_catalog_that_is_not_there_is_said_at_once(tmp_path: Any) -> None:
    config = Config(
        data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3", flags_wait_ms=5_000
    )
    found = ask(config, (who("ada"), (True, [], True, [])), (who("bob"), (True, [], False, [])))
    assert [(one.is_catalog_away, one.is_continuity_broken) for one in found] == [(True, True), (True, False)]


def test_a_look_up_writes_nothing(lookups: Any) -> None:
    for sql in ("DELETE FROM person", "CREATE TABLE t (i INTEGER)"):
        with pytest.raises(Exception, match=r"read-?only|readonly"):
            lookups.ask(sql)


def test_a_connection_that_broke_is_made_anew(
    lookups: Any, engine: Engine, project_id: int, breaks: Callable[[Any], None]
) -> None:
    with writing(engine) as connection:
        add_person(connection, project_id, "ada", properties='{"n": 1}')
    ids = [(project_id, "ada")]
    assert lookups.persons(ids, [], with_buckets=False)[0].properties == '{"n": 1}'
    breaks(lookups)
    with pytest.raises(Exception, match="clos"):
        lookups.ping()
    assert lookups.persons(ids, [], with_buckets=False)[0].properties == '{"n": 1}'


@pytest.fixture
def breaks() -> Callable[[Any], None]:
    return lambda lookups: lookups._held.driver_connection.close()


def test_a_catalog_that_says_nothing_costs_one_request_its_patience_and_the_others_nothing(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        config = Config(
            data_dir=tmp_path, catalog_url=f"postgresql://hoglet@127.0.0.1:{port}/x", flags_wait_ms=200
        )

        async def asked() -> tuple[float, float]:
            continuity = Continuity(config)
            people = People(config, continuity)
            flag_set: Any = SimpleNamespace(project_id=1, continuity_keys=[])
            took: list[float] = []
            for _ in range(2):
                started = time.monotonic()
                assert (await people.find(flag_set, who("ada"), (True, [], False, []))).is_catalog_away
                took.append(time.monotonic() - started)
            people.close()
            continuity.close()
            return took[0], took[1]

        first, second = asyncio.run(asked())
    # The driver itself would give up after two seconds.
    assert 0.15 < first < 1.9
    assert second < 0.15


class Told(Lookups):
    """Look-ups that take so long, or fail, and are counted."""

    def __init__(self, takes_s: float = 0.0, failure: Exception | None = None) -> None:
        self.takes_s, self.failure, self.asked = takes_s, failure, 0

    def persons(
        self, ids: Sequence[Any], cohorts: Sequence[int], *, with_buckets: bool
    ) -> list[Person | None]:
        del cohorts, with_buckets
        self.asked += 1
        time.sleep(self.takes_s)
        if self.failure is not None:
            raise self.failure
        return [Person(distinct_id, "{}", [], {}) for _, distinct_id in ids]

    def groups(self, ids: Sequence[Any]) -> list[str | None]:
        return [None for _ in ids]

    def ping(self) -> None:
        """Somebody is there."""

    def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("hasty", "asked"),
    [
        (Told(), (5, 0)),
        (Told(takes_s=0.05), (1, 4)),  # slow once: the next go to the thread
        (Told(failure=OSError("locked")), (1, 5)),  # and the one that failed too
        (None, (0, 5)),
    ],
)
def test_a_look_up_is_done_at_once_for_as_long_as_that_holds_nobody_up(
    tmp_path: Path, hasty: Told | None, asked: tuple[int, int]
) -> None:
    config, patient = Config(data_dir=tmp_path), Told()

    async def find() -> None:
        people = People(config, Continuity(config), lambda _: patient, lambda _: hasty)
        flag_set: Any = SimpleNamespace(project_id=1, continuity_keys=[])
        for _ in range(5):
            known = await people.find(flag_set, who("ada"), (True, [], False, []))
            assert (known.person_properties, known.is_catalog_away) == ("{}", False)
        people.close()

    asyncio.run(find())
    assert (0 if hasty is None else hasty.asked, patient.asked) == asked


def test_a_question_that_no_database_takes_fails_alone(tmp_path: Path) -> None:
    config, patient = Config(data_dir=tmp_path), Told(failure=Unanswerable())

    async def find() -> None:
        people = People(config, Continuity(config), lambda _: patient, lambda _: None)
        flag_set: Any = SimpleNamespace(project_id=1, continuity_keys=[])
        assert (await people.find(flag_set, who("ada"), (True, [], False, []))).is_catalog_away
        assert not people.is_away
        people.close()

    asyncio.run(find())
