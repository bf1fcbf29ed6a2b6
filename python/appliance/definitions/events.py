"""Event definitions as they are found and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select

from appliance.accounts.access import Caller
from appliance.catalog.model import event_definition
from appliance.definitions.described import FIELDS, Described, is_true, names_in
from appliance.failures import Invalid
from appliance.http.openapi import BOOLEAN, TEXT, named
from appliance.resources import Field
from appliance.resources.fields import list_of, shown, text
from appliance.resources.resource import View
from appliance.resources.times import iso

_columns = event_definition.c
_ORDERS: Mapping[str, ColumnElement[Any]] = {
    "name": _columns.name,
    "created_at": _columns.created_at,
    "last_seen_at": _columns.last_seen_at,
    "last_seen_at::date": _columns.last_seen_at,
}


class EventDefinitions(Described):
    path = "event_definitions"
    parameters = named(
        search=TEXT,
        event_type=TEXT,
        excluded_properties=TEXT,
        names=TEXT,
        verified=BOOLEAN,
        exclude_hidden=BOOLEAN,
        ordering=TEXT,
    )
    scope = "event_definition"
    kind = "EventDefinition"
    table = event_definition
    fields = (
        *FIELDS,
        Field("default_columns", list_of(text(400), 100), is_nullable=True),
        Field("primary_property", text(400), is_nullable=True),
    )

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        del caller
        if given.get("search"):
            query = query.where(self.named_like(given["search"]))
        query = _of_type(query, given.get("event_type") or "all")
        if (excluded := names_in(given, "excluded_properties")) is not None:
            query = query.where(_columns.name.not_in(excluded))
        if (names := names_in(given, "names")) is not None:
            query = query.where(_columns.name.in_(names))
        if given.get("verified"):
            query = query.where(_columns.is_verified == is_true(given, "verified"))
        if is_true(given, "exclude_hidden"):
            query = query.where(~_columns.is_hidden)
        return query

    def order(self, given: Mapping[str, str]) -> Sequence[ColumnElement[Any]]:
        """PostHog's own order: what was seen today first, then by name."""
        name = given.get("ordering", "")
        column = _ORDERS.get(name.removeprefix("-"))
        if column is None:
            return [_columns.last_seen_at.desc(), _columns.name]
        return [column.desc() if name.startswith("-") else column.asc(), _columns.name]

    def by_name(self, connection: Connection, caller: Caller, name: str) -> RowMapping | None:
        query = self.query(caller).where(_columns.name == name.replace("\0", "\ufffd"))
        return connection.execute(query).mappings().one_or_none()

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        described = self.described(connection, caller, rows)
        return [
            {
                **view,
                "created_at": iso(row["created_at"]),
                "created_by": None,
                "last_seen_at": iso(row["last_seen_at"]),
                "last_updated_at": view["updated_at"] or iso(row["last_seen_at"]),
                "default_columns": row["default_columns"] or [],
                "primary_property": row["primary_property"],
                "is_action": False,
                "action_id": None,
                "is_calculating": False,
                "last_calculated_at": None,
                "post_to_slack": False,
            }
            for view, row in zip(described, rows, strict=True)
        ]


def _of_type(query: Select[Any], type_: str) -> Select[Any]:
    """Names that begin with `$` are PostHog's."""
    if type_ == "event_posthog":
        return query.where(_columns.name.startswith("$", autoescape=True))
    if type_ == "event_custom":
        return query.where(~_columns.name.startswith("$", autoescape=True))
    if type_ not in ("all", "event"):
        raise Invalid(f'"{shown(type_)}" is not a valid choice.', "event_type", "invalid_choice")
    return query
