"""The machine's clock is set back, and forward again, while the appliance runs."""

import json
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.crash.serving import Load, Serving, assert_each_once, wait_until

_DAY_S = 86_400
_JUMPS_S = (0, -_DAY_S, 2 * 3600, -60)
_STEPS = len(_JUMPS_S)
_LOADED_S = 30
_SOON_S = 15
_CLOSE_S = 10
_SOURCE = Path(__file__).with_name("clock_shift.c")


class Clock:
    """The clock of whoever runs in `environment`; `jump` moves it."""

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            pytest.skip("there is no C compiler")
        library = folder / "clock_shift.so"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"]
        subprocess.run(command, check=True, timeout=60)
        self._file = folder / "clock_shift"
        self._shift_s = 0
        self.jump(0)
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_SHIFT_FILE": str(self._file)}

    def jump(self, by_s: int) -> None:
        self._shift_s += by_s
        # In place: the processes have this very file mapped.
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=q", self._shift_s * 10**9))

    def now_s(self) -> float:
        return time.time() + self._shift_s


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    return Clock(tmp_path)


def test_a_clock_that_jumps_loses_and_stalls_nothing(serve: Callable[..., Serving], clock: Clock) -> None:
    told = "import time; print(time.time())"
    clock.jump(-_DAY_S)
    seen = subprocess.run(
        [sys.executable, "-c", told], env=clock.environment, capture_output=True, check=True
    )
    assert abs(float(seen.stdout) - clock.now_s()) < _CLOSE_S
    clock.jump(_DAY_S)
    serving = serve(environment=clock.environment)
    serving.turn_merges_off()
    load = Load(serving, batches_per_second=20)
    load.start()
    session = _uuid7(clock.now_s())
    for number, jump_s in enumerate(_JUMPS_S):
        clock.jump(jump_s)
        _live_on(serving, load, clock, session, number)
    load.stop()
    assert set(load.statuses) == {200}
    assert_each_once(serving, load, others=2 * _STEPS)
    _assert_the_last_word_counts(serving)
    _assert_one_session(serving)
    assert serving.health()["ingest"]["rejected_records"] == 0


def _live_on(serving: Serving, load: Load, clock: Clock, session: str, number: int) -> None:
    """What is sent now is soon visible, with the time that the clock shows now; nothing else stops either."""
    acknowledged, before_s = len(load.acknowledged), clock.now_s()
    _tell(serving, session, number)
    wait_until(lambda: bool(_told(serving, number)), _SOON_S, f"step {number} is visible")
    [[stored_s]] = _told(serving, number)
    assert before_s - 1 <= stored_s <= clock.now_s() + 1
    wait_until(lambda: len(load.acknowledged) > acknowledged + 200, _LOADED_S, "capture goes on")
    wait_until(lambda: serving.health()["status"] == "ok", _SOON_S, "all is well")


def _uuid7(at_s: float) -> str:
    number = int(at_s * 1000) << 80 | 7 << 76 | 2 << 62 | uuid4().int & (1 << 62) - 1
    return f"{number:032x}"


def _tell(serving: Serving, session: str, number: int) -> None:
    """What this step says of a person, a group and a session. No times are sent: the appliance's clock counts."""
    who = {
        "$session_id": session,
        "$groups": {"company": "one"},
        "$current_url": f"https://a.example/{number}",
    }
    group = {"$group_type": "company", "$group_key": "one", "$group_set": {"step": number}}
    for event, properties in (
        ("$pageview", {**who, "$set": {"step": number}}),
        ("$groupidentify", group),
    ):
        status, _ = serving.post([str(uuid4())], event=event, distinct_id="told", properties=properties)
        assert status == 200


def _told(serving: Serving, number: int) -> list[Any]:
    url = f"https://a.example/{number}"
    sql = (
        "SELECT toUnixTimestamp64Micro(timestamp) / 1e6 FROM events WHERE event = '$pageview'"
        f" AND JSONExtractString(properties, '$current_url') = '{url}'"
    )
    return list(serving.ask(sql))


def _assert_the_last_word_counts(serving: Serving) -> None:
    for sql in (
        "SELECT properties FROM person JOIN person_distinct_id ON person.id = person_id WHERE distinct_id = 'told'",
        "SELECT properties FROM group_row WHERE group_key = 'one'",
    ):
        [[properties]] = serving.catalog(sql)
        assert json.loads(properties)["step"] == _STEPS - 1
    person = "SELECT person_id FROM person_distinct_id2 FINAL WHERE distinct_id = 'told'"
    [[properties]] = serving.ask(f"SELECT properties FROM person FINAL WHERE id IN ({person})")
    assert json.loads(properties)["step"] == _STEPS - 1


def _assert_one_session(serving: Serving) -> None:
    """It has the times of its events, whose first is a day before its id says it began."""
    [[first, last, pages]] = serving.ask(
        "SELECT min(min_timestamp), max(max_timestamp), uniqExactMerge(pageview_uniq) FROM raw_sessions_v3"
    )
    [[earliest, latest]] = serving.ask(
        "SELECT min(timestamp), max(timestamp) FROM events WHERE event = '$pageview'"
    )
    assert (first, last, pages) == (earliest, latest, _STEPS)
    assert abs((latest - earliest).total_seconds() - _DAY_S) < 60
