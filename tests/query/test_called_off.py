"""A question that is called off while it waits for its turn is never asked."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from appliance import catalog
from appliance.accounts import bootstrap
from appliance.catalog import ProjectSnapshot, SnapshotKeeper
from appliance.config import Config
from appliance.failures import Invalid, StoreUnavailable
from appliance.query.current_store import CurrentStore
from appliance.query.runner import Question, Runner
from appliance.store.address import Address, publish

_QUERY = {"kind": "HogQLQuery", "query": "SELECT 1"}


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[tuple[Runner, ProjectSnapshot]]:
    """A worker with one turn, and a store that does not answer: who asks it is told so."""
    config = Config(data_dir=tmp_path / "data", query_running_max=1, query_wait_s_max=60)
    engine = catalog.connect(config)
    first = bootstrap(engine, config)
    publish(config, Address("http://127.0.0.1:9", "nobody", ""))
    keeper = SnapshotKeeper.of(engine, config, lambda _: None)
    keeper.open()
    yield Runner(config, engine, CurrentStore(config)), keeper.current.by_id[first.project_id]
    engine.dispose()


@pytest.mark.parametrize("is_called_off", [True, False])
def test_what_is_called_off_in_the_queue_does_not_reach_the_store(
    busy: tuple[Runner, ProjectSnapshot], *, is_called_off: bool
) -> None:
    runner, project = busy
    question = Question(project, _QUERY, refresh="force_blocking")
    with ThreadPoolExecutor() as pool:
        with runner.asking(Question(project, _QUERY)):
            answer = pool.submit(runner.answer, question)
            if is_called_off:
                runner.runs.cancel(project.id, question.query_id)
        with pytest.raises(Invalid if is_called_off else StoreUnavailable) as told:
            answer.result(60)
    assert ("cancelled" in str(told.value)) == is_called_off


def test_an_id_that_was_called_off_before_can_be_used_again(busy: tuple[Runner, ProjectSnapshot]) -> None:
    runner, project = busy
    runner.runs.cancel(project.id, "again")
    later = Question(project, _QUERY, "force_blocking", "again", asked_at=time.time() + 1)
    with pytest.raises(StoreUnavailable):
        runner.answer(later)
