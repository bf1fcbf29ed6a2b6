"""The one place where an insight's question meets its answer.

An insight is kept whether or not anything can compute it. Whoever can is given to the room as `Results`; where
nobody is, every insight says so in PostHog's words: no result, not cached.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from appliance.accounts.access import Caller
from appliance.failures import Invalid
from appliance.http.openapi import NUMBER, TEXT
from appliance.resources.bodies import json_value

FIELDS = (
    "result",
    "hasMore",
    "columns",
    "types",
    "hogql",
    "is_cached",
    "last_refresh",
    "cache_target_age",
    "next_allowed_client_refresh",
    "query_status",
    "timezone",
)
OVERRIDE_CHARACTERS_MAX = 100_000
OVERRIDES = {"refresh": TEXT, "filters_override": TEXT, "variables_override": TEXT, "from_dashboard": NUMBER}
"""Parameters of every address that shows answers; what `wanted_of` reads."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How fresh the answer must be, and what is put over the insight's own question."""

    refresh: str = "force_cache"
    filters_override: Mapping[str, Any] = field(default_factory=dict)
    variables_override: Mapping[str, Any] = field(default_factory=dict)
    dashboard_id: int | None = None

    def under(
        self,
        filters: Mapping[str, Any],
        variables: Mapping[str, Any],
        tile_filters: Mapping[str, Any] | None = None,
    ) -> "Wanted":
        """On a dashboard: its filters, or those of the request in their place, and over them the tile's."""
        return replace(
            self,
            filters_override={**(self.filters_override or filters), **(tile_filters or {})},
            variables_override={**variables, **self.variables_override},
        )


class Results(Protocol):
    def of(
        self, caller: Caller, insight_id: int, query: Mapping[str, Any] | None, wanted: Wanted
    ) -> Mapping[str, Any]:
        """The fields of `FIELDS` that it knows; a question that fails is no failure of the insight's page."""


class NoResults:
    """Nothing computes insights here."""

    def of(
        self, caller: Caller, insight_id: int, query: Mapping[str, Any] | None, wanted: Wanted
    ) -> Mapping[str, Any]:
        del insight_id, query, wanted
        return no_result(caller)


def no_result(caller: Caller) -> dict[str, Any]:
    return {**dict.fromkeys(FIELDS), "is_cached": False, "timezone": caller.project.timezone}


def wanted_of(given: Mapping[str, str], refresh: str = "force_cache") -> Wanted:
    """From the parameters of an address."""
    return Wanted(
        refresh=given.get("refresh", "") or refresh,
        filters_override=_object(given, "filters_override"),
        variables_override=_object(given, "variables_override"),
        dashboard_id=_number(given.get("from_dashboard", "")),
    )


def _object(given: Mapping[str, str], name: str) -> Mapping[str, Any]:
    text = given.get(name, "")
    if not text:
        return {}
    if len(text) > OVERRIDE_CHARACTERS_MAX:
        raise Invalid(f"Ensure this field has no more than {OVERRIDE_CHARACTERS_MAX} characters.", name)
    try:
        found = json_value(text)
    except Invalid as failure:
        raise Invalid(str(failure), name) from None
    if not isinstance(found, dict):
        raise Invalid(f"Invalid {name} format: expected a JSON object, not {json.dumps(found)[:50]}", name)
    return found


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - 64 bits
