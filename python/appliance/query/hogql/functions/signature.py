"""What is known of a function: how many arguments, what comes out, and what ClickHouse calls it.

A list of functions is text, one a line: `name arguments result [= ClickHouse's name]`.

- `arguments`: `2`, `1..3`, or `1..` without an end; `quantile(1)` takes one parameter before its arguments,
  `topK(1..2)` one or two.
- `result`: the name of a type, which is NULL where an argument is; with `!` never, with `?` possibly always. `same` is
  the type of the first argument, `second` of the second, `common` what all have in common, `number` the like for
  arithmetic, `element` of the first argument's elements, `[…]` an array of it, `body` what a lambda gives.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from appliance.query.hogql.value_types import FLOAT, UNKNOWN, Name, Type, array, common

Kind = Literal["Function", "Aggregation"]
_LINE = re.compile(
    r"(?P<name>\w+)(?:\((?P<pleast>\d+)(?:(?P<pdots>\.\.)(?P<pmost>\d*))?\))?\s+"
    r"(?P<least>\d+)(?:(?P<dots>\.\.)(?P<most>\d*))?\s+(?P<result>[\w!?\[\]]+)(?:\s+=\s*(?P<clickhouse>\w+))?"
)
_NAMES = frozenset(get_args(Name))


@dataclass(frozen=True, slots=True)
class Function:
    name: str
    clickhouse: str
    least: int
    most: int | None
    result: str
    kind: Kind = "Function"
    parameters: tuple[int, int | None] = (0, 0)
    is_window: bool = False
    """Means something only with OVER."""

    def type_of(self, arguments: Sequence[Type]) -> Type:
        return _type(self.result, arguments)


def listed(lines: str, kind: Kind = "Function", *, is_window: bool = False) -> dict[str, Function]:
    found: dict[str, Function] = {}
    for line in lines.strip().splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"not a function: {line!r}")
        name = match["name"]
        least = int(match["least"])
        parameters = (
            (0, 0) if match["pleast"] is None else _bounds(match["pleast"], match["pdots"], match["pmost"])
        )
        found[name] = Function(
            name,
            match["clickhouse"] or name,
            least,
            _bounds(match["least"], match["dots"], match["most"])[1],
            match["result"],
            kind,
            parameters,
            is_window,
        )
    return found


def _bounds(least: str, dots: str | None, most: str | None) -> tuple[int, int | None]:
    if not dots:
        return int(least), int(least)
    return int(least), int(most) if most else None


def _type(rule: str, arguments: Sequence[Type]) -> Type:  # noqa: C901, PLR0911  one line for each rule
    nullable = any(one.nullable for one in arguments)
    if rule.endswith("!"):
        return _type(rule[:-1], arguments).as_nullable(False)
    if rule.endswith("?"):
        return _type(rule[:-1], arguments).as_nullable(True)
    if rule.startswith("["):
        return array(_type(rule[1:-1], arguments))
    first = arguments[0] if arguments else UNKNOWN
    match rule:
        case "same":
            return first
        case "second":
            return arguments[1] if len(arguments) > 1 else UNKNOWN
        case "common":
            return common(list(arguments))
        case "number":
            kind = common(list(arguments))
            return (kind if kind.is_number else FLOAT).as_nullable(nullable)
        case "element":
            return first.element
        case "body":
            return first.items[0] if first.name == "Lambda" and first.items else UNKNOWN
    if rule not in _NAMES:
        raise ValueError(f"not a type: {rule}")
    return Type(rule, nullable and rule not in ("Array", "Tuple", "Map"))  # type: ignore[arg-type]
