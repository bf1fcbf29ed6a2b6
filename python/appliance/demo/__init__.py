"""Demo data: sixty days of a believable product, in a project of its own.

Burrow is a made-up service that shares files among teams. `story` says how its visitors differ, `visitor` draws one,
`journey` lives through their sessions as the events a browser would send, `send` sends them through the public capture
endpoint like any SDK, and `made` makes what its team would have made: insights, dashboards, cohorts, flags. `fill` does
all of it. The same seed and the same last day give the same people and events.
"""

from appliance.demo.fill import fill

__all__ = ["fill"]
