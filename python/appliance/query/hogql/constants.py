"""Constants. A user's text is always a bound parameter, never part of the SQL."""

import math
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.quoting import text
from appliance.query.hogql.value_types import (
    BOOLEAN,
    DATE,
    DATETIME,
    FLOAT,
    INTEGER,
    NULL,
    STRING,
    UNKNOWN,
    UUID,
    Type,
    array,
    common,
    tuple_of,
)
from appliance.query.hogql.written import Written

_INTEGER_BITS = 256
_ITEMS_MAX = 100_000
_PARAMETER_BYTES = 200_000
_NUMBER_BYTES = 22
_YEAR_FIRST, _YEAR_LAST = 1900, 2299


def write_constant(value: Any, context: Context) -> Written:  # noqa: C901, PLR0911, PLR0912  one line for each kind of value
    match value:
        case None:
            return Written("NULL", NULL, value=None)
        case bool():
            return Written("true" if value else "false", BOOLEAN, value=value)
        case int():
            if value.bit_length() >= _INTEGER_BITS:
                raise QueryError("The number is too large")
            return Written(str(value), INTEGER, value=value)
        case float():
            return Written(_float(value), FLOAT, value=value)
        case Decimal():
            return Written(_float(float(value)), FLOAT, value=float(value))
        case str():
            return Written(context.parameter(value, "String"), STRING, value=value)
        case uuid.UUID():
            return Written(context.parameter(str(value), "UUID"), UUID, value=value)
        case datetime():
            return Written(instant(value, context), DATETIME, value=value)
        case date():
            return Written(context.parameter(value.isoformat(), "Date32"), DATE, value=value)
        case list() | set() | frozenset():
            return _list(list(value), context)
        case tuple():
            written = [write_constant(one, context) for one in value]
            sql = f"tuple({', '.join(one.sql for one in written)})"
            return Written(sql, tuple_of(one.type for one in written), value=value)
        case dict():
            return _map(value, context)
    raise QueryError(f"A value of type {type(value).__name__} cannot be used in a query")


def _float(value: float) -> str:
    if math.isnan(value):
        return "nan"
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return repr(value)


def _list(values: Sequence[Any], context: Context) -> Written:
    if len(values) > _ITEMS_MAX:
        raise QueryError(f"A list may have at most {_ITEMS_MAX} values")
    if values and all(isinstance(one, str) for one in values):
        return Written(bound_list(values, "String", context), array(STRING), value=list(values))
    if values and all(isinstance(one, uuid.UUID) for one in values):
        sql = bound_list([str(one) for one in values], "UUID", context)
        return Written(sql, array(UUID), value=list(values))
    written = [write_constant(one, context) for one in values]
    element = common([one.type for one in written]) if written else UNKNOWN
    return Written(f"[{', '.join(one.sql for one in written)}]", array(element), value=list(values))


def bound_list(values: Sequence[Any], clickhouse_type: str, context: Context) -> str:
    """A list as a parameter, or as several: the store reads each as a statement, whose length it limits."""
    parts: list[list[Any]] = [[]]
    size = 0
    for one in values:
        length = len(one.encode("utf-8", "surrogatepass")) * 2 + 4 if isinstance(one, str) else _NUMBER_BYTES
        if size + length > _PARAMETER_BYTES and parts[-1]:
            parts.append([])
            size = 0
        parts[-1].append(one)
        size += length
    bound = [context.parameter(part, f"Array({clickhouse_type})") for part in parts]
    return bound[0] if len(bound) == 1 else f"arrayConcat({', '.join(bound)})"


def _map(values: dict[Any, Any], context: Context) -> Written:
    pairs = [(write_constant(key, context), write_constant(value, context)) for key, value in values.items()]
    kind = common([value.type for _, value in pairs]) if pairs else UNKNOWN
    sql = f"map({', '.join(f'{key.sql}, {value.sql}' for key, value in pairs)})"
    return Written(sql, Type("Map", nullable=False, items=(STRING, kind)))


def instant(value: datetime, context: Context) -> str:
    """A point in time; one without a zone is in the project's."""
    sql = _bare(value, context)
    return sql if context.timezone == "UTC" else f"toTimeZone({sql}, {text(context.timezone)})"


def time_of(value: str, context: Context) -> datetime | None:
    """A time as people write it, in the project's zone unless it says another; None if it is not one."""
    stripped = value.strip()
    if len(stripped) < len("2024-1-1") or not stripped[:4].isdigit():
        return None
    try:
        found = datetime.fromisoformat(stripped)
    except ValueError:
        return None
    return found.replace(tzinfo=ZoneInfo(context.timezone)) if found.tzinfo is None else found


def parsed_time(value: Written, context: Context) -> Written:
    """A constant text that is compared with a time, as that time."""
    if isinstance(value.value, datetime):
        return Written(_bare(value.value, context), DATETIME, value=value.value)
    if not isinstance(value.value, str):
        return value
    found = time_of(value.value, context)
    if found is None:
        return value
    return Written(_bare(found, context), DATETIME, value=found)


_ELAPSED = {"toIntervalSecond": 1, "toIntervalMinute": 60, "toIntervalHour": 3600}
_CALENDAR = {"toIntervalDay": 1, "toIntervalWeek": 7}
_MOVED_MAX = 1_000_000


def moved(value: Any, operator: str, by: ast.Expr, context: Context) -> datetime | None:
    """`now() - interval 7 day` worked out here, so that the store sees a constant. None: leave it to the store."""
    if (
        not isinstance(value, datetime)
        or operator not in ("+", "-")
        or not isinstance(by, ast.Call)
        or not by.args
    ):
        return None
    count = by.args[0].value if isinstance(by.args[0], ast.Constant) else None
    if not isinstance(count, int) or isinstance(count, bool) or abs(count) > _MOVED_MAX:
        return None
    signed = count if operator == "+" else -count
    local = value.astimezone(ZoneInfo(context.timezone)) if value.tzinfo else value
    try:
        if by.name in _CALENDAR:
            # By the calendar on the wall, as the store would.
            return local + timedelta(days=signed * _CALENDAR[by.name])
        if by.name in _ELAPSED and local.tzinfo:
            return local.astimezone(UTC) + timedelta(seconds=signed * _ELAPSED[by.name])
    except OverflowError:
        return None
    return None


def _bare(value: datetime, context: Context) -> str:
    zone = ZoneInfo(context.timezone)
    local = value.replace(tzinfo=zone) if value.tzinfo is None else value
    moment = local.astimezone(UTC)
    if not _YEAR_FIRST <= moment.year <= _YEAR_LAST:
        raise QueryError(f"The time {value.isoformat()} is out of range")
    return f"toDateTime64('{moment:%Y-%m-%d %H:%M:%S.%f}', 6, 'UTC')"
