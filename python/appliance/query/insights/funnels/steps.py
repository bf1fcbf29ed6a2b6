"""Steps: how many reached each, and how long it took them."""

from collections.abc import Sequence
from typing import Any

from appliance._native import funnels as kernel
from appliance.query.insights.funnels.rows import OTHER, Funnel
from appliance.query.insights.series import Series

Tallied = Sequence[tuple[int, float | None, float | None]]


def steps(funnel: Funnel) -> list[Any]:
    """One list of steps, or one for each value of a breakdown, those that convert most first."""
    breakdown = funnel.breakdown
    if breakdown is not None and breakdown.splits:
        rows = []
        for split in breakdown.splits:
            for _, tallied in _tally(funnel, split=split):
                rows.append(_labelled(_items(funnel, tallied), split.label, split.value))
        return sorted(rows, key=_by_conversion)
    if breakdown is None:
        found = _tally(funnel)
        return _items(funnel, found[0][1]) if found else []
    rows = [
        _labelled(_items(funnel, tallied), values, values)
        for values, tallied in _shown_as_lists(_tally(funnel, top=funnel.top()))
    ]
    return sorted(rows, key=_by_conversion)


def _tally(funnel: Funnel, **which: Any) -> list[tuple[list[str], Any]]:
    return funnel.walked(kernel.Walk.tally(funnel.shape.of_walk), **which).tallied()


def _shown_as_lists(found: list[tuple[list[str], Any]]) -> list[tuple[list[str], Any]]:
    """What remains is one value, however many properties split it."""
    return [([OTHER] if set(values) == {OTHER} else values, tallied) for values, tallied in found]


def _items(funnel: Funnel, tallied: Tallied) -> list[dict[str, Any]]:
    return [
        {
            **described(funnel, series, step),
            "people": [],
            "count": count,
            "average_conversion_time": average_s if step else None,
            "median_conversion_time": median_s if step else None,
            "converted_people_url": None,
            "dropped_people_url": None,
        }
        for step, (series, (count, average_s, median_s)) in enumerate(
            zip(funnel.series, tallied, strict=True)
        )
    ]


def described(funnel: Funnel, series: Series, step: int) -> dict[str, Any]:
    """What a step is called. Steps in any order are called by how many of them are done."""
    if funnel.shape.order == "unordered":
        name = f"Completed {step + 1} step{'s' if step else ''}"
        return {"action_id": None, "name": name, "custom_name": None, "order": step, "type": "events"}
    return {
        "action_id": series.id,
        "name": series.label,
        "custom_name": series.node.get("custom_name"),
        "order": step,
        "type": "actions" if series.kind == "actions" else "events",
    }


def _labelled(items: list[dict[str, Any]], breakdown: Any, value: Any) -> list[dict[str, Any]]:
    return [{**item, "breakdown": breakdown, "breakdown_value": value} for item in items]


def _by_conversion(items: list[dict[str, Any]]) -> tuple[Any, ...]:
    return (-items[-1]["count"], -items[0]["count"], str(items[0]["breakdown"]))
