"""DatabaseSchemaQuery: every table and field that HogQL knows, as editors show them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from appliance.query.hogql.schema import Schema
from appliance.query.hogql.schema.table import Branch, Column, Computed, Link, Path, Table, TableField
from appliance.query.hogql.show import name as shown
from appliance.query.hogql.value_types import Type

if TYPE_CHECKING:
    from appliance.query.asked import Asked

_TYPES = {
    "String": "string", "UUID": "string", "Integer": "integer", "Float": "float", "Decimal": "decimal",
    "Boolean": "boolean", "DateTime": "datetime", "Date": "date", "JSON": "json", "Array": "array",
}  # fmt: skip


def database_schema(query: Mapping[str, Any], asked: "Asked") -> dict[str, Any]:
    del query
    schema = Schema(asked.context)
    tables = {table.name: _table(table, schema) for table in schema}
    return {"tables": tables, "joins": []}


def _table(table: Table, schema: Schema) -> dict[str, Any]:
    fields = {
        name: _field(name, one, schema)
        for name, one in table.fields.items()
        if not one.hidden or isinstance(one, Link | Branch | Path)
    }
    return {"id": table.name, "name": table.name, "type": table.kind, "fields": fields, "row_count": None}


def _field(name: str, field: TableField, schema: Schema) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "hogql_value": shown(name), "schema_valid": True}
    match field:
        case Column() | Computed():
            return about | {"type": type_name(field.type)}
        case Path():
            return about | {"type": "field_traverser", "chain": list(field.chain)}
        case Branch():
            return about | {"type": "virtual_table", "table": name, "fields": list(field.fields)}
    target = schema.get(field.table)
    names = [one for one, each in target.fields.items() if not each.hidden] if target else []
    table = "groups" if field.table.startswith("group_") else field.table
    return about | {"type": "lazy_table", "table": table, "id": table, "fields": names}


def type_name(kind: Type) -> str:
    return _TYPES.get(kind.name, "unknown")
