"""What a query has to know of its project: clock, definitions, and what people have named.

Promises:
- Everything asked here is of one project: a name or number of another one is simply not found.
- Definitions are read when a query first asks for them, and once for each query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, Protocol, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Engine, select

from appliance.catalog import ProjectSnapshot, reading, resources
from appliance.catalog.error_issues import error_issue
from appliance.catalog.model import NO_GROUP_TYPE, PropertyOwner, group_type, property_definition

Owner = Literal["event", "person", "group", "session"]
PropertyType = Literal["String", "Numeric", "Boolean", "DateTime", "Duration"]
_TIMEZONES = 1_000
_NUMBER_MAX = 1 << 63
_IDS_OF_STATEMENT = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OWNERS = {
    "event": PropertyOwner.EVENT,
    "person": PropertyOwner.PERSON,
    "group": PropertyOwner.GROUP,
    "session": PropertyOwner.SESSION,
}


@dataclass(frozen=True, slots=True)
class Action:
    """Which events count as one thing: those that match any of the steps."""

    id: int
    name: str
    steps: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Cohort:
    """People who belong together. `version` is the one whose members the store holds now, if any."""

    id: int
    name: str
    is_static: bool = False
    filters: Mapping[str, Any] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """What exceptions are grouped into, as it is now. `assignee` is `{id, type}`."""

    id: UUID
    name: str | None
    description: str | None
    status: str
    first_seen: datetime
    severity: str | None = None
    assignee: Mapping[str, int | str] | None = None


class Definitions(Protocol):
    """Where the facts that a query may need come from. None: there is no such thing in this project."""

    def property_type(
        self, owner: Owner, name: str, group_type_index: int | None = None
    ) -> PropertyType | None: ...
    def group_types(self) -> Mapping[str, int]: ...
    def action(self, id_or_name: int | str) -> Action | None: ...
    def cohort(self, id_or_name: int | str) -> Cohort | None: ...
    def issues(self, ids: Sequence[UUID]) -> Sequence[Issue]:
        """Those of the project, in no order."""
        ...


@dataclass(frozen=True, slots=True)
class GivenDefinitions:
    """Definitions held in memory, as tests and previews have them."""

    property_types: Mapping[tuple[str, str, int | None], PropertyType] = field(default_factory=dict)
    groups: Mapping[str, int] = field(default_factory=dict)
    actions: Sequence[Action] = ()
    cohorts: Sequence[Cohort] = ()
    known_issues: Sequence[Issue] = ()

    def property_type(
        self, owner: Owner, name: str, group_type_index: int | None = None
    ) -> PropertyType | None:
        return self.property_types.get((owner, name, group_type_index))

    def group_types(self) -> Mapping[str, int]:
        return self.groups

    def action(self, id_or_name: int | str) -> Action | None:
        return next((one for one in self.actions if id_or_name in (one.id, one.name)), None)

    def cohort(self, id_or_name: int | str) -> Cohort | None:
        return next((one for one in self.cohorts if id_or_name in (one.id, one.name)), None)

    def issues(self, ids: Sequence[UUID]) -> Sequence[Issue]:
        wanted = set(ids)
        return [one for one in self.known_issues if one.id in wanted]


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    id: int
    name: str = ""
    timezone: str = "UTC"
    week_start_day: int = 0
    """0: weeks begin on Sunday, 1: on Monday."""
    test_account_filters: Sequence[Mapping[str, Any]] = ()
    path_cleaning_filters: Sequence[Mapping[str, Any]] = ()
    modifiers: Mapping[str, Any] = field(default_factory=dict)
    definitions: Definitions = field(default_factory=GivenDefinitions)

    @classmethod
    def load(cls, catalog: Engine, project: ProjectSnapshot) -> Self:
        options = project.options
        return cls(
            id=project.id,
            name=project.name,
            timezone=project.timezone if _known(project.timezone) else "UTC",
            week_start_day=int(options.get("week_start_day") or 0),
            test_account_filters=tuple(options.get("test_account_filters") or ()),
            path_cleaning_filters=tuple(options.get("path_cleaning_filters") or ()),
            modifiers=dict(options.get("modifiers") or {}),
            definitions=CatalogDefinitions(catalog, project.id),
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def property_type(
        self, owner: Owner, name: str, group_type_index: int | None = None
    ) -> PropertyType | None:
        return self.definitions.property_type(owner, name, group_type_index)

    @property
    def group_types(self) -> Mapping[str, int]:
        """Index by name."""
        return self.definitions.group_types()

    def action(self, id_or_name: int | str) -> Action | None:
        return self.definitions.action(id_or_name)

    def cohort(self, id_or_name: int | str) -> Cohort | None:
        return self.definitions.cohort(id_or_name)

    def issues(self, ids: Sequence[UUID]) -> Sequence[Issue]:
        return self.definitions.issues(ids)


class CatalogDefinitions:
    """Read from the catalog, each table once. Not shared between threads."""

    def __init__(self, catalog: Engine, project_id: int) -> None:
        self._catalog = catalog
        self._project_id = project_id
        self._property_types: dict[tuple[Owner, int, str], PropertyType | None] = {}
        self._group_types: Mapping[str, int] | None = None

    def property_type(
        self, owner: Owner, name: str, group_type_index: int | None = None
    ) -> PropertyType | None:
        key = (owner, NO_GROUP_TYPE if group_type_index is None else group_type_index, name)
        if key not in self._property_types:
            self._property_types[key] = self._read_property_type(*key)
        return self._property_types[key]

    def group_types(self) -> Mapping[str, int]:
        if self._group_types is None:
            table = group_type.c
            with reading(self._catalog) as connection:
                rows = connection.execute(
                    select(table.name, table.type_index).where(table.project_id == self._project_id)
                ).all()
            self._group_types = {name: index for name, index in rows}  # noqa: C416 - rows, not pairs
        return self._group_types

    def action(self, id_or_name: int | str) -> Action | None:
        table = resources.action.c
        row = self._named(table, id_or_name, table.id, table.name, table.steps)
        return None if row is None else Action(row.id, row.name or "", tuple(row.steps or ()))

    def cohort(self, id_or_name: int | str) -> Cohort | None:
        table = resources.cohort.c
        row = self._named(
            table, id_or_name, table.id, table.name, table.is_static, table.filters, table.version
        )
        if row is None:
            return None
        return Cohort(row.id, row.name or "", row.is_static, row.filters or {}, row.version)

    def issues(self, ids: Sequence[UUID]) -> Sequence[Issue]:
        table = error_issue.c
        found: list[Issue] = []
        for start in range(0, len(ids), _IDS_OF_STATEMENT):
            some = ids[start : start + _IDS_OF_STATEMENT]
            with reading(self._catalog) as connection:
                rows = connection.execute(
                    select(error_issue).where(table.project_id == self._project_id, table.id.in_(some))
                )
                found += [_issue(row) for row in rows]
        return found

    def _named(self, table: Any, id_or_name: int | str, *columns: Any) -> Any:
        """The newest of that name, if a name is given."""
        wanted = table.name == id_or_name
        if isinstance(id_or_name, int):
            wanted = table.id == (id_or_name if 0 < id_or_name < _NUMBER_MAX else 0)
        with reading(self._catalog) as connection:
            return connection.execute(
                select(*columns)
                .where(table.project_id == self._project_id, table.is_deleted.is_(False), wanted)
                .order_by(table.id.desc())
                .limit(1)
            ).first()

    def _read_property_type(self, owner: Owner, index: int, name: str) -> PropertyType | None:
        table = property_definition.c
        with reading(self._catalog) as connection:
            found: Any = connection.scalar(
                select(table.property_type).where(
                    table.project_id == self._project_id,
                    table.type == int(_OWNERS[owner]),
                    table.group_type_index == index,
                    table.name == name,
                )
            )
        kind: PropertyType | None = found
        return kind


def _issue(row: Any) -> Issue:
    assignee: Mapping[str, int | str] | None = None
    if row.assignee_user_id is not None:
        assignee = {"id": row.assignee_user_id, "type": "user"}
    elif row.assignee_role_id is not None:
        assignee = {"id": str(row.assignee_role_id), "type": "role"}
    first_seen = _EPOCH + timedelta(microseconds=row.first_seen_at)
    return Issue(row.id, row.name, row.description, row.status, first_seen, row.severity, assignee)


@lru_cache(maxsize=_TIMEZONES)
def _known(timezone: str) -> bool:
    try:
        ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True
