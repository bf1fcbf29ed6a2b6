"""Users as the API shows those who made something."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from appliance.catalog.model import user_account

Person = dict[str, Any]


def people(connection: Connection, ids: Iterable[int | None]) -> Mapping[int | None, Person]:
    """The users among `ids`; those who left are missing."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = connection.execute(select(user_account).where(user_account.c.id.in_(wanted))).mappings()
    return {row["id"]: basic(row) for row in rows}


def basic(row: RowMapping) -> Person:
    first_name, _, last_name = row["name"].partition(" ")
    return {
        "id": row["id"],
        "uuid": str(row["uuid"]),
        "distinct_id": str(row["uuid"]),
        "first_name": first_name,
        "last_name": last_name,
        "email": row["email"],
    }
