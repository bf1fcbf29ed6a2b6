"""A full disk refuses what comes, loses nothing of what was acknowledged, and is forgotten once there is room."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.crash.serving import Load, Serving, assert_each_once, wait_until

_MIB = 1 << 20
_TMPFS_BYTES = 160 * _MIB
_FULL_S = 20
_AGAIN_S = 30
_REFUSED_MIN = 20
_BUDGET_BYTES = 16 * _MIB
_STAYS_FULL_S = 2
_CHUNK = bytes(64 << 10)


@pytest.fixture
def small_disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file system of its own, small enough to fill. Mounting needs rights that not everybody has."""
    place = tmp_path / str(request.param)
    place.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_TMPFS_BYTES}", "tmpfs", str(place)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"cannot mount a small disk: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("small_disk", ["data"], indirect=True)
def test_a_full_disk_loses_nothing_that_was_acknowledged(
    small_disk: Path, serve: Callable[..., Serving]
) -> None:
    serving = serve(data_dir=small_disk)
    serving.turn_merges_off()
    load = Load(serving, batches_per_second=30, event_bytes=2_000)
    load.start()
    wait_until(lambda: load.statuses[200] >= 30, _FULL_S, "capture works")
    ballast = small_disk / "ballast"
    _fill(ballast)
    wait_until(lambda: load.statuses[503] >= _REFUSED_MIN, _FULL_S, "capture refuses")
    # What refuses is the disk, not a process that died of it.
    assert serving.health()["parts"]["capture"] == "ok"
    time.sleep(_STAYS_FULL_S)
    ballast.unlink()
    accepted = load.statuses[200]
    wait_until(lambda: load.statuses[200] >= accepted + 30, _AGAIN_S, "capture goes on")
    load.stop()
    assert set(load.statuses) == {200, 503}
    assert all(headers.get("retry-after") == "1" for headers in load.refusals)
    _assert_counted(serving, load.statuses[503])
    assert_each_once(serving, load)
    assert serving.health()["status"] == "ok"


@pytest.mark.parametrize("small_disk", ["data/store"], indirect=True)
def test_a_store_with_a_full_disk_gets_everything_once_it_has_room(
    small_disk: Path, serve: Callable[..., Serving]
) -> None:
    serving = serve(data_dir=small_disk.parent)
    serving.turn_merges_off()
    load = Load(serving, batches_per_second=30, event_bytes=2_000)
    load.start()
    wait_until(lambda: serving.health()["ingest"]["blocks"] >= 3, _FULL_S, "the store takes blocks")
    ballast = small_disk / "ballast"
    _fill(ballast)
    wait_until(lambda: serving.health()["parts"]["store"] == "down", _FULL_S, "health tells")
    time.sleep(_STAYS_FULL_S)
    before = serving.health()
    assert before["parts"]["store"] == "down"
    ballast.unlink()
    wait_until(
        lambda: serving.health()["ingest"]["blocks"] > before["ingest"]["blocks"], _AGAIN_S, "ingest goes on"
    )
    load.stop()
    assert before["journal"]["events"]["backlog_events"] > 0
    assert before["ingest"]["rejected_records"] == 0
    assert set(load.statuses) == {200}
    assert_each_once(serving, load)
    assert serving.health()["status"] == "ok"


def test_a_journal_over_its_budget_refuses_until_the_engine_has_read_it(
    serve: Callable[..., Serving],
) -> None:
    serving = serve(journal_events_bytes_max=_BUDGET_BYTES, journal_segment_bytes=_MIB)
    serving.turn_merges_off()
    load = Load(serving, batches_per_second=60, event_bytes=30_000)
    engine = serving.engine()
    os.kill(engine, signal.SIGSTOP)
    try:
        load.start()
        wait_until(lambda: load.statuses[503] >= _REFUSED_MIN, _FULL_S, "capture refuses")
    finally:
        os.kill(engine, signal.SIGCONT)
    accepted = load.statuses[200]
    wait_until(lambda: load.statuses[200] >= accepted + 10, _AGAIN_S, "capture goes on")
    load.stop()
    assert set(load.statuses) == {200, 503}
    assert all(headers.get("retry-after") == "1" for headers in load.refusals)
    _assert_counted(serving, load.statuses[503])
    assert_each_once(serving, load)


def _fill(ballast: Path) -> None:
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(_CHUNK)


def _assert_counted(serving: Serving, refused: int) -> None:
    names = ("rejected_journal_full", "rejected_disk_failed")
    dropped = serving.health()["dropped"]
    assert sum(dropped.get(name, 0) for name in names) == refused
    assert sum(serving.metric(f'hoglet_dropped_total{{reason="{name}"') for name in names) == refused
