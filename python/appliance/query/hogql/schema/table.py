"""What a virtual table is made of.

A table stands for one guarded SELECT over one physical table. Its fields say how that SELECT makes each of its
columns, or where else a name leads: to another table (a link, joined only when used), to other names of the same
table (a branch), or to a value made of several (computed).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from appliance.query.hogql.value_types import Type

if TYPE_CHECKING:
    from appliance.query.hogql.source import TableSource
    from appliance.query.hogql.written import Written

SOURCE = "source"
"""The physical table's alias inside its guarded SELECT; nothing of the user's is ever written there."""


@dataclass(frozen=True, slots=True)
class Column:
    """`sql` speaks of the physical table as `source`."""

    sql: str
    type: Type
    hidden: bool = False
    """Left out of `*`."""
    whole: bool = False
    """In a grouped table: a key or an aggregate already, not a value of the latest row."""
    timezone: bool = True
    """A time is shown in the project's time zone."""
    is_events_properties: bool = False
    """JSON whose properties may have columns of their own."""


@dataclass(frozen=True, slots=True)
class Link:
    """A LEFT JOIN with another table, made when a name below it is used."""

    table: str
    on: tuple[str, str]
    """Our column and theirs."""
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """Names below a name: `poe.properties`."""

    fields: "Mapping[str, TableField]"
    hidden: bool = True


@dataclass(frozen=True, slots=True)
class Computed:
    """A value made of other columns and links; asked for again at each use."""

    write: "Callable[[TableSource], Written]"
    type: Type
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """Another name for names of the same table: `person` → `pdi.person`."""

    chain: Sequence[str]
    hidden: bool = True


TableField: TypeAlias = Column | Link | Branch | Computed | Path


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows with equal keys are one row of the table: the latest, or an aggregate."""

    keys: tuple[str, ...]
    version: str = ""
    having: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    physical: str
    """Of the store. Empty for a table that is made of nothing stored."""
    fields: Mapping[str, TableField]
    grouping: Grouping | None = None
    where: str = ""
    """Besides the guard; speaks of `source`, and of `{project}`."""
    kind: Literal["posthog", "system", "view"] = "posthog"
    time: str = "timestamp"
    """The field that `{filters}` puts its date range on."""
    filterable: bool = False
    """Whether `{filters}` may be used."""
    rows: Sequence[Sequence[str | int]] = ()
    """Of a table that is made of nothing stored."""
