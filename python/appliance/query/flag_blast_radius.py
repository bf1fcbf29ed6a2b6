"""How many people or groups a condition of a feature flag is about, of how many there are.

An estimate for whoever writes the condition: filters as queries mean them, shares and other flags left aside.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.accounts.access import Access
from appliance.catalog import ProjectSnapshot
from appliance.catalog.model import GROUP_TYPES_MAX
from appliance.failures import Invalid
from appliance.http.openapi import OBJECT, reads
from appliance.query.filters import Scope, property_to_expr
from appliance.query.runner import Question, Runner
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import at, integer
from appliance.resources.fields import json_object as object_field
from appliance.resources.property_filters import check_property_filters

SCOPE = "feature_flag:read"
_QUERY = {"kind": "ActorsQuery"}
_PERSONS = "SELECT countIf({condition}), count() FROM persons"
_GROUPS = "SELECT countIf({condition}), count() FROM groups WHERE index = {index}"
_BODY = {
    "type": "object",
    "properties": {"condition": dict(OBJECT), "group_type_index": {"type": ["integer", "null"]}},
}


def routes(access: Access, runner: Runner) -> APIRouter:
    """Under a project's prefix."""
    router = APIRouter()

    @router.post("/feature_flags/user_blast_radius/", openapi_extra=reads(body=_BODY))
    def user_blast_radius(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """How many people, or groups of a type, fulfil a condition."""
        project = access.project(request, project_id, SCOPE)
        given = json_object(body)
        if "condition" not in given:
            raise Invalid("This field is required.", "condition", "required")
        condition = at("condition")(object_field, given["condition"])
        properties = condition.get("properties")
        filters = at("condition__properties")(
            check_property_filters, [] if properties is None else properties
        )
        index = given.get("group_type_index")
        if index is not None:
            index = at("group_type_index")(integer(0, GROUP_TYPES_MAX - 1), index)
        affected, total = _counted(runner, project, filters, index)
        names = {"users_affected": affected, "total_users": total, "affected": affected, "total": total}
        return JSONResponse(names)

    return router


def _counted(
    runner: Runner, project: ProjectSnapshot, filters: list[Mapping[str, Any]], index: int | None
) -> tuple[int, int]:
    # Filters of flags say person where they say nothing.
    typed = [{"type": "person" if index is None else "group", **one} for one in filters]
    scope = Scope("person") if index is None else Scope("group")
    with runner.asking(Question(project, _QUERY)) as asked:
        condition = property_to_expr(typed, asked.context, scope)
        sql, more = (_PERSONS, {}) if index is None else (_GROUPS, {"index": index})
        [(affected, total)] = asked.run(
            sql, placeholders={"condition": condition, **more}, name="blast radius"
        ).rows
    return int(affected), int(total)
