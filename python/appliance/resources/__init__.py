"""What every REST resource shares, so that a room of one resource holds only what is its own.

- `door`: who asks, about which project, and a transaction to answer from.
- `bodies` `fields`: the JSON that came, and the rules for each of its fields, with PostHog's messages.
- `pages`: `{count, next, previous, results}`.
- `resource` `routes`: list, create, retrieve, change, take away; rooms subclass `Resource`.
- `people` `tags` `activity`: who made it, how it is labelled, who changed what.

A room looks things up by the caller's project and by nothing else: what belongs to another project does not
exist.
"""

from appliance.resources.door import Door
from appliance.resources.fields import Field, read
from appliance.resources.resource import Resource
from appliance.resources.routes import resource_routes

__all__ = ["Door", "Field", "Resource", "read", "resource_routes"]
