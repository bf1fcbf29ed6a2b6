"""Who belongs to which cohort."""

from appliance.query.hogql.schema.table import Column, Grouping, Link, Table
from appliance.query.hogql.value_types import INTEGER, UUID

_PERSON = Link("persons", ("person_id", "id"))

COHORT_PEOPLE = Table(
    "cohort_people",
    "cohortpeople",
    {
        "person_id": Column("source.person_id", UUID, whole=True),
        "cohort_id": Column("source.cohort_id", INTEGER, whole=True),
        "team_id": Column("any(source.team_id)", INTEGER, whole=True),
        "person": _PERSON,
    },
    # A cohort's newest version is the one that counts; rows of opposite sign that were not merged yet cancel out.
    grouping=Grouping(
        ("source.cohort_id", "source.person_id", "source.version"), having="greater(sum(source.sign), 0)"
    ),
    where=(
        "in(tuple(source.cohort_id, source.version), (SELECT newest.cohort_id, max(newest.version) FROM cohortpeople"
        " AS newest WHERE equals(newest.team_id, {project}) GROUP BY newest.cohort_id))"
    ),
)

RAW_COHORT_PEOPLE = Table(
    "raw_cohort_people",
    "cohortpeople",
    {
        "person_id": Column("source.person_id", UUID),
        "cohort_id": Column("source.cohort_id", INTEGER),
        "team_id": Column("source.team_id", INTEGER),
        "sign": Column("source.sign", INTEGER),
        "version": Column("source.version", INTEGER),
        "person": _PERSON,
    },
)

STATIC_COHORT_PEOPLE = Table(
    "static_cohort_people",
    "person_static_cohort",
    {
        "person_id": Column("source.person_id", UUID, whole=True),
        "cohort_id": Column("source.cohort_id", INTEGER, whole=True),
        "team_id": Column("any(source.team_id)", INTEGER, whole=True),
        "person": _PERSON,
    },
    grouping=Grouping(("source.cohort_id", "source.person_id")),
)

TABLES = (COHORT_PEOPLE, RAW_COHORT_PEOPLE, STATIC_COHORT_PEOPLE)
