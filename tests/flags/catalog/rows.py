"""Rows of the catalog that flags are answered from, written as ingest and people write them."""

import time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from appliance.accounts import create_organization, create_project
from appliance.catalog import changes
from appliance.catalog.feature_flags import feature_flag, flag_hash_key_override
from appliance.catalog.model import group_row, group_type, person, person_distinct_id
from appliance.catalog.resources import cohort, cohort_member

EVERYBODY = {"groups": [{"properties": [], "rollout_percentage": 100}]}


def add_project(connection: Connection, token: str = "phc_first", **others: Any) -> int:
    create_organization(connection, "Hedgehogs")
    return create_project(connection, token, token, **others)


def add_flag(
    connection: Connection, project_id: int, key: str, filters: Any = EVERYBODY, **others: Any
) -> int:
    now = time.time_ns() // 1_000
    row = {
        "project_id": project_id,
        "key": key,
        "filters": filters,
        "created_at": now,
        "last_modified_at": now,
        **others,
    }
    id_: int = connection.execute(feature_flag.insert().values(row)).inserted_primary_key[0]
    changes.bump(connection)
    return id_


def add_person(connection: Connection, project_id: int, *distinct_ids: str, properties: str = "{}") -> UUID:
    id_ = uuid4()
    row = {"project_id": project_id, "id": id_, "created_at": 0, "properties": properties}
    connection.execute(person.insert().values(**row, is_identified=False, version=0))
    for distinct_id in distinct_ids:
        connection.execute(
            person_distinct_id.insert().values(
                project_id=project_id, distinct_id=distinct_id, person_id=id_, version=0
            )
        )
    return id_


def add_cohort(
    connection: Connection, project_id: int, *members: UUID, version: int = 0, **others: Any
) -> int:
    row = {"is_static": True, "groups": [], "created_at": 0, "last_modified_at": 0, **others}
    made = connection.execute(cohort.insert().values(project_id=project_id, **row))
    id_: int = made.inserted_primary_key[0]
    for member in members:
        connection.execute(cohort_member.insert().values(cohort_id=id_, person_id=member, version=version))
    changes.bump(connection)
    return id_


def add_group(connection: Connection, project_id: int, index: int, key: str, properties: str) -> None:
    row = {"project_id": project_id, "type_index": index, "group_key": key, "created_at": 0}
    connection.execute(group_row.insert().values(**row, properties=properties, version=0))


def add_group_type(connection: Connection, project_id: int, name: str, index: int) -> None:
    connection.execute(group_type.insert().values(project_id=project_id, name=name, type_index=index))
    changes.bump(connection)


def buckets(connection: Connection) -> set[tuple[UUID, str, str]]:
    """Person, flag key, hash key."""
    columns = flag_hash_key_override.c
    return {
        (row.person_id, row.flag_key, row.hash_key)
        for row in connection.execute(flag_hash_key_override.select().order_by(columns.flag_key))
    }


def remember(connection: Connection, project_id: int, person_id: UUID, key: str, hash_key: str) -> None:
    row = {"project_id": project_id, "person_id": person_id, "flag_key": key, "hash_key": hash_key}
    connection.execute(flag_hash_key_override.insert().values(row))
