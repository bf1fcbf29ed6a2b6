"""Who is in a static cohort, from the catalog into the store. Done by the engine, which writes the store."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from appliance.catalog.requests import EngineRequest
from appliance.catalog.resources import cohort_member
from appliance.store.client import Store

MIRROR_COHORT = "mirror_cohort"
_ROWS_MAX = 2_000
_AT_ONCE = {"mutations_sync": 1}


@dataclass(frozen=True, slots=True)
class Mirror:
    """Makes the store's members those of the catalog, whatever they were."""

    project_id: int
    cohort_id: int
    wanted: frozenset[uuid.UUID]
    changes_state: bool = False

    @classmethod
    def prepare(cls, connection: Connection, request: EngineRequest) -> "Mirror":
        cohort_id = request.arguments["cohort_id"]
        query = select(cohort_member.c.person_id).where(cohort_member.c.cohort_id == cohort_id)
        return cls(request.project_id, cohort_id, frozenset(connection.execute(query).scalars()))

    def in_store(self, store: Store) -> None:
        whose = {"project": self.project_id, "cohort": self.cohort_id}
        rows = store.query(
            "SELECT DISTINCT person_id FROM person_static_cohort "
            "WHERE team_id = {project:Int64} AND cohort_id = {cohort:Int64}",
            whose,
        ).rows
        present = {uuid.UUID(str(row[0])) for row in rows}
        for part in _parts(sorted(self.wanted - present)):
            # The row's id follows from what it says, so a repeated row is the same row.
            store.command(
                "INSERT INTO person_static_cohort (id, person_id, cohort_id, team_id) SELECT "
                "reinterpretAsUUID(sipHash128(toString(p), {cohort:Int64})), p, {cohort:Int64}, {project:Int64} "
                "FROM (SELECT arrayJoin({persons:Array(UUID)}) AS p)",
                {**whose, "persons": list(part)},
            )
        for part in _parts(sorted(present - self.wanted)):
            store.command(
                "ALTER TABLE person_static_cohort DELETE WHERE team_id = {project:Int64} "
                "AND cohort_id = {cohort:Int64} AND person_id IN {persons:Array(UUID)}",
                {**whose, "persons": list(part)},
                _AT_ONCE,
            )

    def in_catalog(self, connection: Connection) -> None:
        """Nothing changes there."""
        del connection


def _parts(ids: Sequence[uuid.UUID]) -> list[Sequence[uuid.UUID]]:
    return [ids[start : start + _ROWS_MAX] for start in range(0, len(ids), _ROWS_MAX)]
