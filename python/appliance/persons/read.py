"""Persons as the API shows them."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, func, or_, select

from appliance.catalog.model import person, person_distinct_id
from appliance.failures import Invalid
from appliance.persons.distinct_ids import distinct_ids_of
from appliance.persons.filters import FILTERS_MAX, condition
from appliance.persons.properties import property_text

LIMIT_MAX = 1_000
OFFSET_MAX = 1_000_000
SEARCH_CHARS_MAX = 400
VALUES_READ_MAX = 50_000
# As many as the page of a person can show.
DISTINCT_IDS_SHOWN_MAX = 1_000

# What a person is called by: the first of these that it has.
NAME_PROPERTIES = ("email", "Email", "$email", "name", "Name", "username", "Username", "UserName")
_SEARCHED_PROPERTIES = ("email", "name", "username")
# Ids that SDKs make up: nobody's name while the person has another.
_MADE_UP = re.compile(r"^[0-9a-f]{8,}-(?:[0-9a-f]+-){2,3}[0-9a-f]{8,}$", re.IGNORECASE)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class PersonView(TypedDict):
    id: str
    uuid: str
    name: str
    distinct_ids: list[str]
    properties: dict[str, Any]
    created_at: str
    is_identified: bool


def list_persons(
    connection: Connection,
    project_id: int,
    *,
    search: str = "",
    distinct_id: str = "",
    properties: Sequence[Mapping[str, Any]] = (),
    among: Select[Any] | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[list[PersonView], bool]:
    """A page of a project's persons, newest first, and whether there are more.

    `search` is part of an e-mail address, a name or a user name, or a whole distinct id; `among` a SELECT of ids.
    """
    if not 0 < limit <= LIMIT_MAX or not 0 <= offset <= OFFSET_MAX:
        raise Invalid(f"limit must be 1 to {LIMIT_MAX}, offset at most {OFFSET_MAX}")
    if len(search) > SEARCH_CHARS_MAX or len(properties) > FILTERS_MAX:
        raise Invalid(f"a search has at most {SEARCH_CHARS_MAX} characters and {FILTERS_MAX} filters")
    query = _persons(project_id)
    if search:
        query = query.where(_matches(connection, search.replace("\0", "\ufffd")))
    if distinct_id:
        query = query.where(_has_distinct_id(distinct_id))
    if among is not None:
        query = query.where(person.c.id.in_(among))
    for given in properties:
        query = query.where(condition(connection, given))
    # The second key makes the order, and so the pages, definite.
    page = query.order_by(person.c.created_at.desc(), person.c.id).limit(limit + 1).offset(offset)
    rows = list(connection.execute(page))
    return _views(connection, project_id, rows[:limit]), len(rows) > limit


def find_person(connection: Connection, project_id: int, id_or_distinct_id: str) -> PersonView | None:
    """One person by its id or, failing that, by a distinct id."""
    rows: list[Row[Any]] = []
    if (id_ := _uuid(id_or_distinct_id)) is not None:
        rows = list(connection.execute(_persons(project_id).where(person.c.id == id_)))
    if not rows:
        rows = list(connection.execute(_persons(project_id).where(_has_distinct_id(id_or_distinct_id))))
    return next(iter(_views(connection, project_id, rows)), None)


def persons_by_id(connection: Connection, project_id: int, ids: Sequence[UUID]) -> list[PersonView]:
    """Those that there are, in no order."""
    rows = list(connection.execute(_persons(project_id).where(person.c.id.in_(ids))))
    return _views(connection, project_id, rows)


def persons_by_distinct_id(
    connection: Connection, project_id: int, distinct_ids: Sequence[str]
) -> list[PersonView]:
    """Each person once, though several of its ids are named."""
    columns = person_distinct_id.c
    owners = select(columns.person_id).where(
        columns.project_id == project_id,
        columns.distinct_id.in_([one.replace("\0", "\ufffd") for one in distinct_ids]),
    )
    rows = list(connection.execute(_persons(project_id).where(person.c.id.in_(owners))))
    return _views(connection, project_id, rows)


def property_values(
    connection: Connection, project_id: int, key: str, part: str, limit: int
) -> list[tuple[str, int]]:
    """The most frequent values of a property among the newest persons, and how many have each."""
    newest = (
        select(person)
        .where(person.c.project_id == project_id)
        .order_by(person.c.created_at.desc(), person.c.id)
        .limit(VALUES_READ_MAX)
        .subquery("newest")
    )
    value = property_text(connection, key, newest).label("value")
    found = select(value, func.count().label("number")).select_from(newest).group_by(value).subquery()
    query = select(found.c.value, found.c.number).where(found.c.value.is_not(None))
    if part:
        query = query.where(found.c.value.icontains(part, autoescape=True))
    rows = connection.execute(query.order_by(found.c.number.desc(), found.c.value).limit(limit))
    return [(row[0], row[1]) for row in rows]


def _persons(project_id: int) -> Select[Any]:
    columns = person.c
    return select(columns.id, columns.created_at, columns.properties, columns.is_identified).where(
        columns.project_id == project_id
    )


def _has_distinct_id(distinct_id: str) -> ColumnElement[bool]:
    columns = person_distinct_id.c
    return exists().where(
        columns.project_id == person.c.project_id,
        columns.person_id == person.c.id,
        columns.distinct_id == distinct_id.replace("\0", "\ufffd"),
    )


def _matches(connection: Connection, search: str) -> ColumnElement[bool]:
    named = [
        property_text(connection, key).icontains(search, autoescape=True) for key in _SEARCHED_PROPERTIES
    ]
    return or_(_has_distinct_id(search), *named)


def _views(connection: Connection, project_id: int, rows: Sequence[Row[Any]]) -> list[PersonView]:
    ids = [row.id for row in rows]
    distinct_ids = distinct_ids_of(connection, project_id, ids, each_max=DISTINCT_IDS_SHOWN_MAX)
    return [
        _view(row, [distinct_id for distinct_id, _ in distinct_ids.get(row.id, [])][:DISTINCT_IDS_SHOWN_MAX])
        for row in rows
    ]


def _view(row: Row[Any], distinct_ids: list[str]) -> PersonView:
    properties = json.loads(row.properties)
    return {
        "id": str(row.id),
        "uuid": str(row.id),
        "name": _name(properties, distinct_ids) or str(row.id),
        "distinct_ids": distinct_ids,
        "properties": properties,
        "created_at": (_EPOCH + timedelta(microseconds=row.created_at)).isoformat().replace("+00:00", "Z"),
        "is_identified": row.is_identified,
    }


def _name(properties: Mapping[str, Any], distinct_ids: Sequence[str]) -> str:
    for key in NAME_PROPERTIES:
        value = properties.get(key)
        if value is not None and (text := str(value).strip()):
            return text
    given = [distinct_id for distinct_id in distinct_ids if not _MADE_UP.match(distinct_id)]
    return next(iter([*given, *distinct_ids]), "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
