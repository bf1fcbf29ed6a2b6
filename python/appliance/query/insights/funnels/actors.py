"""Who reached a step of a funnel, dropped before it, or entered in an interval."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from appliance._native import funnels as kernel
from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import select_of
from appliance.query.insights.breakdown import NULL_VALUE, Split
from appliance.query.insights.funnels.rows import OTHER, Funnel, read_funnel
from appliance.query.insights.periods import point_of_day

ACTORS_MAX = 100_000
_DROPPED_MIN = -2


def funnel_actors(query: Mapping[str, Any], asked: Asked) -> ast.SelectQuery:
    """The SELECT for a FunnelsActorsQuery: `actor_id`."""
    ids = funnel_actor_ids(query, asked)
    if not ids:
        # A list of nothing has no type.
        return select_of("SELECT '' AS actor_id WHERE false", {})
    return select_of("SELECT arrayJoin({ids}) AS actor_id", {"ids": ast.Constant(ids)})


def funnel_actor_ids(query: Mapping[str, Any], asked: Asked) -> list[str]:
    """At most `ACTORS_MAX`."""
    source = query.get("source")
    if not isinstance(source, Mapping) or source.get("kind") != "FunnelsQuery":
        raise Invalid("a FunnelsActorsQuery needs a FunnelsQuery as its source", attr="source")
    funnel = read_funnel(source, asked)
    split, breakdown = _breakdown(funnel, query.get("funnelStepBreakdown"))
    if query.get("funnelTrendsEntrancePeriodStart") is not None:
        walk = _entrants(funnel, query, breakdown)
    else:
        walk = _reached(funnel, query, breakdown)
    top = funnel.top() if breakdown is not None else None
    return funnel.walked(walk, split=split, top=top).selected()


def _reached(funnel: Funnel, query: Mapping[str, Any], breakdown: list[str] | None) -> kernel.Walk:
    custom = query.get("funnelCustomSteps")
    if isinstance(custom, list) and custom:
        numbers = {_number(step, 1, len(funnel.series)) for step in custom}
        done = sum(1 << (number - 1) for number in numbers)
        return _walk(funnel, "done", done, breakdown)
    step = query.get("funnelStep")
    if step is None:
        raise Invalid("funnelStep is needed", attr="funnelStep")
    number = _number(step, -len(funnel.series), len(funnel.series))
    if number == 0 or number > 0:
        return _walk(funnel, "reached", max(number - 1, 0), breakdown)
    if number > _DROPPED_MIN:
        raise Invalid("nobody can drop out before the first step", attr="funnelStep")
    return _walk(funnel, "dropped", -number - 1, breakdown)


def _walk(funnel: Funnel, wanted: str, step: int, breakdown: list[str] | None) -> kernel.Walk:
    return kernel.Walk.actors(
        funnel.shape.of_walk, wanted=wanted, step=step, breakdown=breakdown, actors_max=ACTORS_MAX
    )


def _entrants(funnel: Funnel, query: Mapping[str, Any], breakdown: list[str] | None) -> kernel.Walk:
    dates = funnel.period.dates
    point = point_of_day(dates, query["funnelTrendsEntrancePeriodStart"], dates.clock)
    if point is None:
        raise Invalid("the interval lies out of the range", attr="funnelTrendsEntrancePeriodStart")
    return kernel.Walk.entrants(
        funnel.shape.of_walk,
        from_step=funnel.shape.from_step,
        to_step=funnel.shape.to_step,
        between_us=(_us(point.start), _us(point.end)),
        has_converted=not query.get("funnelTrendsDropOff"),
        breakdown=breakdown,
        actors_max=ACTORS_MAX,
    )


def _us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000


def _breakdown(funnel: Funnel, given: Any) -> tuple[Split | None, list[str] | None]:
    """The cohort, or the value, that is meant."""
    if given is None or funnel.breakdown is None:
        return None, None
    if funnel.breakdown.splits:
        found = next(
            (one for one in funnel.breakdown.splits if str(given) in (str(one.value), one.label)), None
        )
        if found is None:
            raise Invalid("there is no such breakdown", attr="funnelStepBreakdown")
        return found, None
    values = [_text(one) for one in (given if isinstance(given, list) else [given])]
    parts = len(funnel.breakdown.parts)
    if values == [OTHER]:
        values = [OTHER] * parts
    if len(values) != parts:
        raise Invalid("the breakdown needs one value for each property", attr="funnelStepBreakdown")
    return None, values


def _text(value: Any) -> str:
    if value is None or value == NULL_VALUE:
        return ""
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _number(value: Any, minimum: int, maximum: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not minimum <= value <= maximum:
        raise Invalid(f"a step must be from {minimum} to {maximum}", attr="funnelStep")
    return value
