"""Formulas over series: `A / (B + 2)`.

Promises:
- Only the letters of the query's series, numbers, + - * / and parentheses; what else is written is refused.
- A division by zero is 0.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from appliance.failures import Invalid

CHARACTERS_MAX = 500
_DEPTH_MAX = 50
_TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]*)?|\.[0-9]+)|([A-Za-z])|([-+*/()]))")
Value = Callable[[Mapping[str, float]], float]


@dataclass(frozen=True, slots=True)
class Formula:
    text: str
    value: Value
    letters: frozenset[str]

    def over(self, series: Mapping[str, Sequence[float]], length: int) -> list[float]:
        """Point by point; a letter without values counts as zeros."""
        rows = ({letter: series[letter][index] for letter in series} for index in range(length))
        return [self.value(row) for row in rows]


def parse_formula(text: str, series: int) -> Formula:
    """A formula over the first so many letters."""
    if len(text) > CHARACTERS_MAX:
        raise Invalid(f"a formula may have at most {CHARACTERS_MAX} characters", attr="trendsFilter.formula")
    reader = _Reader(text, series)
    value = reader.sum(0)
    reader.finish()
    return Formula(text, value, frozenset(reader.letters))


class _Reader:
    def __init__(self, text: str, series: int) -> None:
        self._text = text
        self._series = series
        self._tokens = self._split()
        self._position = 0
        self.letters: set[str] = set()

    def sum(self, depth: int) -> Value:
        left = self._product(depth)
        while (sign := self._peek()) in ("+", "-"):
            self._position += 1
            left = _added(left, self._product(depth), 1 if sign == "+" else -1)
        return left

    def finish(self) -> None:
        if self._position != len(self._tokens):
            raise self._unreadable()

    def _product(self, depth: int) -> Value:
        left = self._factor(depth)
        while (sign := self._peek()) in ("*", "/"):
            self._position += 1
            right = self._factor(depth)
            left = _multiplied(left, right) if sign == "*" else _divided(left, right)
        return left

    def _factor(self, depth: int) -> Value:
        if depth > _DEPTH_MAX:
            raise self._unreadable()
        part = self._peek()
        self._position += 1
        if part == "(":
            value = self.sum(depth + 1)
            if self._peek() != ")":
                raise self._unreadable()
            self._position += 1
            return value
        if part in ("-", "+"):
            value = self._factor(depth + 1)
            return value if part == "+" else _negated(value)
        if part and part.isalpha():
            return self._letter(part.upper())
        if part and (part[0].isdigit() or part[0] == "."):
            number = float(part)
            return lambda _row: number
        raise self._unreadable()

    def _letter(self, letter: str) -> Value:
        if ord(letter) - ord("A") >= self._series:
            raise Invalid(
                f"the formula names {letter}, and there is no such series", attr="trendsFilter.formula"
            )
        self.letters.add(letter)
        return lambda row: row.get(letter, 0)

    def _split(self) -> list[str]:
        tokens, position, text = [], 0, self._text.strip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._unreadable()
            tokens.append(next(part for part in found.groups() if part))
            position = found.end()
        return tokens

    def _peek(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _unreadable(self) -> Invalid:
        return Invalid(f"the formula {self._text!r} cannot be read", attr="trendsFilter.formula")


def _added(left: Value, right: Value, sign: int) -> Value:
    return lambda row: left(row) + sign * right(row)


def _multiplied(left: Value, right: Value) -> Value:
    return lambda row: left(row) * right(row)


def _divided(left: Value, right: Value) -> Value:
    def value(row: Mapping[str, float]) -> float:
        divisor = right(row)
        return left(row) / divisor if divisor else 0

    return value


def _negated(inner: Value) -> Value:
    return lambda row: -inner(row)
