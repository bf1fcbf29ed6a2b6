"""What one person gets, asked of the catalog as it is now: for people who look, not for SDKs.

Promise: the answer is the one that `/flags` gives, from the same code, except that runtimes and contexts leave no flag
out: whoever looks wants to see them all.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection, select

from appliance._native import flags as native
from appliance.accounts.keys import now_us
from appliance.catalog import ProjectSnapshot
from appliance.catalog.feature_flags import feature_flag, flag_hash_key_override
from appliance.catalog.model import group_row, person, person_distinct_id
from appliance.catalog.resources import cohort_member
from appliance.failures import Invalid
from appliance.flags.definitions import of_project

_QUERY = "v=2"
Evaluated = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Somebody:
    """A person as flags know them. None of it: somebody who was never seen."""

    distinct_id: str
    person_id: uuid.UUID | None = None
    properties: str | None = None
    memberships: list[tuple[int, int]] = field(default_factory=list)
    hash_keys: list[tuple[str, str]] = field(default_factory=list)


class Matching:
    """The flags of a project, compiled anew."""

    def __init__(self, connection: Connection, project: ProjectSnapshot) -> None:
        self._connection = connection
        self._project = project
        self._flag_set = native.FlagSet(of_project(connection, project.id).document(project))

    def of(
        self, distinct_id: str, groups: Mapping[str, Any] | None = None, keys: Sequence[str] | None = None
    ) -> Evaluated:
        """By key, every flag that is active, as `/flags` tells it."""
        request = self._request(distinct_id, groups or {}, keys)
        needs = self._flag_set.needs(request)
        if needs is None:
            return self._answered(request, Somebody(distinct_id), [])
        _, cohorts, _, group_keys = needs
        [somebody] = self._somebody([distinct_id], cohorts)
        return self._answered(request, somebody, self._groups(group_keys))

    def of_everybody(self, key: str, people: Sequence[tuple[uuid.UUID, str, str]]) -> Iterator[uuid.UUID]:
        """Of persons with their properties and one distinct id each, those who get a flag.

        Whoever is bucketed by a group or by a device cannot be told from here.
        """
        requests = [self._request(distinct_id, {}, [key]) for _, _, distinct_id in people]
        needs = self._flag_set.needs(requests[0]) if requests else None
        memberships = self._memberships([one for one, _, _ in people], needs[1] if needs else ())
        buckets = self._buckets([one for one, _, _ in people])
        for (id_, properties, distinct_id), request in zip(people, requests, strict=True):
            known = Somebody(distinct_id, id_, properties, memberships.get(id_, []), buckets.get(id_, []))
            if self._answered(request, known, []).get(key, {}).get("enabled"):
                yield id_

    def _request(
        self, distinct_id: str, groups: Mapping[str, Any], keys: Sequence[str] | None
    ) -> native.Request:
        body = {
            "token": self._project.token,
            "distinct_id": distinct_id,
            "groups": groups,
            "flag_keys": keys,
            "evaluation_runtime": "all",
            "geoip_disable": True,
        }
        found = native.read_request(
            native.FLAGS, _QUERY, "application/json", None, None, False, orjson.dumps(body)
        )
        if isinstance(found, native.Refusal):
            raise Invalid(found.body.decode("utf-8", "replace"))
        return found

    def _answered(self, request: native.Request, known: Somebody, groups: list[tuple[int, str]]) -> Evaluated:
        body = self._flag_set.answer(
            request,
            person_properties=known.properties,
            memberships=known.memberships,
            hash_keys=known.hash_keys,
            group_properties=groups,
            is_catalog_away=False,
            is_continuity_broken=False,
            place=None,
            config=None,
            request_id=str(uuid.uuid4()),
            now_us=now_us(),
        )
        flags: Evaluated = orjson.loads(body)["flags"]
        return flags

    def _somebody(self, distinct_ids: Sequence[str], cohorts: Sequence[int]) -> list[Somebody]:
        owned = person_distinct_id.join(
            person,
            (person.c.project_id == person_distinct_id.c.project_id)
            & (person.c.id == person_distinct_id.c.person_id),
        )
        query = (
            select(person_distinct_id.c.distinct_id, person.c.id, person.c.properties)
            .select_from(owned)
            .where(
                person_distinct_id.c.project_id == self._project.id,
                person_distinct_id.c.distinct_id.in_(distinct_ids),
            )
        )
        rows = {row.distinct_id: row for row in self._connection.execute(query)}
        ids = [row.id for row in rows.values()]
        memberships, buckets = self._memberships(ids, cohorts), self._buckets(ids)
        return [
            Somebody(one, row.id, row.properties, memberships.get(row.id, []), buckets.get(row.id, []))
            if (row := rows.get(one)) is not None
            else Somebody(one)
            for one in distinct_ids
        ]

    def _memberships(
        self, ids: Sequence[uuid.UUID], cohorts: Sequence[int]
    ) -> dict[uuid.UUID, list[tuple[int, int]]]:
        columns = cohort_member.c
        found: dict[uuid.UUID, list[tuple[int, int]]] = {}
        if not ids or not cohorts:
            return found
        query = select(columns.person_id, columns.cohort_id, columns.version).where(
            columns.cohort_id.in_(cohorts), columns.person_id.in_(ids)
        )
        for person_id, cohort_id, version in self._connection.execute(query):
            found.setdefault(person_id, []).append((cohort_id, version))
        return found

    def _buckets(self, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, str]]]:
        columns = flag_hash_key_override.c
        found: dict[uuid.UUID, list[tuple[str, str]]] = {}
        if not ids or not self._flag_set.continuity_keys:
            return found
        query = select(columns.person_id, columns.flag_key, columns.hash_key).where(
            columns.project_id == self._project.id, columns.person_id.in_(ids)
        )
        for person_id, flag_key, hash_key in self._connection.execute(query):
            found.setdefault(person_id, []).append((flag_key, hash_key))
        return found

    def _groups(self, keys: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
        columns = group_row.c
        found = []
        for index, key in keys:
            query = select(columns.properties).where(
                columns.project_id == self._project.id,
                columns.type_index == index,
                columns.group_key == key,
            )
            properties = self._connection.execute(query).scalar_one_or_none()
            if properties is not None:
                found.append((index, properties))
        return found


def value_of(flag: Mapping[str, Any]) -> bool | str:
    """As SDKs hand it to their callers."""
    variant: str | None = flag["variant"]
    return bool(flag["enabled"]) if variant is None else variant


def reasons(connection: Connection, project: ProjectSnapshot, evaluated: Evaluated) -> dict[str, Any]:
    """Why, for every flag of the project, the inactive ones too."""
    found = {
        key: {
            "value": value_of(one),
            "evaluation": {
                "reason": one["reason"]["code"],
                "condition_index": one["reason"]["condition_index"],
                "description": one["reason"]["description"],
            },
        }
        for key, one in evaluated.items()
    }
    columns = feature_flag.c
    query = select(columns.key).where(
        columns.project_id == project.id, ~columns.is_deleted, ~columns.is_active
    )
    disabled = {"reason": "disabled", "condition_index": None, "description": "Feature flag is disabled"}
    for key in connection.execute(query).scalars():
        found.setdefault(key, {"value": False, "evaluation": disabled})
    return found
