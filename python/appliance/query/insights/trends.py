"""Trends: numbers over time, or one number for the whole range."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.terms import alias, call, constant
from appliance.query.hogql import ast
from appliance.query.insights import math
from appliance.query.insights.breakdown import (
    Breakdown,
    Part,
    Values,
    bin_edges,
    order_of,
    read_breakdown,
)
from appliance.query.insights.formula import Formula, parse_formula
from appliance.query.insights.periods import Period, read_periods, resolved_dates
from appliance.query.insights.series import (
    Series,
    events_table,
    query_filters,
    read_actor,
    read_series,
    sampling_factor,
)
from appliance.query.insights.trends_items import Display, Line, formula_items, series_items
from appliance.query.insights.trends_rows import Question, number_of, ranked, value_rows

FORMULAS_MAX = 50
_ROWS_MAX = 50_000
# A question to the store is a scan of the range; a number is a cell of the response.
QUESTIONS_MAX = 500
NUMBERS_MAX = 2_000_000


@dataclass(slots=True)
class Found:
    """What the store answered so far."""

    hogql: str = ""
    has_other: bool = False


def trends(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The response to a TrendsQuery."""
    series = read_series(query, asked.context)
    display = read_display(query)
    formulas = read_formulas(query, len(series))
    periods = read_periods(query, asked)
    breakdown = read_breakdown(query, asked.context, is_export=asked.is_export)
    _check_size(series, periods, breakdown)
    found = Found()
    items: list[dict[str, Any]] = []
    for period in periods:
        lines = [
            _lines(question, asked, found, query)
            for one in series
            if one.exists
            for question in questions(one, period, breakdown, query=query, display=display, asked=asked)
        ]
        flat = [line for each in lines for line in each]
        if formulas:
            items += formula_items(formulas, series, flat, period, display, is_compared=len(periods) > 1)
        else:
            items += series_items(
                flat, period, display, is_compared=len(periods) > 1, several=len(series) > 1
            )
    return {
        "results": items,
        "hogql": found.hogql,
        "hasMore": found.has_other,
        "timings": asked.timings,
        "resolved_date_range": resolved_dates(periods[0].dates),
    }


def questions(
    series: Series,
    period: Period,
    breakdown: Breakdown | None,
    *,
    query: Mapping[str, Any],
    display: Display,
    asked: Asked,
) -> list[Question]:
    """What is asked of the store for one series: once, or once for each cohort."""
    question = Question(
        series,
        period,
        read_actor(query),
        asked.context,
        events_table(query),
        query_filters(query, asked.context),
        breakdown if breakdown and breakdown.parts else None,
        None,
        display.is_total,
        display.is_cumulative,
    )
    if breakdown and breakdown.splits:
        return [replace(question, split=split) for split in breakdown.splits]
    if question.breakdown and any(part.bins for part in question.breakdown.parts):
        return [replace(question, breakdown=_with_bins(question, question.breakdown, asked))]
    return [question]


def read_display(query: Mapping[str, Any]) -> Display:
    given = _filter(query)
    smoothing = given.get("smoothingIntervals") or 1
    if not isinstance(smoothing, int) or isinstance(smoothing, bool) or not 1 <= smoothing <= 1_000:  # noqa: PLR2004
        raise Invalid("smoothingIntervals must be from 1 to 1000", attr="trendsFilter.smoothingIntervals")
    name = given.get("display") or "ActionsLineGraph"
    if not isinstance(name, str):
        raise Invalid("display must be a text", attr="trendsFilter.display")
    return Display(name, smoothing)


def read_formulas(query: Mapping[str, Any], series: int) -> list[tuple[Formula, str | None]]:
    """Formulas and the names they were given."""
    given = _filter(query)
    nodes = given.get("formulaNodes")
    if nodes:
        if not isinstance(nodes, list | tuple) or not all(isinstance(node, Mapping) for node in nodes):
            raise Invalid("formulaNodes must be a list of objects", attr="trendsFilter.formulaNodes")
        named = [(node.get("formula"), node.get("custom_name")) for node in nodes]
    else:
        named = [(text, None) for text in given.get("formulas") or [given.get("formula")] if text]
    if len(named) > FORMULAS_MAX:
        raise Invalid(f"at most {FORMULAS_MAX} formulas are possible", attr="trendsFilter.formulas")
    if not all(isinstance(text, str) and text.strip() for text, _ in named):
        raise Invalid("a formula must be a text", attr="trendsFilter.formula")
    return [(parse_formula(str(text), series), name) for text, name in named]


def top_values(question: Question, asked: Asked) -> list[Values]:
    """The breakdown values that are shown by name."""
    breakdown = question.breakdown
    if breakdown is None or not question.period.points:
        return []
    rows = asked.run(ranked(question), name="top_values").rows
    return [tuple(map(str, row[: len(breakdown.parts)])) for row in rows[: breakdown.limit]]


def _lines(question: Question, asked: Asked, found: Found, query: Mapping[str, Any]) -> list[Line]:
    factor = math.scale(question.series, sampling_factor(query))
    if question.breakdown is not None:
        lines = _broken_down(question, question.breakdown, asked, found)
    else:
        lines = [_plain(question, asked, found)]
    return lines if factor == 1 else [line.scaled(factor) for line in lines]


def _plain(question: Question, asked: Asked, found: Found, besides: Sequence[Values] | None = None) -> Line:
    """The numbers without a breakdown, or those of all other values of one."""
    values = question.breakdown.other() if question.breakdown and besides is not None else None
    if not question.period.points:
        return Line(question.series, values, question.split, (), 0)
    select = value_rows(question, besides)
    select.limit = constant(_ROWS_MAX)
    answer = asked.run(select, name=f"series_{question.series.order}")
    found.hogql = found.hogql or answer.hogql
    if question.is_total:
        total = number_of(answer.rows[0][0]) if answer.rows else 0
        return Line(question.series, values, question.split, (), total)
    data = question.period.spread({int(row[0]): number_of(row[1]) for row in answer.rows})
    return Line(question.series, values, question.split, tuple(data), sum(data))


def _broken_down(question: Question, breakdown: Breakdown, asked: Asked, found: Found) -> list[Line]:
    if not question.period.points:
        return []
    answer = asked.run(ranked(question), name=f"series_{question.series.order}")
    found.hogql = found.hogql or answer.hogql
    width = len(breakdown.parts)
    lines = []
    for row in answer.rows[: breakdown.limit]:
        values = tuple(map(str, row[:width]))
        if question.is_total:
            lines.append(Line(question.series, values, None, (), number_of(row[width])))
            continue
        by_number = {
            int(number): number_of(value) for number, value in zip(row[width], row[width + 1], strict=True)
        }
        data = tuple(question.period.spread(by_number))
        lines.append(Line(question.series, values, None, data, sum(data)))
    lines.sort(key=lambda line: order_of(line.total, line.values or ()))
    if len(answer.rows) > breakdown.limit:
        found.has_other = True
        if not breakdown.hide_other:
            lines.append(_other(question, breakdown, lines, asked, found))
    return [replace(line, is_list=breakdown.is_list) for line in lines]


def _other(
    question: Question, breakdown: Breakdown, shown: Sequence[Line], asked: Asked, found: Found
) -> Line:
    """All the values that are not shown, as one."""
    if question.series.math != "total":
        return _plain(question, asked, found, [line.values for line in shown if line.values is not None])
    # Events are in one value each, so what remains is known without reading the property again.
    whole = _plain(replace(question, breakdown=None), asked, found)
    data = tuple(
        max(0, number - sum(line.data[index] for line in shown)) for index, number in enumerate(whole.data)
    )
    total = max(0, whole.total - sum(line.total for line in shown))
    return Line(question.series, breakdown.other(), None, data, total)


def _with_bins(question: Question, breakdown: Breakdown, asked: Asked) -> Breakdown:
    """Histograms need to know the range of their numbers first."""
    parts: list[Part] = []
    for part in breakdown.parts:
        if part.bins is None:
            parts.append(part)
            continue
        ends = ast.SelectQuery(
            [alias("low", call("min", part.number)), alias("high", call("max", part.number))],
            select_from=question.table,
            where=question.where(question.period.holds),
        )
        rows = asked.run(ends, name="bins").rows
        low, high = rows[0] if rows else (None, None)
        edges = (0.0, 0.01) if low is None else bin_edges(number_of(low), number_of(high), part.bins)
        parts.append(replace(part, edges=edges))
    return replace(breakdown, parts=tuple(parts))


def _check_size(series: Sequence[Series], periods: Sequence[Period], breakdown: Breakdown | None) -> None:
    splits = len(breakdown.splits) if breakdown and breakdown.splits else 1
    if len(series) * len(periods) * splits > QUESTIONS_MAX:
        raise Invalid(
            f"at most {QUESTIONS_MAX} combinations of series and cohorts are possible", attr="series"
        )
    lines = len(series) * splits * (breakdown.limit if breakdown and breakdown.parts else 1)
    if lines * sum(len(period.points) for period in periods) > NUMBERS_MAX:
        raise Invalid("this is more numbers than a chart can hold: choose a longer interval", attr="interval")


def _filter(query: Mapping[str, Any]) -> Mapping[str, Any]:
    given = query.get("trendsFilter") or {}
    if not isinstance(given, Mapping):
        raise Invalid("trendsFilter must be an object", attr="trendsFilter")
    return given
