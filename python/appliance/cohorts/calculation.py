"""The frame in which a dynamic cohort is calculated: from its criteria to members that count.

Promises:
- Members of one version are never mixed with those of another: a calculation writes a version of its own, in the
  store and in the catalog, and only then makes it the one that counts.
- Criteria that change meanwhile win: the calculation of the old ones is thrown away.
- A calculation that fails leaves the last good version in place, says why, and is tried again later and later.

- A static cohort that is made by a query is filled once.

What criteria and queries mean is not known here: `MembersQueries` does (`query.cohort_members`).
"""

import logging
import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import BigInteger, Connection, Engine, RowMapping, and_, cast, delete, or_, select

from appliance.catalog import ProjectSnapshot, changes, reading, writing
from appliance.catalog.connect import insert
from appliance.catalog.resources import cohort, cohort_member
from appliance.cohorts import members
from appliance.failures import HogletError, Unavailable
from appliance.store.client import Store

log = logging.getLogger(__name__)

RECALCULATED_EVERY_S = 24 * 3_600
_RETRY_S = 60
_ROWS_MAX = 10_000
_ERROR_CHARACTERS_MAX = 1_000
_columns, _members = cohort.c, cohort_member.c
_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Statement:
    """A SELECT with one column, `person_id`."""

    sql: str
    parameters: Mapping[str, Any]
    settings: Mapping[str, Any]


class MembersQueries(Protocol):
    """`row` is of the table `cohort`."""

    def members(self, project: ProjectSnapshot, row: RowMapping) -> Statement:
        """Who fulfils the criteria of a cohort now."""

    def listed(self, project: ProjectSnapshot, row: RowMapping) -> Iterable[uuid.UUID]:
        """The persons in the answer to the query that a static cohort was made by."""


def due(connection: Connection) -> list[int]:
    """Cohorts whose criteria were never calculated, or long ago; those that failed wait longer each time."""
    now = time.time_ns() // 1_000
    long_ago = now - RECALCULATED_EVERY_S * _SECOND_US
    is_due = or_(
        _columns.version.is_(None),
        _columns.version != _columns.pending_version,
        _columns.last_calculation_at < long_ago,
    )
    # PostgreSQL takes a bare number beside an INTEGER for one.
    pause = cast(_columns.errors_calculating, BigInteger) * (_RETRY_S * _SECOND_US)
    waits = and_(_columns.errors_calculating > 0, _columns.last_error_at + pause > now)
    is_listed = and_(_columns.is_static, _columns.query.is_not(None), _columns.last_calculation_at.is_(None))
    query = select(_columns.id).where(
        ~_columns.is_deleted, or_(and_(~_columns.is_static, is_due), is_listed), ~waits
    )
    return list(connection.execute(query.order_by(_columns.id)).scalars())


def forget_interrupted(connection: Connection) -> None:
    """Nothing is under way when the engine starts."""
    connection.execute(cohort.update().where(_columns.is_calculating).values(is_calculating=False))


def calculate(
    catalog: Engine, store: Store, project: ProjectSnapshot, cohort_id: int, queries: MembersQueries
) -> None:
    """Raises `Unavailable` where the store or catalog does not answer; anything else is noted on the cohort."""
    row = _begin(catalog, cohort_id)
    if row is None:
        return
    version = row["pending_version"]
    try:
        if row["is_static"]:
            _list(catalog, project.id, row, queries.listed(project, row))
        else:
            count = _fill(store, project.id, row, queries.members(project, row))
            _copy(catalog, store, project.id, row)
            _finish(catalog, cohort_id, version, count)
    except Unavailable:
        with writing(catalog) as connection:
            forget_interrupted(connection)
        raise
    except Exception as failure:
        level = logging.WARNING if isinstance(failure, HogletError) else logging.ERROR
        log.log(level, "cohort %d could not be calculated", cohort_id, exc_info=True)
        _fail(catalog, cohort_id, str(failure) or type(failure).__name__)
        return
    if not row["is_static"]:
        _forget_others(catalog, store, project.id, row)


def _begin(catalog: Engine, cohort_id: int) -> RowMapping | None:
    with writing(catalog) as connection:
        return (
            connection.execute(
                cohort.update()
                .where(_columns.id == cohort_id, ~_columns.is_deleted)
                .values(is_calculating=True, pending_version=_next(connection, cohort_id))
                .returning(*_columns)
            )
            .mappings()
            .one_or_none()
        )


def _next(connection: Connection, cohort_id: int) -> int:
    """A version that nothing was ever written under, not even by a calculation that a crash cut short."""
    found = connection.execute(select(_columns.pending_version).where(_columns.id == cohort_id)).scalar()
    return (found or 0) + 1


def _fill(store: Store, project_id: int, row: RowMapping, statement: Statement) -> int:
    values = {"cohort_": row["id"], "project_": project_id, "version_": row["pending_version"]}
    store.command(
        "INSERT INTO cohortpeople (person_id, cohort_id, team_id, sign, version) SELECT DISTINCT person_id, "
        f"{{cohort_:Int64}}, {{project_:Int64}}, 1, {{version_:UInt64}} FROM ({statement.sql})",
        {**statement.parameters, **values},
        statement.settings,
    )
    [[count]] = store.query(
        f"SELECT uniqExact(person_id) FROM cohortpeople WHERE {_THIS_VERSION}", values
    ).rows
    return int(count)


_THIS_VERSION = "team_id = {project_:Int64} AND cohort_id = {cohort_:Int64} AND version = {version_:UInt64}"


def _copy(catalog: Engine, store: Store, project_id: int, row: RowMapping) -> None:
    """Into the catalog, where flags look; a piece at a time, so that others may write between."""
    last = uuid.UUID(int=0)
    while ids := _page(store, project_id, row, last):
        rows = [{"cohort_id": row["id"], "person_id": id_, "version": row["pending_version"]} for id_ in ids]
        with writing(catalog) as connection:
            connection.execute(insert(connection, cohort_member).on_conflict_do_nothing(), rows)
        last = ids[-1]


def _page(store: Store, project_id: int, row: RowMapping, after: uuid.UUID) -> Sequence[uuid.UUID]:
    rows = store.query(
        f"SELECT DISTINCT person_id FROM cohortpeople WHERE {_THIS_VERSION} AND person_id > {{after_:UUID}} "
        "ORDER BY person_id LIMIT {rows_:UInt32}",
        {
            "cohort_": row["id"],
            "project_": project_id,
            "version_": row["pending_version"],
            "after_": after,
            "rows_": _ROWS_MAX,
        },
    ).rows
    return [uuid.UUID(str(one[0])) for one in rows]


def _list(catalog: Engine, project_id: int, row: RowMapping, persons: Iterable[uuid.UUID]) -> None:
    found = list(persons)
    with writing(catalog) as connection:
        members.add(connection, project_id, row["id"], found)
        connection.execute(
            cohort.update()
            .where(_columns.id == row["id"])
            .values(is_calculating=False, errors_calculating=0, last_calculation_at=time.time_ns() // 1_000)
        )


def _finish(catalog: Engine, cohort_id: int, version: int, count: int) -> None:
    """Only if the criteria are still those that were calculated."""
    now = time.time_ns() // 1_000
    with writing(catalog) as connection:
        connection.execute(
            cohort.update()
            .where(_columns.id == cohort_id, _columns.pending_version == version)
            .values(version=version, count=count, errors_calculating=0, last_error=None)
        )
        changes.bump(connection)  # flags that aim at the cohort look for members of its version
        connection.execute(
            cohort.update()
            .where(_columns.id == cohort_id)
            .values(is_calculating=False, last_calculation_at=now)
        )


def _fail(catalog: Engine, cohort_id: int, reason: str) -> None:
    with writing(catalog) as connection:
        connection.execute(
            cohort.update()
            .where(_columns.id == cohort_id)
            .values(
                is_calculating=False,
                errors_calculating=_columns.errors_calculating + 1,
                last_error_at=time.time_ns() // 1_000,
                last_error=reason[:_ERROR_CHARACTERS_MAX],
            )
        )


def _forget_others(catalog: Engine, store: Store, project_id: int, row: RowMapping) -> None:
    """Every version before the one that counts."""
    with writing(catalog) as connection:
        current = connection.execute(
            select(_columns.version).where(_columns.id == row["id"])
        ).scalar_one_or_none()
        if current is None:
            return
        connection.execute(
            delete(cohort_member).where(_members.cohort_id == row["id"], _members.version < current)
        )
    store.command(
        "ALTER TABLE cohortpeople DELETE WHERE team_id = {project_:Int64} AND cohort_id = {cohort_:Int64} "
        "AND version < {version_:UInt64}",
        {"project_": project_id, "cohort_": row["id"], "version_": current},
    )


class Calculations:
    """Calculates what is due, one after another, in the thread that calls `look`."""

    def __init__(self, catalog: Engine, store: Store, queries: MembersQueries) -> None:
        self._catalog = catalog
        self._store = store
        self._queries = queries
        self._is_begun = False

    def look(self, projects: Mapping[int, ProjectSnapshot]) -> int:
        """How many were calculated."""
        if not self._is_begun:
            with writing(self._catalog) as connection:
                forget_interrupted(connection)
            self._is_begun = True
        with reading(self._catalog) as connection:
            ids = due(connection)
            query = select(_columns.id, _columns.project_id).where(_columns.id.in_(ids))
            owners = {row.id: row.project_id for row in connection.execute(query)}
        found = [(id_, projects[owner]) for id_, owner in owners.items() if owner in projects]
        for id_, project in found:
            calculate(self._catalog, self._store, project, id_, self._queries)
        return len(found)
