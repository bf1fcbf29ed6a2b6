"""Blocks of events as ingest makes them: Arrow streams with the columns' own types."""

import uuid
from datetime import UTC, datetime

import pyarrow as pa

_US = pa.timestamp("us", "UTC")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def event(**given) -> dict:
    row = {
        "uuid": uuid.uuid4().bytes,
        "event": "$pageview",
        "properties": "{}",
        "timestamp": NOON,
        "team_id": 1,
        "distinct_id": "a",
        "elements_chain": "",
        "created_at": NOON,
        "person_id": uuid.UUID(int=1).bytes,
        "person_created_at": NOON,
        "person_properties": "{}",
        "person_mode": 0,
        "historical_migration": False,
        "_timestamp": NOON,
        "_offset": 0,
        "inserted_at": NOON,
    }
    return row | given


_TYPES = {
    "uuid": pa.binary(16),
    "timestamp": _US,
    "team_id": pa.int64(),
    "created_at": _US,
    "person_id": pa.binary(16),
    "person_created_at": _US,
    "person_mode": pa.int8(),
    "historical_migration": pa.bool_(),
    "_timestamp": pa.timestamp("s", "UTC"),
    "_offset": pa.uint64(),
    "inserted_at": _US,
}


def block(rows: list[dict]) -> bytes:
    names = list(rows[0])
    fields = [
        pa.field(name, _TYPES.get(name, pa.string()), nullable=name.startswith("mat_")) for name in names
    ]
    return stream(pa.table([[row[name] for row in rows] for name in names], schema=pa.schema(fields)))


def stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
