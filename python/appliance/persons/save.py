"""What a block changed about persons into the catalog."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, delete, select

from appliance.catalog import insert
from appliance.catalog.feature_flags import flag_hash_key_override
from appliance.catalog.model import person, person_distinct_id, personless_distinct_id
from appliance.persons.distinct_ids import chunks

PersonRow: TypeAlias = tuple[int, bytes, int, str, bool, int, bool]
DistinctIdRow: TypeAlias = tuple[int, str, bytes, int, bool]
PersonlessRow: TypeAlias = tuple[int, str]
Merge: TypeAlias = tuple[int, bytes, bytes]


def save(
    connection: Connection,
    *,
    persons: Sequence[PersonRow] = (),
    distinct_ids: Sequence[DistinctIdRow] = (),
    personless: Sequence[PersonlessRow] = (),
    merges: Sequence[Merge] = (),
) -> None:
    """Writes the rows in the caller's transaction. Rows are final: they replace what is there.

    `merges`: project, the person who is gone, and who they are now.
    """
    if merges:
        _move_buckets(connection, merges)
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
    gone = [(row[0], UUID(bytes=row[1])) for row in rows if row[6]]
    _delete(connection, person, gone)
    _forget_buckets(connection, gone)
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


def _move_buckets(connection: Connection, merges: Sequence[Merge]) -> None:
    """What flags remember of the one who is gone counts for the other, where nothing is remembered of them."""
    became = {(project_id, UUID(bytes=gone)): UUID(bytes=now) for project_id, gone, now in merges}
    columns = flag_hash_key_override.c
    moved: list[dict[str, Any]] = []
    for chunk in chunks([gone for _, gone in became]):
        found = connection.execute(
            select(flag_hash_key_override).where(columns.person_id.in_(chunk))
        ).mappings()
        moved += [
            {**row, "person_id": _last(became, row["project_id"], row["person_id"])}
            for row in found
            if (row["project_id"], row["person_id"]) in became
        ]
    if moved:
        connection.execute(insert(connection, flag_hash_key_override).on_conflict_do_nothing(), moved)
    _forget_buckets(connection, list(became))


def _last(became: Mapping[tuple[int, UUID], UUID], project_id: int, id_: UUID) -> UUID:
    """A block may merge a person into one that it merges again."""
    for _ in range(len(became)):
        if (project_id, id_) not in became:
            break
        id_ = became[project_id, id_]
    return id_


def _forget_buckets(connection: Connection, persons: Sequence[tuple[int, UUID]]) -> None:
    if not persons:
        return
    columns = flag_hash_key_override.c
    connection.execute(
        delete(flag_hash_key_override).where(
            columns.project_id == bindparam("of_project"), columns.person_id == bindparam("of_person")
        ),
        [{"of_project": project_id, "of_person": id_} for project_id, id_ in persons],
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
