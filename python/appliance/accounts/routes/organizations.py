"""Organisations: `/api/organizations/`."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, delete, func, select

from appliance.accounts import audit, members
from appliance.accounts.keys import now_us
from appliance.accounts.principal import CURRENT, Principal
from appliance.accounts.projects import create_organization
from appliance.accounts.reception import Reception
from appliance.accounts.roles import Role
from appliance.accounts.routes.shapes import ORGANIZATION
from appliance.catalog import changes, reading, writing
from appliance.catalog.model import organization, project
from appliance.catalog.removals import remove_project
from appliance.failures import Conflict, NotFound
from appliance.http.openapi import PAGE, page_schema, reads
from appliance.projects import users
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, read, text
from appliance.resources.pages import page_of, slice_paged

_FIELDS = (Field("name", text(200, is_blank_allowed=False), is_required=True),)


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/organizations")
    access, catalog, public_url = reception.access, reception.catalog, reception.config.public_url

    @router.get("/", openapi_extra=reads(parameters=PAGE, answer=page_schema(ORGANIZATION)))
    def listed(request: Request) -> JSONResponse:
        """The organisations of whoever asks."""
        principal = access.principal(request, "organization:read")
        with reading(catalog) as connection:
            found = users.organizations_of(connection, principal)
        return JSONResponse(slice_paged(request, public_url, found, page_of(request.query_params)))

    @router.post("/", openapi_extra=reads(body=body_schema(_FIELDS), answer=ORGANIZATION))
    def create(request: Request, body: Raw) -> JSONResponse:
        """Makes an organisation of one's own; takes an admin of the current one."""
        member = access.member(request, CURRENT, "organization:write")
        values = read(_FIELDS, json_object(body), is_partial=False)
        with writing(catalog) as connection:
            made = create_organization(connection, values["name"])
            members.join(connection, made, member.principal.user_id, Role.OWNER, now_us())
            audit.note(connection, made, member.principal, "organization_created", name=values["name"])
            return JSONResponse(
                _view(connection, member.principal.with_organization(made, Role.OWNER), str(made)), 201
            )

    @router.get("/{organization_id}/", openapi_extra=reads(answer=ORGANIZATION))
    def retrieve(request: Request, organization_id: str) -> JSONResponse:
        """One of them, or `@current`."""
        member = access.member(request, organization_id, "organization:read")
        with reading(catalog) as connection:
            return JSONResponse(_view(connection, member.principal, str(member.organization_id)))

    @router.patch(
        "/{organization_id}/",
        openapi_extra=reads(body=body_schema(_FIELDS, is_partial=True), answer=ORGANIZATION),
    )
    def change(request: Request, organization_id: str, body: Raw) -> JSONResponse:
        """Gives it another name."""
        member = access.member(request, organization_id, "organization:write")
        values = read(_FIELDS, json_object(body), is_partial=True)
        with writing(catalog) as connection:
            if values:
                this = organization.c.id == member.organization_id
                connection.execute(organization.update().where(this).values(values))
                audit.note(
                    connection, member.organization_id, member.principal, "organization_renamed", **values
                )
            return JSONResponse(_view(connection, member.principal, str(member.organization_id)))

    @router.delete("/{organization_id}/")
    def remove(request: Request, organization_id: str) -> Response:
        """Deletes it with its projects and all that was made in them. The last one stays."""
        member = access.member(request, organization_id, "organization:write", Role.OWNER)
        with writing(catalog) as connection:
            connection.execute(select(organization.c.id).with_for_update())
            if connection.execute(select(func.count()).select_from(organization)).scalar_one() == 1:
                raise Conflict("This is the last organization. Another has to be there before it goes.")
            this = organization.c.id == member.organization_id
            name = connection.execute(select(organization.c.name).where(this)).scalar_one()
            of_it = select(project.c.id).where(project.c.organization_id == member.organization_id)
            for project_id in connection.execute(of_it).scalars().all():
                remove_project(connection, project_id, member.principal.email)
            connection.execute(delete(organization).where(this))
            changes.bump(connection)
            # Its own log is gone with it; those of their other organisations tell.
            who = member.principal
            audit.note_account(
                connection, who.user_id, who.email, who.address, "organization_deleted", name=name
            )
        return Response(status_code=204)

    return router


def _view(connection: Connection, principal: Principal, id_: str) -> dict[str, Any]:
    found = users.organizations_of(connection, principal)
    for one in found:
        if one["id"] == id_:
            return one
    raise NotFound("Not found.")
