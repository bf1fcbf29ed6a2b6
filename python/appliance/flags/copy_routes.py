"""PostHog's routes for one flag in several projects of an organisation."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select

from appliance.accounts.access import Member
from appliance.catalog import reading
from appliance.catalog.feature_flags import feature_flag
from appliance.catalog.model import project
from appliance.failures import Conflict, Invalid, NotAuthorized, NotFound
from appliance.flags import checks, copying, versions
from appliance.flags.resource import FeatureFlags
from appliance.http.openapi import reads
from appliance.resources import Door, Field, read
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema, boolean, integer, list_of
from appliance.resources.people import people
from appliance.resources.times import iso

PROJECTS_MAX = 50
_PROJECT = integer(1)
_FIELDS = (
    Field("feature_flag_key", checks.check_key, is_required=True),
    Field("from_project", _PROJECT, is_required=True),
    Field("target_project_ids", list_of(_PROJECT, PROJECTS_MAX), is_required=True),
    Field("disable_copied_flag", boolean),
)


def routes(door: Door, flags: FeatureFlags) -> APIRouter:
    router = APIRouter(prefix="/api/organizations/{organization_id}/feature_flags")

    @router.post("/copy_flags/", openapi_extra=reads(body=body_schema(_FIELDS)))
    def copy_flags(request: Request, organization_id: str, body: Raw) -> JSONResponse:
        """A flag into other projects; one of the same key is overwritten there."""
        member = door.access.member(request, organization_id, f"{flags.scope}:write")
        given = read(_FIELDS, json_object(body), is_partial=False)
        reach = member.principal.reach.projects
        with door.reading(request, str(given["from_project"]), flags.scope) as (caller, connection):
            if reach.get(caller.project.id) != member.organization_id:
                raise NotFound("Not found.")
            source = copying.of_key(connection, caller.project.id, given["feature_flag_key"])
        success, failed = list[Any](), list[Any]()
        for target in dict.fromkeys(given["target_project_ids"]):
            try:
                _check_target(target, source["project_id"], member)
                with door.writing(request, str(target), flags.scope) as (caller, connection):
                    is_disabled = given.get("disable_copied_flag", False)
                    row = copying.copy_flag(connection, caller, flags, source, is_disabled=is_disabled)
                    view = flags.view(connection, caller, row)
                success.append({**view, "team_id": target})
            except (Conflict, Invalid, NotAuthorized, NotFound) as failure:
                failed.append({"project_id": target, "error_message": str(failure)})
        return JSONResponse({"success": success, "failed": failed})

    @router.get("/{key}/")
    def everywhere(request: Request, organization_id: str, key: str) -> JSONResponse:
        """The flags of one key in all projects of the organization that whoever asks may see."""
        member = door.access.member(request, organization_id, f"{flags.scope}:read")
        reach = member.principal.reach.projects
        seen = [id_ for id_, owner in reach.items() if owner == member.organization_id]
        columns = feature_flag.c
        query = (
            select(feature_flag)
            .join(project, project.c.id == columns.project_id)
            .where(columns.key == key, columns.project_id.in_(seen), ~columns.is_deleted)
            .order_by(columns.project_id)
        )
        with reading(door.catalog) as connection:
            rows = connection.execute(query).mappings().all()
            users = people(connection, [row["created_by_id"] for row in rows])
        return JSONResponse(
            [
                {
                    "flag_id": row["id"],
                    "team_id": row["project_id"],
                    "created_by": users.get(row["created_by_id"]),
                    "filters": versions.shown(dict(row))["filters"],
                    "created_at": iso(row["created_at"]),
                    "active": row["is_active"],
                }
                for row in rows
            ]
        )

    return router


def _check_target(target: int, from_project: int, member: Member) -> None:
    if member.principal.reach.projects.get(target) != member.organization_id:
        raise NotFound("There is no such project in this organization.")
    if target == from_project:
        raise Invalid("This is the project that the flag comes from.")
