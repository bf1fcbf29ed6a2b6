"""A series: which events it counts, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from appliance.failures import Invalid
from appliance.query.filters import action_to_expr, property_to_expr, without_test_accounts
from appliance.query.filters.properties import group_index
from appliance.query.filters.terms import TRUE, compare, constant, equals, every, field, some
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.project import Action

SERIES_MAX = 50
_NODES_MAX = 50
Kind = Literal["events", "actions", "groups"]


@dataclass(frozen=True)
class Series:
    """One node of a query's `series`. Made by `read_series`."""

    node: Mapping[str, Any]
    order: int
    kind: Kind
    action: Action | None
    """Of an `ActionsNode`; None if the project has no such action."""
    members: tuple["Series", ...] = ()
    """Of a `GroupNode`: the nodes any of which counts."""

    @property
    def event(self) -> str | None:
        """None: every event."""
        return self.node.get("event")

    @property
    def exists(self) -> bool:
        if self.kind == "groups":
            return any(member.exists for member in self.members)
        return self.kind == "events" or self.action is not None

    @property
    def label(self) -> str:
        if self.kind == "actions":
            return self.action.name if self.action else ""
        if self.kind == "groups":
            return str(self.node.get("name") or ", ".join(member.label for member in self.members))
        return "All events" if self.event is None else self.event

    @property
    def id(self) -> Any:
        """The name of the event or the number of the action, as responses call it."""
        return self.action.id if self.action else self.event

    @cached_property
    def math(self) -> str:
        return str(self.node.get("math") or "total")

    def matches(self, context: Context) -> ast.Expr:
        """Whether an event is one of this series, before any property filters."""
        if self.kind == "groups":
            return some(
                every((member.matches(context), member.filters(context)))
                for member in self.members
                if member.exists
            )
        if self.kind == "actions":
            return action_to_expr(self.action, context) if self.action else constant(False)
        return TRUE if self.event is None else equals(field("event"), self.event)

    def filters(self, context: Context) -> ast.Expr:
        """The series' own property filters."""
        return every(
            property_to_expr(self.node.get(name), context) for name in ("properties", "fixedProperties")
        )

    def description(self) -> dict[str, Any]:
        """`action` of a result item, without its days."""
        node = self.node
        return {
            "id": self.id,
            "type": "actions" if self.kind == "actions" else "events",
            "order": self.order,
            "name": (self.label if self.kind == "actions" else node.get("name") or self.label),
            "custom_name": node.get("custom_name"),
            "math": node.get("math"),
            "math_property": node.get("math_property"),
            "math_hogql": node.get("math_hogql"),
            "math_group_type_index": node.get("math_group_type_index"),
            "properties": node.get("properties") or [],
        }


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: people, or groups of one type."""

    group_type_index: int | None = None

    @property
    def id(self) -> ast.Expr:
        if self.group_type_index is None:
            return field("person_id")
        return field(f"$group_{self.group_type_index}")

    @property
    def is_there(self) -> ast.Expr:
        """An event without a group of that type has no actor."""
        return TRUE if self.group_type_index is None else compare(self.id, "!=", constant(""))


def read_series(query: Mapping[str, Any], context: Context) -> list[Series]:
    nodes = query.get("series")
    if not isinstance(nodes, list | tuple) or not nodes:
        raise Invalid("series must be a list with at least one series", attr="series", code="required")
    if len(nodes) > SERIES_MAX:
        raise Invalid(f"a query may have at most {SERIES_MAX} series", attr="series")
    return [read_node(node, order, context) for order, node in enumerate(nodes)]


def read_node(node: Any, order: int, context: Context) -> Series:
    if not isinstance(node, Mapping):
        raise Invalid("a series must be an object", attr="series")
    kind = node.get("kind") or "EventsNode"
    if kind == "EventsNode":
        if not isinstance(node.get("event"), str | None):
            raise Invalid("event must be a text or null", attr="series")
        return Series(node, order, "events", None)
    if kind == "ActionsNode":
        return Series(node, order, "actions", _action(node.get("id"), context))
    if kind == "GroupNode":
        nodes = node.get("nodes")
        if not isinstance(nodes, Sequence) or not 1 <= len(nodes) <= _NODES_MAX or isinstance(nodes, str):
            raise Invalid(f"a group needs from 1 to {_NODES_MAX} nodes", attr="series")
        members = tuple(read_node(one, order, context) for one in nodes)
        if any(member.kind == "groups" for member in members):
            raise Invalid("a group of series cannot hold another one", attr="series")
        return Series(node, order, "groups", None, members)
    raise Invalid(f"series of kind {str(kind)[:50]!r} are not supported", attr="series")


def query_filters(query: Mapping[str, Any], context: Context) -> ast.Expr:
    """What all series of a query share: its properties, and the filter of test accounts."""
    filters = property_to_expr(query.get("properties"), context)
    return every((filters, without_test_accounts(context))) if query.get("filterTestAccounts") else filters


def read_actor(query: Mapping[str, Any]) -> Actor:
    index = query.get("aggregation_group_type_index")
    return Actor(None if index is None else group_index(index))


def sampled(query: Mapping[str, Any]) -> ast.SampleExpr | None:
    factor = sampling_factor(query)
    return None if factor == 1 else ast.SampleExpr(ast.RatioExpr(constant(factor)))


def sampling_factor(query: Mapping[str, Any]) -> float:
    factor = query.get("samplingFactor")
    if factor is None:
        return 1
    if not isinstance(factor, int | float) or isinstance(factor, bool) or not 0 < factor <= 1:
        raise Invalid("samplingFactor must be above 0 and at most 1", attr="samplingFactor")
    return factor


def sample_scale(query: Mapping[str, Any]) -> float:
    """What a count of the sample is multiplied by to stand for all."""
    factor = sampling_factor(query)
    return 1 if factor == 1 else 1 / factor


def events_table(query: Mapping[str, Any]) -> ast.JoinExpr:
    return ast.JoinExpr(field("events"), sample=sampled(query))


def _action(given: Any, context: Context) -> Action | None:
    number = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() else given
    if not isinstance(number, int) or isinstance(number, bool):
        raise Invalid("an action is named by its id", attr="series")
    return context.project.action(number)
