"""Exceptions told briefly: what was asked for of each, frames without what only machines read.

Promise: a stack that an earlier event of the page has already is not told again but pointed at.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from appliance.query.error_tracking.shapes import compact

INCLUDES: Mapping[str, Sequence[str]] = {
    "exception": (
        "$exception_types", "$exception_values", "$exception_list", "$exception_fingerprint", "$exception_level",
        "$exception_handled",
    ),
    "stacktrace": ("$exception_list",),
    "code_variables": ("$exception_list",),
    "environment": (
        "$lib", "$lib_version", "$browser", "$browser_version", "$os", "$os_version", "$app_namespace", "$app_version",
        "$device_type",
    ),
    "release": ("$exception_release",),
    "navigation": ("$current_url", "$screen_name", "$referrer"),
    "correlation": ("$session_id", "$trace_id", "$span_id", "$ai_trace_id", "$ai_span_id"),
    "diagnostics": ("$cymbal_errors",),
}  # fmt: skip
INCLUDED = ("exception", "environment", "navigation", "correlation")
_JSON = frozenset({"$exception_types", "$exception_values", "$exception_release", "$cymbal_errors"})
_TEXT_CHARACTERS_MAX = 1_000
_FRAMES_MAX = 50
_FOR_MACHINES = frozenset({"junk_drawer", "raw_id"})
_ELSEWHERE = {
    "mangled_name": ("mangled_name", "function", "name"),
    "source": ("source", "filename", "abs_path"),
    "line": ("line", "lineno"),
    "column": ("column", "colno"),
}


def properties_of(includes: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(name for include in includes for name in INCLUDES[include]))


def cut(text: str, characters_max: int = _TEXT_CHARACTERS_MAX) -> str:
    """A text that is too long ends by saying how long it was."""
    if len(text) <= characters_max:
        return text
    ending = f"… [truncated from {len(text)} chars]"
    return text[: characters_max - len(ending)] + ending


class Brief:
    """Events of one page, in their order."""

    def __init__(self, includes: Sequence[str], *, only_app_frames: bool) -> None:
        self._has_frames = bool({"stacktrace", "code_variables"} & set(includes))
        self._has_variables = "code_variables" in includes
        self._only_app_frames = only_app_frames
        self._told: dict[bytes, dict[str, Any]] = {}

    def event(self, row: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
        """`properties` are texts as the store has them."""
        shown = {name: self._property(name, value) for name, value in properties.items() if value is not None}
        for number, exception in enumerate(shown.get("$exception_list") or ()):
            stack = exception.get("stacktrace")
            if stack and stack.get("frames"):
                key = orjson.dumps(stack, option=orjson.OPT_SORT_KEYS)
                before = self._told.setdefault(
                    key, {"same_as_event": str(row["uuid"]), "same_as_exception": number}
                )
                here = (str(row["uuid"]), number)
                if (before["same_as_event"], before["same_as_exception"]) != here:
                    exception["stacktrace"] = dict(before)
        return {**row, "properties": shown}

    def _property(self, name: str, value: Any) -> Any:
        if name == "$exception_list":
            found = parsed(value)
            exceptions = found if isinstance(found, list) else []
            return [self._exception(one) for one in exceptions if isinstance(one, dict)]
        if name == "$exception_handled" and value in ("true", "false"):
            return value == "true"
        if name in _JSON:
            found = parsed(value)
            if name == "$exception_values" and isinstance(found, list):
                return [cut(one) if isinstance(one, str) else one for one in found]
            return found
        return value

    def _exception(self, given: Mapping[str, Any]) -> dict[str, Any]:
        message = given.get("value")
        shown = {
            "type": given.get("type"),
            "value": cut(message) if isinstance(message, str) else message,
            "module": given.get("module"),
            "mechanism": given.get("mechanism"),
        }
        stack = given.get("stacktrace")
        if self._has_frames and isinstance(stack, dict):
            shown["stacktrace"] = self._stack(stack)
        return compact(shown)

    def _stack(self, given: Mapping[str, Any]) -> dict[str, Any]:
        frames = given.get("frames")
        kept = [
            self._frame(one)
            for one in (frames if isinstance(frames, list) else ())
            if isinstance(one, dict) and (one.get("in_app") is True or not self._only_app_frames)
        ]
        # The end is where it happened; a deep recursion says the same over and over.
        omitted = max(len(kept) - _FRAMES_MAX, 0)
        rest = {key: value for key, value in given.items() if key not in _FOR_MACHINES}
        return compact({**rest, "frames": kept[omitted:], "frames_omitted": omitted or None})

    def _frame(self, given: Mapping[str, Any]) -> dict[str, Any]:
        hidden = _FOR_MACHINES if self._has_variables else {*_FOR_MACHINES, "code_variables"}
        shown = {key: value for key, value in given.items() if key not in hidden}
        for name, sources in _ELSEWHERE.items():
            shown[name] = first_of(given, sources)
        return compact(shown)


def first_of(given: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((given[name] for name in names if given.get(name) not in (None, "")), None)


def parsed(text: Any) -> Any:
    """A property whose text is JSON; any other as it is."""
    if not isinstance(text, str):
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        return text
