"""Names and texts of our own as ClickHouse reads them. Texts of users are bound as parameters instead."""

import re

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ESCAPES = str.maketrans(
    {"\\": "\\\\", "`": "\\`", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_TEXT_ESCAPES = str.maketrans({"\\": "\\\\", "'": "\\'", "\0": "\\0", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
# Words that may not stand for a name without quotes somewhere in ClickHouse's grammar are all quoted.
_ALWAYS_PLAIN = frozenset(
    {"source", "events", "persons", "groups", "sessions", "timestamp", "uuid", "event", "id"}
)


def identifier(name: str) -> str:
    """Quoted unless it is one of our plainest names."""
    if name in _ALWAYS_PLAIN:
        return name
    # A brace in a name must not look like a parameter to the client library.
    return (
        "`" + name.translate(_ESCAPES).replace("{", "\\x7B").replace("}", "\\x7D").replace("%", "\\x25") + "`"
    )


def text(value: str) -> str:
    return "'" + value.translate(_TEXT_ESCAPES).replace("{", "\\x7B").replace("}", "\\x7D") + "'"


def is_plain(name: str) -> bool:
    return _PLAIN.fullmatch(name) is not None
