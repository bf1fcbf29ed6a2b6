"""Properties: text at a path of JSON, typed by the project's definitions.

A shredded column is read by `shredded_text` alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import text
from appliance.query.hogql.value_types import Type
from appliance.query.hogql.written import Json, TextRead, Written

INDEX_FROM_ONE = "SQL indexes start from one, not from zero. E.g: array[1]"
_KEYS_MAX = 32
# Ids that look like numbers and are not: a definition would spoil them.
_NEVER_TYPED = frozenset(
    {"$ai_trace_id", "$ai_span_id", "$ai_parent_id", "$ai_session_id", "$ai_generation_id"}
)


def shredded_text(column: str, *, has_null: bool) -> TextRead:
    """A property's own column. Without NULL it holds '' for a missing property, for null and for '' alike."""
    return TextRead(column) if has_null else TextRead(f"nullIf({column}, '')", column)


def extracted_text(json_sql: str, keys: Sequence[str | int], context: Context) -> str:
    """One pass over the document. Strings come unquoted, other values as JSON, a missing one and null as NULL."""
    if len(keys) > _KEYS_MAX:
        raise QueryError(f"A property path may have at most {_KEYS_MAX} steps")
    path = ", ".join(_step(key, context) for key in keys)
    return f"JSONExtract({json_sql}, {path}, 'Nullable(String)')"


def _step(key: str | int, context: Context) -> str:
    if isinstance(key, str):
        return context.parameter(key, "String")
    if key == 0:
        raise QueryError(INDEX_FROM_ONE)
    return str(key)


def document(sql: str, context: Context) -> Callable[[tuple[str | int, ...]], TextRead]:
    """Reads any text column that holds JSON."""

    def read(keys: tuple[str | int, ...]) -> TextRead:
        return TextRead(extracted_text(sql, keys, context))

    return read


def property_value(json: Json, context: Context, *, typed: bool) -> Written:
    """The value at `json.keys`, in the type of its definition where it has one."""
    for key in json.keys:
        if key == 0 and isinstance(key, int):
            raise QueryError(INDEX_FROM_ONE)
    found = json.read(json.keys)
    plain = Written(found.sql, Type("String", found.nullable), json=json, column=found.column)
    name = json.keys[0]
    if (
        not typed
        or len(json.keys) != 1
        or json.owner is None
        or not isinstance(name, str)
        or name in _NEVER_TYPED
    ):
        return plain
    kind = context.project.property_type(json.owner, name, json.group_type_index)
    if kind in ("Numeric", "Duration"):
        return replace(plain, sql=f"toFloat64OrNull({found.sql})", type=Type("Float"), column="")
    if kind == "Boolean":
        # The text of a flag is kept in `column`, so that a filter can compare it without the detour.
        sql = f"toBool(transform({found.sql}, ['true', 'false'], [1, 0], NULL))"
        return replace(plain, sql=sql, type=Type("Boolean"), column="")
    if kind == "DateTime":
        zone = text(context.timezone)
        sql = f"parseDateTime64BestEffortOrNull({found.sql}, 6, {zone})"
        return replace(plain, sql=sql, type=Type("DateTime"), column="")
    return plain
