"""Damage on a stopped appliance's disk costs the records it touches, which are counted, and none beside them."""

import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tests.crash.serving import Load, Serving, assert_each_once, free_port, wait_until

_MIB = 1 << 20
_LOADED_S = 60
_EVENTS_MIN = 1_800
# The layouts that native/journal and native/record write down.
_SEGMENT_HEADER_BYTES = 64
_LENGTH, _PAYLOAD = 8, 20
_UUID = _PAYLOAD + 32
# Marker, checksum, length, sequence, and the first bytes of the payload.
_PARTS = [(0, 4), (4, 8), (_LENGTH, 12), (12, _PAYLOAD), (_PAYLOAD, _PAYLOAD + 100)]
_BLANK_BYTES = 4096


@dataclass(frozen=True)
class Record:
    start: int
    end: int
    uuid: str


def test_damaged_segments_cost_what_was_touched_and_tell_it(serve: Callable[..., Serving]) -> None:
    nobody = f"http://127.0.0.1:{free_port()}"
    serving = serve(store_url=nobody, journal_segment_bytes=_MIB)
    load = Load(serving, event_bytes=2_000)
    load.start()
    wait_until(lambda: len(load.acknowledged) >= _EVENTS_MIN, _LOADED_S, "there is a backlog")
    load.stop()
    serving.stop()
    lost = _damage(serving.config.journal_dir, random.Random(3))
    assert lost < load.acknowledged
    load.acknowledged -= lost
    serving = serve(data_dir=serving.config.data_dir, journal_segment_bytes=_MIB)
    serving.turn_merges_off()
    assert_each_once(serving, load)
    assert not lost & set(serving.stored())
    assert serving.health()["ingest"]["lost_records"] == len(lost)
    assert serving.metric("hoglet_ingest_lost_records_total") == len(lost)
    # The line goes on behind the damage.
    accepted = len(load.acknowledged)
    more = Load(serving, sent=load.sent, acknowledged=load.acknowledged)
    more.start()
    wait_until(lambda: len(load.acknowledged) >= accepted + 100, _LOADED_S, "capture goes on")
    more.stop()
    assert_each_once(serving, load)
    assert serving.health()["ingest"]["lost_records"] == len(lost)


def _damage(journal: Path, generator: random.Random) -> set[str]:
    """Spoils every segment in several ways; the uuids of the records that were touched."""
    streams = [sorted(stream.glob("*.journal")) for stream in sorted(journal.glob("*/events"))]
    assert all(len(segments) >= 2 for segments in streams)
    lost: set[str] = set()
    for segments in streams:
        for segment in segments:
            content = bytearray(segment.read_bytes())
            records = list(_records(content))
            touched = [*_flip(content, records, generator), *_blank(content, records)]
            if segment == segments[-1]:
                touched.append(_tear(content, records))
            segment.write_bytes(content)
            lost.update(record.uuid for record in touched)
    return lost


def _records(content: bytearray) -> Iterator[Record]:
    """What a whole segment holds."""
    at = _SEGMENT_HEADER_BYTES
    while at < len(content):
        [length] = struct.unpack_from("<I", content, at + _LENGTH)
        uuid = str(UUID(bytes=bytes(content[at + _UUID : at + _UUID + 16])))
        yield Record(at, at + _PAYLOAD + length, uuid)
        at += _PAYLOAD + length


def _flip(content: bytearray, records: list[Record], generator: random.Random) -> list[Record]:
    """One bit of each part of a record, in records of the first half, where neighbours may be hit too."""
    chosen = generator.sample(records[: len(records) // 2], len(_PARTS))
    for record, (start, end) in zip(chosen, _PARTS, strict=True):
        place = generator.randrange(record.start + start, record.start + end)
        content[place] ^= 1 << generator.randrange(8)
    return chosen


def _blank(content: bytearray, records: list[Record]) -> list[Record]:
    """A stretch of zeroes, which begins within one record of the second half and ends within another."""
    start = records[len(records) * 2 // 3].start + 10
    end = start + _BLANK_BYTES
    content[start:end] = bytes(_BLANK_BYTES)
    return [record for record in records if record.start < end and record.end > start]


def _tear(content: bytearray, records: list[Record]) -> Record:
    """The end of the last record is gone, though it was acknowledged."""
    last = records[-1]
    del content[last.end - 7 :]
    return last
