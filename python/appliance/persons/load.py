"""The catalog's persons into the memory of ingest."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import Connection, select

from appliance.catalog.model import person, person_distinct_id, personless_distinct_id
from appliance.persons.distinct_ids import chunks, distinct_ids_of

LoadedPerson: TypeAlias = tuple[int, bytes, int, str, bool, int, list[tuple[str, int]], bool]
Absent: TypeAlias = tuple[int, str, bool]

# The limit of the Rust side, which refuses to move what is not complete.
DISTINCT_IDS_MOVED_MAX = 10_000


def load(
    connection: Connection,
    wanted: Iterable[tuple[int, str]],
    *,
    distinct_ids_max: int = DISTINCT_IDS_MOVED_MAX,
) -> tuple[list[LoadedPerson], list[Absent]]:
    """The persons of some (project, distinct id) pairs, each person once, and the pairs that nobody has."""
    by_project: dict[int, dict[str, None]] = {}
    for project_id, distinct_id in wanted:
        by_project.setdefault(project_id, {})[distinct_id] = None
    persons: list[LoadedPerson] = []
    absent: list[Absent] = []
    for project_id, distinct_ids in by_project.items():
        owners = _owners(connection, project_id, list(distinct_ids))
        found = _persons(connection, project_id, owners, distinct_ids_max)
        persons += found.values()
        known = {distinct_id for distinct_id, (person_id, _) in owners.items() if person_id in found}
        absent += _absent(connection, project_id, [one for one in distinct_ids if one not in known])
    return persons, absent


def _owners(
    connection: Connection, project_id: int, distinct_ids: Sequence[str]
) -> dict[str, tuple[UUID, int]]:
    columns = person_distinct_id.c
    owners: dict[str, tuple[UUID, int]] = {}
    for chunk in chunks(_storable(distinct_ids)):
        query = select(columns.distinct_id, columns.person_id, columns.version).where(
            columns.project_id == project_id, columns.distinct_id.in_(chunk)
        )
        owners |= {row[0]: (row[1], row[2]) for row in connection.execute(query)}
    return owners


def _persons(
    connection: Connection, project_id: int, owners: dict[str, tuple[UUID, int]], distinct_ids_max: int
) -> dict[UUID, LoadedPerson]:
    asked_for: dict[UUID, list[tuple[str, int]]] = {}
    for distinct_id, (person_id, version) in owners.items():
        asked_for.setdefault(person_id, []).append((distinct_id, version))
    all_of_them = distinct_ids_of(connection, project_id, list(asked_for), each_max=distinct_ids_max)
    columns = person.c
    found: dict[UUID, LoadedPerson] = {}
    for chunk in chunks(list(asked_for)):
        query = select(
            columns.id, columns.created_at, columns.properties, columns.is_identified, columns.version
        ).where(columns.project_id == project_id, columns.id.in_(chunk))
        for id_, created_at, properties, is_identified, version in connection.execute(query):
            distinct_ids = all_of_them[id_]
            complete = len(distinct_ids) <= distinct_ids_max
            found[id_] = (
                project_id,
                id_.bytes,
                created_at,
                properties,
                is_identified,
                version,
                distinct_ids if complete else asked_for[id_],
                complete,
            )
    return found


def _absent(connection: Connection, project_id: int, distinct_ids: Sequence[str]) -> list[Absent]:
    columns = personless_distinct_id.c
    used: set[str] = set()
    for chunk in chunks(_storable(distinct_ids)):
        query = select(columns.distinct_id).where(
            columns.project_id == project_id, columns.distinct_id.in_(chunk)
        )
        used.update(connection.execute(query).scalars())
    return [(project_id, distinct_id, distinct_id in used) for distinct_id in distinct_ids]


def _storable(distinct_ids: Sequence[str]) -> list[str]:
    """A merge may name an id with a NUL. Nobody has it, and PostgreSQL would not even be asked."""
    return [distinct_id for distinct_id in distinct_ids if "\0" not in distinct_id]
