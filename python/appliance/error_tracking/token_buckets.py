"""Token buckets: so many at once, and as many again over a time."""

from collections import OrderedDict
from collections.abc import Hashable

_BUCKETS_MAX = 200_000


class TokenBuckets:
    """In memory: after a restart every bucket is full. Of too many, those that were used longest ago are full again."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[Hashable, tuple[float, int]] = OrderedDict()

    def take(self, key: Hashable, capacity: int, refilled_within_us: int, now_us: int) -> bool:
        """Takes a token out of a bucket, if there is one."""
        tokens, at_us = self._buckets.get(key, (float(capacity), now_us))
        refilled = max(0, now_us - at_us) * capacity / refilled_within_us
        tokens = min(float(capacity), tokens + refilled)
        is_taken = tokens >= 1
        self._buckets[key] = (tokens - is_taken, max(now_us, at_us))
        self._buckets.move_to_end(key)
        if len(self._buckets) > _BUCKETS_MAX:
            self._buckets.popitem(last=False)
        return is_taken
