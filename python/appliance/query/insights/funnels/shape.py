"""What a FunnelsQuery asks, read and checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from appliance._native import funnels as kernel
from appliance.failures import Invalid
from appliance.query.insights.given import choice, is_whole, objects, part, whole

Order = Literal["ordered", "strict", "unordered"]
Display = Literal["steps", "time_to_convert", "trends", "flow"]
Attribution = Literal["", "first_touch", "last_touch", "all_events", "step"]
Node = Mapping[str, Any]

STEPS_MIN = 2
_WHERE = "funnelsFilter"
EXCLUSIONS_MAX = 20
BINS_MAX = 90
_ORDERS = ("ordered", "strict", "unordered")
_DISPLAYS = ("steps", "time_to_convert", "trends", "flow")
_ATTRIBUTIONS = ("first_touch", "last_touch", "all_events", "step")
_DAY_US = 86_400_000_000
_UNITS_US = {
    "second": 1_000_000,
    "minute": 60_000_000,
    "hour": 3_600_000_000,
    "day": _DAY_US,
    "week": 7 * _DAY_US,
    "month": 30 * _DAY_US,
}
_WINDOW = 14
_WINDOW_US_MAX = 3_650 * _DAY_US


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Ends attempts that have done step `from_step` and not yet step `to_step`, both from 0."""

    node: Node
    from_step: int
    to_step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelShape:
    steps: Sequence[Node]
    display: Display
    order: Order
    window_us: int
    exclusions: Sequence[Exclusion]
    attribution: Attribution
    """Empty without a breakdown."""
    attribution_step: int
    from_step: int
    to_step: int
    bin_count: int | None
    aggregate_by: str | None
    """HogQL whose value is the actor; None: a person, or a group."""
    group_type_index: int | None

    @property
    def optional(self) -> int:
        """Bit `k`: step `k` may be left out."""
        if self.order == "unordered" or self.display != "steps":
            return 0
        return sum(1 << k for k, step in enumerate(self.steps) if k and step.get("optionalInFunnel") is True)

    @property
    def of_walk(self) -> tuple[int, int, str, int, str, int]:
        """The shape as every `Walk` takes it."""
        return (
            len(self.steps),
            self.window_us,
            self.order,
            self.optional,
            self.attribution,
            self.attribution_step,
        )


def read_shape(query: Mapping[str, Any]) -> FunnelShape:
    """Raises `Invalid` with what is wrong and where."""
    steps = objects(query, "series")
    if len(steps) < STEPS_MIN:
        raise Invalid("Funnels require at least two steps before calculating.", attr="series")
    if len(steps) > kernel.STEPS_MAX:
        raise Invalid(f"Funnels may have at most {kernel.STEPS_MAX} steps.", attr="series")
    given = part(query, "funnelsFilter")
    order = cast("Order", choice(given, "funnelOrderType", _ORDERS, "ordered", _WHERE))
    has_breakdown = _has_breakdown(part(query, "breakdownFilter"))
    attribution = choice(given, "breakdownAttributionType", _ATTRIBUTIONS, "first_touch", _WHERE)
    attribution_step = whole(given, "breakdownAttributionValue", 0, (0, len(steps) - 1), _WHERE)
    if attribution == "step" and order == "unordered" and attribution_step:
        raise Invalid("Breakdown attribution by step of an unordered funnel can only be by its first step.")
    from_step = whole(given, "funnelFromStep", 0, (0, len(steps) - 1), _WHERE)
    to_step = whole(given, "funnelToStep", len(steps) - 1, (0, len(steps) - 1), _WHERE)
    if from_step >= to_step:
        raise Invalid("funnelToStep must come after funnelFromStep.", attr="funnelsFilter.funnelToStep")
    bin_count = given.get("binCount")
    return FunnelShape(
        steps=steps,
        display=cast("Display", choice(given, "funnelVizType", _DISPLAYS, "steps", _WHERE)),
        order=order,
        window_us=_window_us(given),
        exclusions=_exclusions(given, steps, order),
        attribution=cast("Attribution", attribution if has_breakdown else ""),
        attribution_step=attribution_step,
        from_step=from_step,
        to_step=to_step,
        bin_count=None if bin_count is None else whole(given, "binCount", 1, (1, BINS_MAX), _WHERE),
        aggregate_by=str(given.get("funnelAggregateByHogQL") or "").strip() or None,
        group_type_index=_group_type_index(query),
    )


def _exclusions(given: Mapping[str, Any], steps: Sequence[Node], order: Order) -> tuple[Exclusion, ...]:
    nodes = objects(given, "exclusions", _WHERE)
    if len(nodes) > EXCLUSIONS_MAX:
        raise Invalid(
            f"Funnels may have at most {EXCLUSIONS_MAX} exclusions.", attr="funnelsFilter.exclusions"
        )
    return tuple(_exclusion(node, steps, order) for node in nodes)


def _exclusion(node: Node, steps: Sequence[Node], order: Order) -> Exclusion:
    last = len(steps) - 1
    from_step, to_step = node.get("funnelFromStep", 0), node.get("funnelToStep", last)
    if not is_whole(from_step) or not is_whole(to_step) or from_step >= to_step:
        raise Invalid("Exclusion event range is invalid. End of range should be greater than start.")
    if from_step < 0 or to_step > last:
        raise Invalid("Exclusion event range is invalid. It must lie within the funnel's steps.")
    if order == "unordered" and (from_step, to_step) != (0, last):
        raise Invalid("Partial Exclusions not allowed in unordered funnels")
    if any(_is_same(node, step) for step in steps[from_step : to_step + 1]):
        raise Invalid("Exclusion steps cannot contain an event that's part of funnel steps.")
    return Exclusion(node, from_step, to_step)


def _is_same(one: Node, other: Node) -> bool:
    """The same event or action; filters could still tell two events apart."""
    if one.get("properties") or other.get("properties"):
        return False
    kind = one.get("kind")
    return kind == other.get("kind") and (
        one.get("id") == other.get("id") if kind == "ActionsNode" else one.get("event") == other.get("event")
    )


def _window_us(given: Mapping[str, Any]) -> int:
    unit = choice(given, "funnelWindowIntervalUnit", tuple(_UNITS_US), "day", _WHERE)
    count = given.get("funnelWindowInterval")
    count = _WINDOW if count is None else count
    if not isinstance(count, int | float) or isinstance(count, bool) or count <= 0:
        raise Invalid(
            "funnelWindowInterval must be more than zero", attr="funnelsFilter.funnelWindowInterval"
        )
    return min(int(count * _UNITS_US[unit]), _WINDOW_US_MAX)


def _has_breakdown(given: Mapping[str, Any]) -> bool:
    return bool(given.get("breakdown") or given.get("breakdowns"))


def _group_type_index(query: Mapping[str, Any]) -> int | None:
    found = query.get("aggregation_group_type_index")
    return found if is_whole(found) else None
