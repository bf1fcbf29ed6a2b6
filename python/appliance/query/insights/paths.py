"""Paths: what people do one after another.

```text
visits ─ one row an actor: their items in time order
paths  ─ cut where nothing happened for half an hour, repeats collapsed, from the start point to the end point
edges  ─ `1_/` → `2_/pricing`, counted, with how long the step took
```
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.comparisons import cleaned_path
from appliance.query.filters.terms import TRUE, call, compare, constant, equals, every, field, some, within
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of as own
from appliance.query.hogql.own_text import select_of
from appliance.query.hogql.user_text import expression_of
from appliance.query.insights.given import part, texts, whole
from appliance.query.insights.periods import Period, read_dates, resolved_dates
from appliance.query.insights.series import events_table, query_filters, read_actor

_GAP_US = 30 * 60 * 1_000_000
_MILLISECOND_US = 1_000
_STEPS, _STEPS_MAX = 5, 20
_EDGES, _EDGES_MAX = 50, 1_000
_PATTERNS_MAX = 100
_SHORTENED = "..."
_WHERE = "pathsFilter"
_TYPES = ("$pageview", "$screen", "custom_event", "hogql")

# Neighbours are told by an array that is moved by one: a lambda that looks into the whole array copies it for each
# of its items.
_VISITS = """
SELECT {actor} AS actor_id, arraySort(arrayZip(groupArray({time}), groupArray({item}))) AS visits,
    arrayMap(v -> tupleElement(v, 1), visits) AS times
FROM events WHERE {where} GROUP BY actor_id
"""
_PATHS = """
SELECT actor_id, arrayJoin(arraySplit((v, time, before) -> time - before >= {gap},
    visits, times, arrayPushFront(arrayPopBack(times), times[1]))) AS path
FROM {visits}
"""
_COLLAPSED = """
SELECT actor_id, arrayMap(v -> tupleElement(v, 2), path) AS items,
    arrayFilter((v, item, before, number) -> number = 1 OR item != before,
        path, items, arrayPushFront(arrayPopBack(items), ''), arrayEnumerate(items)) AS whole,
    arrayMap(v -> tupleElement(v, 2), whole) AS names
FROM {paths}
"""
_CUT = "SELECT actor_id, {cut} AS steps FROM {collapsed} WHERE {holds}"
_EDGES_OF = """
SELECT actor_id, arrayJoin(arrayMap((number, one, next) -> (
        number, tupleElement(one, 2), tupleElement(next, 2), tupleElement(next, 1) - tupleElement(one, 1)
    ), arrayEnumerate(arrayPopFront(steps)), arrayPopBack(steps), arrayPopFront(steps))) AS edge
FROM {cut}
"""
_COUNTED = """
SELECT concat(toString(number), '_', one) AS source, concat(toString(number + 1), '_', next) AS target,
    count() AS value, avg(time_us) / {millisecond} AS average_conversion_time
FROM (SELECT tupleElement(edge, 1) AS number, tupleElement(edge, 2) AS one, tupleElement(edge, 3) AS next,
    tupleElement(edge, 4) AS time_us FROM {edges})
GROUP BY number, one, next {having}
ORDER BY value DESC, source ASC, target ASC LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class Paths:
    """A PathsQuery, read. Made by `read_paths`."""

    query: Mapping[str, Any]
    filters: Mapping[str, Any]
    period: Period
    asked: Asked

    def edges(self) -> ast.SelectQuery:
        """`actor_id` and `edge`: number of its first step, source, target, microseconds."""
        return select_of(_EDGES_OF, {"cut": self.cut()})

    def cut(self) -> ast.SelectQuery:
        """`actor_id` and `steps`, what is shown of each path: moments with their items."""
        start, end = self._point("startPoint"), self._point("endPoint")
        holds = [has_item(point) for point in (start, end) if point is not None]
        if start is not None and end is not None:
            text = "indexOf(names, {start}) < length(names) - indexOf(arrayReverse(names), {end}) + 1"
            holds.append(own(text, {"start": start, "end": end}))
        values = {
            "cut": self._steps(start, end),
            "collapsed": select_of(_COLLAPSED, {"paths": self._paths()}),
            "holds": every(holds),
        }
        return select_of(_CUT, values)

    def _steps(self, start: str | None, end: str | None) -> ast.Expr:
        limit = whole(self.filters, "stepLimit", _STEPS, (0, _STEPS_MAX), _WHERE)
        if start is None and end is None:
            return own("arraySlice(whole, 1, {limit})", {"limit": limit})
        if end is None:
            text = "arraySlice(whole, indexOf(names, {start}), {limit})"
            return own(text, {"start": start, "limit": limit})
        if start is None:
            # What led to the end matters: the last steps before it.
            text = "arraySlice(arraySlice(whole, 1, indexOf(names, {end})), -least({limit}, indexOf(names, {end})))"
            return own(text, {"end": end, "limit": limit})
        between = (
            "arraySlice(whole, indexOf(names, {start}), "
            "indexOf(arraySlice(names, indexOf(names, {start})), {end}))"
        )
        path = own(between, {"start": start, "end": end})
        first, last = (limit + 1) // 2, limit // 2
        text = (
            "if(length({whole}) > {limit}, arrayConcat(arraySlice({whole}, 1, {first}), "
            "[(tupleElement(({whole})[{first}], 1), {shortened})], arraySlice({whole}, -{last})), {whole})"
        )
        values = {"whole": path, "limit": limit, "first": first, "last": last, "shortened": _SHORTENED}
        return own(text, values)

    def _paths(self) -> ast.SelectQuery:
        visits = select_of(
            _VISITS,
            {
                "actor": read_actor(self.query).id,
                "time": call("_toInt64", call("_toUnixTimestamp64Micro", field("timestamp"))),
                "item": self._item(),
                "where": self._where(),
            },
        )
        visits.select_from = events_table(self.query)
        return select_of(_PATHS, {"visits": visits, "gap": _GAP_US})

    def _where(self) -> ast.Expr:
        conditions = [
            self.period.holds,
            query_filters(self.query, self.asked.context),
            read_actor(self.query).is_there,
            self._is_included(),
        ]
        excluded = texts(self.filters, "excludeEvents", _WHERE)
        if excluded:
            conditions.append(ast.Not(within(self._item(), excluded)))
        return every(conditions)

    def _is_included(self) -> ast.Expr:
        types = texts(self.filters, "includeEventTypes", _WHERE)
        unknown = next((one for one in types if one not in _TYPES), None)
        if unknown is not None:
            raise Invalid(f"paths cannot include {unknown[:50]!r}", attr="pathsFilter.includeEventTypes")
        conditions = []
        for one in types:
            if one == "custom_event":
                conditions.append(compare(field("event"), "not like", constant("$%")))
            elif one == "hogql":
                conditions.append(compare(self._expression(), "!=", constant(None)))
            else:
                conditions.append(equals(field("event"), one))
        return some(conditions) if conditions else TRUE

    def _expression(self) -> ast.Expr:
        text = self.filters.get("pathsHogQLExpression")
        if not isinstance(text, str) or not text.strip():
            raise Invalid("pathsHogQLExpression is needed", attr="pathsFilter.pathsHogQLExpression")
        return call("toString", expression_of(text))

    def _item(self) -> ast.Expr:
        types = texts(self.filters, "includeEventTypes", _WHERE)
        if types == ["hogql"]:
            item: ast.Expr = call("ifNull", self._expression(), constant(""))
        elif types == ["$pageview"]:
            item = _page()
        else:
            item = _named(self._expression() if "hogql" in types else None)
        rules = [*_rules(self.filters.get("localPathCleaningFilters"))]
        if self.filters.get("pathReplacements"):
            rules += _rules(list(self.asked.context.project.path_cleaning_filters))
        if rules:
            item = cleaned_path(item, rules)
        for pattern in texts(self.filters, "pathGroupings", _WHERE)[:_PATTERNS_MAX]:
            matches = compare(
                item, "like", constant(pattern.replace("%", r"\%").replace("_", r"\_").replace("*", "%"))
            )
            item = call("if", matches, constant(pattern), item)
        return item

    def _point(self, name: str) -> str | None:
        found = self.filters.get(name)
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise Invalid(f"{name} must be a text", attr=f"pathsFilter.{name}")
        return found


def paths(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to a PathsQuery: edges, the most frequent first."""
    read = read_paths(query, asked)
    tree = select_of(
        _COUNTED.replace("{having}", _having(read.filters)),
        {
            "edges": read.edges(),
            "millisecond": _MILLISECOND_US,
            "limit": whole(read.filters, "edgeLimit", _EDGES, (0, _EDGES_MAX), _WHERE),
            "least": read.filters.get("minEdgeWeight"),
            "most": read.filters.get("maxEdgeWeight"),
        },
    )
    answer = asked.run(tree, name="paths")
    edges = [
        {"source": source, "target": target, "value": value, "average_conversion_time": time_ms}
        for source, target, value, time_ms in answer.rows
    ]
    return {
        "results": reachable(edges),
        "hogql": answer.hogql,
        "resolved_date_range": resolved_dates(read.period.dates),
    }


def paths_actors(query: Mapping[str, Any], asked: Asked) -> ast.SelectQuery:
    """Who went along an edge, or left the path at a step: `actor_id` and `event_count`."""
    read = read_paths(query, asked)
    keys = {name: read.filters.get(name) for name in ("pathStartKey", "pathEndKey", "pathDropoffKey")}
    if keys["pathDropoffKey"]:
        # `steps[-1]` would be read as a property of that name.
        text = "concat(toString(length(steps)), '_', tupleElement(arrayElement(steps, -1), 2)) = {key}"
        where = own(text, {"key": keys["pathDropoffKey"]})
        source = read.cut()
    else:
        source = read.edges()
        parts = [
            (
                keys["pathStartKey"],
                "concat(toString(tupleElement(edge, 1)), '_', tupleElement(edge, 2)) = {key}",
            ),
            (
                keys["pathEndKey"],
                "concat(toString(tupleElement(edge, 1) + 1), '_', tupleElement(edge, 3)) = {key}",
            ),
        ]
        where = every(own(text, {"key": key}) for key, text in parts if key)
    text = "SELECT actor_id, count() AS event_count FROM {source} WHERE {where} GROUP BY actor_id"
    return select_of(text, {"source": source, "where": where})


def read_paths(query: Mapping[str, Any], asked: Asked) -> Paths:
    return Paths(query, part(query, "pathsFilter"), Period(read_dates(query, asked)), asked)


def reachable(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The edges that some path of them leads to from a first step."""
    found = {edge["source"] for edge in edges if edge["source"].startswith("1_")}
    # Targets are one step further than sources: going through the steps in order sees every source before it matters.
    for edge in sorted(edges, key=lambda edge: int(edge["source"].split("_", 1)[0])):
        if edge["source"] in found:
            found.add(edge["target"])
    return [edge for edge in edges if edge["source"] in found]


def has_item(name: str) -> ast.Expr:
    return call("has", field("names"), constant(name))


def _page() -> ast.Expr:
    url = call("ifNull", field("properties", "$current_url"), constant(""))
    trimmed = call("replaceRegexpOne", url, constant("(.)/$"), constant("\\1"))
    return call("if", call("endsWith", url, constant("/")), trimmed, url)


def _named(expression: ast.Expr | None) -> ast.Expr:
    screen = call("ifNull", field("properties", "$screen_name"), constant(""))
    other = field("event") if expression is None else call("ifNull", expression, field("event"))
    is_page, is_screen = equals(field("event"), "$pageview"), equals(field("event"), "$screen")
    return call("multiIf", is_page, _page(), is_screen, screen, other)


def _rules(given: Any) -> list[Mapping[str, Any]]:
    if given is None:
        return []
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        raise Invalid("path cleaning filters must be a list of objects", attr="pathsFilter")
    return given[:_PATTERNS_MAX]


def _having(filters: Mapping[str, Any]) -> str:
    parts = []
    for name, text in (("minEdgeWeight", "value >= {least}"), ("maxEdgeWeight", "value <= {most}")):
        if filters.get(name) is not None:
            whole(filters, name, 0, (0, 1 << 40), _WHERE)
            parts.append(text)
    return f"HAVING {' AND '.join(parts)}" if parts else ""
