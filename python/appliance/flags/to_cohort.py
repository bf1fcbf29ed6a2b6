"""The persons for whom a flag matches, as a static cohort: as of now, from the catalog."""

import uuid
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, func, select

from appliance.accounts.access import Caller
from appliance.catalog.model import person, person_distinct_id
from appliance.failures import Invalid
from appliance.flags.matching import Matching

PERSONS_MAX = 200_000
"""More would take too long for one request: a dynamic cohort of the same criteria has no limit."""
_AT_ONCE = 1_000


def matching_persons(connection: Connection, caller: Caller, flag: RowMapping) -> list[uuid.UUID]:
    """Everybody who gets the flag, each asked by one of their ids."""
    _check(connection, caller, flag)
    matching = Matching(connection, caller.project)
    found: list[uuid.UUID] = []
    after: uuid.UUID | None = None
    while page := _page(connection, caller.project.id, after):
        after = page[-1].id
        first = _distinct_ids(connection, caller.project.id, [one.id for one in page])
        asked = [(one.id, one.properties, first[one.id]) for one in page if one.id in first]
        found.extend(matching.of_everybody(flag["key"], asked))
    return found


def _check(connection: Connection, caller: Caller, flag: RowMapping) -> None:
    if not flag["is_active"]:
        raise Invalid("An inactive flag matches nobody.", code="inactive_flag")
    filters = flag["filters"]
    groups = [filters, *(filters.get("groups") or ())]
    if any(one.get("aggregation_group_type_index") is not None for one in groups):
        raise Invalid("A cohort is of persons, and this flag is about groups.", code="group_flag")
    if flag["bucketing_identifier"] == "device_id":
        raise Invalid("This flag goes by devices, which are nobody's in particular.", code="device_flag")
    count = connection.execute(
        select(func.count()).select_from(person).where(person.c.project_id == caller.project.id)
    ).scalar_one()
    if count > PERSONS_MAX:
        raise Invalid(
            f"There are {count} persons; this looks at up to {PERSONS_MAX}. Make a dynamic cohort instead.",
            code="too_many_persons",
        )


def _page(connection: Connection, project_id: int, after: uuid.UUID | None) -> Sequence[RowMapping]:
    query = select(person.c.id, person.c.properties).where(person.c.project_id == project_id)
    if after is not None:
        query = query.where(person.c.id > after)
    return connection.execute(query.order_by(person.c.id).limit(_AT_ONCE)).all()  # type: ignore[return-value]


def _distinct_ids(connection: Connection, project_id: int, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The one of each that was theirs the longest: ids that came by a merge have a higher version."""
    columns = person_distinct_id.c
    query = (
        select(columns.person_id, columns.distinct_id)
        .where(columns.project_id == project_id, columns.person_id.in_(ids))
        .order_by(columns.version.desc(), columns.distinct_id.desc())
    )
    return {row.person_id: row.distinct_id for row in connection.execute(query)}
