"""One block's changes into the catalog, in the transaction that also moves the checkpoint."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Table

from appliance import persons
from appliance._native import ingest, journal
from appliance.accounts.projects import count_usage
from appliance.catalog import changes
from appliance.catalog.connect import insert
from appliance.catalog.model import (
    NO_GROUP_TYPE,
    cookieless_session,
    event_definition,
    event_property,
    group_row,
    group_type,
    ingest_checkpoint,
    property_definition,
    rejected_record,
)
from appliance.cohorts.members import follow_merges
from appliance.definitions.ids import event_definition_id, property_definition_id
from appliance.ingest.insert import EVENTS
from appliance.ingest.load import day_text
from appliance.ingest.plan import Part, Plan

# The lane of what is set aside as rows of a table: its name, a line break, an Arrow stream.
ROWS_LANE = "rows"
_ROWS_MAX = 500
# Where the envelope of a record (native/record) holds its project and its time of receipt.
_PROJECT = slice(4, 8)
_RECEIVED_AT = slice(8, 16)
_ENVELOPE_BYTES = 76
_PROJECT_ID_MAX = 2**31 - 1


def save_block(
    connection: Connection, block: ingest.Block, batch: journal.Batch, lane: str, now_us: int
) -> None:
    """Writes everything that ``block`` changed, its poison and the checkpoint behind it."""
    merges = block.merges()
    persons.save(
        connection,
        persons=block.persons(),
        distinct_ids=block.distinct_ids(),
        personless=block.personless(),
        merges=merges,
    )
    if merges:
        follow_merges(connection, merges)
    _save_groups(connection, block)
    _save_definitions(connection, block, now_us)
    _save_sessions(connection, block)
    month = datetime.now(UTC).strftime("%Y-%m")
    for project_id, scope, count in block.usage():
        count_usage(connection, project_id, scope, month, count)
    reject(connection, batch, block.poison(), lane)
    save_checkpoints(connection, lane, batch.checkpoints)


def save_checkpoints(connection: Connection, lane: str, checkpoints: dict[int, journal.Checkpoint]) -> None:
    """Remembers how far each slot was read."""
    rows = [
        {"slot": str(slot), "lane": lane, "segment": segment, "offset": offset, "next_sequence": sequence}
        for slot, (segment, offset, sequence) in checkpoints.items()
    ]
    _upsert(connection, ingest_checkpoint, rows, ["slot", "lane"], ["segment", "offset", "next_sequence"])


def reject(connection: Connection, batch: journal.Batch, poison: list[tuple[int, str]], lane: str) -> None:
    """Sets records aside with their reasons; ``hoglet rejected`` lists and replays them."""
    if not poison:
        return
    records = batch.records()
    rows = []
    for index, reason in poison:
        record = records[index]
        readable = len(record) >= _ENVELOPE_BYTES
        project_id = int.from_bytes(record[_PROJECT], "little") if readable else None
        rows.append(
            {
                "project_id": None if project_id is None or project_id > _PROJECT_ID_MAX else project_id,
                "lane": lane,
                "received_at": int.from_bytes(record[_RECEIVED_AT], "little", signed=True) if readable else 0,
                "reason": reason,
                "record": record,
            }
        )
    connection.execute(rejected_record.insert(), rows)


def reject_refused(
    connection: Connection, block: ingest.Block, batch: journal.Batch, plan: Plan, lane: str
) -> int:
    """Sets aside what the store refused of the block; how many things.

    An event is set aside as its record, which replaying sends down the whole road. Rows of other tables follow from
    several records, or from what came before them: they are set aside as they are.
    """
    count = 0
    for table in block.tables():
        parts = plan.refused(table.name)
        if table.name == EVENTS:
            refused = [
                (record, f"the store refused its event: {part.refusal}")
                for part in parts
                for record in table.offsets(part.first, part.last)
            ]
            reject(connection, batch, refused, lane)
            count += len(refused)
        else:
            _reject_rows(connection, table, parts, block.newest_received_at_us)
            count += len(parts)
    return count


def _reject_rows(
    connection: Connection, table: ingest.Table, parts: Sequence[Part], received_at: int
) -> None:
    for part in parts:
        rows = table.part(part.first, part.last)
        connection.execute(
            rejected_record.insert().values(
                lane=ROWS_LANE,
                received_at=received_at,
                reason=f"the store refused {rows.rows} rows of {table.name}: {part.refusal}",
                record=table.name.encode() + b"\n" + rows.read(0, rows.size),
            )
        )


def _save_groups(connection: Connection, block: ingest.Block) -> None:
    types = [
        {"project_id": project_id, "name": name, "type_index": index}
        for project_id, name, index in block.group_types()
    ]
    _upsert(connection, group_type, types, ["project_id", "name"], [])
    if types:
        changes.bump(connection)  # flags may aim at groups of the new type
    groups = [
        {
            "project_id": project_id,
            "type_index": index,
            "group_key": key,
            "created_at": created_at,
            "properties": properties,
            "version": 0,
        }
        for project_id, index, key, created_at, properties in block.groups()
    ]
    _upsert(
        connection, group_row, groups, ["project_id", "type_index", "group_key"], ["created_at", "properties"]
    )


def _save_sessions(connection: Connection, block: ingest.Block) -> None:
    rows = [
        {
            "project_id": project_id,
            "day": day_text(day),
            "hash": hash_,
            "identify_count": identifies,
            "session_id": None if current is None else UUID(bytes=current[0]),
            "last_active_at": None if current is None else current[1],
        }
        for project_id, day, hash_, identifies, current in block.sessions()
    ]
    _upsert(
        connection,
        cookieless_session,
        rows,
        ["project_id", "day", "hash"],
        ["identify_count", "session_id", "last_active_at"],
    )


def _save_definitions(connection: Connection, block: ingest.Block, now_us: int) -> None:
    events, properties, pairs = block.definitions()
    rows: list[dict[str, Any]] = [
        {
            "project_id": project_id,
            "name": name,
            "created_at": now_us,
            "last_seen_at": seen_at,
            "id": event_definition_id(project_id, name),
        }
        for project_id, name, seen_at in events
    ]
    _upsert(connection, event_definition, rows, ["project_id", "name"], ["last_seen_at"])
    unknown: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for project_id, name, owner, group_index, property_type in properties:
        index = NO_GROUP_TYPE if group_index is None else group_index
        row = {
            "project_id": project_id,
            "name": name,
            "type": owner,
            "group_type_index": index,
            "id": property_definition_id(project_id, owner, index, name),
            "property_type": property_type,
            "is_numerical": property_type == "Numeric",
        }
        (unknown if property_type is None else known).append(row)
    key = ["project_id", "type", "group_type_index", "name"]
    _upsert(connection, property_definition, unknown, key, [])
    # The first type that is not null sticks.
    for start in range(0, len(known), _ROWS_MAX):
        statement = insert(connection, property_definition).values(known[start : start + _ROWS_MAX])
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=key,
                set_={name: statement.excluded[name] for name in ("property_type", "is_numerical")},
                where=property_definition.c.property_type.is_(None),
            )
        )
    rows = [{"project_id": project_id, "event": event, "property": name} for project_id, event, name in pairs]
    _upsert(connection, event_property, rows, ["project_id", "event", "property"], [])


def _upsert(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], key: list[str], update: list[str]
) -> None:
    # One row per key: PostgreSQL refuses to touch a row twice in one statement.
    unique = list({tuple(row[name] for name in key): row for row in rows}.values())
    for start in range(0, len(unique), _ROWS_MAX):
        statement = insert(connection, table).values(unique[start : start + _ROWS_MAX])
        if update:
            changes = {name: statement.excluded[name] for name in update}
            statement = statement.on_conflict_do_update(index_elements=key, set_=changes)
        else:
            statement = statement.on_conflict_do_nothing()
        connection.execute(statement)
