"""What a client may choose when it asks who is in a number: days, series, breakdown values and so on."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.insights.breakdown import NULL_VALUE, OTHER_VALUE, Values, read_breakdown
from appliance.query.insights.lifecycle import STATUSES, read_lifecycle
from appliance.query.insights.periods import Period, read_periods
from appliance.query.insights.retention.shape import read_shape
from appliance.query.insights.series import read_series
from appliance.query.insights.stickiness import read_stretches
from appliance.query.insights.trends import questions, read_display, top_values

Options = dict[str, Any]
_ACTORS_KINDS = ("InsightActorsQuery", "StickinessActorsQuery", "FunnelsActorsQuery")
_WITHOUT_CHOICES = ("FunnelsQuery", "PathsQuery")


def insight_actors_options(query: Mapping[str, Any], asked: Asked) -> Options:
    """The response to an InsightActorsQueryOptions."""
    source: Any = query.get("source")
    if isinstance(source, Mapping) and source.get("kind") in _ACTORS_KINDS:
        source = source.get("source")
    if not isinstance(source, Mapping):
        raise Invalid("an options query needs a source", attr="source")
    kind = source.get("kind")
    if kind == "TrendsQuery":
        return _of_trends(source, asked)
    if kind == "StickinessQuery":
        return _of_stickiness(source, asked)
    if kind == "LifecycleQuery":
        return _of_lifecycle(source, asked)
    if kind == "RetentionQuery":
        points = range(len(read_shape(source, asked).dates.points))
        period = read_shape(source, asked).period
        return {"interval": [{"label": f"{period} {point}", "value": point} for point in points]}
    if kind in _WITHOUT_CHOICES:
        return {}
    raise Invalid(f"who is in a {str(kind)[:50]} cannot be told", attr="source.kind")


def _of_trends(query: Mapping[str, Any], asked: Asked) -> Options:
    periods = read_periods(query, asked)
    chosen = {"day": _days(periods[0]), "series": _series(query, asked)} | _compare(periods)
    return chosen | _breakdown_options(query, periods[0], asked)


def _of_stickiness(query: Mapping[str, Any], asked: Asked) -> Options:
    periods = read_periods(query, asked)
    count = read_stretches(query, periods[0]).count
    days = [{"label": str(day), "value": day} for day in range(1, count + 1)]
    return {"day": days, "series": _series(query, asked)} | _compare(periods)


def _of_lifecycle(query: Mapping[str, Any], asked: Asked) -> Options:
    statuses = [{"label": status.capitalize(), "value": status} for status in STATUSES]
    period = read_lifecycle(query, asked).period
    return {"day": _days(period), "series": _series(query, asked), "status": statuses}


def _days(period: Period) -> list[dict[str, str]]:
    return [{"label": point.label, "value": point.day} for point in period.points]


def _series(query: Mapping[str, Any], asked: Asked) -> list[dict[str, Any]]:
    return [{"label": one.label, "value": one.order} for one in read_series(query, asked.context)]


def _compare(periods: list[Period]) -> Options:
    if len(periods) == 1:
        return {}
    return {"compare": [{"label": label, "value": label.lower()} for label in ("Current", "Previous")]}


def _breakdown_options(query: Mapping[str, Any], period: Period, asked: Asked) -> Options:
    breakdown = read_breakdown(query, asked.context, is_export=asked.is_export)
    if breakdown is None:
        return {}
    if breakdown.splits:
        return {"breakdown": [{"label": one.label, "value": one.value} for one in breakdown.splits]}
    found: dict[Values, None] = {}
    display = read_display(query)
    for series in read_series(query, asked.context):
        if not series.exists:
            continue
        for question in questions(series, period, breakdown, query=query, display=display, asked=asked):
            found |= dict.fromkeys(top_values(question, asked))
    if not breakdown.is_list:
        return {"breakdown": [{"label": _shown(value), "value": value} for (value,) in found]}
    return {
        "breakdowns": [
            {"values": [{"label": _shown(value), "value": value} for value in dict.fromkeys(column)]}
            for column in zip(*found, strict=True)
        ]
    }


def _shown(value: str) -> str:
    return {NULL_VALUE: "None (i.e. no value)", OTHER_VALUE: "Other (i.e. all remaining values)"}.get(
        value, value
    )
