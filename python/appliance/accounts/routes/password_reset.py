"""Choosing a new password by a link that an admin made: `/api/reset/{user_uuid}/`."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.accounts import password_resets
from appliance.accounts.reception import Reception
from appliance.catalog import writing
from appliance.http.openapi import BOOLEAN, TEXT, reads
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, read, text

_FIELDS = (
    Field("token", text(200), is_required=True),
    Field("password", text(10_000), is_required=True),
)
_ANSWER = {
    "type": "object",
    "required": ["success", "email"],
    "properties": {"success": BOOLEAN, "email": TEXT},
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/reset")
    attempts, catalog = reception.attempts, reception.catalog

    @router.get(
        "/{user_uuid}/", openapi_extra=reads(parameters={"token": TEXT}, answer=_ANSWER, is_public=True)
    )
    def check(request: Request, user_uuid: str) -> JSONResponse:
        """Whether the link still works, and whose password it is."""
        _count(request)
        with writing(catalog) as connection:
            user = password_resets.find(connection, user_uuid, request.query_params.get("token", ""))
            attempts.give_back(connection, attempts.address, reception.access.address(request))
        return JSONResponse({"success": True, "email": user["email"]})

    @router.post(
        "/{user_uuid}/", openapi_extra=reads(body=body_schema(_FIELDS), answer=_ANSWER, is_public=True)
    )
    def use(request: Request, user_uuid: str, body: Raw) -> JSONResponse:
        """The new password. Ends every session; signing in comes next."""
        reception.require_same_origin(request)
        given, address = read(_FIELDS, json_object(body), is_partial=False), reception.access.address(request)
        _count(request)
        with writing(catalog) as connection:
            user = password_resets.use(connection, user_uuid, given["token"], given["password"], address)
            attempts.give_back(connection, attempts.address, address)
            attempts.forget(connection, attempts.account, user["email"])
        return JSONResponse({"success": True, "email": user["email"]})

    def _count(request: Request) -> None:
        with writing(catalog) as connection:
            attempts.take(connection, attempts.address, reception.access.address(request))

    return router
