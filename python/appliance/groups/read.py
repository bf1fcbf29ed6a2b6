"""Groups as they are found and shown."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, func, or_, select

from appliance.catalog.model import PropertyOwner, group_row, group_type, property_definition
from appliance.failures import Invalid
from appliance.persons.properties import property_text
from appliance.resources.times import iso

LIMIT = 100
VALUES_READ_MAX = 50_000
SEARCH_CHARACTERS_MAX = 400
_columns = group_row.c


def type_name(connection: Connection, project_id: int, type_index: int) -> str:
    """Raises `Invalid` where the project has no such type."""
    columns = group_type.c
    found = connection.execute(
        select(columns.name).where(columns.project_id == project_id, columns.type_index == type_index)
    ).scalar_one_or_none()
    if found is None:
        raise Invalid(f"There is no group type with the index {type_index}.", "group_type_index")
    return str(found)


def find_group(connection: Connection, project_id: int, type_index: int, key: str) -> RowMapping | None:
    query = _groups(project_id, type_index).where(_columns.group_key == key)
    return connection.execute(query).mappings().one_or_none()


def list_groups(
    connection: Connection, project_id: int, type_index: int, *, search: str = "", cursor: str = ""
) -> tuple[Sequence[RowMapping], str | None]:
    """A page, newest first, and the cursor of the next one."""
    query = _groups(project_id, type_index)
    if search:
        part = search[:SEARCH_CHARACTERS_MAX].replace("\0", "\ufffd")
        name = property_text(connection, "name", group_row)
        query = query.where(
            or_(_columns.group_key.icontains(part, autoescape=True), name.icontains(part, autoescape=True))
        )
    if cursor:
        created_at, key = _read_cursor(cursor)
        query = query.where(
            or_(
                _columns.created_at < created_at,
                and_(_columns.created_at == created_at, _columns.group_key > key),
            )
        )
    ordered = query.order_by(_columns.created_at.desc(), _columns.group_key).limit(LIMIT + 1)
    rows = connection.execute(ordered).mappings().all()
    if len(rows) <= LIMIT:
        return rows, None
    return rows[:LIMIT], _cursor(rows[LIMIT - 1])


def view(row: RowMapping) -> dict[str, Any]:
    return {
        "group_type_index": row["type_index"],
        "group_key": row["group_key"],
        "group_properties": json.loads(row["properties"]),
        "created_at": iso(row["created_at"]),
    }


def known_properties(connection: Connection, project_id: int) -> dict[str, list[dict[str, Any]]]:
    """By the index of the type: its properties, and how many groups have each is not counted."""
    columns = property_definition.c
    query = (
        select(columns.group_type_index, columns.name)
        .where(columns.project_id == project_id, columns.type == int(PropertyOwner.GROUP))
        .order_by(columns.group_type_index, columns.name)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for index, name in connection.execute(query):
        found.setdefault(str(index), []).append({"name": name})
    return found


def property_values(
    connection: Connection, project_id: int, type_index: int, key: str, *, part: str, limit: int
) -> list[dict[str, Any]]:
    """The most frequent values among the newest groups."""
    newest = (
        _groups(project_id, type_index)
        .order_by(_columns.created_at.desc(), _columns.group_key)
        .limit(VALUES_READ_MAX)
        .subquery("newest")
    )
    value = property_text(connection, key, newest).label("value")
    found = select(value, func.count().label("number")).select_from(newest).group_by(value).subquery()
    query = select(found.c.value, found.c.number).where(found.c.value.is_not(None))
    if part:
        query = query.where(found.c.value.icontains(part, autoescape=True))
    rows = connection.execute(query.order_by(found.c.number.desc(), found.c.value).limit(limit))
    return [{"name": row[0], "count": row[1]} for row in rows]


def _groups(project_id: int, type_index: int) -> Select[Any]:
    return select(group_row).where(_columns.project_id == project_id, _columns.type_index == type_index)


def _cursor(row: RowMapping) -> str:
    return base64.urlsafe_b64encode(json.dumps([row["created_at"], row["group_key"]]).encode()).decode()


def _read_cursor(text: str) -> tuple[int, str]:
    try:
        created_at, key = json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("Invalid cursor.", "cursor") from None
    if not isinstance(created_at, int) or not isinstance(key, str) or abs(created_at) >= 1 << 63:
        raise Invalid("Invalid cursor.", "cursor")
    return created_at, key
