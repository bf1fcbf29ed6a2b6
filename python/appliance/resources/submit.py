"""Events of our own making: how the API changes what ingest owns.

A property that is set over the API travels as an event through this worker's journal, the same road that SDKs take.
There is no other writer of persons and groups, so nothing can race; and the change is seen in their events.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from appliance.catalog import ProjectSnapshot
from appliance.failures import Unavailable

OwnEvent: TypeAlias = Mapping[str, Any]
"""`event`, `distinct_id` and `properties`, as an SDK would send them."""

Submit: TypeAlias = Callable[[ProjectSnapshot, Sequence[OwnEvent]], None]
"""Returns once the events are durable. Blocks, so it is not for the event loop."""


def no_journal(_project: ProjectSnapshot, _events: Sequence[OwnEvent]) -> None:
    """For processes that write none."""
    raise Unavailable("This process takes no events.")
