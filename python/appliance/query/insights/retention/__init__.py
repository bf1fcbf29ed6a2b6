"""Retention: who comes back, and when.

`shape` reads the question, `people` asks the store when each actor began and came back, and here they are counted.
`actors` says who it was.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from appliance.query.asked import Asked
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import select_of
from appliance.query.insights.breakdown import Breakdown, label_of, order_of
from appliance.query.insights.periods import resolved_dates
from appliance.query.insights.retention.people import Retention, read_retention

__all__ = ["retention", "shown_values"]

_COUNTS = """
SELECT start, breakdown_value, cell, count() AS people,
    sum(arraySum(arrayMap(r -> if({cell} = cell, r.2, 0.0), returned))) AS total,
    sum(arrayCount(r -> {cell} = cell, returned)) AS events
FROM (SELECT start, breakdown_value, returned, arrayJoin(cells) AS cell FROM {people})
GROUP BY start, breakdown_value, cell
"""
_COUNTS_ONLY = """
SELECT start, breakdown_value, cell, count() AS people, 0.0 AS total, 0 AS events
FROM (SELECT start, breakdown_value, arrayJoin(cells) AS cell FROM {people})
GROUP BY start, breakdown_value, cell
"""

Cells = dict[tuple[int, int], tuple[int, float, int]]
"""By start and cell: people, what they added up to, and in how many events."""


def retention(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to a RetentionQuery."""
    read = read_retention(query, asked)
    return {"results": _results(read), "resolved_date_range": resolved_dates(read.shape.dates)}


def shown_values(read: Retention, breakdown: Breakdown) -> list[str]:
    """The values of a breakdown that have rows of their own; all others are the rows of `OTHER_VALUE`."""
    found = _largest(_counted(read), breakdown.limit, breakdown.other(), hide=True)
    return [label_of(values) for values, _ in found]


def _results(read: Retention) -> list[dict[str, Any]]:
    breakdown = read.breakdown
    if breakdown is None:
        found = _counted(read)
        return _rows(read, found.get(("",), {}), None)
    if breakdown.splits:
        rows = []
        for split in breakdown.splits:
            cells = _counted(read, split.condition).get(("",), {})
            rows += _rows(read, cells, split.value)
        return rows
    rows = []
    for values, cells in _largest(
        _counted(read), breakdown.limit, breakdown.other(), hide=breakdown.hide_other
    ):
        rows += _rows(read, cells, label_of(values))
    return rows


def _counted(read: Retention, only: ast.Expr | None = None) -> dict[tuple[str, ...], Cells]:
    people = read.people() if only is None else read.people(only)
    text = _COUNTS if read.shape.aggregation_property else _COUNTS_ONLY
    cell = read.cell(ast.TupleAccess(ast.Field(["r"]), 1))
    tree = select_of(text, {"people": people, "cell": cell})
    found: dict[tuple[str, ...], Cells] = defaultdict(dict)
    for start, values, cell_number, count, total, events in read.asked.run(tree, name="retention").rows:
        found[tuple(values)][start, cell_number] = (count, total, events)
    return found


def _largest(
    found: Mapping[tuple[str, ...], Cells], limit: int, other: tuple[str, ...], *, hide: bool
) -> list[tuple[tuple[str, ...], Cells]]:
    """The values with most people at their start; the others added up."""

    def size(cells: Cells) -> int:
        return sum(count for (_, cell), (count, _, _) in cells.items() if cell == 0)

    ordered = sorted(found.items(), key=lambda item: order_of(size(item[1]), item[0]))
    shown, rest = ordered[:limit], ordered[limit:]
    if rest and not hide:
        added: Cells = {}
        for _, cells in rest:
            for key, (count, total, events) in cells.items():
                before = added.get(key, (0, 0.0, 0))
                added[key] = (before[0] + count, before[1] + total, before[2] + events)
        shown.append((other, added))
    return shown


def _rows(read: Retention, cells: Cells, breakdown_value: Any) -> list[dict[str, Any]]:
    shape = read.shape
    return [
        {
            "label": f"{shape.period} {start}",
            "date": shape.dates.clock.local(point.start).isoformat(),
            "values": [_cell(read, cells, start, number) for number in range(len(shape.cells))],
            "breakdown_value": breakdown_value,
        }
        for start, point in enumerate(shape.dates.points)
    ]


def _cell(read: Retention, cells: Cells, start: int, number: int) -> dict[str, Any]:
    count, total, events = cells.get((start, number), (0, 0.0, 0))
    found = {"count": count, "label": read.shape.label(number)}
    if read.shape.aggregation == "sum":
        found["aggregation_value"] = total
    elif read.shape.aggregation == "avg":
        found["aggregation_value"] = total / events if events else 0
    return found
