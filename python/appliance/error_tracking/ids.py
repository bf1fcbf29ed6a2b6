"""UUIDs as they come from outside."""

import re
import uuid

_UUID = re.compile(r"[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def uuid_or_none(text: object) -> uuid.UUID | None:
    """None for what can be nobody's id."""
    if isinstance(text, str) and _UUID.fullmatch(text):
        return uuid.UUID(text)
    return None
