"""The block in hand, remembered before it is inserted.

A crash after the insert and before the commit leaves the plan behind. The next start reads the same journal ranges
again and inserts them under the same token, which the store recognises and drops.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from appliance._native import journal
from appliance.catalog.model import ingest_checkpoint, ingest_pending


@dataclass(frozen=True)
class Plan:
    """Journal ranges that make a block, and the token under which it is inserted."""

    ranges: list[journal.Range]
    token: str


def save_plan(connection: Connection, lane: str, plan: Plan, now_us: int) -> None:
    """There is one block in hand at a time; the plan replaces that of the block before."""
    forget_plan(connection, lane)
    connection.execute(
        ingest_pending.insert().values(
            lane=lane,
            block_number=0,
            ranges=[list(one) for one in plan.ranges],
            token=plan.token,
            created_at=now_us,
        )
    )


def forget_plan(connection: Connection, lane: str) -> None:
    """The block is in the store and its changes are in the catalog."""
    connection.execute(delete(ingest_pending).where(ingest_pending.c.lane == lane))


def load_plan(connection: Connection, lane: str) -> Plan | None:
    """The block that a crash interrupted, if any."""
    row = connection.execute(
        select(ingest_pending.c.ranges, ingest_pending.c.token).where(ingest_pending.c.lane == lane)
    ).first()
    if row is None:
        return None
    ranges: list[journal.Range] = [_range(one) for one in row.ranges]
    return Plan(ranges, row.token)


def _range(values: list[int]) -> journal.Range:
    slot, first_segment, first_offset, last_segment, last_offset, first, last, records = values
    return slot, first_segment, first_offset, last_segment, last_offset, first, last, records


def load_checkpoints(connection: Connection, lane: str) -> dict[int, journal.Checkpoint]:
    """Where reading goes on, by slot."""
    rows = connection.execute(select(ingest_checkpoint).where(ingest_checkpoint.c.lane == lane)).mappings()
    return {int(row["slot"]): (row["segment"], row["offset"], row["next_sequence"]) for row in rows}
