"""Changes of persons that no event tells of: deleting and splitting. The engine does them between two blocks.

Promises:
- The store is changed first and the catalog last, in one transaction with the request's settling: a crash in
  between does the same again, with the same ids and versions.
- What is deleted leaves no row of any version, tombstones of merges included, so that somebody who comes back later
  is seen: their new rows begin at version 0 again, and whatever is above that would hide them.
- After a split each distinct id is a person of its own, at a version above the old one, so that the store's
  overrides send its earlier events there.
"""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, select

from appliance.catalog.model import person, person_distinct_id
from appliance.catalog.requests import EngineRequest
from appliance.catalog.resources import cohort, cohort_member
from appliance.persons.distinct_ids import chunks
from appliance.persons.identity import person_id
from appliance.persons.save import save
from appliance.store.client import Store

DELETE_PERSONS = "delete_persons"
SPLIT_PERSON = "split_person"
# Distinct ids in one statement: each may be 400 characters, and a statement stays well under a megabyte.
_ROWS_MAX = 500
_AT_ONCE = {"mutations_sync": 1}
_TABLES_OF_PERSONS = (("person", "id"), ("person_static_cohort", "person_id"), ("cohortpeople", "person_id"))
_SPLIT = uuid.UUID("0f4c8a5e-90a2-5f0c-8f0e-6d0d1a3b7c21")


@dataclass(frozen=True, slots=True)
class Deletion:
    """Persons with all their distinct ids, and perhaps their events and recordings."""

    project_id: int
    person_ids: Sequence[uuid.UUID]
    distinct_ids: Sequence[str]
    begun: Sequence[uuid.UUID]
    """Persons that these distinct ids began as and would begin as again: merged away, their tombstones go too."""
    keep_person: bool
    delete_events: bool
    delete_recordings: bool
    changes_state: bool = True

    @classmethod
    def prepare(cls, connection: Connection, request: EngineRequest) -> "Deletion":
        given = request.arguments
        ids = [uuid.UUID(one) for one in given["person_ids"]]
        distinct_ids = _all_distinct_ids(connection, request.project_id, ids)
        return cls(
            project_id=request.project_id,
            person_ids=ids,
            distinct_ids=distinct_ids,
            begun=_merged_away(connection, request.project_id, distinct_ids),
            keep_person=bool(given.get("keep_person")),
            delete_events=bool(given.get("delete_events")),
            delete_recordings=bool(given.get("delete_recordings")),
        )

    def in_store(self, store: Store) -> None:
        # Large tables are cleaned in the background; rows that come later are not touched.
        if self.delete_events:
            self._by_distinct_id(store, ("events",), at_once=False)
        if self.delete_recordings:
            self._by_distinct_id(store, ("session_replay_events",), at_once=False)
        if self.keep_person:
            return
        # By distinct id: an older version of the row may name another person and would come to light.
        self._by_distinct_id(store, ("person_distinct_id2", "person_distinct_id_overrides"), at_once=True)
        gone = [*self.person_ids, *self.begun]
        for table, column in _TABLES_OF_PERSONS:
            for start in range(0, len(gone), _ROWS_MAX):
                store.command(
                    f"ALTER TABLE {table} DELETE WHERE team_id = {{project:Int64}} "
                    f"AND {column} IN {{persons:Array(UUID)}}",
                    {"project": self.project_id, "persons": gone[start : start + _ROWS_MAX]},
                    _AT_ONCE,
                )

    def in_catalog(self, connection: Connection) -> None:
        if self.keep_person:
            return
        save(
            connection,
            persons=[(self.project_id, id_.bytes, 0, "{}", False, 0, True) for id_ in self.person_ids],
        )
        columns = person_distinct_id.c
        connection.execute(
            delete(person_distinct_id).where(
                columns.project_id == self.project_id, columns.person_id.in_(self.person_ids)
            )
        )
        _leave_cohorts(connection, self.project_id, self.person_ids)

    def _by_distinct_id(self, store: Store, tables: Sequence[str], *, at_once: bool) -> None:
        for start in range(0, len(self.distinct_ids), _ROWS_MAX):
            part = list(self.distinct_ids[start : start + _ROWS_MAX])
            for table in tables:
                store.command(
                    f"ALTER TABLE {table} DELETE WHERE team_id = {{project:Int64}} "
                    "AND distinct_id IN {distinct_ids:Array(String)}",
                    {"project": self.project_id, "distinct_ids": part},
                    _AT_ONCE if at_once else None,
                )


@dataclass(frozen=True, slots=True)
class Split:
    """One person into as many as it has distinct ids. The main one stays the person it is."""

    project_id: int
    before: Mapping[str, Any] | None
    empties: bool
    moved: Sequence[tuple[str, uuid.UUID, int]]
    """Distinct id, its new person, its new version."""
    changes_state: bool = True

    @classmethod
    def prepare(cls, connection: Connection, request: EngineRequest) -> "Split":
        """Without a main distinct id the person keeps the first one, and none of its properties."""
        id_, main = uuid.UUID(request.arguments["person_id"]), request.arguments.get("main_distinct_id")
        columns = person_distinct_id.c
        rows = connection.execute(
            select(columns.distinct_id, columns.version)
            .where(columns.project_id == request.project_id, columns.person_id == id_)
            .order_by(columns.distinct_id)
        ).all()
        kept = main if main is not None else next((row.distinct_id for row in rows), None)
        before = (
            connection.execute(
                select(person).where(person.c.project_id == request.project_id, person.c.id == id_)
            )
            .mappings()
            .one_or_none()
        )
        return cls(
            project_id=request.project_id,
            before=None if before is None else dict(before),
            empties=main is None,
            moved=[
                (distinct_id, uuid.uuid5(_SPLIT, f"{request.id} {distinct_id}"), version + 1)
                for distinct_id, version in rows
                if before is not None and distinct_id != kept
            ],
        )

    def in_store(self, store: Store) -> None:
        if self.before is None:
            return
        for id_, properties, version in self._persons():
            store.command(
                "INSERT INTO person (id, created_at, team_id, properties, is_identified, is_deleted, version) "
                "SELECT {id:UUID}, fromUnixTimestamp64Micro({created:Int64}, 'UTC'), {project:Int64}, "
                "{properties:String}, {identified:Int8}, 0, {version:UInt64}",
                {
                    "id": id_,
                    "created": self.before["created_at"],
                    "project": self.project_id,
                    "properties": properties,
                    "identified": int(self.before["is_identified"]),
                    "version": version,
                },
            )
        for distinct_id, new_id, version in self.moved:
            for table in ("person_distinct_id2", "person_distinct_id_overrides"):
                store.command(
                    f"INSERT INTO {table} (team_id, distinct_id, person_id, is_deleted, version) "
                    "SELECT {project:Int64}, {distinct_id:String}, {person:UUID}, 0, {version:Int64}",
                    {
                        "project": self.project_id,
                        "distinct_id": distinct_id,
                        "person": new_id,
                        "version": version,
                    },
                )

    def in_catalog(self, connection: Connection) -> None:
        if self.before is None:
            return
        created_at, is_identified = self.before["created_at"], self.before["is_identified"]
        save(
            connection,
            persons=[
                (self.project_id, id_.bytes, created_at, properties, is_identified, version, False)
                for id_, properties, version in self._persons()
            ],
            distinct_ids=[
                (self.project_id, distinct_id, person_id.bytes, version, False)
                for distinct_id, person_id, version in self.moved
            ],
        )

    def _persons(self) -> list[tuple[uuid.UUID, str, int]]:
        assert self.before is not None  # noqa: S101 - asked by the callers
        found = [(person_id, "{}", 0) for _, person_id, _ in self.moved]
        if self.empties:
            found.append((self.before["id"], json.dumps({}), self.before["version"] + 1))
        return found


def _all_distinct_ids(connection: Connection, project_id: int, ids: Sequence[uuid.UUID]) -> list[str]:
    columns = person_distinct_id.c
    found: list[str] = []
    for chunk in chunks(ids):
        query = select(columns.distinct_id).where(
            columns.project_id == project_id, columns.person_id.in_(chunk)
        )
        found += connection.execute(query).scalars()
    return found


def _merged_away(connection: Connection, project_id: int, distinct_ids: Sequence[str]) -> list[uuid.UUID]:
    """Whoever still lives is left out."""
    ids = [person_id(project_id, distinct_id) for distinct_id in distinct_ids]
    living: set[uuid.UUID] = set()
    for chunk in chunks(ids):
        query = select(person.c.id).where(person.c.project_id == project_id, person.c.id.in_(chunk))
        living.update(connection.execute(query).scalars())
    return [id_ for id_ in ids if id_ not in living]


def _leave_cohorts(connection: Connection, project_id: int, ids: Sequence[uuid.UUID]) -> None:
    members = cohort_member.c
    of_project = select(cohort.c.id).where(cohort.c.project_id == project_id)
    mine = members.person_id.in_(ids) & members.cohort_id.in_(of_project)
    touched = list(connection.execute(select(members.cohort_id).where(mine).distinct()).scalars())
    if not touched:
        return
    connection.execute(delete(cohort_member).where(mine))
    for cohort_id in touched:
        counted = select(func.count()).where(members.cohort_id == cohort_id).scalar_subquery()
        connection.execute(cohort.update().where(cohort.c.id == cohort_id).values(count=counted))
