"""Tags: short lower-case words on anything."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, Table, cast, delete, select
from sqlalchemy.types import String

from appliance.catalog.connect import insert
from appliance.catalog.resources import tagging
from appliance.resources.fields import Check, Field, list_of, text

TAGS_MAX = 100


def _tag() -> Check:
    as_text = text(255, is_blank_allowed=False)
    return lambda value: as_text(value).lower()


FIELD = Field("tags", list_of(_tag(), TAGS_MAX))


def tags_of(
    connection: Connection, project_id: int, table: Table, ids: Sequence[Any]
) -> dict[str, list[str]]:
    """Sorted, by the text of the id."""
    found: dict[str, list[str]] = {}
    columns = tagging.c
    query = (
        select(columns.item_id, columns.tag)
        .where(
            columns.project_id == project_id,
            columns.kind == table.name,
            columns.item_id.in_([str(one) for one in ids]),
        )
        .order_by(columns.tag)
    )
    for item_id, tag in connection.execute(query):
        found.setdefault(item_id, []).append(tag)
    return found


def set_tags(connection: Connection, project_id: int, table: Table, item: Any, tags: Iterable[str]) -> None:
    columns = tagging.c
    connection.execute(
        delete(tagging).where(
            columns.project_id == project_id, columns.kind == table.name, columns.item_id == str(item)
        )
    )
    rows = [
        {"project_id": project_id, "kind": table.name, "item_id": str(item), "tag": tag}
        for tag in sorted(set(tags))
    ]
    if rows:
        connection.execute(insert(connection, tagging).on_conflict_do_nothing(), rows)


def with_any_tag(query: Select[Any], project_id: int, table: Table, tags: Sequence[str]) -> Select[Any]:
    columns = tagging.c
    tagged = select(columns.item_id).where(
        columns.project_id == project_id, columns.kind == table.name, columns.tag.in_(tags)
    )
    return query.where(cast(table.c.id, String).in_(tagged))
