"""PostHog's routes for projects, organisations and whoever asks."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, Engine, RowMapping

from appliance.accounts.access import Access
from appliance.accounts.principal import CURRENT, Principal
from appliance.catalog import reading, writing
from appliance.catalog.model import project
from appliance.config import Config
from appliance.failures import NotFound
from appliance.http.openapi import OBJECT, PAGE, reads
from appliance.projects import projects, users
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema
from appliance.resources.pages import fetch, page_of, paged, slice_paged

SCOPE = "project"
_ID_DIGITS_MAX = 18


def routes(config: Config, catalog: Engine, access: Access) -> APIRouter:
    router = APIRouter(prefix="/api")
    for prefix in ("/projects/", "/environments/"):
        router.include_router(_project_routes(config, catalog, access), prefix=prefix.rstrip("/"))

    @router.get("/users/@me/")
    def me(request: Request) -> JSONResponse:
        """Who asks."""
        principal = access.principal(request, "user:read")
        with reading(catalog) as connection:
            return JSONResponse(users.me(connection, principal.user_id))

    @router.get("/organizations/", openapi_extra=reads(parameters=PAGE))
    def organizations(request: Request) -> JSONResponse:
        """The organisations of whoever asks."""
        principal = access.principal(request, "organization:read")
        with reading(catalog) as connection:
            found = users.organizations_of(connection, principal.user_id)
        return JSONResponse(slice_paged(request, config.public_url, found, page_of(request.query_params)))

    @router.get("/organizations/{organization_id}/")
    def organization(request: Request, organization_id: str) -> JSONResponse:
        """One of them, or `@current`."""
        principal = access.principal(request, "organization:read")
        with reading(catalog) as connection:
            found = users.organizations_of(connection, principal.user_id)
        for one in found:
            if organization_id in (CURRENT, one["id"]):
                return JSONResponse(one)
        raise NotFound("Not found.")

    return router


def _project_routes(config: Config, catalog: Engine, access: Access) -> APIRouter:
    router = APIRouter()

    @router.get("/", openapi_extra=reads(parameters=PAGE))
    def listed(request: Request) -> JSONResponse:
        """The projects of whoever asks."""
        principal = access.principal(request, f"{SCOPE}:read")
        page = page_of(request.query_params)
        with reading(catalog) as connection:
            count, rows = fetch(connection, projects.of_user(principal.user_id), page)
        results = [projects.brief(row) for row in rows]
        return JSONResponse(paged(request, config.public_url, page, count, results))

    @router.post("/", openapi_extra=reads(body=body_schema(projects.NEW_FIELDS)))
    def create(request: Request, body: Raw) -> JSONResponse:
        """Makes a project."""
        principal = access.principal(request, f"{SCOPE}:write")
        with writing(catalog) as connection:
            number = projects.create(connection, principal.user_id, json_object(body))
            row = _find(connection, principal, str(number))
            return JSONResponse(projects.full(connection, row), 201)

    @router.get("/{project_id}/")
    def retrieve(request: Request, project_id: str) -> JSONResponse:
        """One project with its settings."""
        with _one(request, project_id, is_write=False) as (_, connection, row):
            return JSONResponse(projects.full(connection, row))

    @router.patch("/{project_id}/", openapi_extra=reads(body=body_schema(projects.FIELDS)))
    def change(request: Request, project_id: str, body: Raw) -> JSONResponse:
        """Changes the settings that are named."""
        with _one(request, project_id, is_write=True) as (principal, connection, row):
            projects.change(connection, projects.caller_of(principal, row), row, json_object(body))
            return JSONResponse(projects.full(connection, _find(connection, principal, project_id)))

    @router.patch("/{project_id}/reset_token/", openapi_extra=reads(body=OBJECT))
    def reset_token(request: Request, project_id: str) -> JSONResponse:
        """A new project token; capture refuses the old one within a second."""
        with _one(request, project_id, is_write=True) as (principal, connection, row):
            projects.reset_token(connection, projects.caller_of(principal, row), row)
            return JSONResponse(projects.full(connection, _find(connection, principal, project_id)))

    @contextmanager
    def _one(
        request: Request, project_id: str, *, is_write: bool
    ) -> Iterator[tuple[Principal, Connection, RowMapping]]:
        principal = access.principal(request, f"{SCOPE}:{'write' if is_write else 'read'}")
        with (writing if is_write else reading)(catalog) as connection:
            yield principal, connection, _find(connection, principal, project_id)

    return router


def _find(connection: Connection, principal: Principal, project_id: str) -> RowMapping:
    query = projects.of_user(principal.user_id)
    if project_id != CURRENT:
        if not (project_id.isascii() and project_id.isdigit() and len(project_id) <= _ID_DIGITS_MAX):
            raise NotFound("Not found.")
        query = query.where(project.c.id == int(project_id))
    row = connection.execute(query.limit(1)).mappings().one_or_none()
    if row is None:
        raise NotFound("Not found.")
    return row
