"""`…/insights/{id}/sharing/` and `…/dashboards/{id}/sharing/`."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.resources import Door, Resource
from appliance.resources.bodies import Raw, json_object
from appliance.sharing import share

SCOPE = "sharing_configuration"


def routes(door: Door, resource: Resource) -> APIRouter:
    router = APIRouter()
    path = f"/{resource.path}/{{id_}}/sharing/"

    @router.get(path)
    def found(request: Request, project_id: str, id_: str) -> JSONResponse:
        """Whether and how it is shared."""
        with door.reading(request, project_id, SCOPE) as (caller, connection):
            row = resource.find(connection, caller, id_)
            return JSONResponse(share.view(share.find(connection, resource, row)))

    @router.patch(path)
    def change(request: Request, project_id: str, id_: str, body: Raw) -> JSONResponse:
        """Shares it by a link, with `enabled`, or no more."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            row = resource.find(connection, caller, id_)
            return JSONResponse(
                share.view(share.change(connection, caller, resource, row, json_object(body)))
            )

    @router.post(f"{path}refresh/")
    def refresh(request: Request, project_id: str, id_: str) -> JSONResponse:
        """A new link; the old one is worthless from now on."""
        with door.writing(request, project_id, SCOPE) as (caller, connection):
            row = resource.find(connection, caller, id_)
            return JSONResponse(share.view(share.refresh(connection, caller, resource, row)))

    return router
