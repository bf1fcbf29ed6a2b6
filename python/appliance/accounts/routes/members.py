"""Members of an organisation, and what an admin does for those who cannot get in."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping

from appliance.accounts import audit, members, password_resets, second_factor, sessions
from appliance.accounts.access import Member
from appliance.accounts.reception import Reception
from appliance.accounts.roles import Role, level_field, role_field
from appliance.accounts.routes.shapes import LEVEL, PERSON, ROLE
from appliance.catalog import reading, writing
from appliance.failures import Invalid
from appliance.http.openapi import BOOLEAN, PAGE, TEXT, TIME, page_schema, reads
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, read
from appliance.resources.pages import fetch, page_of, paged
from appliance.resources.times import iso

_SCOPE = "organization_member"
_FIELDS = (Field("level", level_field), Field("role", role_field))
_BODY = {
    "type": "object",
    "properties": {"role": ROLE, "level": LEVEL},
}
_MEMBER = {
    "type": "object",
    "required": [
        "id", "user", "level", "role", "joined_at", "updated_at", "last_login", "is_2fa_enabled", "has_social_auth"
    ],
    "properties": {
        "id": {**TEXT, "format": "uuid"},
        "user": PERSON,
        "level": LEVEL,
        "role": ROLE,
        "joined_at": TIME,
        "updated_at": TIME,
        "last_login": {"anyOf": [TIME, {"type": "null"}]},
        "is_2fa_enabled": BOOLEAN,
        "has_social_auth": BOOLEAN,
    },
}  # fmt: skip
_LINK = {
    "type": "object",
    "required": ["link", "expires_at"],
    "properties": {"link": {**TEXT, "description": "Shown only now."}, "expires_at": TIME},
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/organizations/{organization_id}/members")
    access, catalog = reception.access, reception.catalog

    @router.get("/", openapi_extra=reads(parameters=PAGE, answer=page_schema(_MEMBER)))
    def listed(request: Request, organization_id: str) -> JSONResponse:
        """Who belongs to it, the oldest first."""
        member = access.member(request, organization_id, f"{_SCOPE}:read")
        page = page_of(request.query_params)
        with reading(catalog) as connection:
            count, rows = fetch(connection, members.query(member.organization_id), page)
        results = [members.view(member.organization_id, row) for row in rows]
        return JSONResponse(paged(request, reception.config.public_url, page, count, results))

    @router.delete("/@me/")
    def leave(request: Request, organization_id: str) -> Response:
        """Leaves. The last owner stays."""
        member = access.member(request, organization_id, f"{_SCOPE}:write", Role.VIEWER)
        with writing(catalog) as connection:
            members.remove(connection, member, members.find_self(connection, member))
        return Response(status_code=204)

    @router.patch("/{user_uuid}/", openapi_extra=reads(body=_BODY, answer=_MEMBER))
    def change(request: Request, organization_id: str, user_uuid: str, body: Raw) -> JSONResponse:
        """Gives a role: by `role`, or PostHog's `level`."""
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        values = read(_FIELDS, json_object(body), is_partial=True)
        if not values:
            raise Invalid("This field is required.", "role", "required")
        with writing(catalog) as connection:
            row = members.find(connection, member.organization_id, user_uuid)
            role = values["role"] if "role" in values else values["level"]
            members.change_role(connection, member, row, role)
            changed = members.find(connection, member.organization_id, user_uuid)
        return JSONResponse(members.view(member.organization_id, changed))

    @router.delete("/{user_uuid}/")
    def remove(request: Request, organization_id: str, user_uuid: str) -> Response:
        """Removes a member. Their keys and sessions open this organisation no more; the account stays."""
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        with writing(catalog) as connection:
            members.remove(connection, member, members.find(connection, member.organization_id, user_uuid))
        return Response(status_code=204)

    @router.post("/{user_uuid}/password_reset/", openapi_extra=reads(answer=_LINK))
    def reset(request: Request, organization_id: str, user_uuid: str) -> JSONResponse:
        """A link for them to choose a new password by. Takes a session, since it is as good as theirs."""
        access.person(request)
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        with writing(catalog) as connection:
            row = _powerless(connection, member, user_uuid)
            link, expires_at = password_resets.make(
                connection, row, member.principal.user_id, reception.config
            )
            _note(connection, member, "password_reset_made", row)
        return JSONResponse({"link": link, "expires_at": iso(expires_at)}, 201)

    @router.post("/{user_uuid}/two_factor_disable/")
    def disable_second_factor(request: Request, organization_id: str, user_uuid: str) -> Response:
        """For who has lost it: the password alone signs them in again. Ends their sessions."""
        access.person(request)
        member = access.member(request, organization_id, f"{_SCOPE}:write")
        with writing(catalog) as connection:
            row = _powerless(connection, member, user_uuid)
            second_factor.disable(connection, row["id"])
            sessions.end_all(connection, row["id"])
            _note(connection, member, "second_factor_taken", row)
        return Response(status_code=204)

    return router


def _powerless(connection: Connection, member: Member, user_uuid: str) -> RowMapping:
    row = members.find(connection, member.organization_id, user_uuid)
    members.require_power_everywhere(connection, member, row["id"])
    return row


def _note(connection: Connection, member: Member, action: str, row: RowMapping) -> None:
    audit.note(connection, member.organization_id, member.principal, action, email=row["email"])
