"""UUIDs: as they come from outside, and those of issues."""

import re
import secrets
import uuid

_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def uuid_or_none(text: object) -> uuid.UUID | None:
    """None for what can be nobody's id."""
    if isinstance(text, str) and _UUID.fullmatch(text):
        return uuid.UUID(text)
    return None


def time_ordered_uuid(now_us: int) -> uuid.UUID:
    """A new one of version 7."""
    milliseconds = now_us // 1_000 & (1 << 48) - 1
    random = secrets.randbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return uuid.UUID(int=number)
