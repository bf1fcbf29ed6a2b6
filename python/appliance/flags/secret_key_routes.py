"""PostHog's routes for a project's secret keys."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from appliance.accounts.access import Caller
from appliance.catalog.model import project
from appliance.flags import secret_keys
from appliance.flags.secret_keys import SecretKeys
from appliance.http.openapi import OBJECT, reads
from appliance.projects import projects
from appliance.resources import Door, resource_routes
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema

_PROJECT = "project"


def routes(door: Door) -> APIRouter:
    """Under a project's prefix."""
    router = APIRouter()
    keys = SecretKeys()
    path, scope = f"/{keys.path}", keys.scope

    @router.post(f"{path}/", openapi_extra=reads(body=body_schema(keys.fields)))
    def create(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Makes a key. `value` is the key itself, which is shown this once."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row, key = keys.made(connection, caller, json_object(body))
            return JSONResponse({**keys.view(connection, caller, row), "value": key}, 201)

    @router.post(f"{path}/{{id_}}/roll/")
    def roll(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Another key in its place, shown this once; the old one is refused from now on."""
        with door.writing(request, project_id, scope) as (caller, connection):
            row, key = keys.rolled(connection, caller, keys.find(connection, caller, id_))
            return JSONResponse({**keys.view(connection, caller, row), "value": key})

    @router.post("/rotate_secret_token/")
    @router.patch("/rotate_secret_token/", openapi_extra=reads(body=OBJECT))
    def rotate(request: Request, project_id: str) -> JSONResponse:
        """A new secret token for the project, shown this once; the one before works on as the backup."""
        with door.writing(request, project_id, _PROJECT) as (caller, connection):
            key = secret_keys.rotate_token(connection, caller)
            return JSONResponse({**_project(connection, caller), "secret_api_token": key})

    @router.post("/delete_secret_token_backup/")
    @router.patch("/delete_secret_token_backup/", openapi_extra=reads(body=OBJECT))
    def delete_backup(request: Request, project_id: str) -> JSONResponse:
        """The secret token before this one is refused from now on."""
        with door.writing(request, project_id, _PROJECT) as (caller, connection):
            secret_keys.delete_backup(connection, caller)
            return JSONResponse(_project(connection, caller))

    router.include_router(resource_routes(keys, door))
    return router


def _project(connection: Connection, caller: Caller) -> dict[str, object]:
    query = projects.of_principal(caller.principal).where(project.c.id == caller.project.id)
    return projects.full(connection, connection.execute(query).mappings().one())
