"""Sends records that were set aside round again, through a journal slot of this process."""

from __future__ import annotations

import time
from collections.abc import Sequence

from sqlalchemy import select, update

from appliance._native import journal
from appliance.catalog import connect, reading, writing
from appliance.catalog.model import rejected_record
from appliance.config import Config

# Records per run; whoever has more runs it again.
REPLAYED_MAX = 100_000


def replay(config: Config, ids: Sequence[int] | None = None) -> int:
    """Appends the chosen records (all that were not replayed, if None) to the journal; returns how many.

    A record that fails again is set aside again, as a new one.
    """
    catalog = connect(config)
    query = select(rejected_record).where(rejected_record.c.replayed_at.is_(None)).limit(REPLAYED_MAX)
    if ids is not None:
        query = query.where(rejected_record.c.id.in_(list(ids)))
    with reading(catalog) as connection:
        rows = connection.execute(query.order_by(rejected_record.c.id)).mappings().all()
    slot = journal.claim_slot(config.journal_dir)
    for lane in sorted({row["lane"] for row in rows}):
        chosen = [row for row in rows if row["lane"] == lane]
        writer = journal.Writer(
            slot,
            lane,
            segment_bytes_max=config.journal_segment_bytes,
            budget_bytes_max=getattr(config, f"journal_{lane}_bytes_max"),
            minimum_free_bytes=config.journal_minimum_free_bytes,
        )
        last = 0
        for row in chosen:
            last = writer.append(len(row["record"]).to_bytes(4, "little") + row["record"])
        writer.close()
        committed_through, failures = writer.progress()
        if failures or committed_through < last:
            raise OSError("the journal could not be written; nothing was marked as replayed")
        with writing(catalog) as connection:
            connection.execute(
                update(rejected_record)
                .where(rejected_record.c.id.in_([row["id"] for row in chosen]))
                .values(replayed_at=time.time_ns() // 1000)
            )
    catalog.dispose()
    return len(rows)
