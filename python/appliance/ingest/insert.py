"""A block's tables into the store, each exactly once; what the store refuses is isolated row by row.

Promises:
- A store that is away, slow, full, locked or changed is waited for: nothing is set aside for it. Rows are at fault
  only if the store takes none of them but would take the same columns without rows.
- Of a refused table, halves are tried, and halves of those, down to single rows. Each split is remembered before
  its parts are inserted, under tokens of their own.
- The search is bounded. Where it is used up, what is still refused is set aside in larger parts.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from appliance._native import ingest
from appliance.failures import StoreRefused, StoreUnavailable
from appliance.ingest.plan import Part, Plan
from appliance.operations.counters import Counters
from appliance.operations.metrics import STORE_UP
from appliance.store import ClickHouseStore

log = logging.getLogger(__name__)

_RETRY_S_FIRST = 0.2
_RETRY_S_MAX = 10.0
_PIECE_BYTES = 4 << 20
_REFUSALS_MAX = 2
# Attempts that the search for refused rows may make in one table.
_ATTEMPTS_MAX = 1_000
_REFUSAL_CHARS_MAX = 500
# Their rows belong to a record, which brings them again when it is replayed.
_TABLES_OF_RECORDS = frozenset({"heatmaps", "ingestion_warnings"})
EVENTS = "events"


class Inserter:
    """Inserts tables in the thread that calls; ``stopping`` ends the wait for a store that is away."""

    def __init__(self, store: ClickHouseStore, counters: Counters, stopping: threading.Event) -> None:
        self._store = store
        self._counters = counters
        self._stopping = stopping

    def insert(self, tables: Sequence[ingest.Table], plan: Plan, remember: Callable[[Plan], None]) -> Plan:
        """The plan as it is in the end: with the parts that were refused. ``remember`` keeps it meanwhile."""
        refused: frozenset[int] = frozenset()
        for table in tables:
            plan = self._insert_table(table, plan, refused, remember)
            if table.name == EVENTS:
                refused = refused_records(table, plan)
        return plan

    def _insert_table(
        self, table: ingest.Table, plan: Plan, refused: frozenset[int], remember: Callable[[Plan], None]
    ) -> Plan:
        parts = plan.splits.get(table.name) or _without_records(table, refused)
        if parts is None:
            refusal = self._attempt(table, plan.table_token(table.name))
            if refusal is None:
                return plan
            parts = _narrowed(Part(0, table.rows), refusal)
            log.error(
                "the store refused a block for %s, which is searched for the cause: %s", table.name, refusal
            )
        if plan.splits.get(table.name) != parts:
            plan = plan.split(table.name, parts)
            remember(plan)
        return self._insert_parts(table, plan, remember)

    def _insert_parts(self, table: ingest.Table, plan: Plan, remember: Callable[[Plan], None]) -> Plan:
        parts, at = list(plan.splits[table.name]), 0
        attempts_left = _ATTEMPTS_MAX - len(parts)
        while at < len(parts):
            part = parts[at]
            if not part.is_open:
                at += 1
                continue
            attempts_left -= 1
            rows = table.part(part.first, part.last)
            refusal = self._attempt(rows, plan.table_token(table.name, part))
            if refusal is None:
                # Remembered with the next split: until then, a repetition of the part is dropped by its token.
                parts[at] = replace(part, stored=True)
                continue
            refused = replace(part, refusal=refusal[:_REFUSAL_CHARS_MAX])
            parts[at : at + 1] = _narrowed(part, refusal) if attempts_left > 0 else [refused]
            plan = plan.split(table.name, parts)
            remember(plan)
        return plan.split(table.name, parts)

    def _attempt(self, table: ingest.Table, token: str) -> str | None:
        """Tries until the store has taken the rows, or has refused them more than once; why it did."""
        pause_s, refusals = _RETRY_S_FIRST, 0
        while True:
            try:
                self._store.insert_arrow_stream(table.name, _Pieces(table), token)
            except StoreUnavailable as failure:
                self._counters.set(STORE_UP, 0)
                log.warning("the store does not take a block: %s", failure)
                if self._stopping.is_set():
                    raise
            except StoreRefused as refusal:
                if self._takes_columns_of(table, token):
                    refusals += 1
                    if refusals >= _REFUSALS_MAX:
                        return str(refusal) or "no reason was given"
                    continue
                if self._stopping.is_set():
                    raise StoreUnavailable(str(refusal)) from refusal
                log.error("the store refuses every insert into %s: %s", table.name, refusal)  # noqa: TRY400
            else:
                self._counters.set(STORE_UP, 1)
                self._counters.add(f'hoglet_ingest_rows_total{{table="{table.name}"}}', table.rows)
                return None
            self._stopping.wait(pause_s)
            pause_s = min(pause_s * 2, _RETRY_S_MAX)

    def _takes_columns_of(self, table: ingest.Table, token: str) -> bool:
        """Whether an insert without rows succeeds: then table, columns, rights and the store itself are well."""
        try:
            self._store.insert_arrow_stream(table.name, _Pieces(table.part(0, 0)), f"{token}:probe")
        except (StoreRefused, StoreUnavailable) as failure:
            log.warning("the store does not take an insert without rows either: %s", failure)
            return False
        return True


class _Pieces:
    """A table's stream in pieces, from its beginning each time it is asked for."""

    def __init__(self, table: ingest.Table) -> None:
        self._table = table

    def __iter__(self) -> Iterator[bytes]:
        for offset in range(0, self._table.size, _PIECE_BYTES):
            yield self._table.read(offset, _PIECE_BYTES)


def _narrowed(part: Part, refusal: str) -> tuple[Part, ...]:
    """What a refused part is replaced by: its halves, or itself where it is a single row."""
    if part.last - part.first == 1:
        return (replace(part, refusal=refusal[:_REFUSAL_CHARS_MAX]),)
    return tuple(part.halves())


def refused_records(events: ingest.Table, plan: Plan) -> frozenset[int]:
    """Indexes in the batch of the records whose events the store refused."""
    parts = plan.refused(EVENTS)
    return frozenset(record for part in parts for record in events.offsets(part.first, part.last))


def _without_records(table: ingest.Table, records: frozenset[int]) -> tuple[Part, ...] | None:
    """The table around the rows of records that were refused in ``events``; None if it has no such rows."""
    if not records or table.name not in _TABLES_OF_RECORDS:
        return None
    left_out = [record in records for record in table.offsets(0, table.rows)]
    if not any(left_out):
        return None
    parts: list[Part] = []
    for row, out in enumerate(left_out):
        if parts and (parts[-1].refusal is not None) == out:
            parts[-1] = replace(parts[-1], last=row + 1)
        else:
            parts.append(Part(row, row + 1, refusal="" if out else None))
    return tuple(parts)
