"""ClickHouse's failures as its HTTP interface tells them: a code, a name, a sentence, a status."""

import re
from http import HTTPStatus

_CODE = re.compile(r"Code: (\d+)\. (?:DB::)?")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)\s*(?:\(version [^)]*\))?\s*$")

_BAD_REQUEST = frozenset(
    {
        6, 7, 8, 12, 16, 20, 21, 26, 27, 32, 33, 34, 35, 36, 38, 40, 41, 42, 43, 44,
        48, 50, 51, 53, 62, 69, 70, 72, 73, 115, 117, 130, 131, 178, 179, 184, 206, 215, 349, 395,
        407, 456, 457, 691,
    }
)  # fmt: skip
_NOT_FOUND = frozenset({10, 46, 47, 60, 63, 81})
_FORBIDDEN = frozenset({164, 192, 193, 194, 195, 291, 497, 516})
_TIMED_OUT = frozenset({159, 160})
_BUSY = frozenset({202})
_TOO_LARGE = frozenset({191})

NOT_IMPLEMENTED = 48
TIMEOUT_EXCEEDED = 159
READONLY = 164
TOO_MANY_QUERIES = 202
ACCESS_DENIED = 497
AUTHENTICATION_FAILED = 516
NETWORK_ERROR = 210
BAD_ARGUMENTS = 36
INCORRECT_DATA = 117
SYNTAX_ERROR = 62
UNKNOWN_EXCEPTION = 1002


class Problem(Exception):
    """One failure. `text` is the whole line a client sees: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`."""

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text
        super().__init__(text)

    @property
    def status(self) -> HTTPStatus:
        for codes, status in (
            (_NOT_FOUND, HTTPStatus.NOT_FOUND),
            (_FORBIDDEN, HTTPStatus.FORBIDDEN),
            (_TIMED_OUT, HTTPStatus.REQUEST_TIMEOUT),
            (_BUSY, HTTPStatus.SERVICE_UNAVAILABLE),
            (_TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        ):
            if self.code in codes:
                return status
        if self.code == NOT_IMPLEMENTED:
            return HTTPStatus.NOT_IMPLEMENTED
        return HTTPStatus.BAD_REQUEST if self.code in _BAD_REQUEST else HTTPStatus.INTERNAL_SERVER_ERROR


def problem(code: int, name: str, message: str) -> Problem:
    return Problem(code, f"Code: {code}. DB::Exception: {message} ({name})")


def from_engine(text: str) -> Problem:
    """The engine's own words, which carry their code; words without one are an unknown exception."""
    found = _CODE.search(text)
    if found is None:
        return problem(UNKNOWN_EXCEPTION, "UNKNOWN_EXCEPTION", text.strip() or "the engine gave no reason")
    return Problem(int(found.group(1)), text[found.start() :].strip())


def name_of(text: str) -> str:
    found = _NAME.search(text)
    return found.group(1) if found else ""
