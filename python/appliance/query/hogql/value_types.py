"""What is known of a value before a query runs: enough to compare it safely and to look inside it.

Promise: `nullable` is False only where ClickHouse cannot answer NULL. Where nothing is known it is True, which
costs a few cycles and never an answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Self

Name = Literal[
    "String", "Integer", "Float", "Decimal", "Boolean", "DateTime", "Date", "UUID", "Array", "Tuple", "Map", "JSON",
    "Interval", "Null", "Lambda", "Unknown",
]  # fmt: skip
Owner = Literal["event", "person", "group", "session"]
NUMBERS: frozenset[Name] = frozenset({"Integer", "Float", "Decimal", "Boolean"})


@dataclass(frozen=True, slots=True)
class Type:
    name: Name
    nullable: bool = True
    items: tuple["Type", ...] = ()
    """Of an Array its element, of a Tuple its members, of a Map its key and value."""
    names: tuple[str, ...] = ()
    """Names of a Tuple's members, where it has them."""
    owner: Owner | None = None
    """Of JSON: whose properties these are, and so which definitions tell their types."""
    group_type_index: int | None = None

    def as_nullable(self, nullable: bool = True) -> Self:
        return self if self.nullable == nullable else replace(self, nullable=nullable)

    @property
    def is_number(self) -> bool:
        return self.name in NUMBERS

    @property
    def element(self) -> "Type":
        return self.items[0] if self.name == "Array" and self.items else UNKNOWN

    def as_text(self) -> str:
        inner = f"({', '.join(item.as_text() for item in self.items)})" if self.items else ""
        return f"Nullable({self.name})" if self.nullable and not inner else self.name + inner


def array(element: Type) -> Type:
    return Type("Array", nullable=False, items=(element,))


def tuple_of(members: Iterable[Type], names: Iterable[str] = ()) -> Type:
    return Type("Tuple", nullable=False, items=tuple(members), names=tuple(names))


UNKNOWN = Type("Unknown")
NULL = Type("Null")
STRING = Type("String", nullable=False)
INTEGER = Type("Integer", nullable=False)
FLOAT = Type("Float", nullable=False)
BOOLEAN = Type("Boolean", nullable=False)
DATETIME = Type("DateTime", nullable=False)
DATE = Type("Date", nullable=False)
UUID = Type("UUID", nullable=False)
JSON = Type("JSON", nullable=False)
INTERVAL = Type("Interval", nullable=False)


def common(types: Iterable[Type]) -> Type:
    """The type of a value that is one of these."""
    found = [one for one in types if one.name != "Null"]
    nullable = any(one.nullable for one in types) if isinstance(types, list | tuple) else True
    if not found:
        return NULL
    first = found[0]
    if all(one.name == first.name for one in found):
        return first.as_nullable(nullable)
    if all(one.is_number for one in found):
        return Type("Float" if any(one.name == "Float" for one in found) else "Integer", nullable)
    return Type("Unknown", nullable)


def of_clickhouse(name: str) -> Type:
    """ClickHouse's own type, read as far as we know types."""
    text = name.strip()
    if text.startswith("LowCardinality(") and text.endswith(")"):
        return of_clickhouse(text[len("LowCardinality(") : -1])
    if text.startswith("Nullable(") and text.endswith(")"):
        return of_clickhouse(text[len("Nullable(") : -1]).as_nullable()
    if text.startswith("Array(") and text.endswith(")"):
        return array(of_clickhouse(text[len("Array(") : -1]))
    for prefix, kind in _PREFIXES:
        if text.startswith(prefix):
            return Type(kind, nullable=False)
    return UNKNOWN


_PREFIXES: tuple[tuple[str, Name], ...] = (
    ("String", "String"), ("FixedString", "String"), ("UInt", "Integer"), ("Int", "Integer"), ("Float", "Float"),
    ("Decimal", "Decimal"), ("Bool", "Boolean"), ("DateTime", "DateTime"), ("Date", "Date"), ("UUID", "UUID"),
    ("Tuple", "Tuple"), ("Map", "Map"), ("Interval", "Interval"),
)  # fmt: skip
