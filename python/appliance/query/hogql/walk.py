"""Going through a tree: every node, or a copy in which some are others."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, TypeVar, cast

from appliance.query.hogql import ast

N = TypeVar("N", bound=ast.Node)


def nodes(root: Any) -> Iterator[ast.Node]:
    """Every node, an outer one before those inside it."""
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.Node):
            yield one
            waiting.extend(getattr(one, each.name) for each in reversed(fields(one)))
        elif isinstance(one, list | tuple):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            waiting.extend(one.values())


def copied(root: N, change: Callable[[ast.Node], Any]) -> N:
    """A copy without the original's parts. `change` gives what stands for a node, or the node itself to go into it."""
    return cast("N", _copied(root, change))


def _copied(value: Any, change: Callable[[ast.Node], Any]) -> Any:
    if isinstance(value, ast.Node):
        changed = change(value)
        if changed is not value:
            return changed
        parts = {one.name: _copied(getattr(value, one.name), change) for one in fields(value)}
        return type(value)(**parts)
    if isinstance(value, list):
        return [_copied(one, change) for one in value]
    if isinstance(value, tuple):
        return tuple(_copied(one, change) for one in value)
    if isinstance(value, dict):
        return {key: _copied(one, change) for key, one in value.items()}
    return value
