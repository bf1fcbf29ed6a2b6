"""Rows of any answer: what a spreadsheet of it looks like, as PostHog lays it out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Line = Mapping[str, Any]
Table = tuple[Sequence[str], Iterable[Sequence[Any]]]
COLUMNS_MAX = 10_000
_MEMBERS_MAX = 500


def table_of(response: Mapping[str, Any]) -> Table:
    """Column names, and the rows."""
    results, columns = response.get("results"), response.get("columns")
    if isinstance(columns, Sequence) and not isinstance(columns, str) and isinstance(results, Sequence):
        return _flat([str(one) for one in columns], results)
    lines = list(_lines(results))
    names = list(dict.fromkeys(name for line in lines for name in line))[:COLUMNS_MAX]
    return names, ([line.get(name) for name in names] for line in lines)


def _flat(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """An object in a column becomes a column for each of its members."""
    members: list[list[str] | None] = []
    for place in range(len(columns)):
        found: dict[str, None] = {}
        for row in rows:
            if isinstance(row[place], Mapping) and len(found) < _MEMBERS_MAX:
                found |= dict.fromkeys(str(name) for name in row[place])
        members.append(list(found)[:_MEMBERS_MAX] or None)
    names: list[str] = []
    for column, own in zip(columns, members, strict=True):
        names += [column] if own is None else [f"{column}.{name}" for name in own]

    def cells(row: Sequence[Any]) -> Iterator[Any]:
        for value, own in zip(row, members, strict=False):
            if own is None:
                yield value
            else:
                yield from (value.get(name) if isinstance(value, Mapping) else None for name in own)

    return names, (list(cells(row)) for row in rows)


def _lines(results: Any) -> Iterator[Line]:
    if isinstance(results, Mapping):
        yield from _of_object(results)
        return
    for item in results or ():
        if isinstance(item, Mapping):
            yield _line(item)
        elif isinstance(item, Sequence) and not isinstance(item, str):
            # Of a funnel with a breakdown: the steps of each value.
            yield from _lines(item)
        else:
            yield {"value": item}


def _of_object(results: Mapping[str, Any]) -> Iterator[Line]:
    bins = results.get("bins")
    if isinstance(bins, Sequence):
        yield from ({"seconds": one[0], "people": one[1]} for one in bins)
        return
    lists = [one for one in results.values() if isinstance(one, list)]
    yield from _lines(lists[0]) if len(lists) == 1 else iter((results,))


def _line(item: Line) -> Line:
    if isinstance(item.get("data"), Sequence) and isinstance(item.get("labels"), Sequence):
        return _of_series(item)
    if isinstance(item.get("values"), Sequence) and "date" in item:
        return _of_retention(item)
    if "action_id" in item and "order" in item:
        return _of_step(item)
    return item


def _of_series(item: Line) -> Line:
    line = {"series": _series_name(item)}
    if item.get("aggregated_value") is not None and not item["data"]:
        return {**line, "total count": item["aggregated_value"]}
    return {**line, **dict(zip(item["labels"], item["data"], strict=False))}


def _series_name(item: Line) -> Any:
    action = item.get("action")
    custom = action.get("custom_name") if isinstance(action, Mapping) else None
    name = custom or item.get("label")
    period = item.get("compare_label")
    return f"{name} - {period}" if period else name


def _of_retention(item: Line) -> Line:
    counts = [one.get("count") if isinstance(one, Mapping) else one for one in item["values"]]
    period = str(item.get("label") or "Day 0").rsplit(" ", 1)[0]
    first = {"cohort": item["date"], "cohort size": counts[0] if counts else 0}
    if item.get("breakdown_value") is not None:
        first["breakdown"] = item["breakdown_value"]
    return {**first, **{f"{period} {number}": count for number, count in enumerate(counts)}}


def _of_step(item: Line) -> Line:
    line = {
        "name": item.get("custom_name") or item.get("name"),
        "action_id": item.get("action_id"),
        "count": item.get("count"),
        "median_conversion_time (seconds)": item.get("median_conversion_time"),
        "average_conversion_time (seconds)": item.get("average_conversion_time"),
    }
    value = item.get("breakdown_value")
    if value is None:
        return line
    said = "::".join(str(one) for one in value) if isinstance(value, list) else value
    return {"name": line["name"], "breakdown_value": said, **line}
