"""Dates as filters read them: relative ones on the project's wall clock, days that begin in the project's zone."""

import calendar
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_RELATIVE = re.compile(r"-?([0-9]{1,4})([hdwmy])")
_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_WALL = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_us(text: str, now_us: int, zone: ZoneInfo) -> int | None:
    """Microseconds since 1970, or None for what is no date, or a time that a clock's change skipped."""
    relative = _RELATIVE.fullmatch(text)
    try:
        if relative:
            wall = (_EPOCH + timedelta(microseconds=now_us)).astimezone(zone).replace(tzinfo=None, fold=0)
            return _on_the_clock(_back(wall, int(relative[1]), relative[2]), zone)
        if _OFFSET.fullmatch(text):
            return _since_epoch(datetime.fromisoformat(text.upper()))
        if _WALL.fullmatch(text):
            return _on_the_clock(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        return None
    return None


def _back(wall: datetime, count: int, unit: str) -> datetime:
    if unit == "h":
        return wall - timedelta(hours=count)
    if unit in "dw":
        return wall - timedelta(days=count * (7 if unit == "w" else 1))
    for _ in range(count):
        wall = _a_month_earlier(wall) if unit == "m" else _a_year_earlier(wall)
    return wall


def _a_month_earlier(wall: datetime) -> datetime:
    year, month = (wall.year, wall.month - 1) if wall.month > 1 else (wall.year - 1, 12)
    return wall.replace(year=year, month=month, day=min(wall.day, calendar.monthrange(year, month)[1]))


def _a_year_earlier(wall: datetime) -> datetime:
    year = wall.year - 1
    return wall.replace(year=year, day=min(wall.day, calendar.monthrange(year, wall.month)[1]))


def _on_the_clock(wall: datetime, zone: ZoneInfo) -> int | None:
    earlier = wall.replace(tzinfo=zone, fold=0)
    if earlier.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != wall:
        return None
    return _since_epoch(earlier)


def _since_epoch(when: datetime) -> int:
    return (when.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)
