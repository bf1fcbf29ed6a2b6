"""Sends what was set aside round again: records through a journal slot of this process, rows into the store."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, RowMapping, select, update

from appliance._native import journal
from appliance.catalog import connect, reading, writing
from appliance.catalog.model import rejected_record
from appliance.config import Config
from appliance.ingest.commit import ROWS_LANE
from appliance.store import WRITER, ClickHouseStore
from appliance.store import connect as connect_store
from appliance.store.address import address

# Records per run; whoever has more runs it again.
REPLAYED_MAX = 100_000
# Where the envelope of a record (native/record) holds its flags, and the one that is set.
_FLAGS_AT = 3
_REPLAYED = 16


def replay(config: Config, ids: Sequence[int] | None = None) -> int:
    """Sends the chosen ones (all that were not replayed, if None) round again; returns how many.

    A record that fails again is set aside again, as a new one.
    """
    catalog = connect(config)
    query = select(rejected_record).where(rejected_record.c.replayed_at.is_(None)).limit(REPLAYED_MAX)
    if ids is not None:
        query = query.where(rejected_record.c.id.in_(list(ids)))
    with reading(catalog) as connection:
        found = connection.execute(query.order_by(rejected_record.c.id)).mappings().all()
    rows = [one for one in found if one["lane"] == ROWS_LANE]
    records = [one for one in found if one["lane"] != ROWS_LANE]
    if records:
        _append(config, catalog, records)
    if rows:
        _insert(config, catalog, rows)
    catalog.dispose()
    return len(found)


def _append(config: Config, catalog: Engine, records: Sequence[RowMapping]) -> None:
    slot = journal.claim_slot(config.journal_dir)
    for lane in sorted({one["lane"] for one in records}):
        chosen = [one for one in records if one["lane"] == lane]
        writer = journal.Writer(
            slot,
            lane,
            segment_bytes_max=config.journal_segment_bytes,
            budget_bytes_max=getattr(config, f"journal_{lane}_bytes_max"),
            minimum_free_bytes=config.journal_minimum_free_bytes,
        )
        last = 0
        for one in chosen:
            record = _again(one["record"])
            last = writer.append(len(record).to_bytes(4, "little") + record)
        writer.close()
        committed_through, failures = writer.progress()
        if failures or committed_through < last:
            raise OSError("the journal could not be written; nothing was marked as replayed")
        _mark(catalog, [one["id"] for one in chosen])


def _again(record: bytes) -> bytes:
    """With the flag that it is no repetition of what a crash left."""
    if len(record) <= _FLAGS_AT:
        return record
    return record[:_FLAGS_AT] + bytes([record[_FLAGS_AT] | _REPLAYED]) + record[_FLAGS_AT + 1 :]


def _insert(config: Config, catalog: Engine, rows: Sequence[RowMapping]) -> None:
    """A row the store still refuses ends the run; it stays where it is."""
    with closing(_store(config)) as store:
        for one in rows:
            table, _, stream = one["record"].partition(b"\n")
            store.insert_arrow_stream(table.decode(), stream, f"rejected:{one['id']}")
            _mark(catalog, [one["id"]])


def _store(config: Config) -> ClickHouseStore:
    found = address(config)
    if config.store_url:
        return connect_store(found.url, user=found.user, password=found.password)
    return connect_store(found.url, user=WRITER, password=config.secret("store_token"))


def _mark(catalog: Engine, ids: Sequence[Any]) -> None:
    with writing(catalog) as connection:
        connection.execute(
            update(rejected_record)
            .where(rejected_record.c.id.in_(ids))
            .values(replayed_at=time.time_ns() // 1000)
        )
