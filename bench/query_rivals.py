"""The questions of the bench, each as an insight of ours and as plain SQL on a table in PostHog's layout.

The SQL reads properties as PostHog's own queries do (`JSONExtractRaw`, quotes taken off) and is otherwise the shortest
that tells the same, without what PostHog adds around it. `agree` takes both answers to the same few numbers: a
question that was understood differently is no comparison.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.query_data import PROJECT, PROMOTED

FROM, TO = "2026-01-01", "2026-03-31"
RANGE = {"date_from": FROM, "date_to": TO}
_HOLDS = f"team_id = {PROJECT} AND timestamp >= '{FROM} 00:00:00' AND timestamp <= '{TO} 23:59:59.999999'"
_NULL = "$$_posthog_breakdown_null_$$"


def text_of(name: str) -> str:
    raw = f"nullIf(nullIf(JSONExtractRaw(properties, '{name}'), ''), 'null')"
    return f"replaceRegexpAll({raw}, '^\"|\"$', '')"


@dataclass(frozen=True)
class Asking:
    name: str
    query: Mapping[str, Any]
    sql: str
    ours: Callable[[dict[str, Any]], Any]
    theirs: Callable[[Sequence[Sequence[Any]]], Any]
    goal: str = "≥ 1"


def _series(event: str, **more: Any) -> dict[str, Any]:
    return {"kind": "EventsNode", "event": event, **more}


def _trend(node: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "TrendsQuery", "series": [node], "dateRange": RANGE, "interval": "day", **more}


def _sum_of_lines(answer: dict[str, Any]) -> float:
    return round(sum(sum(line["data"]) for line in answer["results"]))


def _largest_lines(answer: dict[str, Any]) -> list[float]:
    lines = [sum(line["data"]) for line in answer["results"] if "other" not in str(line["breakdown_value"])]
    return sorted(lines, reverse=True)[:5]


def _largest_values(rows: Sequence[Sequence[Any]]) -> list[float]:
    totals: dict[str, float] = {}
    for _, value, count in rows:
        totals[value] = totals.get(value, 0) + count
    return sorted(totals.values(), reverse=True)[:5]


def _total(rows: Sequence[Sequence[Any]]) -> float:
    return round(sum(row[-1] for row in rows))


def _by_day(value: str, where: str) -> str:
    return f"""SELECT toStartOfDay(timestamp) AS day, {value} AS value FROM posthog_events
        WHERE {_HOLDS} AND {where} GROUP BY day ORDER BY day"""


def _by_day_and_property(name: str) -> str:
    return f"""SELECT toStartOfDay(timestamp) AS day, ifNull(nullIf({text_of(name)}, ''), '{_NULL}') AS value, count()
        FROM posthog_events WHERE {_HOLDS} AND event = '$pageview' GROUP BY day, value ORDER BY day"""


def _broken_down(name: str) -> Asking:
    query = _trend(_series("$pageview"), breakdownFilter={"breakdown": name, "breakdown_type": "event"})
    return Asking("", query, _by_day_and_property(name), _largest_lines, _largest_values, "≥ 5")


def _named(name: str, asking: Asking) -> Asking:
    return Asking(name, asking.query, asking.sql, asking.ours, asking.theirs, asking.goal)


FUNNEL_STEPS = ("$pageview", "added to cart", "purchased")
_FUNNEL_SQL = f"""
SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) FROM (
    SELECT person_id, windowFunnel(1209600000000)(toUInt64(toUnixTimestamp64Micro(timestamp)),
        event = '$pageview', event = 'added to cart', event = 'purchased') AS level
    FROM posthog_events
    WHERE {_HOLDS} AND event IN ('$pageview', 'added to cart', 'purchased') GROUP BY person_id)
"""
_FUNNEL_BY_PROPERTY_SQL = f"""
SELECT countIf(level >= 1), countIf(level >= 2), countIf(level >= 3) FROM (
    SELECT person_id, windowFunnel(1209600000000)(toUInt64(toUnixTimestamp64Micro(timestamp)),
        event = '$pageview' AND {text_of("$browser")} = 'Chrome', event = 'added to cart',
        event = 'purchased') AS level
    FROM posthog_events
    WHERE {_HOLDS} AND event IN ('$pageview', 'added to cart', 'purchased') GROUP BY person_id)
"""
_RETENTION_SQL = f"""
SELECT start, arrayJoin(arrayFilter(week -> week >= start, weeks)) - start AS cell, count() FROM (
    SELECT weeks, arrayJoin(weeks) AS start FROM (
        SELECT person_id, groupUniqArray(toStartOfWeek(timestamp, 0)) AS weeks
        FROM posthog_events WHERE {_HOLDS} AND event = '$pageview' GROUP BY person_id))
GROUP BY start, cell ORDER BY start, cell
"""
_PATHS_SQL = f"""
SELECT concat(toString(number), '_', steps[number].2) AS source,
    concat(toString(number + 1), '_', steps[number + 1].2) AS target,
    count() AS value, avg(steps[number + 1].1 - steps[number].1) FROM (
    SELECT arraySlice(arrayFilter((v, i) -> i = 1 OR v.2 != path[i - 1].2, path, arrayEnumerate(path)), 1, 5) AS steps,
        arrayJoin(range(1, length(steps))) AS number
    FROM (SELECT arrayJoin(arraySplit((v, i) -> i > 1 AND v.1 - visits[i - 1].1 >= 1800000000, visits,
            arrayEnumerate(visits))) AS path
        FROM (SELECT arraySort(groupArray((toUnixTimestamp64Micro(timestamp),
                replaceRegexpOne(ifNull({text_of("$current_url")}, ''), '(.)/$', '\\\\1')))) AS visits
            FROM posthog_events WHERE {_HOLDS} AND event = '$pageview' GROUP BY person_id)))
GROUP BY source, target ORDER BY value DESC, source, target LIMIT 50
"""
_STICKINESS_SQL = f"""
SELECT days, count() FROM (
    SELECT person_id, uniqExact(toDate(timestamp)) AS days FROM posthog_events
    WHERE {_HOLDS} AND event = 'purchased' GROUP BY person_id) GROUP BY days ORDER BY days
"""


def _funnel(first: dict[str, Any]) -> dict[str, Any]:
    series = [first, _series("added to cart"), _series("purchased")]
    window = {"funnelWindowInterval": 14, "funnelWindowIntervalUnit": "day"}
    return {"kind": "FunnelsQuery", "series": series, "dateRange": RANGE, "funnelsFilter": window}


def _steps(answer: dict[str, Any]) -> list[int]:
    return [step["count"] for step in answer["results"]]


_CHROME = [{"key": "$browser", "type": "event", "operator": "exact", "value": ["Chrome"]}]
ASKINGS: Sequence[Asking] = (
    Asking(
        "trend, events a day",
        _trend(_series("$pageview")),
        _by_day("count()", "event = '$pageview'"),
        _sum_of_lines,
        _total,
    ),
    Asking(
        "trend, people a day",
        _trend(_series("$pageview", math="dau")),
        _by_day("count(DISTINCT person_id)", "event = '$pageview'"),
        _sum_of_lines,
        _total,
    ),
    Asking(
        "trend of events with a property (shredded)",
        _trend(_series("$pageview"), properties=_CHROME),
        _by_day("count()", f"event = '$pageview' AND {text_of('$browser')} = 'Chrome'"),
        _sum_of_lines,
        _total,
        "≥ 5",
    ),
    Asking(
        "trend, sum of a number in JSON",
        _trend(_series("purchased", math="sum", math_property="price")),
        _by_day(f"sum(toFloat64OrNull({text_of('price')}))", "event = 'purchased'"),
        _sum_of_lines,
        _total,
    ),
    _named("breakdown by `$browser` (shredded)", _broken_down("$browser")),
    _named("breakdown by `$current_url` (shredded, many values)", _broken_down("$current_url")),
    _named(f"breakdown by `{PROMOTED}` (promoted)", _broken_down(PROMOTED)),
    Asking(
        "funnel of 3 steps",
        _funnel(_series("$pageview")),
        _FUNNEL_SQL,
        _steps,
        lambda rows: list(rows[0]),
    ),
    Asking(
        "funnel of 3 steps, one with a property",
        _funnel(_series("$pageview", properties=_CHROME)),
        _FUNNEL_BY_PROPERTY_SQL,
        _steps,
        lambda rows: list(rows[0]),
    ),
    Asking(
        "retention by weeks",
        {"kind": "RetentionQuery", "dateRange": RANGE, "retentionFilter": {"period": "Week"}},
        _RETENTION_SQL,
        lambda answer: sum(cell["count"] for row in answer["results"] for cell in row["values"]),
        _total,
    ),
    Asking(
        "paths of page views",
        {
            "kind": "PathsQuery",
            "dateRange": RANGE,
            "pathsFilter": {"includeEventTypes": ["$pageview"]},
        },
        _PATHS_SQL,
        lambda answer: [edge["value"] for edge in answer["results"][:5]],
        lambda rows: [row[2] for row in rows[:5]],
    ),
    Asking(
        "stickiness by days",
        {
            "kind": "StickinessQuery",
            "series": [_series("purchased")],
            "dateRange": RANGE,
            "interval": "day",
        },
        _STICKINESS_SQL,
        lambda answer: sum(answer["results"][0]["data"]),
        _total,
    ),
)

_MONTH = {"date_from": "-30d"}


def dashboard() -> list[dict[str, Any]]:
    """Ten tiles as people have them, over the last 30 days: a third of the events."""
    browser = {"breakdown": "$browser", "breakdown_type": "event"}
    plan = {"breakdown": PROMOTED, "breakdown_type": "event"}
    country = {"breakdown": "$geoip_country_code", "breakdown_type": "event"}
    tiles = [
        _trend(_series("$pageview")),
        _trend(_series("$pageview", math="dau")),
        _trend(_series("$pageview", math="weekly_active")),
        _trend(_series("$pageview"), breakdownFilter=browser),
        _trend(_series("purchased"), breakdownFilter=plan),
        _trend(_series("$pageview", math="dau"), breakdownFilter=country),
        _trend(_series("purchased", math="sum", math_property="price")),
        _funnel(_series("$pageview")),
        {"kind": "RetentionQuery", "retentionFilter": {"period": "Week", "totalIntervals": 5}},
        {"kind": "PathsQuery", "pathsFilter": {"includeEventTypes": ["$pageview"]}},
    ]
    return [{**tile, "dateRange": _MONTH} if tile["kind"] != "RetentionQuery" else tile for tile in tiles]
