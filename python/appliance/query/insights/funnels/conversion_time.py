"""Time to convert: how long it took, as a histogram."""

import math
from collections.abc import Sequence
from typing import Any

from appliance._native import funnels as kernel
from appliance.query.insights.funnels.rows import Funnel

_BINS_MAX = 60
_WIDTH_S_LEAST = 60


def conversion_time(funnel: Funnel) -> dict[str, Any]:
    """`bins` are `[seconds, actors]`, one more than there are ranges, as PostHog has it."""
    shape = funnel.shape
    walk = kernel.Walk.times(shape.of_walk, from_step=shape.from_step, to_step=shape.to_step)
    times_s = funnel.walked(walk).times_s()
    if not times_s:
        return {"bins": [], "average_conversion_time": None}
    return {
        "bins": histogram(times_s, shape.bin_count),
        "average_conversion_time": math.fsum(times_s) / len(times_s),
    }


def histogram(times_s: Sequence[float], bin_count: int | None) -> list[list[int]]:
    """Ranges of equal whole seconds. Without a count there are as many as the cube root of the samples."""
    bins = bin_count or min(max(math.ceil(round(len(times_s) ** (1 / 3), 9)), 1), _BINS_MAX)
    low, high = math.floor(min(times_s)), math.ceil(max(times_s))
    width = math.ceil((high - low) / bins) or _WIDTH_S_LEAST
    counts = [0] * (bins + 1)
    for time_s in times_s:
        counts[min(int((time_s - low) // width), bins)] += 1
    return [[low + number * width, count] for number, count in enumerate(counts)]
