"""The door to the journal; the kernel's own tests hold its promises."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from appliance._native import journal

LIMITS = {"segment_bytes_max": 1 << 20, "budget_bytes_max": 1 << 30, "minimum_free_bytes": 0}


def _prefixed(*payloads: bytes) -> bytes:
    return b"".join(len(payload).to_bytes(4, "little") + payload for payload in payloads)


def _append(writer: journal.Writer, *payloads: bytes) -> int:
    """Appends and waits for the disk the way the event loop does."""
    position = writer.append(_prefixed(*payloads))
    while (progress := writer.progress())[0] < position:
        assert progress[1] == []
        threading.Event().wait(0.001)
    return position


def test_what_was_appended_is_read_stored_and_released(tmp_path: Path) -> None:
    slot = journal.claim_slot(tmp_path)
    assert (slot.number, slot.directory) == (0, tmp_path / "0")
    writer = journal.Writer(slot, "events", **LIMITS)
    last = _append(writer, b"one", b"two")
    reader = journal.Reader(tmp_path, "events", {})
    assert reader.backlog()[0] == 2
    batch = reader.read(10, 1000)
    assert batch is not None
    assert (len(batch), batch.records()) == (2, [b"one", b"two"])
    assert (batch.lost_records, batch.lost_bytes) == (0, 0)
    assert reader.read(10, 1000) is None
    assert batch.checkpoints == reader.checkpoints()
    assert batch.checkpoints[0][2] == last + 1
    assert reader.release(0, batch.checkpoints[0]) == 0
    assert (writer.last_sequence, writer.commits, writer.pending_bytes) == (last, 1, 0)
    assert writer.bytes > 0


def test_the_same_ranges_give_the_same_batch_after_a_crash(tmp_path: Path) -> None:
    writer = journal.Writer(journal.claim_slot(tmp_path), "events", **LIMITS)
    _append(writer, b"one", b"two", b"three")
    first = journal.Reader(tmp_path, "events", {}).read(2, 1000)
    assert first is not None
    reader = journal.Reader(tmp_path, "events", {})
    again = reader.read_ranges(first.ranges)
    assert (again.token, again.records(), again.ranges) == (first.token, first.records(), first.ranges)
    rest = reader.read(10, 1000)
    assert rest is not None
    assert rest.records() == [b"three"]
    assert rest.token != first.token


def test_the_event_fd_is_readable_after_a_commit_and_quiet_after_progress(tmp_path: Path) -> None:
    writer = journal.Writer(journal.claim_slot(tmp_path), "events", **LIMITS)
    with pytest.raises(BlockingIOError):
        os.read(writer.event_fd, 8)
    writer.append(_prefixed(b"one"))
    writer.close()
    assert int.from_bytes(os.read(writer.event_fd, 8), "little") == 1
    assert writer.progress() == (writer.last_sequence, [])
    with pytest.raises(ValueError, match="closed"):
        writer.append(_prefixed(b"two"))


def test_a_full_journal_names_the_limit(tmp_path: Path) -> None:
    slot = journal.claim_slot(tmp_path)
    small = journal.Writer(slot, "events", **LIMITS | {"budget_bytes_max": 10})
    with pytest.raises(journal.JournalFull) as full:
        small.append(_prefixed(b"one"))
    assert full.value.args[1] == "lane"
    crowded = journal.Writer(slot, "replay", **LIMITS | {"minimum_free_bytes": 1 << 62})
    with pytest.raises(journal.JournalFull) as full:
        crowded.append(_prefixed(b"one"))
    assert full.value.args[1] == "free_bytes"


def test_bytes_that_are_no_records_are_refused(tmp_path: Path) -> None:
    writer = journal.Writer(journal.claim_slot(tmp_path), "events", **LIMITS)
    with pytest.raises(ValueError, match="length-prefixed"):
        writer.append(b"\x05\x00\x00\x00a")
    assert writer.append(b"") == 0


def test_a_lane_has_one_writer_and_a_proper_name(tmp_path: Path) -> None:
    slot = journal.claim_slot(tmp_path)
    writer = journal.Writer(slot, "events", **LIMITS)
    with pytest.raises(OSError, match="already writes"):
        journal.Writer(slot, "events", **LIMITS)
    with pytest.raises(ValueError, match="cannot name a lane"):
        journal.Writer(slot, "../events", **LIMITS)
    writer.close()
    journal.Writer(slot, "events", **LIMITS)


KILLED = """
import os, sys
from appliance._native import journal
writer = journal.Writer(journal.claim_slot(sys.argv[1]), "events", segment_bytes_max=1 << 20,
                        budget_bytes_max=1 << 30, minimum_free_bytes=0)
number = 0
while True:
    payload = str(number).encode()
    position = writer.append(len(payload).to_bytes(4, "little") + payload)
    while writer.progress()[0] < position:
        pass
    os.write(1, payload + b"\\n")
    number += 1
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    acknowledged = -1
    with subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(50):
            acknowledged = int(process.stdout.readline())
        process.kill()
        remaining = process.stdout.read().split(b"\n")
        acknowledged = max([acknowledged, *(int(line) for line in remaining[:-1] if line)])
    writer = journal.Writer(journal.claim_slot(tmp_path), "events", **LIMITS)
    assert writer.last_sequence > 0
    reader = journal.Reader(tmp_path, "events", {})
    read: list[bytes] = []
    while (batch := reader.read(1000, 1 << 20)) is not None:
        assert batch.lost_records == 0
        read += batch.records()
    assert read[: acknowledged + 1] == [str(number).encode() for number in range(acknowledged + 1)]
    assert len(read) <= acknowledged + 2
    (slot, lane, segments, _, records, damaged, lost, *_), *others = journal.inspect(tmp_path)
    assert (slot, lane, segments, records, damaged, lost, others) == (0, "events", 1, len(read), 0, 0, [])
