"""A whole appliance whose store and then whose catalog are stopped: `/flags` goes on and says what it cannot know.

The store is a process of its own by URL, the catalog a PostgreSQL server of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from appliance.catalog import connect
from appliance.catalog.model import project as project_table
from appliance.persons import save
from tests.conftest import Appliance, _as_postgres, _binaries, _run
from tests.crash.conftest import Serve, serve
from tests.crash.serving import Serving, free_port, wait_until
from tests.crash.test_store_away import Store
from tests.flags.conformance import HALVES, condition, flag, in_cohort, person
from tests.flags.conformance_project import FlagProject

__all__ = ["serve"]

_AWAY_S = 30
_ANSWER_S_MAX = 5
_FLAGS = [
    flag("everybody", condition(), payloads={"true": '"p"'}),
    flag("half", condition(r=50)),
    flag("variants", condition(), multivariate=HALVES),
    flag("plan", condition(person("plan", "exact", "paid"))),
    flag("members", condition(in_cohort("$cohort/static"))),
    flag("kept", condition(r=50), columns={"ensure_experience_continuity": True}),
]
_KNOWN = ["everybody", "half", "variants"]


class Catalog:
    """A PostgreSQL server on a fixed port, which may be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        binaries, self._who = _binaries(), _as_postgres()
        if binaries is None:
            assert not os.environ.get("CI"), "PostgreSQL must be installed where CI runs"
            pytest.skip("PostgreSQL is not installed")
        if self._who:
            shutil.chown(folder, self._who[2])
        port, data = free_port(), folder / "data"
        self.url = f"postgresql://hoglet@127.0.0.1:{port}/postgres"
        _run([*self._who, binaries / "initdb", "-D", data, "-U", "hoglet", "-A", "trust", "-E", "UTF8", "-N"])
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        self._control = [*self._who, binaries / "pg_ctl", "-D", data, "-w"]
        self._start = [*self._control, "-l", folder / "log", "-o", options, "start"]
        self.start()

    def start(self) -> None:
        _run(self._start)

    def stop(self) -> None:
        _run([*self._control, "-m", "immediate", "stop"])


@pytest.fixture
def catalog() -> Iterator[Catalog]:
    with tempfile.TemporaryDirectory(prefix="hoglet-pg-") as name:
        found = Catalog(Path(name))
        yield found
        subprocess.run([*found._control, "-m", "immediate", "stop"], capture_output=True, check=False)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store elsewhere")
    store.start()
    yield store
    store.kill()


def _project(serving: Serving, engine: Engine) -> FlagProject:
    with engine.connect() as connection:
        token, id_ = (
            serving.token,
            connection.execute(project_table.select().where(project_table.c.token == serving.token)).one().id,
        )
    port = serving.config.port
    seen = Appliance(f"http://127.0.0.1:{port}", port, token, "", id_, serving.config.data_dir)
    return FlagProject(seen, engine)


def _make_person(made: FlagProject, distinct_id: str, **properties: Any) -> None:
    id_ = uuid4()
    with made.writing() as connection:
        save(
            connection,
            persons=[(made.id, id_.bytes, 0, json.dumps(properties), True, 0, False)],
            distinct_ids=[(made.id, distinct_id, id_.bytes, 0, False)],
        )


def _asked(made: FlagProject, distinct_id: str = "ada", **body: Any) -> dict[str, Any]:
    """The whole answer, which must come in time."""
    started = time.monotonic()
    answer = made.ask(distinct_id, **body)
    assert time.monotonic() - started < _ANSWER_S_MAX
    assert answer.status == 200, answer.body
    told: dict[str, Any] = answer.json
    told["flags"].pop("every-worker-knows", None)
    return told


def _values(told: dict[str, Any]) -> dict[str, Any]:
    return {key: (found["enabled"], found["variant"]) for key, found in told["flags"].items()}


def test_flags_are_answered_without_the_store_and_without_the_catalog(
    serve: Serve, store: Store, catalog: Catalog
) -> None:
    serving = serve(store_url=store.url, catalog_url=catalog.url)
    engine = connect(serving.config)
    made = _project(serving, engine)
    made.add(_FLAGS, [{"name": "static", "is_static": True, "version": None}])
    _make_person(made, "ada", plan="paid")
    whole = _asked(made)
    assert whole["errorsWhileComputingFlags"] is False
    assert whole["flags"]["plan"]["enabled"] is True
    assert "failed" not in json.dumps(whole)

    store.kill()
    wait_until(lambda: serving.health()["parts"]["store"] == "down", _AWAY_S, "health tells of the store")
    without_store = _asked(made)
    assert _values(without_store) == _values(whole)
    assert without_store["errorsWhileComputingFlags"] is False

    catalog.stop()
    _assert_answers_what_it_knows(made, whole)
    _restart_workers(serving)
    _assert_answers_what_it_knows(made, whole)
    config = _get(made, f"/array/{made.token}/config")
    assert config["hasFeatureFlags"] is True

    engine.dispose()
    catalog.start()
    wait_until(lambda: _is_found_again(made), _AWAY_S, "the catalog is found again")
    assert _values(_asked(made)) == _values(whole)
    made.change("everybody", is_active=False)
    assert "everybody" not in _asked(made)["flags"]


def _is_found_again(made: FlagProject) -> bool:
    """By every worker: each new connection meets any one of them."""
    return all(_asked(made)["errorsWhileComputingFlags"] is False for _ in range(20))


def _assert_answers_what_it_knows(made: FlagProject, whole: dict[str, Any]) -> None:
    """Flags that need nothing of the catalog are as ever; the others have failed, and the answer says so."""
    for _ in range(20):  # whichever worker it is
        told = _asked(made)
        assert told["errorsWhileComputingFlags"] is True
        for key in _KNOWN:
            assert told["flags"][key] == whole["flags"][key]
        for key, code in (("plan", "database_error"), ("members", "database_error"), ("kept", None)):
            found = told["flags"][key]
            assert (found["enabled"], found["failed"], found["metadata"]["payload"]) == (False, True, None)
            assert found["reason"]["code"] in (
                {code} if code else {"hash_key_override_error", "database_error"}
            )
        assert _asked(made, flag_keys=_KNOWN)["errorsWhileComputingFlags"] is False
    sent = _asked(made, person_properties={"plan": "paid"}, flag_keys=["plan"])
    assert sent["flags"]["plan"]["enabled"] is True, "what the request says needs no catalog"


def _restart_workers(serving: Serving) -> None:
    """Kills every http worker; those that come instead have never seen the catalog."""
    before = set(serving.processes("appliance.worker"))
    assert before
    for pid in before:
        os.kill(pid, signal.SIGKILL)

    def are_new() -> bool:
        now = set(serving.processes("appliance.worker"))
        return len(now) == len(before) and not now & before and _is_answering(serving)

    wait_until(are_new, _AWAY_S, "new workers answer")


def _is_answering(serving: Serving) -> bool:
    try:
        serving.health()
    except OSError:
        return False
    return True


def _get(made: FlagProject, path: str) -> dict[str, Any]:
    with closing(HTTPConnection("127.0.0.1", made.appliance.port, timeout=_ANSWER_S_MAX)) as connection:
        connection.request("GET", path)
        told: dict[str, Any] = json.loads(connection.getresponse().read())
    return told
