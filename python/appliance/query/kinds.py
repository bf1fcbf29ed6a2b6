"""What can be asked: each kind of query and the function that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked

Query = Mapping[str, Any]
Response = dict[str, Any]
_WRAPPERS = frozenset({"DataTableNode", "DataVisualizationNode", "InsightVizNode"})
_NESTED_MAX = 4


@dataclass(frozen=True, slots=True)
class Kind:
    answer: Callable[[Query, Asked], Response]
    is_kept: bool = True
    """Whether the answer may be kept and shown again."""


KINDS: dict[str, Kind] = {}


def unwrapped(query: Any) -> Query:
    """The question inside the nodes that only say how it is shown."""
    for _ in range(_NESTED_MAX):
        if not isinstance(query, Mapping):
            raise Invalid("query must be an object with a kind", attr="query")
        if query.get("kind") not in _WRAPPERS:
            return query
        query = query.get("source")
    raise Invalid("query is wrapped too deeply", attr="query")


def kind_of(query: Query) -> Kind:
    name = query.get("kind")
    if not isinstance(name, str) or not name:
        raise Invalid("query must have a kind", attr="query", code="required")
    found = KINDS.get(name)
    if found is None:
        raise Invalid(f"Unsupported query kind: {name[:100]}", attr="query")
    return found
