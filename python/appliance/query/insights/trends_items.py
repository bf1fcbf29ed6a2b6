"""What a trend's numbers look like in a response."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from appliance.query.insights.breakdown import Split, Values, label_of, order_of
from appliance.query.insights.formula import Formula
from appliance.query.insights.periods import Period
from appliance.query.insights.series import Series

CUMULATIVE = "ActionsLineGraphCumulative"
TOTALS = frozenset(
    {"BoldNumber", "Metric", "ActionsPie", "ActionsDonut", "ActionsBarValue", "ActionsTable", "WorldMap"}
)


@dataclass(frozen=True, slots=True)
class Display:
    name: str = "ActionsLineGraph"
    smoothing: int = 1

    @property
    def is_total(self) -> bool:
        return self.name in TOTALS

    @property
    def is_cumulative(self) -> bool:
        return self.name == CUMULATIVE

    def shown(self, data: Sequence[float]) -> list[float]:
        """Numbers as this display has them: running sums, or means of the last few."""
        values = list(accumulate(data)) if self.is_cumulative else list(data)
        return smoothed(values, self.smoothing) if self.smoothing > 1 else values

    def count(self, data: Sequence[float]) -> float:
        if self.is_cumulative:
            return data[-1] if data else 0
        return sum(data)


@dataclass(frozen=True, slots=True)
class Line:
    """The numbers of one series, of one breakdown value of it, or of one cohort in it."""

    series: Series
    values: Values | None
    split: Split | None
    data: tuple[float, ...]
    total: float
    is_list: bool = False

    def scaled(self, factor: float) -> "Line":
        return replace(self, data=tuple(value * factor for value in self.data), total=self.total * factor)

    @property
    def key(self) -> Any:
        """Equal for lines of different series that a formula puts together."""
        return self.split.value if self.split else self.values

    @property
    def value_label(self) -> str | None:
        if self.split:
            return self.split.label
        return None if self.values is None else label_of(self.values)

    @property
    def breakdown_value(self) -> Any:
        if self.split:
            return self.split.value
        if self.values is None:
            return None
        return list(self.values) if self.is_list else self.values[0]


def series_items(
    lines: Sequence[Line], period: Period, display: Display, *, is_compared: bool, several: bool
) -> list[dict[str, Any]]:
    items = []
    for line in lines:
        item = _item(line.data, line.total, period, display)
        value = line.value_label
        name = line.series.label
        item["label"] = name if value is None else f"{name} - {value}" if several else value
        item["action"] = {"days": item["days"], **line.series.description()}
        items.append(item | _about(line, period, is_compared=is_compared))
    return items


def formula_items(
    formulas: Sequence[tuple[Formula, str | None]],
    series: Sequence[Series],
    lines: Sequence[Line],
    period: Period,
    display: Display,
    *,
    is_compared: bool,
) -> list[dict[str, Any]]:
    """Each formula over the lines that belong together; a missing side is 0."""
    found: dict[Any, dict[str, Line]] = {}
    for line in lines:
        found.setdefault(line.key, {})[_letter(line.series)] = line
    empty = Line(series[0], None, None, (), 0)
    items = []
    for order, (formula, custom_name) in enumerate(formulas):
        results = [_computed(formula, each, empty, period, display) for each in found.values()]
        if results and results[0].split is None:
            results.sort(key=lambda line: order_of(line.total, line.values or ()))
        for line in results:
            item = _item(
                line.data, line.total, period, replace(display, name=_computed_display(display), smoothing=1)
            )
            name, value = custom_name or f"Formula ({formula.text})", line.value_label
            item["label"] = name if value is None else f"{name} - {value}" if len(formulas) > 1 else value
            item |= {"action": None, "order": order}
            if display.is_total:
                item["data"] = None
            elif display.is_cumulative:
                item["count"] = display.count(item["data"])
            items.append(item | _about(line, period, is_compared=is_compared))
    return items


def smoothed(values: Sequence[float], length: int) -> list[float]:
    """Each point as the whole part of the mean of the last ones up to it."""
    sums = [0.0, *accumulate(values)]
    result: list[float] = []
    for end in range(1, len(sums)):
        start = max(0, end - length)
        result.append(math.floor(round((sums[end] - sums[start]) / (end - start), 9)))
    return result


def _computed(
    formula: Formula, lines: Mapping[str, Line], empty: Line, period: Period, display: Display
) -> Line:
    some = next(iter(lines.values()), empty)
    length = len(period.points)
    if display.is_total:
        total = _finite(formula.value({letter: line.total for letter, line in lines.items()}))
        return replace(some, data=(), total=total)
    shown = {letter: display.shown(line.data or (0,) * length) for letter, line in lines.items()}
    data = tuple(map(_finite, formula.over(shown, length)))
    return replace(some, data=data, total=sum(data))


def _item(data: Sequence[float], total: float, period: Period, display: Display) -> dict[str, Any]:
    if display.is_total:
        return {"data": [], "labels": [], "days": [], "count": 0, "aggregated_value": total}
    shown = display.shown(data)
    return {
        "data": shown,
        "labels": period.labels,
        "days": period.days,
        "count": display.count(shown),
        "filter": {"insight": "TRENDS", "display": display.name, "interval": period.dates.interval},
    }


def _about(line: Line, period: Period, *, is_compared: bool) -> dict[str, Any]:
    about: dict[str, Any] = {}
    if line.values is not None or line.split:
        about["breakdown_value"] = line.breakdown_value
    if is_compared:
        about |= {"compare": True, "compare_label": "previous" if period.is_previous else "current"}
    return about


def _computed_display(display: Display) -> str:
    """What a formula made is not summed up again."""
    return display.name if display.is_total else "ActionsLineGraph"


def _letter(series: Series) -> str:
    return chr(ord("A") + series.order)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0
