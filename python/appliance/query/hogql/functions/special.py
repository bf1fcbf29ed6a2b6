"""Functions that are written as something else than a call of the same shape."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from appliance.query.hogql import ast
from appliance.query.hogql.constants import instant, time_of
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.functions.cast_types import to_time
from appliance.query.hogql.functions.languages import LANGUAGES
from appliance.query.hogql.quoting import text
from appliance.query.hogql.schema import channels
from appliance.query.hogql.scope import Scope
from appliance.query.hogql.value_types import BOOLEAN, DATE, DATETIME, STRING, Type, array, common
from appliance.query.hogql.written import Written

UNTYPED = frozenset({"toFloatOrZero", "toIntOrZero", "toFloatOrDefault"})
"""Their arguments are read as the text they are, whatever the definition of a property says."""


@dataclass(frozen=True, slots=True)
class Special:
    write: Callable[[Any, Scope], Written]
    least: int
    most: int | None


def _values(node: ast.Call, scope: Scope) -> list[Written]:
    return [scope.write(one) for one in node.args]


def _or_null(kind: str, ours: Type) -> Callable[[ast.Call, Scope], Written]:
    def write(node: ast.Call, scope: Scope) -> Written:
        value = scope.write(node.args[0])
        return Written(f"accurateCastOrNull({value.sql}, '{kind}')", ours)

    return write


def _to_decimal(node: ast.Call, scope: Scope) -> Written:
    scale = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
    if not isinstance(scale, int) or not 0 <= scale <= 18:  # noqa: PLR2004  digits of a Decimal64
        raise QueryError("The scale of toDecimal is a whole number up to 18", node.start, node.end)
    return Written(f"accurateCastOrNull({scope.sql(node.args[0])}, 'Decimal64({scale})')", Type("Decimal"))


def _zeroing(clickhouse: str, kind: Type) -> Callable[[ast.Call, Scope], Written]:
    def write(node: ast.Call, scope: Scope) -> Written:
        values = _values(node, scope)
        first = f"ifNull(toString({values[0].sql}), '')"
        rest = "".join(f", toFloat64({one.sql})" for one in values[1:])
        return Written(f"{clickhouse}({first}{rest})", kind)

    return write


def _to_date(node: ast.Call, scope: Scope) -> Written:
    return _to_time(node, scope, is_date=True)


def _to_date_time(node: ast.Call, scope: Scope) -> Written:
    return _to_time(node, scope, is_date=False)


def _to_time(node: ast.Call, scope: Scope, *, is_date: bool) -> Written:
    values = _values(node, scope)
    zone = values[1].sql if len(values) > 1 else ""
    if isinstance(values[0].value, str) and not zone:
        found = time_of(values[0].value, scope.context)
        if found is not None and is_date:
            day = found.astimezone(ZoneInfo(scope.context.timezone)).date()
            return Written(f"toDate('{day.isoformat()}')", DATE)
        if found is not None:
            return Written(instant(found, scope.context), DATETIME, value=found)
    return to_time(values[0], scope.context, is_date=is_date, zone=zone)


def _parse(clickhouse: str) -> Callable[[ast.Call, Scope], Written]:
    def write(node: ast.Call, scope: Scope) -> Written:
        values = _values(node, scope)
        zone = values[1].sql if len(values) > 1 else text(scope.context.timezone)
        return Written(f"{clickhouse}({values[0].sql}, 6, {zone})", Type("DateTime"))

    return write


def _parse_format(node: ast.Call, scope: Scope) -> Written:
    values = _values(node, scope)
    zone = values[2].sql if len(values) > 2 else text(scope.context.timezone)  # noqa: PLR2004
    return Written(f"parseDateTimeOrNull({values[0].sql}, {values[1].sql}, {zone})", Type("DateTime"))


def _now(node: ast.Call, scope: Scope) -> Written:
    """One moment for the whole query, so that a question asked twice is the same question."""
    del node
    return Written(instant(scope.context.now, scope.context), DATETIME, value=scope.context.now)


def _day(days_ago: int) -> Callable[[ast.Call, Scope], Written]:
    def write(node: ast.Call, scope: Scope) -> Written:
        del node
        here = scope.context.now.astimezone(ZoneInfo(scope.context.timezone))
        return Written(f"toDate('{(here.date() - timedelta(days=days_ago)).isoformat()}')", DATE)

    return write


def _start_of_week(node: ast.Call, scope: Scope) -> Written:
    values = _values(node, scope)
    mode = values[1].sql if len(values) > 1 else ("3" if scope.context.project.week_start_day == 1 else "0")
    rest = "".join(f", {one.sql}" for one in values[2:])
    return Written(f"toStartOfWeek({values[0].sql}, {mode}{rest})", Type("Date", values[0].type.nullable))


_UNITS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})


def _moved(operator: str) -> Callable[[ast.Call, Scope], Written]:
    """`dateAdd(time, interval)`, or `dateAdd('day', 3, time)`."""

    def write(node: ast.Call, scope: Scope) -> Written:
        if len(node.args) == 2:  # noqa: PLR2004
            time, interval = _values(node, scope)
            kind = time.type if time.type.name == "DateTime" else Type("Unknown")
            return Written(f"{operator}({time.sql}, {interval.sql})", kind)
        unit = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        if not isinstance(unit, str) or unit.lower().rstrip("s") not in _UNITS:
            raise QueryError(
                "The unit must be a constant such as 'day'", node.args[0].start, node.args[0].end
            )
        count, time = scope.write(node.args[1]), scope.write(node.args[2])
        interval_sql = f"toInterval{unit.lower().rstrip('s').capitalize()}({count.sql})"
        return Written(f"{operator}({time.sql}, {interval_sql})", Type("Unknown", time.type.nullable))

    return write


def _case(node: ast.Call, scope: Scope) -> Written:
    """`case x when a then b … else c`."""
    if len(node.args) % 2:
        raise QueryError("CASE needs a THEN for every WHEN", node.start, node.end)
    values = _values(node, scope)
    kind = _common([*values[2:-1:2], values[-1]])
    return Written(f"caseWithExpression({', '.join(one.sql for one in values)})", kind)


def _if(node: ast.Call, scope: Scope) -> Written:
    condition, *branches = _values(node, scope)
    kind = _common(branches)
    return Written(f"if({condition.sql}, {branches[0].sql}, {branches[1].sql})", kind)


def _multi_if(node: ast.Call, scope: Scope) -> Written:
    if len(node.args) % 2 == 0:
        raise QueryError("Function 'multiIf' requires an odd number of arguments", node.start, node.end)
    values = _values(node, scope)
    kind = _common([*values[1:-1:2], values[-1]])
    return Written(f"multiIf({', '.join(one.sql for one in values)})", kind)


def _common(values: list[Written]) -> Type:
    return common([one.type for one in values])


def _concat(node: ast.Call, scope: Scope) -> Written:
    """NULL adds nothing to a text."""
    parts = []
    for value in _values(node, scope):
        sql = value.sql if value.type.name == "String" else f"toString({value.sql})"
        parts.append(f"ifNull({sql}, '')" if value.type.nullable else sql)
    return Written(f"concat({', '.join(parts)})", STRING)


_OF_A_DAY = frozenset({"second", "minute", "hour", "day"})


def _start(unit: str | None, value: Type) -> Type:
    """Starts of weeks and longer are days to the store."""
    if unit is None:
        return Type("Unknown", value.nullable)
    return Type("DateTime" if unit in _OF_A_DAY else "Date", value.nullable)


def _date_trunc(node: ast.Call, scope: Scope) -> Written:
    unit = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    values = _values(node, scope)
    kind = _start(unit.lower() if isinstance(unit, str) else None, values[1].type)
    return Written(f"dateTrunc({', '.join(one.sql for one in values)})", kind)


def _start_of_interval(node: ast.Call, scope: Scope) -> Written:
    by = node.args[1]
    unit = by.name.removeprefix("toInterval").lower() if isinstance(by, ast.Call) else None
    values = _values(node, scope)
    kind = _start(unit, values[0].type) if len(values) == 2 else Type("Unknown")  # noqa: PLR2004
    return Written(f"toStartOfInterval({', '.join(one.sql for one in values)})", kind)


def _coalesce(node: ast.Call, scope: Scope) -> Written:
    values = _values(node, scope)
    kind = _common(values).as_nullable(all(one.type.nullable for one in values))
    name = "ifNull" if node.name.lower() == "ifnull" else "coalesce"
    return Written(f"{name}({', '.join(one.sql for one in values)})", kind)


def _to_string(node: ast.Call, scope: Scope) -> Written:
    values = _values(node, scope)
    sql = f"toString({', '.join(one.sql for one in values)})"
    return Written(sql, Type("String", values[0].type.nullable))


def _aggregating(node: ast.Call, scope: Scope) -> AbstractContextManager[None]:
    if scope.aggregate:
        message = (
            f"Aggregation '{node.name}' cannot be nested inside another aggregation '{scope.aggregate}'."
        )
        raise QueryError(message, node.start, node.end)
    return scope.within(aggregate=node.name)


def _string_agg(node: ast.Call, scope: Scope) -> Written:
    with _aggregating(node, scope):
        value, separator = _values(node, scope)
    return Written(f"arrayStringConcat(groupArray(toString({value.sql})), {separator.sql})", STRING)


def _json_agg(node: ast.Call, scope: Scope) -> Written:
    with _aggregating(node, scope):
        value = scope.sql(node.args[0])
    return Written(f"toJSONString(groupArray({value}))", STRING)


def _every(node: ast.Call, scope: Scope) -> Written:
    with _aggregating(node, scope):
        value = scope.sql(node.args[0])
    return Written(f"toBool(min({value}))", Type("Boolean"))


def _uuid_v7_time(node: ast.Call, scope: Scope) -> Written:
    value = scope.write(node.args[0])
    zone = text(scope.context.timezone)
    if value.type.name != "UUID":
        value = Written(f"assumeNotNull(toUUIDOrDefault({value.sql}))", Type("UUID", nullable=False))
    return Written(f"UUIDv7ToDateTime({value.sql}, {zone})", DATETIME)


def _sortable_semver(node: ast.Call, scope: Scope) -> Written:
    version = f"extract(ifNull(toString({scope.sql(node.args[0])}), ''), '(\\\\d+(?:\\\\.\\\\d+)+)')"
    return Written(
        f"arrayMap(part -> toInt64OrZero(part), splitByChar('.', {version}))", array(Type("Integer"))
    )


def _tag(kind: str, *attributes: str) -> Callable[[ast.Call, Scope], Written]:
    def write(node: ast.Call, scope: Scope) -> Written:
        pairs = zip(attributes, node.args, strict=False)
        return scope.write(ast.HogQLXTag(kind, [ast.HogQLXAttribute(name, value) for name, value in pairs]))

    return write


def _matches_action(node: ast.Call, scope: Scope) -> Written:
    named = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
    if not isinstance(named, int | str) or isinstance(named, bool):
        raise QueryError("matchesAction takes the number or the name of an action", node.start, node.end)
    action = scope.context.project.action(named)
    if action is None:
        shown = f"with ID {named}" if isinstance(named, int) else f"with name '{named}'"
        raise QueryError(f"Could not find an action {shown}", node.start, node.end)
    from appliance.query.filters import action_to_expr  # noqa: PLC0415  filters are built on top of HogQL

    value = scope.write(action_to_expr(action, scope.context))
    return Written(value.sql, BOOLEAN)


def _lookup(write: Callable[[str], str]) -> Callable[[ast.Call, Scope], Written]:
    def call(node: ast.Call, scope: Scope) -> Written:
        return Written(write(f"toString({scope.sql(node.args[0])})"), Type("String"))

    return call


def _language(node: ast.Call, scope: Scope) -> Written:
    codes = ", ".join(text(code) for code in LANGUAGES)
    names = ", ".join(text(name) for name in LANGUAGES.values())
    code = f"lower(substring(ifNull(toString({scope.sql(node.args[0])}), ''), 1, 2))"
    return Written(f"transform({code}, [{codes}], [{names}], CAST(NULL, 'Nullable(String)'))", Type("String"))


def _currency(node: ast.Call, scope: Scope) -> Written:
    del scope
    raise QueryError("convertCurrency needs exchange rates, and this store has none", node.start, node.end)


def _survey_response(node: ast.Call, scope: Scope) -> Written:
    """The answer to a question, by its id if there is one, else by its place."""
    constants = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
    place, known = constants[0], constants[1] if len(constants) > 1 else None
    if not isinstance(place, int) or isinstance(place, bool):
        raise QueryError("getSurveyResponse takes the number of a question", node.start, node.end)
    names = [f"$survey_response_{known}"] if isinstance(known, str) and known else []
    names.append("$survey_response" if place == 0 else f"$survey_response_{place}")
    answers: list[ast.Expr] = [ast.Field(["properties", name]) for name in names]
    if len(constants) > 2 and constants[2] is True:  # noqa: PLR2004
        lists = [scope.sql(ast.Call("JSONExtract", [one, ast.Constant("Array(String)")])) for one in answers]
        sql = lists[0] if len(lists) == 1 else f"if(notEmpty({lists[0]}), {lists[0]}, {lists[1]})"
        return Written(sql, array(STRING))
    given: list[ast.Expr] = [ast.Call("nullIf", [one, ast.Constant("")]) for one in answers]
    return scope.write(ast.Call("coalesce", given))


def _survey_submissions(node: ast.Call, scope: Scope) -> Written:
    """Of several events of one submission the last."""
    submission = ast.Field(["properties", "$survey_submission_id"])
    same = ast.Call("coalesce", [ast.Call("nullIf", [submission, ast.Constant("")]), _text_of("uuid")])
    survey = ast.Field(["properties", "$survey_id"])
    last = ast.SelectQuery(
        [ast.Call("argMax", [ast.Field(["uuid"]), ast.Field(["timestamp"])])],
        select_from=ast.JoinExpr(ast.Field(["events"])),
        where=ast.And(
            [
                ast.CompareOperation(ast.Field(["event"]), ast.Constant("survey sent"), "=="),
                ast.CompareOperation(survey, node.args[0], "=="),
            ]
        ),
        group_by=[same],
    )
    return scope.write(ast.CompareOperation(ast.Field(["uuid"]), last, "in"))


def _text_of(name: str) -> ast.Expr:
    return ast.Call("toString", [ast.Field([name])])


_BEST_EFFORT = "parseDateTime64BestEffortOrNull"
SPECIAL: dict[str, Special] = {
    "toInt": Special(_or_null("Int64", Type("Integer")), 1, 1),
    "toFloat": Special(_or_null("Float64", Type("Float")), 1, 1),
    "toUUID": Special(_or_null("UUID", Type("UUID")), 1, 1),
    "toDecimal": Special(_to_decimal, 2, 2),
    "toIntOrZero": Special(_zeroing("toInt64OrZero", Type("Integer", nullable=False)), 1, 1),
    "toFloatOrZero": Special(_zeroing("toFloat64OrZero", Type("Float", nullable=False)), 1, 1),
    "toFloatOrDefault": Special(_zeroing("toFloat64OrDefault", Type("Float", nullable=False)), 1, 2),
    "toDate": Special(_to_date, 1, 2),
    "toDateTime": Special(_to_date_time, 1, 2),
    "toDateTimeUS": Special(_parse("parseDateTime64BestEffortUSOrNull"), 1, 2),
    "parseDateTimeBestEffort": Special(_parse(_BEST_EFFORT), 1, 2),
    "parseDateTimeBestEffortOrNull": Special(_parse(_BEST_EFFORT), 1, 2),
    "parseDateTime64BestEffort": Special(_parse(_BEST_EFFORT), 1, 2),
    "parseDateTime": Special(_parse_format, 2, 3),
    "now": Special(_now, 0, 1),
    "today": Special(_day(0), 0, 0),
    "yesterday": Special(_day(1), 0, 0),
    "current_date": Special(_day(0), 0, 0),
    "current_timestamp": Special(_now, 0, 0),
    "toStartOfWeek": Special(_start_of_week, 1, 3),
    "toString": Special(_to_string, 1, 2),
    **{
        name: Special(_moved("plus"), 2, 3)
        for name in ("dateAdd", "date_add", "timeStampAdd", "timestampAdd")
    },
    **{
        name: Special(_moved("minus"), 2, 3)
        for name in ("dateSub", "date_sub", "timeStampSub", "timestampSub")
    },
    "_caseWithExpression": Special(_case, 4, None),
    "concat": Special(_concat, 1, None),
    **{name: Special(_date_trunc, 2, 3) for name in ("dateTrunc", "date_trunc", "dateFloor")},
    "toStartOfInterval": Special(_start_of_interval, 2, 4),
    "if": Special(_if, 3, 3),
    "multiIf": Special(_multi_if, 3, None),
    "coalesce": Special(_coalesce, 1, None),
    "ifNull": Special(_coalesce, 2, 2),
    "string_agg": Special(_string_agg, 2, 2),
    "json_agg": Special(_json_agg, 1, 1),
    "every": Special(_every, 1, 1),
    "UUIDv7ToDateTime": Special(_uuid_v7_time, 1, 1),
    "sortableSemver": Special(_sortable_semver, 1, 1),
    "sparkline": Special(_tag("Sparkline", "data"), 1, 1),
    "recording_button": Special(_tag("RecordingButton", "sessionId", "recordingStatus"), 1, 2),
    "explain_csp_report": Special(_tag("ExplainCSPReport", "properties"), 1, 1),
    "hogql_lookupDomainType": Special(_lookup(lambda sql: channels.domain_lookup(sql, channels.KIND)), 1, 1),
    "hogql_lookupPaidSourceType": Special(
        _lookup(lambda sql: channels.source_lookup(sql, channels.PAID)), 1, 1
    ),
    "hogql_lookupPaidMediumType": Special(_lookup(lambda sql: channels.medium_lookup(sql, paid=True)), 1, 1),
    "hogql_lookupOrganicSourceType": Special(
        _lookup(lambda sql: channels.source_lookup(sql, channels.ORGANIC)), 1, 1
    ),
    "hogql_lookupOrganicMediumType": Special(
        _lookup(lambda sql: channels.medium_lookup(sql, paid=False)), 1, 1
    ),
    "languageCodeToName": Special(_language, 1, 1),
    "convertCurrency": Special(_currency, 3, 4),
    "getSurveyResponse": Special(_survey_response, 1, 3),
    "uniqueSurveySubmissionsFilter": Special(_survey_submissions, 1, 1),
    "matchesAction": Special(_matches_action, 1, 1),
}
