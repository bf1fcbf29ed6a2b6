"""What one query is asked in: whose data, when, how much, and which constants it carries.

Promise: a context serves one query. The printer collects the constants of that query in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from appliance.query.hogql.errors import QueryError
from appliance.query.project import ProjectFacts

PersonMode = Literal[
    "disabled",
    "person_id_no_override_properties_on_events",
    "person_id_override_properties_on_events",
    "person_id_override_properties_joined",
]
PERSON_MODES: tuple[PersonMode, ...] = (
    "disabled",
    "person_id_no_override_properties_on_events",
    "person_id_override_properties_on_events",
    "person_id_override_properties_joined",
)
# The mode of PostHog's own cloud: a person as they were when the event happened, under the identity they have now.
# It reads no table of persons, so it is also the fastest one that heeds merges.
PERSON_MODE_DEFAULT: PersonMode = "person_id_override_properties_on_events"

LIMIT_DEFAULT = 100
LIMIT_MAX = 50_000
LIMIT_MAX_EXPORT = 300_000
LIMIT_MAX_COHORT = 1_000_000_000
LIMIT_MAX_HEATMAP = 1_000_000
# A request takes this many; a list of texts is one of them.
_PARAMETERS_MAX = 900


@lru_cache(maxsize=1)
def shredded_of_this_release() -> Mapping[str, str]:
    """Property of events → its column."""
    from appliance.store.schema import shredded_columns  # noqa: PLC0415  loads the native module

    return {name: column for name, column, _ in shredded_columns()}


@dataclass(slots=True, kw_only=True)
class Context:
    project: ProjectFacts
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    limit_max: int = LIMIT_MAX
    limit_default: int | None = LIMIT_DEFAULT
    """None: an outer SELECT without LIMIT gives everything."""
    look_ahead: int = 0
    """Rows to ask for beyond the limit, to learn whether there are more."""
    modifiers: Mapping[str, Any] = field(default_factory=dict)
    shredded: Mapping[str, str] = field(default_factory=shredded_of_this_release)
    promoted: frozenset[str] = frozenset()
    """Those of `shredded` that have their column by use."""
    parameters: dict[str, Any] = field(default_factory=dict)
    _names: dict[tuple[str, Any], str] = field(default_factory=dict)
    properties_read: set[tuple[str, str]] = field(default_factory=set)
    """(owner, property) that the query parses out of JSON: what promotion to a column would spare. Of the owner
    `promoted` are those that were spared it."""
    empty_overrides: frozenset[str] | None = None
    """Tables of what was merged or moved since, of persons and of issues, that hold nothing of this project, so that
    joining them is spared; None while nobody has looked."""
    overrides_read: set[str] = field(default_factory=set)
    """Those that the query joins. The printer notes them."""

    def joins_overrides(self, table: str) -> bool:
        """Whether a table of overrides is worth joining; notes that it is."""
        if self.empty_overrides is not None and table in self.empty_overrides:
            return False
        self.overrides_read.add(table)
        return True

    @property
    def timezone(self) -> str:
        wanted = self.modifier("convertToProjectTimezone")
        return "UTC" if wanted is False else self.project.timezone

    def modifier(self, name: str) -> Any:
        """What the query asks, else what the project has set, else None."""
        found = self.modifiers.get(name)
        return self.project.modifiers.get(name) if found is None else found

    @property
    def person_mode(self) -> PersonMode:
        wanted = self.modifier("personsOnEventsMode")
        return wanted if wanted in PERSON_MODES else PERSON_MODE_DEFAULT

    def parameter(self, value: Any, clickhouse_type: str) -> str:
        """The placeholder for a constant of the query: equal constants share one."""
        key = (clickhouse_type, tuple(value) if isinstance(value, list) else value)
        name = self._names.get(key)
        if name is None:
            if len(self.parameters) >= _PARAMETERS_MAX:
                raise QueryError(f"A query may have at most {_PARAMETERS_MAX} different constants")
            name = self._names[key] = f"p_{len(self.parameters)}"
            self.parameters[name] = value
        return f"{{{name}:{clickhouse_type}}}"
