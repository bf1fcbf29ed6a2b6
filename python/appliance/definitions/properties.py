"""Property definitions as they are found and shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, exists, func, null, select

from appliance.accounts.access import Caller
from appliance.catalog.model import NO_GROUP_TYPE, PropertyOwner, event_property, property_definition
from appliance.definitions.described import FIELDS, Described, is_true, names_in, number_of
from appliance.failures import Invalid
from appliance.http.openapi import BOOLEAN, NUMBER, TEXT, named
from appliance.resources import Field
from appliance.resources.fields import choice, shown
from appliance.resources.resource import Values, View

TYPES = ("String", "Numeric", "Boolean", "DateTime", "Duration")
_OWNERS = {owner.name.lower(): owner for owner in PropertyOwner}
_FLAG_PREFIX = "$feature/"
_columns = property_definition.c
_seen = event_property.c


class PropertyDefinitions(Described):
    path = "property_definitions"
    parameters = named(
        search=TEXT,
        type={"enum": list(_OWNERS)},
        group_type_index=NUMBER,
        properties=TEXT,
        excluded_properties=TEXT,
        event_names=TEXT,
        filter_by_event_names=BOOLEAN,
        is_numerical=BOOLEAN,
        is_feature_flag=BOOLEAN,
        exclude_hidden=BOOLEAN,
    )
    scope = "property_definition"
    kind = "PropertyDefinition"
    table = property_definition
    fields = (*FIELDS, Field("property_type", choice(*TYPES), is_nullable=True))

    def narrowed(self, query: Select[Any], caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        query = query.where(*_owned_by(given))
        if given.get("search"):
            query = query.where(self.named_like(given["search"]))
        if (names := names_in(given, "properties")) is not None:
            query = query.where(_columns.name.in_(names))
        if (excluded := names_in(given, "excluded_properties")) is not None:
            query = query.where(_columns.name.not_in(excluded))
        if given.get("is_numerical"):
            query = query.where(_columns.is_numerical == is_true(given, "is_numerical"))
        if given.get("is_feature_flag"):
            is_flag = _columns.name.startswith(_FLAG_PREFIX, autoescape=True)
            query = query.where(is_flag if is_true(given, "is_feature_flag") else ~is_flag)
        if is_true(given, "exclude_hidden"):
            query = query.where(~_columns.is_hidden)
        if is_true(given, "filter_by_event_names"):
            query = query.where(_seen_on(caller.project.id, names_in(given, "event_names") or []))
        return query

    def listed(self, caller: Caller, given: Mapping[str, str]) -> Select[Any]:
        """Those that are seen on the events in question come first."""
        events = names_in(given, "event_names")
        is_seen = null() if events is None else _seen_on(caller.project.id, events)
        query = self.narrowed(self.query(caller), caller, given).add_columns(is_seen.label("is_seen"))
        first = [] if events is None else [is_seen.desc()]
        return query.order_by(*first, _columns.is_verified.desc(), func.lower(_columns.name), _columns.name)

    def prepared(
        self,
        connection: Connection,
        caller: Caller,
        values: Values,
        given: Mapping[str, Any],
        before: RowMapping | None,
    ) -> Values:
        if "property_type" in values:
            values["is_numerical"] = values["property_type"] == "Numeric"
        return super().prepared(connection, caller, values, given, before)

    def views(self, connection: Connection, caller: Caller, rows: Sequence[RowMapping]) -> list[View]:
        described = self.described(connection, caller, rows)
        return [
            {
                **view,
                "property_type": row["property_type"],
                "is_numerical": row["is_numerical"],
                "is_seen_on_filtered_events": _truth(row.get("is_seen")),
            }
            for view, row in zip(described, rows, strict=True)
        ]


def seen_together(
    connection: Connection, project_id: int, events: Sequence[str], property_name: str
) -> dict[str, bool]:
    """Which of the events have ever had the property."""
    query = select(_seen.event).where(
        _seen.project_id == project_id, _seen.event.in_(events), _seen.property == property_name
    )
    found = set(connection.execute(query).scalars())
    return {event: event in found for event in events}


def _owned_by(given: Mapping[str, str]) -> list[ColumnElement[bool]]:
    owner = given.get("type") or "event"
    if owner not in _OWNERS:
        raise Invalid(f'"{shown(owner)}" is not a valid choice.', "type", "invalid_choice")
    conditions: list[ColumnElement[bool]] = [_columns.type == int(_OWNERS[owner])]
    index = number_of(given, "group_type_index")
    if owner != "group":
        if index is not None:
            raise Invalid("group_type_index is for properties of groups.", "group_type_index")
        return conditions
    if index is None:
        raise Invalid("This field is required for properties of groups.", "group_type_index", "required")
    # A property that is known of groups in general counts for each type.
    return [*conditions, _columns.group_type_index.in_([index, NO_GROUP_TYPE])]


def _seen_on(project_id: int, events: Sequence[str]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = exists().where(
        _seen.project_id == project_id, _seen.event.in_(events), _seen.property == _columns.name
    )
    return found


def _truth(value: Any) -> bool | None:
    return None if value is None else bool(value)
