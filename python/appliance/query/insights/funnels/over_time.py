"""Conversion over time: of those who entered in an interval, how many converted."""

from collections.abc import Sequence
from typing import Any

from appliance._native import funnels as kernel
from appliance.query.dates import Point
from appliance.query.insights.funnels.rows import Funnel

_PERCENT = 100
_DECIMALS = 2


def over_time(funnel: Funnel) -> list[dict[str, Any]]:
    """One line, or one for each value of a breakdown; an interval that nobody entered is 0."""
    breakdown = funnel.breakdown
    if breakdown is not None and breakdown.splits:
        lines = []
        for split in breakdown.splits:
            found = _trends(funnel, split=split) or [([], _nothing(funnel))]
            lines += [_line(funnel, buckets) | {"breakdown_value": split.label} for _, buckets in found]
        return lines
    if breakdown is None:
        found = _trends(funnel)
        return [_line(funnel, found[0][1] if found else _nothing(funnel))]
    found = sorted(_trends(funnel, top=funnel.top()), key=_by_entrants)
    return [_line(funnel, buckets) | {"breakdown_value": values} for values, buckets in found]


def starts_us(points: Sequence[Point]) -> list[int]:
    return [int(point.start.timestamp()) * 1_000_000 for point in points]


def _trends(funnel: Funnel, **which: Any) -> list[tuple[list[str], list[tuple[int, int]]]]:
    shape = funnel.shape
    walk = kernel.Walk.trend(
        shape.of_walk,
        from_step=shape.from_step,
        to_step=shape.to_step,
        starts_us=starts_us(funnel.period.points),
    )
    return funnel.walked(walk, **which).trends()


def _nothing(funnel: Funnel) -> list[tuple[int, int]]:
    return [(0, 0)] * len(funnel.period.points)


def _line(funnel: Funnel, buckets: Sequence[tuple[int, int]]) -> dict[str, Any]:
    rates = [round(_PERCENT * to / entered, _DECIMALS) if entered else 0 for entered, to in buckets]
    return {
        "count": len(buckets),
        "data": rates,
        "days": funnel.period.days,
        "labels": funnel.period.labels,
        "reached_from_step_count": [entered for entered, _ in buckets],
        "reached_to_step_count": [to for _, to in buckets],
    }


def _by_entrants(row: tuple[list[str], list[tuple[int, int]]]) -> tuple[int, list[str]]:
    values, buckets = row
    return -sum(entered for entered, _ in buckets), values
