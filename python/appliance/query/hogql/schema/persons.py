"""Persons, their distinct ids, and groups: each the latest of its versions, the deleted ones gone."""

from appliance.query.hogql.schema import virtual
from appliance.query.hogql.schema.table import Column, Grouping, Link, Table
from appliance.query.hogql.value_types import BOOLEAN, DATETIME, INTEGER, STRING, UUID, Type

_PROPERTIES = Type("JSON", nullable=False, owner="person")
DISTINCT_ID_OVERRIDES = "person_distinct_id_overrides"
_NOT_DELETED = "argMax(source.is_deleted, source.version) = 0"

PERSONS = Table(
    "persons",
    "person",
    {
        "id": Column("source.id", UUID, whole=True),
        "created_at": Column("source.created_at", DATETIME),
        "team_id": Column("any(source.team_id)", INTEGER, whole=True),
        "properties": Column("source.properties", _PROPERTIES),
        "is_identified": Column("toBool(source.is_identified)", BOOLEAN),
        "last_seen_at": Column("source.last_seen_at", DATETIME, hidden=True),
        **virtual.fields("source.properties"),
        "pdi": Link("person_distinct_ids", ("id", "person_id")),
    },
    grouping=Grouping(("source.id",), "source.version", _NOT_DELETED),
    time="created_at",
)

RAW_PERSONS = Table(
    "raw_persons",
    "person",
    {
        "id": Column("source.id", UUID),
        "created_at": Column("source.created_at", DATETIME),
        "team_id": Column("source.team_id", INTEGER),
        "properties": Column("source.properties", _PROPERTIES),
        "is_identified": Column("toBool(source.is_identified)", BOOLEAN),
        "is_deleted": Column("toBool(source.is_deleted)", BOOLEAN),
        "version": Column("source.version", INTEGER),
        **virtual.fields("source.properties"),
        "pdi": Link("person_distinct_ids", ("id", "person_id")),
    },
    time="created_at",
)


def _distinct_ids(name: str, physical: str) -> Table:
    return Table(
        name,
        physical,
        {
            "team_id": Column("any(source.team_id)", INTEGER, whole=True),
            "distinct_id": Column("source.distinct_id", STRING, whole=True),
            "person_id": Column("source.person_id", UUID),
            "person": Link("persons", ("person_id", "id")),
        },
        grouping=Grouping(("source.distinct_id",), "source.version", _NOT_DELETED),
    )


def _raw_distinct_ids(name: str, physical: str) -> Table:
    return Table(
        name,
        physical,
        {
            "team_id": Column("source.team_id", INTEGER),
            "distinct_id": Column("source.distinct_id", STRING),
            "person_id": Column("source.person_id", UUID),
            "is_deleted": Column("toBool(source.is_deleted)", BOOLEAN),
            "version": Column("source.version", INTEGER),
            "person": Link("persons", ("person_id", "id")),
        },
    )


def _groups(name: str, index: int | None = None) -> Table:
    properties = Type("JSON", nullable=False, owner="group", group_type_index=index)
    return Table(
        name,
        "groups",
        {
            "index": Column("source.group_type_index", INTEGER, whole=True),
            "team_id": Column("any(source.team_id)", INTEGER, whole=True),
            "key": Column("source.group_key", STRING, whole=True),
            "created_at": Column("source.created_at", DATETIME),
            "updated_at": Column("source._timestamp", DATETIME),
            "properties": Column("source.group_properties", properties),
        },
        grouping=Grouping(("source.group_type_index", "source.group_key"), "source._timestamp"),
        where="" if index is None else f"source.group_type_index = {index}",
        time="created_at",
        filterable=True,
    )


RAW_GROUPS = Table(
    "raw_groups",
    "groups",
    {
        "index": Column("source.group_type_index", INTEGER),
        "team_id": Column("source.team_id", INTEGER),
        "key": Column("source.group_key", STRING),
        "created_at": Column("source.created_at", DATETIME),
        "updated_at": Column("source._timestamp", DATETIME),
        "properties": Column("source.group_properties", Type("JSON", nullable=False, owner="group")),
    },
    time="created_at",
    filterable=True,
)


def group_of_type(index: int) -> Table:
    """The groups of one type, as an event's `group_N` leads to them."""
    return _groups(f"group_{index}", index)


TABLES = (
    PERSONS,
    RAW_PERSONS,
    _distinct_ids("person_distinct_ids", "person_distinct_id2"),
    _raw_distinct_ids("raw_person_distinct_ids", "person_distinct_id2"),
    _distinct_ids(DISTINCT_ID_OVERRIDES, DISTINCT_ID_OVERRIDES),
    _raw_distinct_ids(f"raw_{DISTINCT_ID_OVERRIDES}", DISTINCT_ID_OVERRIDES),
    _groups("groups"),
    RAW_GROUPS,
)
