"""Invites by link, and what somebody does with one: `/api/signup/{token}/`."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy.exc import IntegrityError

from appliance.accounts import invites, sign_in
from appliance.accounts.reception import SIGNED_IN, Reception
from appliance.accounts.roles import Role, role_of
from appliance.accounts.routes.shapes import LEVEL, PERSON, ROLE
from appliance.catalog import reading, writing
from appliance.failures import Conflict
from appliance.http.openapi import BOOLEAN, PAGE, TEXT, TIME, page_schema, reads
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import body_schema
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.times import iso

_SCOPE = "organization_member"
_EMAIL = {"type": ["string", "null"], "format": "email"}
_FOUND = {
    "id": {**TEXT, "format": "uuid"},
    "target_email": _EMAIL,
    "first_name": TEXT,
    "role": ROLE,
    "level": LEVEL,
    "expires_at": TIME,
}
_INVITE = {
    "type": "object",
    "required": [*_FOUND, "is_expired", "created_at", "updated_at", "created_by"],
    "properties": {
        **_FOUND,
        "is_expired": BOOLEAN,
        "created_at": TIME,
        "updated_at": TIME,
        "created_by": {"anyOf": [PERSON, {"type": "null"}]},
        "emailing_attempt_made": BOOLEAN,
    },
}
_NEW = {
    **_INVITE,
    "properties": {**_INVITE["properties"], "link": TEXT, "token": TEXT},  # type: ignore[dict-item]
}
_BODY = {
    "type": "object",
    "properties": {
        "target_email": _EMAIL,
        "first_name": TEXT,
        "role": {**ROLE, "default": "member"},
        "level": LEVEL,
    },
}
_SHOWN = {
    "type": "object",
    "required": [*_FOUND, "organization_name", "is_signed_in"],
    "properties": {**_FOUND, "organization_name": TEXT, "is_signed_in": BOOLEAN},
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter()
    router.include_router(_of_organization(reception))
    router.include_router(_sign_up(reception))
    return router


def _of_organization(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/organizations/{organization_id}/invites")
    access, catalog, config = reception.access, reception.catalog, reception.config

    @router.get("/", openapi_extra=reads(parameters=PAGE, answer=page_schema(_INVITE)))
    def listed(request: Request, organization_id: str) -> JSONResponse:
        """Those that nobody has taken, the newest first."""
        member = access.member(request, organization_id, f"{_SCOPE}:read", Role.ADMIN)
        page = page_of(request.query_params)
        with reading(catalog) as connection:
            count, rows = fetch(connection, invites.query(member.organization_id), page)
            results = invites.views(connection, rows)
        return JSONResponse(paged(request, config.public_url, page, count, results))

    @router.post("/", openapi_extra=reads(body=_BODY, answer=_NEW))
    def create(request: Request, organization_id: str, body: Raw) -> JSONResponse:
        """Makes a link, for whoever has it or for one address. It is shown now and never again."""
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        with writing(catalog) as connection:
            row, token = invites.create(connection, member, json_object(body), config)
            [view] = invites.views(connection, [row])
        return JSONResponse({**view, "token": token, "link": f"{config.url}/signup/{token}"}, 201)

    @router.delete("/{id_}/")
    def take_back(request: Request, organization_id: str, id_: str) -> Response:
        """The link opens nothing from now on."""
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        with writing(catalog) as connection:
            invites.take_back(connection, member, id_)
        return Response(status_code=204)

    return router


def _sign_up(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/signup")
    attempts, catalog = reception.attempts, reception.catalog

    @router.get("/{token}/", openapi_extra=reads(answer=_SHOWN, is_public=True))
    def show(request: Request, token: str) -> JSONResponse:
        """What the invite is for."""
        address = reception.access.address(request)
        with writing(catalog) as connection:
            attempts.take(connection, attempts.address, address)
        with writing(catalog) as connection:
            invite = invites.find(connection, token)
            attempts.give_back(connection, attempts.address, address)
        return JSONResponse(
            {
                "id": str(invite["id"]),
                "target_email": invite["email"],
                "first_name": invite["first_name"],
                "role": invite["role"],
                "level": role_of(invite["role"]).value,
                "expires_at": iso(invite["expires_at"]),
                "organization_name": invite["organization_name"],
                "is_signed_in": reception.access.visitor(request) is not None,
            }
        )

    @router.post(
        "/{token}/",
        openapi_extra=reads(body=body_schema(invites.SIGN_UP_FIELDS), answer=SIGNED_IN, is_public=True),
    )
    def accept(request: Request, token: str, body: Raw) -> JSONResponse:
        """Takes the invite: with a session for who is signed in, else for a new account, which it signs in."""
        reception.require_same_origin(request)
        principal, address = reception.access.visitor(request), reception.access.address(request)
        if principal is not None:
            try:
                with writing(catalog) as connection:
                    invites.join(connection, token, principal)
            except IntegrityError as error:
                raise Conflict("You are a member of this organization already.") from error
            return reception.signed_in(reception.cookies.session(request.cookies))
        with writing(catalog) as connection:
            attempts.take(connection, attempts.address, address)
        try:
            with writing(catalog) as connection:
                user = invites.sign_up(connection, token, json_object(body), address)
                attempts.give_back(connection, attempts.address, address)
                session = sign_in.begin(connection, reception, user, reception.visit(request, "invite"))
        except IntegrityError as error:
            raise Conflict("Somebody else took this address at the same moment.") from error
        return reception.signed_in(session, 201)

    return router
