"""Reading just enough of a statement to route it: where an INSERT ends and its data begins, and the answer's
format.

Promise: nothing here decides what is *allowed* (see `guard`, which asks ClickHouse's own parser). A
statement read wrongly here is refused by the engine or answered with a less exact `X-ClickHouse-Format`,
never run differently.
"""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"""
    (?P<space>\s+|--[^\n]*|\#[!\ ][^\n]*|/\*.*?\*/)
    |(?P<quoted>'(?:\\.|''|[^'\\])*'|`(?:\\.|``|[^`\\])*`|"(?:\\.|""|[^"\\])*")
    |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMAT_AT_END = re.compile(
    r"\bFORMAT\s+([A-Za-z][A-Za-z0-9]*)\s*(?:\bSETTINGS\b[^()]*)?(?:;|\s|--[^\n]*$)*\Z", re.IGNORECASE
)
_KILL = re.compile(
    r"\s*KILL\s+QUERY\s+WHERE\s+query_id\s*=\s*(?:'(?P<id>[^'\\]*)'|\{(?P<name>\w+)\s*:\s*String\})"
    r"\s*(?:SYNC|ASYNC)?\s*;?\s*",
    re.IGNORECASE,
)
_PRECEDES_A_NAME = {b"INTO", b"TABLE", b"FUNCTION", b"."}


@dataclass(frozen=True, slots=True)
class InsertStatement:
    """`INSERT INTO t (a, b)` without its format, and the offset where inline data starts."""

    head: str
    format: str
    data_at: int


def read_insert(  # noqa: C901  one pass over tokens, with one small rule for each
    text: bytes, default_format: str = "Values"
) -> InsertStatement | None:
    """The INSERT at the start of `text`, or None for a statement that carries no data (INSERT … SELECT)."""
    depth = 0
    previous = b""
    first = True
    awaiting_format = 0
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "space":
            continue
        spelled = token.group()
        if first and spelled.upper() != b"INSERT":
            return None
        first = False
        if awaiting_format:
            head = text[:awaiting_format].decode("utf-8", "replace")
            return InsertStatement(head, spelled.decode("ascii", "replace"), _after_format(text, token.end()))
        if spelled in b"([{":
            depth += 1
        elif spelled in b")]}":
            depth -= 1
        elif depth == 0 and token.lastgroup == "word" and previous not in _PRECEDES_A_NAME:
            keyword = spelled.upper()
            if keyword in (b"SELECT", b"WITH", b"FROM", b"WATCH"):
                return None
            if keyword == b"VALUES":
                return InsertStatement(
                    text[: token.start()].decode("utf-8", "replace"), "Values", token.end()
                )
            if keyword == b"FORMAT":
                awaiting_format = token.start()
        previous = spelled.upper()
    if first:
        return None
    return InsertStatement(text.decode("utf-8", "replace"), default_format, len(text))


def _after_format(text: bytes, at: int) -> int:
    """Data starts after blanks, at most one semicolon and one line break, as ClickHouse reads it."""
    match = re.compile(rb"[ \t\f]*;?[ \t\f]*(?:\r\n|\n)?").match(text, at)
    return match.end() if match else at


def answer_format(sql: str, default: str) -> str:
    """The FORMAT clause at the end of a query, else the default."""
    found = _FORMAT_AT_END.search(sql)
    return found.group(1) if found else default


def first_word(sql: str) -> str:
    """The first keyword, upper case; `(` for a parenthesised query."""
    for token in _TOKEN.finditer(sql.encode("utf-8", "replace")):
        if token.lastgroup != "space":
            return token.group().decode("utf-8", "replace").upper()
    return ""


def killed_query_id(sql: str, parameters: dict[str, str]) -> str | None:
    """The id named by `KILL QUERY WHERE query_id = …`, which only the endpoint can translate."""
    found = _KILL.fullmatch(sql)
    if found is None:
        return None
    name = found.group("name")
    return parameters.get(name, "") if name else found.group("id")
