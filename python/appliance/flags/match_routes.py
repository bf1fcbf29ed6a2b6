"""PostHog's routes about who gets a flag."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, select

from appliance.accounts.access import Caller
from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.model import user_account
from appliance.cohorts import members
from appliance.cohorts.resource import Cohorts
from appliance.failures import Invalid
from appliance.flags.matching import Matching, reasons, value_of
from appliance.flags.resource import FeatureFlags
from appliance.flags.to_cohort import matching_persons
from appliance.http.openapi import TEXT, reads
from appliance.resources import Door
from appliance.resources.bodies import json_value

GROUPS_CHARACTERS_MAX = 10_000


def routes(door: Door, flags: FeatureFlags) -> APIRouter:
    router = APIRouter()
    path, scope = "/feature_flags", flags.scope

    @router.get(f"{path}/my_flags/", openapi_extra=reads(parameters={"groups": TEXT}))
    def my_flags(request: Request, project_id: str) -> JSONResponse:
        """What whoever asks would get, if the project knew them by their user's id."""
        groups = _groups(request.query_params)
        with door.reading(request, project_id, scope) as (caller, connection):
            mine = Matching(connection, caller.project).of(_distinct_id(connection, caller), groups)
            query = flags.query(caller).where(feature_flag.c.is_active)
            rows = connection.execute(query.order_by(feature_flag.c.created_at.desc())).mappings().all()
            views = flags.views(connection, caller, rows)
        values = {key: value_of(one) for key, one in mine.items()}
        return JSONResponse([{"feature_flag": one, "value": values.get(one["key"], False)} for one in views])

    @router.get(
        f"{path}/evaluation_reasons/", openapi_extra=reads(parameters={"distinct_id": TEXT, "groups": TEXT})
    )
    def evaluation_reasons(request: Request, project_id: str) -> JSONResponse:
        """What a distinct id gets of every flag, and why."""
        groups = _groups(request.query_params)
        with door.reading(request, project_id, scope) as (caller, connection):
            distinct_id = request.query_params.get("distinct_id", "").replace("\0", "\ufffd")
            if not distinct_id:
                raise Invalid("distinct_id is required", "distinct_id", "required")
            evaluated = Matching(connection, caller.project).of(distinct_id, groups)
            return JSONResponse(reasons(connection, caller.project, evaluated))

    @router.post(f"{path}/{{id_}}/create_static_cohort_for_flag/")
    def create_static_cohort(request: Request, project_id: str, id_: str) -> JSONResponse:
        """A static cohort of the persons who get the flag now."""
        door.access.caller(request, project_id, f"{scope}:write")
        cohorts = Cohorts()
        with door.reading(request, project_id, scope) as (caller, connection):
            row = flags.find(connection, caller, id_)
            found = matching_persons(connection, caller, row)
        name = f"Users with feature flag {row['key']} enabled at {datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
        with door.writing(request, project_id, cohorts.scope) as (caller, connection):
            made = cohorts.create(connection, caller, {"name": name[-400:], "is_static": True})
            members.add(connection, caller.project.id, made["id"], found)
            return JSONResponse({"cohort": cohorts.view(connection, caller, made)}, 201)

    return router


def _distinct_id(connection: Connection, caller: Caller) -> str:
    query = select(user_account.c.uuid).where(user_account.c.id == caller.user_id)
    return str(connection.execute(query).scalar_one())


def _groups(given: Mapping[str, str]) -> dict[str, Any]:
    """Groups by the names of their types, as JSON."""
    text = given.get("groups") or "{}"
    if len(text) > GROUPS_CHARACTERS_MAX:
        raise Invalid(f"Ensure this field has no more than {GROUPS_CHARACTERS_MAX} characters.", "groups")
    try:
        groups = json_value(text)
    except Invalid as failure:
        raise Invalid(f"This is not JSON: {failure}", "groups") from None
    if not isinstance(groups, dict):
        raise Invalid(f"Expected a dictionary, not {json.dumps(groups)[:100]}", "groups")
    return groups
