"""Issues told briefly."""

from collections.abc import Mapping, Sequence
from typing import Any

from appliance.query.error_tracking.brief_event import cut, first_of
from appliance.query.error_tracking.shapes import compact

_DESCRIPTION_CHARACTERS_MAX = 300
_COUNTS = ("occurrences", "users", "sessions")
_OF_LIST = (
    "id", "name", "description", "status", "severity", "first_seen", "last_seen", "library", "source", "assignee",
)  # fmt: skip
_OF_ONE = (*_OF_LIST, "function")


def listed_issue(issue: Mapping[str, Any], *, has_volume: bool) -> dict[str, Any]:
    """One of a list: a preview of its description, and counts by time only if there was asked for them."""
    shown = {name: issue[name] for name in _OF_LIST}
    if isinstance(shown["description"], str):
        shown["description"] = cut(shown["description"], _DESCRIPTION_CHARACTERS_MAX)
    counted = issue["aggregations"]
    names = counted if has_volume else _COUNTS
    return {**shown, "aggregations": {name: counted[name] for name in names}}


def whole_issue(
    issue: Mapping[str, Any], properties: Mapping[str, Any], *, has_sparkline: bool
) -> dict[str, Any]:
    """One issue, with what its latest event's `properties` tell."""
    counted = issue["aggregations"]
    return compact(
        {
            **{name: issue[name] for name in _OF_ONE},
            "top_in_app_frame": _top_frame(issue, properties.get("$exception_list")),
            "latest_release": _release(properties.get("$exception_release")),
            "impact": {name: counted[name] for name in _COUNTS},
            "sparkline": counted["volumeRange"] if has_sparkline else None,
        }
    )


def _top_frame(issue: Mapping[str, Any], exceptions: Any) -> dict[str, Any]:
    frames = [
        frame
        for exception in (exceptions if isinstance(exceptions, list) else ())
        for frame in exception.get("stacktrace", {}).get("frames", ())
        if frame.get("in_app") is True
    ]
    if not frames:
        return {}
    top = frames[-1]
    name = first_of(top, ("resolved_name", "function", "mangled_name"))
    return compact(
        {
            "function": issue["function"] if name in (None, "?") else name,
            "source": first_of(top, ("source", "module")) or issue["source"],
            "line": top.get("line"),
            "column": top.get("column"),
            "in_app": True,
        }
    )


def _release(found: Any) -> dict[str, Any]:
    if not isinstance(found, Mapping):
        return {}
    git = _below(_below(found, "metadata"), "git")
    return compact(
        {
            **{name: found.get(name) for name in ("version", "project", "timestamp")},
            **{name: git.get(name) for name in ("commit_id", "branch", "repo_name")},
        }
    )


def _below(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = found.get(name)
    return inner if isinstance(inner, Mapping) else {}


def page(results: Sequence[Any], answer: Mapping[str, Any], limit: int, offset: int) -> dict[str, Any]:
    has_more = bool(answer["hasMore"])
    shown = {"results": list(results), "hasMore": has_more, "limit": limit, "offset": offset}
    return {**shown, "nextOffset": offset + limit} if has_more else shown
