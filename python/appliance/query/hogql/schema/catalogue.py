"""The schema as tables of itself: `system.information_schema.tables` and `.columns`."""

from collections.abc import Iterable

from appliance.query.hogql.schema.table import Column, Table
from appliance.query.hogql.value_types import BOOLEAN, INTEGER, STRING, Type

_NAMES = {
    "Integer": "Integer", "Float": "Float", "Decimal": "Decimal", "Boolean": "Boolean", "DateTime": "DateTime",
    "Date": "Date", "JSON": "JSON", "Array": "Array", "String": "String", "UUID": "UUID",
}  # fmt: skip


def type_name(kind: Type) -> str:
    return _NAMES.get(kind.name, "Unknown")


def tables(known: Iterable[Table]) -> tuple[Table, Table]:
    listed = list(known)
    names = Table(
        "system.information_schema.tables",
        "",
        {
            "table_schema": Column("1", STRING),
            "table_name": Column("2", STRING),
            "table_type": Column("3", STRING),
        },
        kind="system",
        rows=[("posthog", one.name, one.kind) for one in listed],
    )
    columns = Table(
        "system.information_schema.columns",
        "",
        {
            "table_schema": Column("1", STRING),
            "table_name": Column("2", STRING),
            "column_name": Column("3", STRING),
            "ordinal_position": Column("4", INTEGER),
            "data_type": Column("5", STRING),
            "is_hidden": Column("6", BOOLEAN),
        },
        kind="system",
        rows=[row for one in listed for row in _columns(one)],
    )
    return names, columns


def _columns(table: Table) -> Iterable[tuple[str | int, ...]]:
    typed = [(name, one.type, one.hidden) for name, one in table.fields.items() if hasattr(one, "type")]
    for position, (name, kind, hidden) in enumerate(typed, 1):
        yield "posthog", table.name, name, position, type_name(kind), int(hidden)
