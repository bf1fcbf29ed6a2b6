"""Trees from what the native parser writes."""

from typing import Any

from appliance.query.hogql import ast

_KINDS: dict[str, type[ast.Node]] = {
    name: kind for name, kind in vars(ast).items() if isinstance(kind, type) and issubclass(kind, ast.Node)
}
_NUMBERS = {"Infinity": float("inf"), "-Infinity": float("-inf"), "NaN": float("nan")}


def tree(value: Any) -> Any:
    """The node for an object with its kind under ``node``.

    Fields have the names of the dataclass; lists of lists become lists of tuples, objects without a kind dictionaries.
    """
    if isinstance(value, dict):
        kind = value.pop("node", None)
        if isinstance(kind, str):
            return _node(kind, value)
        if kind is not None:
            value["node"] = kind
        return {name: tree(part) for name, part in value.items()}
    if isinstance(value, list):
        return [tuple(map(tree, part)) if isinstance(part, list) else tree(part) for part in value]
    return value


def _node(kind: str, parts: dict[str, Any]) -> ast.Node:
    if parts.pop("value_type", None) == "number":
        written = parts["value"]
        parts["value"] = _NUMBERS[written] if written in _NUMBERS else int(written, 0)
    for name, part in parts.items():
        # Most parts are numbers and strings, which stay as they are.
        if isinstance(part, (dict, list)):
            parts[name] = tree(part)
    return _KINDS[kind](**parts)
