"""How a flag is doing, and what it was last asked for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, or_

from appliance.accounts.keys import now_us
from appliance.catalog.feature_flags import feature_flag
from appliance.resources.times import iso

STALE_AFTER_DAYS = 30
_DAY_US = 86_400 * 1_000_000
_columns = feature_flag.c


def status_of(row: Mapping[str, Any]) -> str:
    if row["is_deleted"]:
        return "DELETED"
    if row["is_archived"]:
        return "ARCHIVED"
    if not row["is_active"]:
        return "INACTIVE"
    return "STALE" if _touched_at(row) < _horizon() else "ACTIVE"


def reason_of(row: Mapping[str, Any]) -> str:
    called_at = row["last_called_at"]
    called = "It was never evaluated." if called_at is None else f"It was last evaluated at {iso(called_at)}."
    return {
        "DELETED": "Flag has been deleted.",
        "ARCHIVED": "Flag is archived, and inactive.",
        "INACTIVE": "Flag is inactive: it is left out of answers.",
        "STALE": f"Flag has not been evaluated for {STALE_AFTER_DAYS} days. {called}",
        "ACTIVE": f"Flag is active. {called}",
    }[status_of(row)]


def is_stale() -> ColumnElement[bool]:
    """The same for a list."""
    horizon = _horizon()
    called = or_(_columns.last_called_at.is_(None), _columns.last_called_at < horizon)
    return _columns.is_active & (_columns.created_at < horizon) & called


def _touched_at(row: Mapping[str, Any]) -> int:
    """A new flag is not stale because nobody has got round to asking for it."""
    return int(max(row["created_at"], row["last_called_at"] or 0))


def _horizon() -> int:
    return now_us() - STALE_AFTER_DAYS * _DAY_US
