"""How often something happened, in equal buckets over a range of time. The last one includes the end."""

from datetime import datetime, timedelta

from appliance.query.error_tracking.time_range import TimeRange
from appliance.query.filters.terms import constant
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of

_MICROSECOND = timedelta(microseconds=1)
_SINCE = "_toUnixTimestamp64Micro(timestamp) - _toUnixTimestamp64Micro({start})"
_BUCKET = f"least(intDiv(({_SINCE}) * {{count}}, {{length}}), {{last}})"


def bucket_of(time: TimeRange, count: int) -> ast.Expr:
    """The number of the bucket that an event within the range belongs to."""
    values = {
        "start": constant(time.date_from),
        "count": count,
        "length": max(time.length // _MICROSECOND, 1),
        "last": count - 1,
    }
    return expression_of(_BUCKET, values)


def bucket_starts(time: TimeRange, count: int) -> list[datetime]:
    return [time.date_from + time.length * number / count for number in range(count)]
