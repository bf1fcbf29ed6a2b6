"""Who is in a row of retention, and in which of its cells."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import select_of
from appliance.query.insights.retention.people import read_retention

_ACTORS = "SELECT actor_id, cells AS appearances FROM {people} WHERE start = {start}"


def retention_actors(query: Mapping[str, Any], interval: Any, asked: Asked) -> ast.SelectQuery:
    """`actor_id` and `appearances`, the cells an actor is in, of those who began in row `interval`."""
    read = read_retention(query, asked)
    if not isinstance(interval, int) or isinstance(interval, bool):
        raise Invalid("interval must be the number of a row", attr="interval")
    if not 0 <= interval < len(read.shape.dates.points):
        raise Invalid("there is no such row", attr="interval")
    return select_of(_ACTORS, {"people": read.people(), "start": interval})


def cell_count(query: Mapping[str, Any], asked: Asked) -> int:
    return len(read_retention(query, asked).shape.cells)
