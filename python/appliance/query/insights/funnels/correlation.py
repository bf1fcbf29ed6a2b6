"""Correlation: what those who converted did more, or less, than those who did not.

The odds ratio of an event is `(s + 1)(F - f + 1) / ((S - s + 1)(f + 1))`: of S converted and F others, s and f did it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.terms import TRUE, every, field, opposite, some, within
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of, select_of
from appliance.query.insights.funnels.actors import funnel_actor_ids
from appliance.query.insights.funnels.rows import Funnel, read_funnel
from appliance.query.insights.given import texts
from appliance.query.insights.series import read_actor

_SHOWN = 10
_LOOKED_AT = 100
_SKEWED_PART = 10

_EVERY_PROPERTY = "$all"
_PAIRS = r"""
arrayMap(p -> concat(tupleElement(p, 1), '::', replaceRegexpOne(tupleElement(p, 2), '^"(.*)"$', '\\1')),
    arrayFilter(p -> not has({hidden}, tupleElement(p, 1)), JSONExtractKeysAndValuesRaw(toString({properties}))))
"""
_EVENTS = """
SELECT {name} AS name,
    uniqIf({actor}, {actor} IN {converted}) AS converted, uniqIf({actor}, {actor} IN {dropped}) AS dropped
FROM events WHERE {where} GROUP BY name ORDER BY converted + dropped DESC LIMIT {limit}
"""


def correlation(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to a FunnelCorrelationQuery."""
    source = query.get("source")
    inner = source.get("source") if isinstance(source, Mapping) else None
    if not isinstance(inner, Mapping) or not isinstance(source, Mapping):
        raise Invalid("a FunnelCorrelationQuery needs a FunnelsActorsQuery as its source", attr="source")
    funnel = read_funnel(inner, asked)
    last = len(funnel.series)
    converted = funnel_actor_ids({"source": inner, "funnelStep": last}, asked)
    everybody = funnel_actor_ids({"source": inner, "funnelStep": 1}, asked)
    dropped = sorted(set(everybody) - set(converted))
    found = _counted(funnel, query, converted, dropped) if converted and dropped else []
    totals = len(converted), len(dropped)
    events = [_item(name, success, failure, totals) for name, success, failure in found]
    events.sort(key=lambda item: -max(item["odds_ratio"], 1 / item["odds_ratio"]))
    skewed = min(totals) * _SKEWED_PART < max(totals)
    results = {"events": events[: 2 * _SHOWN], "skewed": skewed}
    return {"results": results}


def odds_ratio(success: int, failure: int, totals: tuple[int, int]) -> float:
    successes, failures = totals
    return (success + 1) * (failures - failure + 1) / ((successes - success + 1) * (failure + 1))


def _item(name: str, success: int, failure: int, totals: tuple[int, int]) -> dict[str, Any]:
    ratio = odds_ratio(success, failure, totals)
    return {
        "event": {"event": name, "properties": {}, "elements": []},
        "success_count": success,
        "failure_count": failure,
        "odds_ratio": ratio,
        "correlation_type": "success" if ratio > 1 else "failure",
    }


def _counted(
    funnel: Funnel, query: Mapping[str, Any], converted: Sequence[str], dropped: Sequence[str]
) -> list[tuple[str, int, int]]:
    kind = query.get("funnelCorrelationType") or "events"
    look = _LOOKS.get(kind) if isinstance(kind, str) else None
    if look is None:
        raise Invalid(f"there is no correlation of {str(kind)[:50]!r}", attr="funnelCorrelationType")
    name, condition = look(funnel, query)
    actor = ast.Call("toString", [read_actor(funnel.query).id])
    tree = select_of(
        _EVENTS,
        {
            "name": name,
            "actor": actor,
            "converted": ast.Constant(list(converted)),
            "dropped": ast.Constant(list(dropped)),
            "where": every((funnel.period.holds, condition, within_ids(actor, converted, dropped))),
            "limit": _LOOKED_AT,
        },
    )
    rows = funnel.asked.run(tree, name="correlation").rows
    return [(str(row[0]), int(row[1]), int(row[2])) for row in rows]


def _steps(funnel: Funnel) -> ast.Expr:
    context = funnel.asked.context
    return some(every((one.matches(context), one.filters(context))) for one in funnel.series)


def _events(funnel: Funnel, query: Mapping[str, Any]) -> tuple[ast.Expr, ast.Expr]:
    """What they did besides the steps."""
    excluded = texts(query, "funnelCorrelationExcludeEventNames")
    others = ast.Not(within(field("event"), excluded)) if excluded else TRUE
    return field("event"), every((opposite(_steps(funnel)), others))


def _event_properties(_funnel: Funnel, query: Mapping[str, Any]) -> tuple[ast.Expr, ast.Expr]:
    """With which properties they did some events."""
    events = texts(query, "funnelCorrelationEventNames")
    if not events:
        raise Invalid("funnelCorrelationEventNames is needed", attr="funnelCorrelationEventNames")
    hidden = texts(query, "funnelCorrelationEventExcludePropertyNames")
    pairs = expression_of(_PAIRS, {"hidden": ast.Constant(hidden), "properties": field("properties")})
    name = expression_of("concat(event, '::', arrayJoin({pairs}))", {"pairs": pairs})
    return name, within(field("event"), events)


def _person_properties(funnel: Funnel, query: Mapping[str, Any]) -> tuple[ast.Expr, ast.Expr]:
    """Who they were."""
    names = texts(query, "funnelCorrelationNames")
    hidden = texts(query, "funnelCorrelationExcludeNames")
    if not names:
        raise Invalid("funnelCorrelationNames is needed", attr="funnelCorrelationNames")
    if _EVERY_PROPERTY in names:
        properties = field("person", "properties")
        pairs = expression_of(_PAIRS, {"hidden": ast.Constant(hidden), "properties": properties})
    else:
        shown = [
            expression_of(
                "concat({name}, '::', ifNull(toString({value}), ''))",
                {"name": name, "value": field("person", "properties", name)},
            )
            for name in names
            if name not in hidden
        ]
        pairs = ast.Array(list(shown))
    return expression_of("arrayJoin({pairs})", {"pairs": pairs}), _steps(funnel)


_LOOKS = {"events": _events, "event_with_properties": _event_properties, "properties": _person_properties}


def within_ids(actor: ast.Expr, converted: Sequence[str], dropped: Sequence[str]) -> ast.Expr:
    return ast.CompareOperation(actor, ast.Constant([*converted, *dropped]), "in")
