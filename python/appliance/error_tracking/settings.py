"""A project's settings of error tracking: how much is kept, and what counts as a spike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.catalog import changes, insert
from appliance.catalog.error_issues import error_settings
from appliance.failures import Invalid
from appliance.http.openapi import reads
from appliance.resources import Door, Field, read
from appliance.resources.activity import Item, changes_between, record
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema, integer

SCOPE = "error_tracking"
KIND = "ErrorTrackingSettings"
BUCKET_MINUTES = 60
THRESHOLD, MULTIPLIER, SNOOZE_MINUTES = 500, 10.0, 10
_MULTIPLIER_MAX = 1_000_000
_MINUTES_MAX = 60 * 24 * 31
_columns = error_settings.c
_LIMITS = tuple(
    Field(name, integer(1, maximum), is_nullable=True)
    for name, maximum in (
        ("project_rate_limit_value", 2**31 - 1),
        ("project_rate_limit_bucket_size_minutes", _MINUTES_MAX),
        ("per_issue_rate_limit_value", 2**31 - 1),
        ("per_issue_rate_limit_bucket_size_minutes", _MINUTES_MAX),
    )
)


def _multiplier(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= _MULTIPLIER_MAX:
        raise Invalid(f"A number from 1 to {_MULTIPLIER_MAX} is required.")
    return float(value)


_SPIKES = (
    Field("snooze_duration_minutes", integer(1, _MINUTES_MAX), "spike_snooze_duration_minutes"),
    Field("multiplier", _multiplier, "spike_multiplier"),
    Field("threshold", integer(1, 2**31 - 1), "spike_threshold"),
)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many events, and as many again over a time."""

    value: int
    minutes: int

    @property
    def us(self) -> int:
        return self.minutes * 60_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    project: Limit | None = None
    per_issue: Limit | None = None
    threshold: int = THRESHOLD
    multiplier: float = MULTIPLIER
    snooze_minutes: int = SNOOZE_MINUTES


DEFAULTS = Settings()


def load_settings(connection: Connection) -> dict[int, Settings]:
    """Of all projects that have chosen any."""
    rows = connection.execute(select(error_settings)).mappings()
    return {row["project_id"]: _settings(row) for row in rows}


def settings_routes(door: Door) -> APIRouter:
    """Of a project."""
    router = APIRouter()

    @router.get("/error_tracking/settings/retrieve_settings/")
    def retrieve(request: Request, project_id: str) -> JSONResponse:
        """How many exceptions are kept of the project and of each issue; null: all."""
        return _shown(door, request, project_id, _LIMITS)

    @router.patch(
        "/error_tracking/settings/update_settings/",
        openapi_extra=reads(body=body_schema(_LIMITS, is_partial=True)),
    )
    def change(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Changes the limits that are named. A bucket holds `…_value` events and fills anew within its minutes."""
        return _changed(door, request, project_id, _LIMITS, body)

    @router.get("/error_tracking/spike_detection_config/")
    def retrieve_spikes(request: Request, project_id: str) -> JSONResponse:
        """When an issue is spiking, and how long it is quiet about that then."""
        return _shown(door, request, project_id, _SPIKES)

    @router.patch(
        "/error_tracking/spike_detection_config/update_config/",
        openapi_extra=reads(body=body_schema(_SPIKES, is_partial=True)),
    )
    def change_spikes(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Changes what is named: from how many events in five minutes (`threshold`) an issue may be spiking.

        They must be more than `multiplier` times what is usual, too.
        """
        return _changed(door, request, project_id, _SPIKES, body)

    return router


def _shown(door: Door, request: Request, project_id: str, fields: Sequence[Field]) -> JSONResponse:
    with door.reading(request, project_id, SCOPE) as (caller, connection):
        return JSONResponse(_view(_row(connection, caller), fields))


def _changed(
    door: Door, request: Request, project_id: str, fields: Sequence[Field], body: bytes
) -> JSONResponse:
    with door.writing(request, project_id, SCOPE) as (caller, connection):
        values = read(fields, json_object(body), is_partial=True)
        before = _view(_row(connection, caller), fields)
        if values:
            added = insert(connection, error_settings).values(project_id=caller.project.id, **values)
            connection.execute(added.on_conflict_do_update(index_elements=["project_id"], set_=values))
            changes.bump(connection)
        after = _view(_row(connection, caller), fields)
        told = changes_between(KIND, before, after)
        if told:
            record(connection, caller, Item(scope=KIND, id=caller.project.id), "updated", told)
        return JSONResponse(after)


def _row(connection: Connection, caller: Caller) -> Mapping[str, Any]:
    query = select(error_settings).where(_columns.project_id == caller.project.id)
    row = connection.execute(query).mappings().one_or_none()
    return {} if row is None else dict(row)


_DEFAULTS: Mapping[str, Any] = {
    "spike_snooze_duration_minutes": SNOOZE_MINUTES,
    "spike_multiplier": MULTIPLIER,
    "spike_threshold": THRESHOLD,
}


def _view(row: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    found = {}
    for field in fields:
        value = row.get(field.kept_as)
        found[field.name] = _DEFAULTS.get(field.kept_as) if value is None else value
    return found


def _settings(row: RowMapping) -> Settings:
    def chosen(name: str) -> Any:
        return _DEFAULTS[name] if row[name] is None else row[name]

    return Settings(
        project=_limit(row["project_rate_limit_value"], row["project_rate_limit_bucket_size_minutes"]),
        per_issue=_limit(row["per_issue_rate_limit_value"], row["per_issue_rate_limit_bucket_size_minutes"]),
        threshold=chosen("spike_threshold"),
        multiplier=chosen("spike_multiplier"),
        snooze_minutes=chosen("spike_snooze_duration_minutes"),
    )


def _limit(value: int | None, minutes: int | None) -> Limit | None:
    return None if value is None else Limit(value, minutes or BUCKET_MINUTES)
