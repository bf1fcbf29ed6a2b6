"""One property of a person in the SQL of both catalogs."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Numeric,
    Select,
    TableValuedAlias,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSON

from appliance.catalog.model import person

# PostgreSQL refuses the whole query for a number it cannot hold; JSON numbers may be of any length.
_NUMBERS = r"^-?[0-9]{1,255}(\.[0-9]{1,255})?([eE][+-]?[0-9]{1,3})?$"


def property_text(connection: Connection, key: str, rows: FromClause = person) -> ColumnElement[Any]:
    """The value as text: strings without quotes, other values as JSON. NULL where it is absent or null.

    `rows` is what has the column `properties`: persons, or whatever is like them.
    """
    if connection.dialect.name == "postgresql":
        return _member_text(key, rows)
    member = _members(rows)
    value = case(
        (member.c.type == "true", literal_column("'true'")),
        (member.c.type == "false", literal_column("'false'")),
        else_=cast(member.c.value, Text),
    )
    return _of_key(select(value), member, key, rows).scalar_subquery()


def property_number(connection: Connection, key: str) -> ColumnElement[Any]:
    """The value if it is a JSON number, else NULL."""
    if connection.dialect.name == "postgresql":
        text = _member_text(key, person)
        is_number = func.json_typeof(cast(person.c.properties, JSON).op("->")(literal(key, Text))) == "number"
        return case((is_number & text.op("~")(_NUMBERS), cast(text, Numeric)))
    member = _members(person)
    query = select(member.c.value).where(member.c.type.in_(["integer", "real"]))
    return _of_key(query, member, key, person).scalar_subquery()


def _member_text(key: str, rows: FromClause) -> ColumnElement[Any]:
    return cast(rows.c.properties, JSON).op("->>", return_type=Text())(literal(key, Text))


def _members(rows: FromClause) -> TableValuedAlias:
    return func.json_each(rows.c.properties).table_valued("key", "value", "type")


def _of_key(query: Select[Any], member: TableValuedAlias, key: str, rows: FromClause) -> Select[Any]:
    return query.where(member.c.key == literal(key, Text)).correlate(rows)
