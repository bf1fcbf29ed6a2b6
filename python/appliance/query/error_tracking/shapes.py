"""How issues and what is known of them are shown."""

from collections.abc import Mapping
from typing import Any

import orjson

from appliance.query.project import Issue


def shown_issue(issue: Issue) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "status": issue.status,
        "severity": issue.severity,
        "name": issue.name,
        "description": issue.description,
        "first_seen": issue.first_seen,
        "assignee": None if issue.assignee is None else dict(issue.assignee),
    }


def listed(text: str | None) -> list[Any]:
    """A property that is a list, as the store has it."""
    try:
        found = orjson.loads(text) if text else []
    except ValueError:
        return []
    return found if isinstance(found, list) else []


def innermost(text: str | None) -> str | None:
    """Frames are listed from the entry point on, so the last is where it happened."""
    found = listed(text)
    return found[-1] if found and isinstance(found[-1], str) else None


def compact(record: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; 0 and false are not."""
    return {key: value for key, value in record.items() if value is not None and value not in ("", [], {})}
