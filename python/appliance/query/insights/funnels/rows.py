"""What the store is asked: each actor with the events that matter, as the kernel reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance._native import funnels as kernel
from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.terms import (
    TRUE,
    alias,
    ascending,
    call,
    compare,
    constant,
    descending,
    equals,
    every,
    field,
    some,
)
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of as own
from appliance.query.hogql.user_text import expression_of
from appliance.query.insights.breakdown import NULL_VALUE, Breakdown, Split, Values, read_breakdown
from appliance.query.insights.funnels.shape import FunnelShape, read_shape
from appliance.query.insights.periods import Period, read_dates
from appliance.query.insights.series import Series, events_table, query_filters, read_actor, read_node

OTHER = "Other"
_EXCLUDED_BIT = 32
_FIRST_TIME = "first_time_for_user"
_FIRST_MATCHING = "first_time_for_user_with_filters"
_MATHS = frozenset({"total", _FIRST_TIME, _FIRST_MATCHING})


@dataclass(frozen=True, slots=True)
class Funnel:
    """A FunnelsQuery, read. Made by `read_funnel`."""

    query: Mapping[str, Any]
    shape: FunnelShape
    series: Sequence[Series]
    period: Period
    breakdown: Breakdown | None
    asked: Asked

    def walked(
        self, walk: kernel.Walk, split: Split | None = None, top: Sequence[Values] | None = None
    ) -> kernel.Walk:
        """Feeds every actor to the walk."""
        for piece in self.asked.stream(self._rows(split, top), "RowBinary", name="funnel"):
            walk.feed(piece)
        return walk

    def top(self) -> Sequence[Values] | None:
        """The values that a breakdown shows of their own, when there are more than it shows; else None."""
        breakdown = self.breakdown
        if breakdown is None or not breakdown.parts:
            return None
        select = ast.SelectQuery(
            [*breakdown.columns, alias("total", call("count"))],
            select_from=events_table(self.query),
            where=every((self._where, self._takes_part(), compare(self._mask(), "!=", constant(0)))),
            group_by=list(breakdown.fields),
            order_by=[descending(field("total")), *(ascending(one) for one in breakdown.fields)],
            limit=constant(breakdown.limit + 1),
        )
        rows = self.asked.run(select, name="funnel_breakdown_values").rows
        values = [tuple(str(value) for value in row[:-1]) for row in rows]
        return values[: breakdown.limit] if len(values) > breakdown.limit else None

    def _rows(self, split: Split | None, top: Sequence[Values] | None) -> ast.SelectQuery:
        actor = text_of(self._actor)
        # Texts of ids are made once for each actor, not for each event. NULL and '' of an expression are one actor.
        key = actor if self.shape.aggregate_by else self._actor
        return ast.SelectQuery(
            [alias("actor", actor), alias("events", self._events(top))],
            select_from=events_table(self.query),
            where=every((self._where, self._takes_part(), split.condition if split else TRUE)),
            group_by=[key],
        )

    def _events(self, top: Sequence[Values] | None) -> ast.Expr:
        """Numbers are gathered apart: lists of them take a tenth of what lists of tuples do."""
        values = {
            "times": call(
                "groupArray", call("_toInt64", call("_toUnixTimestamp64Micro", field("timestamp")))
            ),
            "masks": call("groupArray", self._mask()),
        }
        if self.breakdown is None or not self.breakdown.parts:
            return own("arrayMap((t, m) -> (t, _toUInt64(m), _emptyArrayString()), {times}, {masks})", values)
        values["texts"] = call("groupArray", self._values(top, self.breakdown))
        return own("arrayMap((t, m, v) -> (t, _toUInt64(m), v), {times}, {masks}, {texts})", values)

    @property
    def _where(self) -> ast.Expr:
        actor = read_actor(self.query)
        return every((self.period.holds, query_filters(self.query, self.asked.context), actor.is_there))

    def _takes_part(self) -> ast.Expr:
        """In a strict funnel every event of an actor stands between others."""
        if self.shape.order == "strict":
            return TRUE
        return some([*self._steps, *(condition for condition, _ in self._exclusions)])

    @property
    def _actor(self) -> ast.Expr:
        if self.shape.aggregate_by:
            return expression_of(self.shape.aggregate_by)
        return read_actor(self.query).id

    def _mask(self) -> ast.Expr:
        bits = [(condition, 1 << step) for step, condition in enumerate(self._steps)]
        bits += self._exclusions
        parts = [call("if", condition, constant(bit), constant(0)) for condition, bit in bits]
        total: ast.Expr = parts[0]
        for part in parts[1:]:
            total = ast.ArithmeticOperation(total, part, "+")
        return total

    @property
    def _steps(self) -> list[ast.Expr]:
        return [self._condition(series) for series in self.series]

    @property
    def _exclusions(self) -> list[tuple[ast.Expr, int]]:
        """Conditions with the bits of the attempts that they end: those whose last step lies in the range."""
        found = []
        for number, exclusion in enumerate(self.shape.exclusions):
            series = read_node(exclusion.node, number, self.asked.context)
            last_steps = range(exclusion.from_step, exclusion.to_step)
            found.append((self._condition(series), sum(1 << (_EXCLUDED_BIT + step) for step in last_steps)))
        return found

    def _condition(self, series: Series) -> ast.Expr:
        context = self.asked.context
        if not series.exists:
            return constant(value=False)
        matches, filters = series.matches(context), series.filters(context)
        if series.math not in _MATHS:
            raise Invalid(f"a funnel step cannot count by {series.math[:50]!r}", attr="series")
        if series.math == "total":
            return every((matches, filters))
        history = matches if series.math == _FIRST_TIME else every((matches, filters))
        return every((matches, filters, self._is_first(history)))

    def _is_first(self, history: ast.Expr) -> ast.Expr:
        """Whether an event is the first of its actor's whole history for which a condition holds."""
        firsts = ast.SelectQuery(
            [self._actor, call("min", field("timestamp"))],
            select_from=ast.JoinExpr(field("events")),
            where=every((history, compare(field("timestamp"), "<=", constant(self.period.dates.date_to)))),
            group_by=[self._actor],
        )
        return compare(ast.Tuple([self._actor, field("timestamp")]), "in", firsts)

    def _values(self, top: Sequence[Values] | None, breakdown: Breakdown) -> ast.Expr:
        texts = [part.text for part in breakdown.parts]
        shown = [text_of(call("if", equals(text, NULL_VALUE), constant(""), text)) for text in texts]
        if top is None:
            return ast.Array(list(shown))
        other = ast.Array([constant(OTHER)] * len(shown))
        return call("if", breakdown.among(top), ast.Array(list(shown)), other)


def read_funnel(query: Mapping[str, Any], asked: Asked) -> Funnel:
    shape = read_shape(query)
    series = [read_node(node, order, asked.context) for order, node in enumerate(shape.steps)]
    breakdown = read_breakdown(query, asked.context, is_export=asked.is_export)
    return Funnel(query, shape, series, Period(read_dates(query, asked)), breakdown, asked)


def text_of(expr: ast.Expr) -> ast.Expr:
    return call("ifNull", call("toString", expr), constant(""))
