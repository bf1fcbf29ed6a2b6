"""Funnels: how far people come through a sequence of steps.

`shape` reads the question, `rows` asks the store for each actor's events, the Rust kernel `funnels` walks them, and
`steps`, `conversion_time` and `over_time` show what it found. `actors` says who it was, `correlation` what they did
besides.
"""

from collections.abc import Mapping
from typing import Any

from appliance.query.asked import Asked
from appliance.query.insights.funnels.conversion_time import conversion_time
from appliance.query.insights.funnels.over_time import over_time
from appliance.query.insights.funnels.rows import read_funnel
from appliance.query.insights.funnels.steps import steps
from appliance.query.insights.periods import resolved_dates

__all__ = ["funnels"]


def funnels(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to a FunnelsQuery."""
    funnel = read_funnel(query, asked)
    results: Any
    if funnel.shape.display == "time_to_convert":
        results = conversion_time(funnel)
    elif funnel.shape.display == "trends":
        results = over_time(funnel)
    else:
        results = steps(funnel)
    return {
        "results": results,
        "resolved_date_range": resolved_dates(funnel.period.dates),
    }
