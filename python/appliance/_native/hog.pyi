"""HogQL and Hog as text to syntax trees.

Each function returns a tree as JSON: objects with their kind under ``node`` and, where text stands for them, ``start``
and ``end`` as character offsets. ``appliance.query.hogql.parse`` makes typed nodes of it. The text may be of any
origin: it takes linear time, little stack, and never more than ``SOURCE_BYTES_MAX``.
"""

from typing import Final

SOURCE_BYTES_MAX: Final[int]

class HogParseError(ValueError):
    """The text is not what it was read as.

    ``args`` are the message, the start and the end of what is wrong (character offsets), and the kind:
    ``SyntaxError``, ``ParsingError`` or ``NotImplementedError``.
    """

    args: tuple[str, int, int, str]

def parse_select(text: str) -> bytes:
    """A query: ``select 1``."""

def parse_expr(text: str) -> bytes:
    """An expression: ``a + 1``."""

def parse_order_expr(text: str) -> bytes:
    """An item of an ``order by``: ``a desc``."""

def parse_program(text: str) -> bytes:
    """A Hog program."""

def parse_template(text: str) -> bytes:
    """Text with expressions in braces: ``Hello {person.name}``."""
