"""PostHog's published parser, and trees brought to a form in which both can be compared.

The package is made for PostHog's server and imports its errors; a stand-in with the same names is all it needs.
"""

import json
import sys
import types
from typing import Any

import orjson

from appliance._native import hog


def _import() -> Any:
    server = types.ModuleType("posthog.hogql")
    server.__path__ = []
    errors = types.ModuleType("posthog.hogql.errors")
    for name in ("SyntaxError", "ParsingError", "NotImplementedError", "BaseHogQLError"):
        setattr(errors, name, type(name, (Exception,), {}))
    standing = {server.__name__: server, errors.__name__: errors}
    before = {name: sys.modules.get(name) for name in standing}
    sys.modules.update(standing)
    try:
        import hogql_parser  # noqa: PLC0415
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module
    return hogql_parser


PARSER = _import()
THEIRS = {
    "select": PARSER.parse_select_json,
    "expr": PARSER.parse_expr_json,
    "order": PARSER.parse_order_expr_json,
    "program": PARSER.parse_program_json,
    "template": PARSER.parse_full_template_string_json,
}
OURS = {
    "select": hog.parse_select,
    "expr": hog.parse_expr,
    "order": hog.parse_order_expr,
    "program": hog.parse_program,
    "template": hog.parse_template,
}
# The oracle wants templates to begin with this mark, and counts it.
_MARK = "F'"


def theirs(goal: str, text: str) -> Any:
    """The oracle's tree in the common form, or None if it refuses the text."""
    try:
        value = json.loads(THEIRS[goal](_MARK + text if goal == "template" else text))
    except Exception:  # noqa: BLE001  # its errors have no common base
        return None
    if value.get("error"):
        return None
    return _common_theirs(value, len(_MARK) if goal == "template" else 0)


def ours(goal: str, text: str) -> Any:
    """Our tree in the common form, or None if we refuse the text."""
    try:
        value = orjson.loads(OURS[goal](text))
    except hog.HogParseError:
        return None
    return _common_ours(value)


def without_spans(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_spans(part) for name, part in value.items() if name not in ("start", "end")}
    if isinstance(value, list):
        return [without_spans(part) for part in value]
    return value


def _is_said(name: str, part: Any) -> bool:
    return name in ("value", "materialized") or not (part is None or part is False)


def _common_theirs(value: Any, mark: int) -> Any:
    if isinstance(value, list):
        return [_common_theirs(part, mark) for part in value]
    if not isinstance(value, dict):
        return value
    common = {}
    for name, part in value.items():
        if name in ("start", "end") and isinstance(part, dict):
            common[name] = max(part["offset"] - mark, 0)
        elif _is_said(name, part) and not (name == "materialized" and part is None):
            common[name] = _common_theirs(part, mark)
    if value.get("node") == "InterpolateExpr" or value.get("node") == "HogQLXAttribute":
        common = {name: part for name, part in common.items() if part is not None}
    return common


# What our tree says and the oracle's forgets.
_OURS_ONLY = {"OrderExpr": {"nulls"}, "SelectQuery": {"with_totals"}, "WindowFunction": {"filter_expr"}}
_RENAMED = {"key_variable": "keyVar", "value_variable": "valueVar"}


def _common_ours(value: Any) -> Any:
    if isinstance(value, list):
        return [_common_ours(part) for part in value]
    if not isinstance(value, dict):
        return value
    kind = value.get("node")
    if kind == "Catch":
        return [value.get("variable"), value.get("error_type"), _common_ours(value["body"])]
    if kind == "WindowFrameExpr" and value.get("frame_value", {}).get("node") == "Constant":
        value = value | {"frame_value": value["frame_value"]["value"]}
    dropped = _OURS_ONLY.get(kind, set()) if isinstance(kind, str) else set()
    return {
        _RENAMED.get(name, name): _common_ours(part) for name, part in value.items() if name not in dropped
    }
