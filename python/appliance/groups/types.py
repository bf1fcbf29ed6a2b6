"""Group types: ingest makes them, people say how they are called and shown."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from appliance.accounts.access import Caller
from appliance.catalog.model import GROUP_TYPES_MAX, group_type
from appliance.catalog.resources import dashboard
from appliance.failures import Invalid
from appliance.resources.activity import Item, changes_between, record
from appliance.resources.fields import Field, at, integer, json_object, list_of, read, text
from appliance.resources.times import iso_or_none

KIND = "GroupType"
_columns = group_type.c
_FIELDS = (
    Field("name_singular", text(400), is_nullable=True),
    Field("name_plural", text(400), is_nullable=True),
    Field("detail_dashboard", integer(1, 2**63 - 1), "detail_dashboard_id", is_nullable=True),
    Field("default_columns", list_of(text(400), 100), is_nullable=True),
)
_INDEX = Field("group_type_index", integer(0, GROUP_TYPES_MAX - 1), is_required=True)


def types_query(project_id: int) -> Select[Any]:
    return select(group_type).where(_columns.project_id == project_id).order_by(_columns.type_index)


def view(row: RowMapping) -> dict[str, Any]:
    return {
        "group_type": row["name"],
        "group_type_index": row["type_index"],
        "name_singular": row["name_singular"],
        "name_plural": row["name_plural"],
        "detail_dashboard": row["detail_dashboard_id"],
        "default_columns": row["default_columns"],
        "created_at": iso_or_none(row["created_at"]),
    }


def change(connection: Connection, caller: Caller, items: list[Any]) -> None:
    """Each item names its type by `group_type_index`."""
    rows = {row["type_index"]: row for row in connection.execute(types_query(caller.project.id)).mappings()}
    for number, item in enumerate(items):
        at(str(number))(lambda given: _change(connection, caller, rows, json_object(given)), item)


def _change(
    connection: Connection, caller: Caller, rows: Mapping[int, RowMapping], given: Mapping[str, Any]
) -> None:
    index = _INDEX.take(given.get("group_type_index"))
    if index not in rows:
        raise Invalid(f"There is no group type with the index {index}.", "group_type_index", "does_not_exist")
    values = read(_FIELDS, given, is_partial=True)
    dashboard_id = values.get("detail_dashboard_id")
    if dashboard_id is not None:
        query = select(dashboard.c.id).where(
            dashboard.c.id == dashboard_id, dashboard.c.project_id == caller.project.id
        )
        if connection.execute(query).one_or_none() is None:
            raise Invalid(
                f'Invalid pk "{dashboard_id}" - object does not exist.', "detail_dashboard", "does_not_exist"
            )
    noted = changes_between(KIND, dict(rows[index]), values)
    if not noted:
        return
    connection.execute(
        group_type.update()
        .where(_columns.project_id == caller.project.id, _columns.type_index == index)
        .values(values)
    )
    record(connection, caller, Item(scope=KIND, id=index, name=rows[index]["name"]), "updated", noted)
