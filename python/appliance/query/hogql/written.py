"""A value as ClickHouse reads it, with what is known of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from appliance.query.hogql.value_types import Owner, Type


class _Nothing:
    """Not a constant; None would be the constant NULL."""


NOTHING: Final = _Nothing()


@dataclass(frozen=True, slots=True)
class TextRead:
    """A property as text: NULL where it is missing or null."""

    sql: str
    column: str = ""
    """A column that holds the same text for everything but missing, null and '': those are all one in it."""
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Json:
    """A value that can be looked into. `read` gives the text at a path."""

    read: Callable[[tuple[str | int, ...]], TextRead]
    keys: tuple[str | int, ...] = ()
    owner: Owner | None = None
    group_type_index: int | None = None

    def below(self, *keys: str | int) -> Self:
        return replace(self, keys=(*self.keys, *keys))


@dataclass(frozen=True, slots=True)
class Written:
    sql: str
    type: Type
    value: Any = NOTHING
    """Of a constant."""
    bare: str = ""
    """A time before it was moved to the project's time zone: the same instant, and the store's sort key."""
    json: Json | None = None
    column: str = ""
    """See `TextRead.column`."""

    @property
    def is_constant(self) -> bool:
        return self.value is not NOTHING

    @property
    def is_null(self) -> bool:
        return self.value is None
