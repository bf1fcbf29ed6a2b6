"""Nothing acknowledged is lost, whoever dies; nobody else gets into the directory."""

import contextlib
import subprocess
import sys
import threading

import pyarrow as pa
import pytest

from appliance.failures import StoreRefused, StoreUnavailable
from appliance.store import migrate
from tests.store.conftest import ROOT, shredded
from tests.store.rows import block, event, stream


def test_what_was_acknowledged_before_kill_9_is_there_after_and_repeats_are_dropped(start):
    running = start()
    migrate(running.store(), shredded())
    bodies = {f"block {number}": block([event(_offset=number) for _ in range(500)]) for number in range(400)}
    acknowledged: list[str] = []
    store = running.store()

    def insert():
        for token, body in bodies.items():
            try:
                store.insert_arrow_stream("events", body, token)
            except (StoreUnavailable, StoreRefused):
                return
            acknowledged.append(token)

    thread = threading.Thread(target=insert)
    thread.start()
    while len(acknowledged) < 25 and thread.is_alive():
        threading.Event().wait(0.01)
    running.kill()
    thread.join(60)
    assert 25 <= len(acknowledged) < len(bodies)

    store = start(directory=running.directory).store()
    counts = dict(tuple(row) for row in store.query("SELECT _offset, count() FROM events GROUP BY 1").rows)
    assert all(counts.get(number) == 500 for number in range(len(acknowledged)))
    assert set(counts.values()) == {500}
    for token in [*acknowledged, *list(bodies)[len(acknowledged) : len(acknowledged) + 3]]:
        store.insert_arrow_stream("events", bodies[token], token)
    expected = 500 * (len(acknowledged) + 3)
    assert store.query("SELECT count() FROM events").rows[0][0] == expected


def test_a_second_owner_is_told_who_has_the_directory(start):
    running = start()
    command = [sys.executable, "-m", "appliance.store.embedded", "--directory", str(running.directory)]
    second = subprocess.run(
        [*command, "--token", "x"],
        capture_output=True,
        text=True,
        cwd=ROOT / "python",
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"in use by process {running.process.pid}" in second.stderr
    assert running.store().ping()


def test_a_query_under_way_does_not_hold_up_the_end(start):
    running = start()

    def endless():
        with contextlib.suppress(StoreUnavailable, StoreRefused):
            running.store().query("SELECT sum(cityHash64(number)) FROM numbers(400000000000)")

    thread = threading.Thread(target=endless)
    thread.start()
    threading.Event().wait(0.5)
    assert running.stop() == 0
    thread.join(20)
    assert not thread.is_alive()


def test_rows_that_the_last_block_could_not_write_are_not_acknowledged(start):
    store = start().store()
    store.create_database()
    store.execute(
        "CREATE TABLE small (n UInt8, CONSTRAINT below_ten CHECK n < 10) ENGINE = MergeTree ORDER BY n"
    )
    with pytest.raises(StoreRefused) as refused:
        store.insert_arrow_stream("small", _numbers(1, 2, 30), "too large")
    assert refused.value.code == 469
    assert "below_ten" in str(refused.value)
    assert store.insert_arrow_stream("small", _numbers(1, 2, 3), "right") == 3
    assert store.query("SELECT sum(n) FROM small").rows == [(6,)]


def _numbers(*numbers: int) -> bytes:
    return stream(pa.table({"n": pa.array(numbers, pa.uint8())}))
