"""What the store is asked: each actor with when they began and in which cells they are.

```text
activity ─ one row an actor: the intervals they begin in, and every return
people   ─ one row an actor and beginning: `actor_id`, `start`, `cells` (0 among them), `breakdown_value`, `returns`
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.query.asked import Asked
from appliance.query.filters.terms import TRUE, call, compare, constant, every, some
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of as own
from appliance.query.hogql.own_text import select_of
from appliance.query.insights.breakdown import Breakdown, property_value, read_breakdown
from appliance.query.insights.periods import TIME, between, unit_number
from appliance.query.insights.retention.shape import RetentionShape, read_shape
from appliance.query.insights.series import Series, events_table, query_filters, read_actor

_ACTIVITY = """
SELECT {actor} AS actor_id, {starts} AS starts, min({began}) AS began, {breakdown} AS breakdown_value,
    {returns} AS returns
FROM events WHERE {where} GROUP BY actor_id HAVING notEmpty(starts)
"""
# `r.1` is the interval of a return, or its moment where windows roll.
_PEOPLE = """
SELECT actor_id, start, breakdown_value, arrayMap(r -> ({offset}, r.2), returns) AS returned,
    arraySort({cells}) AS cells
FROM (SELECT actor_id, began, breakdown_value, returns, arrayJoin(starts) AS start FROM {activity})
WHERE start >= 0 AND start < {intervals}
"""
_CELLS = "arrayFilter(o -> o >= 0, arrayMap(o -> {cell}, {offsets}))"
_OFFSETS = "arrayConcat([0], arrayFilter(o -> o > 0, arrayMap(r -> {offset}, returns)))"
_OFTEN = """
arrayConcat([0], arrayFilter(o -> o > 0 AND countEqual(arrayMap(r -> {offset}, returns), o) >= {least},
    arrayDistinct(arrayMap(r -> {offset}, returns))))
"""
_MICROSECONDS = 1_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """A RetentionQuery, read. Made by `read_retention`."""

    query: Mapping[str, Any]
    shape: RetentionShape
    breakdown: Breakdown | None
    asked: Asked

    def people(self, only: ast.Expr = TRUE) -> ast.SelectQuery:
        """See above; of the events for which `only` holds."""
        offset = own("r.1 - start", {})
        if self.shape.rolling_window_s is not None:
            window_us = self.shape.rolling_window_s * _MICROSECONDS
            offset = own("if(r.1 > began, intDiv(r.1 - began, {window}), 0)", {"window": window_us})
        cells = own(_CELLS, {"cell": self.cell(ast.Field(["o"])), "offsets": self._offsets(offset)})
        has_each_once = self._has_each_interval_once and not self.shape.brackets
        values = {
            "offset": offset,
            "cells": cells if has_each_once else call("arrayDistinct", cells),
            "activity": self._activity(only),
            "intervals": len(self.shape.dates.points),
        }
        return select_of(_PEOPLE, values)

    def _offsets(self, offset: ast.Expr) -> ast.Expr:
        often = self.shape.occurrences_min > 1
        found = own(_OFTEN if often else _OFFSETS, {"offset": offset, "least": self.shape.occurrences_min})
        if not self.shape.is_cumulative:
            return found
        return call("range", constant(0), ast.ArithmeticOperation(call("arrayMax", found), constant(1), "+"))

    def cell(self, offset: ast.Expr) -> ast.Expr:
        """The cell of an offset; -1 where it lies beyond the last."""
        if not self.shape.brackets:
            beyond = compare(offset, ">=", constant(len(self.shape.dates.points)))
            return call("if", beyond, constant(-1), offset)
        cases: list[ast.Expr] = []
        for number, (_, last) in enumerate(self.shape.cells):
            cases += [compare(offset, "<=", constant(last)), constant(number)]
        return call("multiIf", *cases, constant(-1))

    def _activity(self, only: ast.Expr) -> ast.SelectQuery:
        dates, actor = self.shape.dates, read_actor(self.query)
        in_range = between(dates.date_from, dates.date_to)
        target, returning = self._matches(self.shape.target), self._matches(self.shape.returning)
        is_start, is_return = every((target, in_range)), every((returning, in_range))
        history = constant(value=False) if self.shape.kind == "retention_recurring" else self._history()
        where = (
            some((is_start, is_return, history)),
            compare(TIME, "<=", constant(dates.date_to)),
            query_filters(self.query, self.asked.context),
            actor.is_there,
            only,
        )
        tree = select_of(
            _ACTIVITY,
            {
                "actor": actor.id,
                "starts": self._starts(target, is_start),
                "began": call("if", is_start, _moment(), constant(_NEVER)),
                "breakdown": self._values(is_start),
                "returns": self._returns(is_return),
                "where": every(where),
            },
        )
        tree.select_from = events_table(self.query)
        return tree

    def _returns(self, is_return: ast.Expr) -> ast.Expr:
        """Every return with its moment and value; one of each interval is enough where nobody counts them."""
        if self._has_each_interval_once:
            each = call("groupUniqArrayIf", self._number, is_return)
            return own("arrayMap(m -> (m, 0.0), {each})", {"each": each})
        moment = self._number if self.shape.rolling_window_s is None else _moment()
        return call("groupArrayIf", ast.Tuple([moment, self._value()]), is_return)

    @property
    def _has_each_interval_once(self) -> bool:
        """Whether returns are told by their intervals alone."""
        shape = self.shape
        return (
            shape.occurrences_min == 1
            and shape.aggregation_property is None
            and shape.rolling_window_s is None
        )

    def _matches(self, series: Series) -> ast.Expr:
        context = self.asked.context
        if not series.exists:
            return constant(value=False)
        return every((series.matches(context), series.filters(context)))

    def _history(self) -> ast.Expr:
        """Events of all time among which an actor's first one is looked for."""
        if self.shape.kind == "retention_first_ever_occurrence":
            return self.shape.target.matches(self.asked.context)
        return self._matches(self.shape.target)

    def _starts(self, target: ast.Expr, is_start: ast.Expr) -> ast.Expr:
        """The intervals in which an actor begins; before the range they are negative."""
        is_recurring = self.shape.kind == "retention_recurring"
        if is_recurring and self.shape.rolling_window_s is None:
            return call("groupUniqArrayIf", self._number, is_start)
        first = call("minIf", TIME, is_start if is_recurring else self._history())
        counted: ast.Expr = compare(call("countIf", is_start if is_recurring else target), ">", constant(0))
        if self.shape.kind == "retention_first_ever_occurrence":
            # The very first one must itself pass the filters.
            counted = every((counted, compare(first, "==", call("minIf", TIME, target))))
        values = {"number": self._number_of(first), "counted": counted, "first": first}
        values["start"] = constant(self.shape.dates.date_from)
        return own("if({counted} AND {first} >= {start}, [{number}], [])", values)

    @property
    def _number(self) -> ast.Expr:
        return self._number_of(TIME)

    def _number_of(self, time: ast.Expr) -> ast.Expr:
        return unit_number(self.shape.dates, self.shape.dates.date_from, time)

    def _values(self, is_start: ast.Expr) -> ast.Expr:
        """What an actor's first event in the range says of the breakdown."""
        if self.breakdown is None or not self.breakdown.parts:
            return ast.Array([constant("")])
        texts = ast.Array([part.text for part in self.breakdown.parts])
        return call("argMinIf", texts, TIME, is_start)

    def _value(self) -> ast.Expr:
        name = self.shape.aggregation_property
        if not name:
            return constant(0.0)
        raw, type_ = property_value(self.shape.aggregation_property_type, name, None, self.asked.context)
        return call("ifNull", raw if type_ == "Numeric" else call("toFloat", raw), constant(0.0))


_NEVER = (1 << 63) - 1


def _moment() -> ast.Expr:
    return call("_toInt64", call("_toUnixTimestamp64Micro", TIME))


def read_retention(query: Mapping[str, Any], asked: Asked) -> Retention:
    breakdown = read_breakdown(query, asked.context, is_export=asked.is_export)
    return Retention(query, read_shape(query, asked), breakdown, asked)
