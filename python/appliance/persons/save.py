"""What a block changed about persons into the catalog."""

from collections.abc import Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam

from appliance.catalog import insert
from appliance.catalog.model import person, person_distinct_id, personless_distinct_id

PersonRow: TypeAlias = tuple[int, bytes, int, str, bool, int, bool]
DistinctIdRow: TypeAlias = tuple[int, str, bytes, int, bool]
PersonlessRow: TypeAlias = tuple[int, str]


def save(
    connection: Connection,
    *,
    persons: Sequence[PersonRow] = (),
    distinct_ids: Sequence[DistinctIdRow] = (),
    personless: Sequence[PersonlessRow] = (),
) -> None:
    """Writes the rows in the caller's transaction. Rows are final: they replace what is there."""
    _save_persons(connection, persons)
    _save_distinct_ids(connection, distinct_ids)
    _save_personless(connection, personless, distinct_ids)


def _save_persons(connection: Connection, rows: Sequence[PersonRow]) -> None:
    kept = [
        {
            "project_id": project_id,
            "id": UUID(bytes=id_),
            "created_at": created_at,
            "properties": properties,
            "is_identified": is_identified,
            "version": version,
        }
        for project_id, id_, created_at, properties, is_identified, version, is_deleted in rows
        if not is_deleted
    ]
    # A merged person's tombstone is for the store; here the row goes.
    _delete(connection, person, [(row[0], UUID(bytes=row[1])) for row in rows if row[6]])
    _upsert(connection, person, kept)


def _save_distinct_ids(connection: Connection, rows: Sequence[DistinctIdRow]) -> None:
    kept = [
        {
            "project_id": project_id,
            "distinct_id": distinct_id,
            "person_id": UUID(bytes=person_id),
            "version": version,
        }
        for project_id, distinct_id, person_id, version, is_deleted in rows
        if not is_deleted
    ]
    _delete(connection, person_distinct_id, [(row[0], row[1]) for row in rows if row[4]])
    _upsert(connection, person_distinct_id, kept)


def _save_personless(
    connection: Connection, rows: Sequence[PersonlessRow], distinct_ids: Sequence[DistinctIdRow]
) -> None:
    used = [
        {"project_id": project_id, "distinct_id": distinct_id, "is_merged": False}
        for project_id, distinct_id in rows
    ]
    if used:
        statement = insert(connection, personless_distinct_id).on_conflict_do_nothing()
        connection.execute(statement, used)
    overridden = [
        {"of_project": project_id, "of_distinct_id": distinct_id}
        for project_id, distinct_id, _, version, _ in distinct_ids
        if version > 0
    ]
    if overridden:
        columns = personless_distinct_id.c
        connection.execute(
            personless_distinct_id.update()
            .where(
                columns.project_id == bindparam("of_project"),
                columns.distinct_id == bindparam("of_distinct_id"),
            )
            .values(is_merged=True),
            overridden,
        )


def _upsert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    keys = list(table.primary_key.columns)
    statement = insert(connection, table)
    news = {
        column.name: statement.excluded[column.name] for column in table.columns if column not in set(keys)
    }
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=news), rows)


def _delete(connection: Connection, table: Table, keys: list[tuple[Any, ...]]) -> None:
    if not keys:
        return
    columns = list(table.primary_key.columns)
    names = [f"of_{column.name}" for column in columns]
    conditions = [column == bindparam(name) for column, name in zip(columns, names, strict=True)]
    connection.execute(
        table.delete().where(*conditions), [dict(zip(names, key, strict=True)) for key in keys]
    )
