"""The first run: `/api/setup/`."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError

from appliance.accounts import setup, sign_in
from appliance.accounts.audit import note_account
from appliance.accounts.reception import SIGNED_IN, Reception
from appliance.catalog import reading, writing
from appliance.failures import Conflict
from appliance.http.openapi import BOOLEAN, reads
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema

_STATE = {
    "type": "object",
    "required": ["is_open", "needs_code"],
    "properties": {
        "is_open": {**BOOLEAN, "description": "Nobody has signed in yet."},
        "needs_code": {
            **BOOLEAN,
            "description": "Whether `code` has to be given: who asks may be a stranger.",
        },
    },
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/api/setup/", openapi_extra=reads(answer=_STATE, is_public=True))
    def state(request: Request) -> JSONResponse:
        """Whether the appliance waits for its first user to say who they are."""
        with reading(reception.catalog) as connection:
            is_open = setup.is_open(connection)
        needs_code = is_open and setup.needs_code(request, reception.config)
        return JSONResponse({"is_open": is_open, "needs_code": needs_code})

    @router.post(
        "/api/setup/", openapi_extra=reads(body=body_schema(setup.FIELDS), answer=SIGNED_IN, is_public=True)
    )
    def finish(request: Request, body: Raw) -> JSONResponse:
        """Makes the first user theirs, and signs in. Not found once anybody has signed in."""
        reception.require_same_origin(request)
        given, visit, attempts = json_object(body), reception.visit(request, "setup"), reception.attempts
        with writing(reception.catalog) as connection:
            attempts.take(connection, attempts.address, visit.address)
        try:
            with writing(reception.catalog) as connection:
                attempts.give_back(connection, attempts.address, visit.address)
                user = setup.finish(connection, request, reception, given)
                note_account(connection, user["id"], user["email"], visit.address, "setup_completed")
                token = sign_in.begin(connection, reception, user, visit)
        except IntegrityError as error:
            raise Conflict("There is an account with this address already.") from error
        return reception.signed_in(token, 201)

    return router
