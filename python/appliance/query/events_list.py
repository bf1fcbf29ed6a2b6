"""The list of events by all that HogQL can say: property filters, conditions, orders and columns.

Promises:
- Those of `events`: each event once, and pages of a definite order. The newest first is paged by time, any other
  order by `offset`.
- With `select` the rows are those of an EventsQuery, under the same limits.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from appliance.catalog import ProjectSnapshot
from appliance.failures import Invalid
from appliance.http.parameters import whole_number
from appliance.query.columns import OFFSET_MAX, grouped, read_columns, read_order
from appliance.query.events import AHEAD_US, DAY_US, Filters, Key, iso_time
from appliance.query.events_query import SPECIAL
from appliance.query.filters import property_to_expr
from appliance.query.filters.terms import (
    alias,
    call,
    compare,
    constant,
    descending,
    equals,
    every,
    field,
    some,
)
from appliance.query.filters.terms import within as among
from appliance.query.hogql import ast
from appliance.query.hogql.user_text import expression_of
from appliance.query.runner import Question, Runner
from appliance.resources.bodies import json_value

VALUES_DAYS = 7
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_TEXTS_MAX = 100
_JSON_CHARACTERS_MAX = 100_000
_DOWNWARD = re.compile(r"-([A-Za-z_$][\w.$]*)")
_NEWEST_FIRST = ("timestamp DESC",)
_KIND = {"kind": "EventsQuery"}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What an address asks beyond the plain filters."""

    properties: Any = None
    where: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    offset: int = 0

    @property
    def is_plain(self) -> bool:
        return self == Narrowing(order=self.order) and self.is_newest_first

    @property
    def is_newest_first(self) -> bool:
        return self.order in ((), _NEWEST_FIRST)


def narrowing_of(given: Mapping[str, str]) -> Narrowing:
    properties = json_of(given, "properties")
    if not isinstance(properties, list | dict):
        raise Invalid("properties must be a JSON list of filters", "properties")
    return Narrowing(
        properties=properties or None,
        where=_texts(given, "where"),
        select=_texts(given, "select"),
        order=tuple(_upright(one) for one in _texts(given, "orderBy")),
        offset=min(whole_number(given, "offset", 0), OFFSET_MAX),
    )


class EventsList:
    """The events of one project as HogQL finds them."""

    def __init__(self, runner: Runner, project: ProjectSnapshot) -> None:
        self._runner = runner
        self._project = project

    def keys(self, filters: Filters, asked_for: Narrowing, limit: int) -> tuple[list[Key], bool]:
        """At most `limit` of them in order, and whether there are more."""
        with self._runner.asking(Question(self._project, _KIND)) as asked:
            end = asked.context.now + AHEAD_US * _MICROSECOND
            end_us = _micros(end) if filters.before_us is None else filters.before_us
            recent_us = end_us - DAY_US
            starts = [filters.after_us]
            # Most pages lie within the last day of what is asked for.
            if asked_for.is_newest_first and (filters.after_us is None or filters.after_us < recent_us):
                starts.insert(0, recent_us)
            conditions = [property_to_expr(asked_for.properties, asked.context)]
            conditions += [expression_of(text) for text in asked_for.where]
            order = read_order(list(asked_for.order), SPECIAL) if asked_for.order else []
            rows: Any = ()
            for start in starts:
                tree = ast.SelectQuery(
                    [alias("event_time", field("timestamp")), alias("event_uuid", field("uuid"))],
                    select_from=ast.JoinExpr(field("events")),
                    where=every([*conditions, *_plain(filters, start, end_us)]),
                    order_by=[*order, descending(field("timestamp")), descending(field("uuid"))],
                    limit_by=ast.LimitByExpr(constant(1), [field("uuid")]),
                    limit=constant(limit + 1),
                    offset=constant(asked_for.offset),
                )
                rows = asked.run(tree, name="events").rows
                if len(rows) > limit:
                    break
        return [Key(_micros(time), str(uuid)) for time, uuid in rows[:limit]], len(rows) > limit

    def rows(self, filters: Filters, asked_for: Narrowing, limit: int) -> dict[str, Any]:
        """The columns that are selected, as an EventsQuery answers them."""
        select, order = list(asked_for.select), list(asked_for.order)
        if grouped(read_columns(select, SPECIAL)) is None:
            order = [*(order or _NEWEST_FIRST), "uuid DESC"]
        query: dict[str, Any] = {
            **_KIND,
            "select": select,
            "where": list(asked_for.where),
            "properties": asked_for.properties,
            "fixedProperties": _of_distinct_ids(filters),
            "after": "all" if filters.after_us is None else iso_time(filters.after_us),
            "limit": limit,
            "offset": asked_for.offset,
        }
        given = {
            "orderBy": order,
            "event": filters.event,
            "before": None if filters.before_us is None else iso_time(filters.before_us),
            "personId": None if filters.person_id is None else str(filters.person_id),
        }
        query |= {name: value for name, value in given.items() if value}
        answer = self._runner.answer(Question(self._project, query, refresh="force_blocking"))
        return {name: answer[name] for name in ("columns", "types", "results", "hasMore")}

    def values(self, key: str, part: str, events: list[str], limit: int) -> list[tuple[str, int]]:
        """What a property has been in the last days, the most used first, and how often."""
        with self._runner.asking(Question(self._project, _KIND)) as asked:
            value = call("toString", field("properties", key))
            now = asked.context.now
            conditions: list[ast.Expr] = [
                compare(field("timestamp"), ">=", constant(now - timedelta(days=VALUES_DAYS))),
                compare(field("timestamp"), "<", constant(now + AHEAD_US * _MICROSECOND)),
                compare(call("ifNull", value, constant("")), "!=", constant("")),
            ]
            if events:
                conditions.append(among(field("event"), events))
            if part:
                found = call("positionCaseInsensitive", value, constant(part))
                conditions.append(compare(found, ">", constant(0)))
            tree = ast.SelectQuery(
                [alias("name", value), alias("number", call("count"))],
                select_from=ast.JoinExpr(field("events")),
                where=every(conditions),
                group_by=[value],
                order_by=[
                    descending(call("count")),
                    descending(call("max", field("timestamp"))),
                    ast.OrderExpr(value, "ASC"),
                ],
                limit=constant(limit),
            )
            return [(str(name), int(number)) for name, number in asked.run(tree, name="values").rows]


def _plain(filters: Filters, after_us: int | None, end_us: int) -> list[ast.Expr]:
    time, end = field("timestamp"), constant(_moment(end_us))
    found: list[ast.Expr] = []
    if filters.before_uuid is None:
        found.append(compare(time, "<", end))
    else:
        later = compare(field("uuid"), "<", call("toUUID", constant(str(filters.before_uuid))))
        found += [compare(time, "<=", end), some([compare(time, "<", end), later])]
    if after_us is not None:
        found.append(compare(time, ">", constant(_moment(after_us))))
    if filters.event:
        found.append(equals(field("event"), filters.event))
    if filters.distinct_ids is not None:
        ids = list(filters.distinct_ids)
        found.append(among(field("distinct_id"), ids) if ids else constant(value=False))
    if filters.person_id is not None:
        found.append(equals(call("toString", field("person_id")), str(filters.person_id)))
    return found


def _of_distinct_ids(filters: Filters) -> list[dict[str, Any]]:
    if filters.distinct_ids is None:
        return []
    if not filters.distinct_ids:
        return [{"type": "hogql", "key": "false"}]
    ids = list(filters.distinct_ids)
    return [{"type": "event_metadata", "key": "distinct_id", "operator": "exact", "value": ids}]


def json_of(given: Mapping[str, str], name: str) -> Any:
    """What a parameter holds as JSON; an empty list if it is absent."""
    text = given.get(name, "")
    if not text:
        return []
    if len(text) > _JSON_CHARACTERS_MAX:
        raise Invalid(f"{name} has at most {_JSON_CHARACTERS_MAX} characters", name)
    try:
        return json_value(text)
    except Invalid as failure:
        raise Invalid(str(failure), name) from None


def _texts(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    found = json_of(given, name)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Invalid(f"{name} must be a JSON list of HogQL expressions", name)
    if len(found) > _TEXTS_MAX:
        raise Invalid(f"{name} may have at most {_TEXTS_MAX} entries", name)
    return tuple(found)


def _upright(text: str) -> str:
    """`-timestamp`, as PostHog's older clients order, is `timestamp DESC`."""
    found = _DOWNWARD.fullmatch(text.strip())
    return f"{found[1]} DESC" if found else text.strip()


def _moment(time_us: int) -> datetime:
    try:
        return _EPOCH + time_us * _MICROSECOND
    except OverflowError:
        raise Invalid("a time is too far away") from None


def _micros(moment: datetime) -> int:
    aware = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return (aware - _EPOCH) // _MICROSECOND
