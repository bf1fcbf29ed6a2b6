"""Events, and the person, session and groups that each of them leads to."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from appliance.query.hogql.context import Context
from appliance.query.hogql.schema import error_tracking, virtual
from appliance.query.hogql.schema.persons import DISTINCT_ID_OVERRIDES
from appliance.query.hogql.schema.table import Branch, Column, Computed, Link, Path, Table, TableField
from appliance.query.hogql.value_types import DATETIME, INTEGER, STRING, UUID, Type, array
from appliance.query.hogql.written import Written
from appliance.store.tables import GROUPS

if TYPE_CHECKING:
    from appliance.query.hogql.source import TableSource

_TEXT_OF_ELEMENTS = ("texts", "ids")


def table(context: Context) -> Table:
    return Table("events", "events", _fields(context), filterable=True)


def _fields(context: Context) -> dict[str, TableField]:
    groups = {f"$group_{index}": Column(f"source.`$group_{index}`", STRING) for index in range(GROUPS)}
    fields: dict[str, TableField] = {
        "uuid": Column("source.uuid", UUID),
        "event": Column("source.event", STRING),
        "properties": Column(
            "source.properties", Type("JSON", nullable=False, owner="event"), is_events_properties=True
        ),
        "timestamp": Column("source.timestamp", DATETIME),
        "team_id": Column("source.team_id", INTEGER),
        "distinct_id": Column("source.distinct_id", STRING),
        "elements_chain": Column("source.elements_chain", STRING),
        "created_at": Column("source.created_at", DATETIME),
        "person_mode": Column("toString(source.person_mode)", STRING),
        "$session_id": Column("source.`$session_id`", STRING),
        "$session_id_uuid": Column("source.`$session_id_uuid`", Type("Unknown"), hidden=True),
        "$window_id": Column("source.`$window_id`", STRING),
        "person_id": _person_id(context),
        **groups,
        "elements_chain_href": Column("source.elements_chain_href", STRING),
        "elements_chain_texts": Column("source.elements_chain_texts", array(STRING)),
        "elements_chain_ids": Column("source.elements_chain_ids", array(STRING)),
        "elements_chain_elements": Column("source.elements_chain_elements", array(STRING)),
        "stored_person_id": Column("source.person_id", UUID, hidden=True),
        "pdi": Link("person_distinct_ids", ("distinct_id", "distinct_id")),
        "override": Link(DISTINCT_ID_OVERRIDES, ("distinct_id", "distinct_id")),
        "poe": Branch(_stored_person(context)),
        **virtual.fields("source.person_properties"),
        "session": Link("sessions", ("$session_id_uuid", "session_id_v7")),
        **error_tracking.FIELDS_OF_EVENTS,
    }
    fields["person"] = _person(context)
    for index in range(GROUPS):
        fields[f"group_{index}"] = Link(f"group_{index}", (f"$group_{index}", "key"))
        fields[f"goe_{index}"] = Branch(_stored_group(index))
    for name, index in context.project.group_types.items():
        fields.setdefault(name, Path((f"group_{index}",)))
    return fields


def _stored_person(context: Context) -> Mapping[str, TableField]:
    return {
        "id": _person_id(context),
        "created_at": Column("source.person_created_at", DATETIME),
        "properties": Column("source.person_properties", Type("JSON", nullable=False, owner="person")),
        "distinct_id": Column("source.distinct_id", STRING),
        **virtual.fields("source.person_properties"),
    }


def _stored_group(index: int) -> Mapping[str, TableField]:
    properties = Type("JSON", nullable=False, owner="group", group_type_index=index)
    return {
        "key": Column(f"source.`$group_{index}`", STRING),
        "created_at": Column(f"source.group{index}_created_at", DATETIME),
        "properties": Column(f"source.group{index}_properties", properties),
    }


def _person_id(context: Context) -> TableField:
    if context.person_mode == "disabled":
        return Path(("pdi", "person_id"), hidden=False)
    if context.person_mode == "person_id_no_override_properties_on_events":
        return Column("source.person_id", UUID)
    return Computed(_person_id_by_override, UUID)


def _person_id_by_override(events: "TableSource") -> Written:
    if not events.context.joins_overrides(DISTINCT_ID_OVERRIDES):
        return events.column("stored_person_id")
    override = events.linked("override")
    stored, found = events.column("stored_person_id").sql, override.column("person_id").sql
    return Written(f"if(empty({override.column('distinct_id').sql}), {stored}, {found})", UUID)


def _person(context: Context) -> TableField:
    if context.person_mode == "disabled":
        return Path(("pdi", "person"))
    if context.person_mode == "person_id_override_properties_joined":
        return Link("persons", ("person_id", "id"))
    return Path(("poe",))
