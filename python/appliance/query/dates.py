"""Which stretch of time a query covers, and the points of its axis.

Promises:
- Days, weeks and months are those of the project's clock, hours and minutes are lengths of time: a day of 23 or 25
  hours is one point, an hour that the clock repeats is two.
- The buckets of the points tile the range: every instant from `lower` to `date_to` is in exactly one.
- Every instant lies within the years that the store can tell apart, whatever was asked for.
- Instants are in UTC, since two times of one zone compare by what the wall shows.
- Pure: the present comes in as an argument.

```text
Clock (zone, week start, now) ─ instant("-7d") ─ DateRange.of(spec) ─┬ points, index ─ the axis
                                                                    └ previous ─ what it is compared with
```
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, Self, cast

from appliance.failures import Invalid

Interval = Literal["second", "minute", "hour", "day", "week", "month"]
INTERVALS: tuple[Interval, ...] = ("second", "minute", "hour", "day", "week", "month")
POINTS_MAX = 50_000
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(2105, 12, 31, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_DAYS_BY_DEFAULT = 7
_NUMBER_MAX = 100_000
_WEEKS_OF_QUARTER = 13
_DAYS_OF_WEEK = 7
_MONTHS_OF_QUARTER = 3
_LENGTHS_S: Mapping[str, int] = {"second": 1, "minute": 60, "hour": 3_600}
_LENGTHS_DAYS: Mapping[str, int] = {"day": 1, "week": 7}
_LENGTHS_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
_UNITS: Mapping[str, str] = {
    "s": "second",
    "M": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "m": "month",
    "q": "quarter",
    "y": "year",
}
_RELATIVE = re.compile(r"-?([0-9]*)([shdwmMqy])(Start|End)?")
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?=$|[T ])")


@dataclass(frozen=True, slots=True)
class Relative:
    """So many units before the present, or the start or end of the unit that lies there."""

    count: int
    unit: str
    anchor: Literal["Start", "End"] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One bucket: from `start` until just before `end`. `number` counts units since the first one."""

    number: int
    start: datetime
    end: datetime
    day: str
    label: str


@dataclass(frozen=True, slots=True)
class Clock:
    """The project's clock at the moment of asking."""

    now: datetime
    zone: tzinfo = UTC
    week_start_day: int = 0

    def instant(self, text: str, *, truncate: bool = False) -> datetime:
        """What a date string means. `truncate` cuts relative ones to their day, those in hours to their hour."""
        relative = parse_relative(text)
        if relative is None:
            return self._absolute(text)
        moved = self.back(self.now, relative)
        if relative.anchor == "Start":
            moved = self.floor(moved, relative.unit)
        elif relative.anchor == "End":
            moved = self.after(self.floor(moved, relative.unit), relative.unit) - MICROSECOND
        elif truncate and relative.unit == "hour":
            moved = self.floor(moved, "hour")
        elif truncate and relative.unit not in _LENGTHS_S:
            moved = self.floor(moved, "day")
        return within(moved)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def back(self, moment: datetime, relative: Relative) -> datetime:
        """So much earlier by the clock on the wall; by elapsed time for hours and less."""
        try:
            return within(self._shift(moment, relative.unit, -relative.count))
        except (OverflowError, ValueError):
            return EARLIEST

    def floor(self, moment: datetime, unit: str) -> datetime:
        """The start of the unit that a moment lies in."""
        local = self.local(moment)
        if unit == "hour":
            return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        if unit in _LENGTHS_S:
            return local.replace(second=local.second if unit == "second" else 0, microsecond=0).astimezone(
                UTC
            )
        day = local.date()
        if unit == "week":
            day -= timedelta(days=(day.weekday() + 1 - self.week_start_day) % _DAYS_OF_WEEK)
        elif unit == "month":
            day = day.replace(day=1)
        elif unit == "quarter":
            day = day.replace(day=1, month=(day.month - 1) // _MONTHS_OF_QUARTER * _MONTHS_OF_QUARTER + 1)
        elif unit == "year":
            day = day.replace(day=1, month=1)
        return self.midnight(day)

    def after(self, start: datetime, unit: str, count: int = 1) -> datetime:
        """The start of the unit `count` units after the one that begins at `start`."""
        if unit in _LENGTHS_S:
            return start + timedelta(seconds=_LENGTHS_S[unit] * count)
        day = self.local(start).date()
        if unit in _LENGTHS_DAYS:
            return self.midnight(day + timedelta(days=_LENGTHS_DAYS[unit] * count))
        return self.midnight(_add_months(day, _LENGTHS_MONTHS[unit] * count))

    def midnight(self, day: date) -> datetime:
        """When a day begins; one whose midnight the clock skips begins at the skip."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def _shift(self, moment: datetime, unit: str, count: int) -> datetime:
        if unit in _LENGTHS_S:
            return moment + timedelta(seconds=_LENGTHS_S[unit] * count)
        local = self.local(moment)
        day = (
            local.date() + timedelta(weeks=_WEEKS_OF_QUARTER * count)
            if unit == "quarter"
            else local.date() + timedelta(days=_LENGTHS_DAYS[unit] * count)
            if unit in _LENGTHS_DAYS
            else _add_months(local.date(), _LENGTHS_MONTHS[unit] * count)
        )
        return datetime.combine(day, local.timetz()).astimezone(UTC)

    def _absolute(self, text: str) -> datetime:
        padded = _DATE.sub(lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}", text.strip(), count=1)
        try:
            moment = datetime.fromisoformat(padded)
            moment = moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment
            return within(moment.astimezone(UTC))
        except OverflowError:
            return EARLIEST
        except ValueError:
            raise Invalid(f"{text[:50]!r} is not a date", attr="dateRange") from None


@dataclass(frozen=True)
class DateRange:
    """Both ends included. Made by `of`; `lower` is where events begin to count, which may differ from `date_from`."""

    clock: Clock
    interval: Interval
    date_from: datetime
    date_to: datetime
    lower: datetime
    is_exact: bool = False

    @classmethod
    def of(
        cls,
        spec: Mapping[str, Any] | None,
        clock: Clock,
        interval: str | None = None,
        earliest: Callable[[], datetime | None] = lambda: None,
    ) -> Self:
        """`spec` is a query's `dateRange`; `earliest` is asked only for `all`: when the project's first event was."""
        given = spec or {}
        kind = _interval(interval)
        is_exact = bool(given.get("explicitDate"))
        text_from, text_to = _text(given, "date_from"), _text(given, "date_to")
        relative_from = parse_relative(text_from)
        if text_from == "all":
            first = earliest()
            date_from = clock.floor(within(first or clock.now), "day")
        elif text_from:
            date_from = clock.instant(text_from, truncate=not is_exact and kind not in ("second", "minute"))
        else:
            relative_from = Relative(_DAYS_BY_DEFAULT, "day")
            date_from = clock.floor(clock.back(clock.now, relative_from), "day")
        date_to = clock.instant(text_to) if text_to else clock.now
        if not is_exact:
            date_to = _ending(clock, date_to, kind, is_absolute=bool(text_to) and not parse_relative(text_to))
        lower = date_from if is_exact else _lower(clock, date_from, kind, relative_from)
        return cls(clock, kind, date_from, within(date_to), lower, is_exact)

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """Points of the axis, oldest first; none if the range ends before it begins."""
        starts = [self.clock.floor(self.date_from, self.interval)]
        while starts[-1] <= self.date_to:
            if len(starts) > POINTS_MAX:
                raise Invalid(
                    f"a range may have at most {POINTS_MAX} points: choose a longer interval", attr="interval"
                )
            starts.append(self.clock.after(starts[0], self.interval, len(starts)))
        # A day that the clock skips whole has a number but no point.
        return tuple(
            Point(number, start, end, day_of(local, self.interval), label_of(local, self.interval))
            for number, (start, end) in enumerate(pairwise(starts))
            for local in (self.clock.local(start),)
            if start < end
        )

    def index(self, moment: datetime) -> int | None:
        """The point that a moment belongs to."""
        points = self.points
        position = bisect_right(points, moment, key=lambda point: point.start) - 1
        return position if position >= 0 and moment < points[position].end else None

    def previous(self) -> Self:
        """The stretch of the same length that ends right before this one."""
        if self.is_exact or self.interval in _LENGTHS_S:
            date_to = within(self.date_from - MICROSECOND)
            date_from = within(date_to - (self.date_to - self.date_from))
            return replace(self, date_from=date_from, date_to=date_to, lower=date_from)
        local = self.clock.local
        days = (local(self.date_to).date() - local(self.date_from).date()).days + 1
        return self._moved(Relative(days, "day"))

    def compared(self, compare_to: str | None) -> Self:
        """What this range is compared with: the previous one, or itself so much earlier (`-1w`)."""
        if not compare_to:
            return self.previous()
        relative = parse_relative(compare_to)
        if relative is None or relative.anchor is not None:
            raise Invalid(f"{compare_to[:50]!r} is not a length of time", attr="compareFilter.compare_to")
        return self._moved(relative)

    def _moved(self, relative: Relative) -> Self:
        clock = self.clock
        date_from, date_to = clock.back(self.date_from, relative), clock.back(self.date_to, relative)
        is_by_days = not self.is_exact and self.interval not in _LENGTHS_S
        if is_by_days and self.date_from == clock.floor(self.date_from, "day"):
            date_from = clock.floor(date_from, "day")
        if is_by_days:
            date_to = clock.after(clock.floor(date_to, "day"), "day") - MICROSECOND
        lower = date_from
        if self.lower != self.date_from and not self.is_exact:
            lower = clock.floor(date_from, "day" if self.interval == "week" else self.interval)
        return replace(self, date_from=date_from, date_to=date_to, lower=lower)


def within(moment: datetime) -> datetime:
    return min(max(moment.astimezone(UTC), EARLIEST), LATEST)


def parse_relative(text: str | None) -> Relative | None:
    """`-7d`, `mStart`, `-1mEnd`; None for anything else."""
    found = _RELATIVE.fullmatch(text or "")
    if found is None:
        return None
    number, unit, anchor = found.groups()
    count = int(number[:7]) if number else (0 if anchor else 1)
    return Relative(min(count, _NUMBER_MAX), _UNITS[unit], cast("Literal['Start', 'End'] | None", anchor))


def day_of(start: datetime, interval: str) -> str:
    """The name of a bucket that begins at a local time."""
    return start.strftime("%Y-%m-%d %H:%M:%S" if interval in _LENGTHS_S else "%Y-%m-%d")


def label_of(start: datetime, interval: str) -> str:
    if interval == "second":
        return f"{start.day}-{start:%b %H:%M:%S}"
    if interval in _LENGTHS_S:
        return f"{start.day}-{start:%b %H:%M}"
    return f"{start.day}-{start:%b-%Y}"


def _interval(name: str | None) -> Interval:
    found = name or "day"
    if found not in INTERVALS:
        raise Invalid(f"{str(found)[:50]!r} is not an interval", attr="interval")
    return found


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    if value is not None and not isinstance(value, str):
        raise Invalid("a date must be a text", attr=f"dateRange.{name}")
    return (value or "").strip()


def _ending(clock: Clock, date_to: datetime, interval: Interval, *, is_absolute: bool) -> datetime:
    if interval not in _LENGTHS_S:
        return clock.after(clock.floor(date_to, "day"), "day") - MICROSECOND
    if is_absolute:
        return date_to
    return clock.after(clock.floor(date_to, interval), interval) - MICROSECOND


def _lower(clock: Clock, date_from: datetime, interval: Interval, relative: Relative | None) -> datetime:
    if interval in _LENGTHS_S:
        return date_from if relative else clock.floor(date_from, interval)
    if relative and relative.unit in _LENGTHS_S and not relative.anchor:
        return date_from
    return clock.floor(date_from, "month" if interval == "month" else "day")


def _add_months(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
