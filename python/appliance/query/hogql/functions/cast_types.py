"""Types that a value may be cast to, by their names in several dialects."""

import re

from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import text
from appliance.query.hogql.value_types import Type, array
from appliance.query.hogql.written import Written

_SCALARS = {
    "Int64": ("int", "integer", "bigint", "smallint", "tinyint", "int64", "int32", "int16", "int8", "signed"),
    "UInt64": ("uint64", "uint32", "uint16", "uint8", "unsigned"),
    "Float64": ("float", "double", "real", "numeric", "float64", "float32", "double precision"),
    "String": ("string", "text", "varchar", "char", "json", "jsonb"),
    "Bool": ("bool", "boolean"),
    "Date": ("date", "date32"),
    "DateTime": ("datetime", "timestamp", "timestamptz", "datetime64"),
    "UUID": ("uuid",),
}
_BY_NAME = {name: kind for kind, names in _SCALARS.items() for name in names}
_DECIMAL = re.compile(r"decimal(?:\((\d{1,2})(?:\s*,\s*(\d{1,2}))?\))?")
_LENGTH = re.compile(r"(varchar|char|datetime64)\(\s*\d+\s*\)")
_DEPTH_MAX = 4
_DECIMAL_DIGITS = 76
_OURS = {
    "Int64": "Integer", "UInt64": "Integer", "Float64": "Float", "String": "String", "Bool": "Boolean",
    "Date": "Date", "DateTime": "DateTime", "UUID": "UUID",
}  # fmt: skip


def cast_sql(value: Written, name: str, context: Context, node: ast.Expr, *, may_fail: bool) -> Written:
    """A value that does not fit is NULL, whether or not it may fail: one odd event should not end a query."""
    del may_fail
    wanted = _LENGTH.sub(r"\1", name.strip().lower())
    while wanted.startswith("nullable(") and wanted.endswith(")"):
        wanted = wanted[len("nullable(") : -1].strip()
    if wanted.startswith("array(") and wanted.endswith(")"):
        kind, ours = _array(wanted, node, 0)
        return Written(f"CAST({value.sql}, '{kind}')", ours)
    decimal = _DECIMAL.fullmatch(wanted)
    if decimal is not None:
        digits, scale = int(decimal[1] or 18), int(decimal[2] or 0)
        if not 1 <= digits <= _DECIMAL_DIGITS or scale > digits:
            raise QueryError(f"Unsupported type: {name}", node.start, node.end)
        return Written(f"accurateCastOrNull({value.sql}, 'Decimal({digits}, {scale})')", Type("Decimal"))
    kind = _BY_NAME.get(wanted, "")
    if not kind:
        raise QueryError(f"Unsupported type: {name}", node.start, node.end)
    return _scalar(value, kind, context)


def _scalar(value: Written, kind: str, context: Context) -> Written:
    if kind == "String":
        return Written(f"toString({value.sql})", Type("String", value.type.nullable))
    if kind in ("Date", "DateTime"):
        return to_time(value, context, is_date=kind == "Date")
    if kind == "Bool" and value.type.is_number:
        return Written(f"toBool({value.sql})", Type("Boolean", value.type.nullable))
    return Written(f"accurateCastOrNull({value.sql}, '{kind}')", Type(_OURS[kind]))  # type: ignore[arg-type]


def to_time(value: Written, context: Context, *, is_date: bool, zone: str = "") -> Written:
    """Texts as people write times, NULL where they are none; a time stays what it is."""
    where = zone or text(context.timezone)
    if value.type.name in ("String", "JSON", "Null"):
        parsed = f"parseDateTime64BestEffortOrNull({value.sql}, 6, {where})"
        return Written(f"toDate({parsed})" if is_date else parsed, Type("Date" if is_date else "DateTime"))
    if is_date:
        sql = f"toDate({value.sql}, {zone})" if zone else f"toDate({value.sql})"
        return Written(sql, Type("Date", value.type.nullable))
    if value.type.name == "DateTime" and not zone:
        return Written(f"toDateTime({value.sql})", value.type)
    return Written(f"toDateTime({value.sql}, {where})", Type("DateTime", value.type.nullable))


def _array(name: str, node: ast.Expr, depth: int) -> tuple[str, Type]:
    inner = name[len("array(") : -1].strip()
    while inner.startswith("nullable(") and inner.endswith(")"):
        inner = inner[len("nullable(") : -1].strip()
    if depth > _DEPTH_MAX:
        raise QueryError("The type is nested too deeply", node.start, node.end)
    if inner.startswith("array(") and inner.endswith(")"):
        kind, ours = _array(inner, node, depth + 1)
        return f"Array({kind})", array(ours)
    kind = _BY_NAME.get(inner, "")
    if not kind:
        raise QueryError(f"Unsupported type: {name}", node.start, node.end)
    clickhouse = "DateTime64(6)" if kind == "DateTime" else kind
    return f"Array(Nullable({clickhouse}))", array(Type(_OURS[kind]))  # type: ignore[arg-type]
