"""Patterns in the store's dialect of regular expressions (RE2), from what people type."""

import re
import warnings
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

PATTERN_CHARACTERS_MAX = 2_000
# RE2 promises linear time, and so has none of these.
_UNKNOWN_TO_RE2 = {
    codes.ASSERT,
    codes.ASSERT_NOT,
    codes.GROUPREF,
    codes.GROUPREF_EXISTS,
    codes.ATOMIC_GROUP,
    codes.POSSESSIVE_REPEAT,
}
# RE2 has these where Python does not: such a pattern is the store's to judge.
_UNKNOWN_TO_PYTHON = re.compile(r"\\[pPzQEC]|\(\?[a-zA-Z-]+\)|\(\?<[a-zA-Z]|\\x\{|\(\?[sU]+:|\[\[:")


@lru_cache(maxsize=1_000)
def is_pattern(text: str) -> bool:
    """Whether the store could read it. An unreadable pattern matches nothing, instead of failing the query."""
    if len(text) > PATTERN_CHARACTERS_MAX or "\0" in text:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = parser.parse(text)
    except (re.error, OverflowError, RecursionError):
        return bool(_UNKNOWN_TO_PYTHON.search(text))
    return not _has_unknown(parsed)


def like_literal(text: str) -> str:
    """A text that LIKE takes by its letters."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _has_unknown(parsed: Any) -> bool:
    pending = [parsed]
    while pending:
        part = pending.pop()
        if isinstance(part, parser.SubPattern | list):
            pending.extend(part)
        elif isinstance(part, tuple):
            if part and part[0] in _UNKNOWN_TO_RE2:
                return True
            pending.extend(part)
    return False
