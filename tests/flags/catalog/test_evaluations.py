"""How often flags were evaluated: nothing is counted twice, and an outage loses nothing."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from appliance import catalog
from appliance.catalog import changes, reading, writing
from appliance.catalog.feature_flags import feature_flag, flag_evaluation
from appliance.config import Config
from appliance.flags.evaluations import Evaluations
from tests.flags.catalog.rows import add_flag, add_project

HOUR_US = 3_600 * 1_000_000
DAY_S = 24 * 3_600
NOW = 1_771_000_000.0


class Set:
    """A flag set as far as counting goes."""

    def __init__(self, project_id: int, *counts: tuple[int, str, int]) -> None:
        self.project_id = project_id
        self.counts = list(counts)

    def take_counts(self) -> list[tuple[int, str, int]]:
        taken, self.counts = self.counts, []
        return taken


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def _counted(engine: Engine) -> dict[tuple[int, int, str], int]:
    """By flag, hours since the first, and outcome."""
    columns = flag_evaluation.c
    with reading(engine) as connection:
        return {
            (row.flag_id, (row.hour_at - int(NOW * 1e6)) // HOUR_US + 1, row.outcome): row.count
            for row in connection.execute(select(*columns))
        }


def _evaluations(engine: Engine, *sets: Any, **others: Any) -> Evaluations:
    return Evaluations(engine, lambda: sets, 90, **{"now": Clock(), **others})


def test_counts_of_workers_add_up_by_hour_and_outcome(engine: Engine) -> None:
    clock = Clock()
    one, other = Set(1, (7, "true", 3), (7, "false", 2), (8, "control", 1)), Set(1, (7, "true", 4))
    first, second = _evaluations(engine, one, now=clock), _evaluations(engine, other, now=clock)
    first.flush()
    second.flush()
    assert _counted(engine) == {(7, 0, "true"): 7, (7, 0, "false"): 2, (8, 0, "control"): 1}
    clock.now += 3_600
    one.counts = [(7, "true", 10)]
    first.flush()
    first.flush()
    assert _counted(engine)[7, 0, "true"] == 7
    assert _counted(engine)[7, 1, "true"] == 10


def test_projects_are_counted_apart(engine: Engine) -> None:
    _evaluations(engine, Set(1, (7, "true", 1)), Set(2, (7, "true", 5))).flush()
    with reading(engine) as connection:
        rows = connection.execute(select(flag_evaluation.c.project_id, flag_evaluation.c["count"])).all()
    assert sorted(map(tuple, rows)) == [(1, 1), (2, 5)]


def test_being_evaluated_is_not_being_called_and_no_word_to_workers(engine: Engine) -> None:
    with writing(engine) as connection:
        project_id = add_project(connection)
        evaluated = add_flag(connection, project_id, "a")
        version = changes.version(connection)
    _evaluations(engine, Set(project_id, (evaluated, "true", 1))).flush()
    with reading(engine) as connection:
        assert connection.execute(select(feature_flag.c.last_called_at)).scalars().all() == [None]
        assert changes.version(connection) == version
    assert _counted(engine) == {(evaluated, 0, "true"): 1}


def test_a_set_that_was_replaced_is_asked_for_a_while(engine: Engine) -> None:
    clock, replaced = Clock(), Set(1, (7, "true", 1))
    evaluations = _evaluations(engine, now=clock)
    evaluations.retire(replaced)  # type: ignore[arg-type]
    evaluations.flush()
    replaced.counts = [(7, "true", 2)]  # of a request that began before
    clock.now += 10
    evaluations.flush()
    assert _counted(engine) == {(7, 0, "true"): 3}
    clock.now += 1_000
    evaluations.flush()
    assert evaluations._replaced == []


def test_who_replaces_a_set_does_not_wait_for_the_catalog(engine: Engine) -> None:
    replaced = Set(1, (7, "true", 1))
    evaluations = _evaluations(engine)
    retiring = threading.Thread(target=evaluations.retire, args=(replaced,), daemon=True)
    with evaluations._flushing:  # a flush whose write waits for its turn
        retiring.start()
        retiring.join(20)
        assert not retiring.is_alive()
    evaluations.flush()
    assert _counted(engine) == {(7, 0, "true"): 1}


def test_counts_wait_while_the_catalog_is_away(engine: Engine, tmp_path: Path) -> None:
    away = catalog.connect(Config(data_dir=tmp_path, catalog_url="sqlite:////proc/nowhere/catalog.sqlite3"))
    counted = Set(1, (7, "true", 1))
    evaluations = _evaluations(away, counted)
    evaluations.flush()
    counted.counts = [(7, "true", 2)]
    evaluations.flush()
    evaluations._catalog = engine
    evaluations.flush()
    evaluations.flush()
    assert _counted(engine) == {(7, 0, "true"): 3}


def test_old_counts_go(engine: Engine) -> None:
    clock, counted = Clock(), Set(1, (7, "true", 1))
    evaluations = _evaluations(engine, counted, now=clock)
    evaluations.flush()
    clock.now += 91 * DAY_S
    counted.counts = [(7, "true", 2)]
    evaluations.flush()
    assert [key[1] for key in _counted(engine)] == [91 * 24]


@pytest.mark.parametrize("outcome", ["a\0b", "😀" * 500])
def test_a_variant_may_be_called_anything(engine: Engine, outcome: str) -> None:
    failed: list[int] = []
    counted = Set(1, (7, outcome, 1), (7, "failed", 4))
    _evaluations(engine, counted, on_failed=failed.append).flush()
    assert _counted(engine) == {(7, 0, outcome.replace("\0", "\ufffd")[:400]): 1, (7, 0, "failed"): 4}
    assert failed == [4]
