"""The distinct ids of some persons, with a limit that holds whatever a person has gathered."""

from collections.abc import Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, select

from appliance.catalog.model import person_distinct_id

# One statement may carry 32,766 parameters in SQLite and 65,535 in PostgreSQL.
PARAMETERS_MAX = 10_000

_Item = TypeVar("_Item")


def chunks(items: Sequence[_Item]) -> Iterator[Sequence[_Item]]:
    """Runs of items that fit into one statement."""
    for start in range(0, len(items), PARAMETERS_MAX):
        yield items[start : start + PARAMETERS_MAX]


def distinct_ids_of(
    connection: Connection, project_id: int, person_ids: Sequence[UUID], *, each_max: int
) -> dict[UUID, list[tuple[str, int]]]:
    """Each person's distinct ids with their versions, in no order; one more than `each_max` of those
    who have more. Persons without any are missing.
    """
    found: dict[UUID, list[tuple[str, int]]] = {}
    # Most persons have one to three. Where a chunk has far more, somebody in it has a great many: the halves
    # are asked for apart, until only that person's are cut.
    waiting = list(chunks(person_ids))
    while waiting:
        chunk = waiting.pop()
        rows_max = each_max + 1 if len(chunk) == 1 else each_max + 4 * len(chunk)
        rows = _rows(connection, project_id, chunk, rows_max)
        if len(rows) == rows_max and len(chunk) > 1:
            middle = len(chunk) // 2
            waiting += [chunk[:middle], chunk[middle:]]
            continue
        for person_id, distinct_id, version in rows:
            found.setdefault(person_id, []).append((distinct_id, version))
    return found


def _rows(
    connection: Connection, project_id: int, person_ids: Sequence[UUID], rows_max: int
) -> list[tuple[UUID, str, int]]:
    columns = person_distinct_id.c
    query = (
        select(columns.person_id, columns.distinct_id, columns.version)
        .where(columns.project_id == project_id, columns.person_id.in_(person_ids))
        .limit(rows_max)
    )
    return [(row[0], row[1], row[2]) for row in connection.execute(query)]
