"""Whoever asks: `/api/users/@me/`, their password, second factor and sessions."""

import uuid
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, select

from appliance.accounts import own_account, second_factor, sessions
from appliance.accounts.audit import note_account
from appliance.accounts.principal import Principal
from appliance.accounts.reception import Reception
from appliance.accounts.routes.shapes import USER
from appliance.catalog import reading, writing
from appliance.catalog.model import user_account
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import BOOLEAN, NUMBER, TEXT, TIME, reads
from appliance.projects import users
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, read, text
from appliance.resources.times import iso

_CODE = (Field("token", text(100), is_required=True),)
_PASSWORD = (Field("current_password", text(10_000), is_nullable=True),)
_CODES = {
    "type": "object",
    "required": ["success", "backup_codes"],
    "properties": {"success": BOOLEAN, "backup_codes": {"type": "array", "items": TEXT}},
}
_DONE = {"type": "object", "required": ["success"], "properties": {"success": BOOLEAN}}
_SECRET = {
    "type": "object",
    "required": ["success", "secret", "otpauth_url"],
    "properties": {
        "success": BOOLEAN,
        "secret": {**TEXT, "description": "To type into an app."},
        "otpauth_url": {**TEXT, "description": "The same for a QR code."},
    },
}
_STATUS = {
    "type": "object",
    "required": ["is_enabled", "has_totp", "method", "backup_codes_left"],
    "properties": {
        "is_enabled": BOOLEAN,
        "has_totp": BOOLEAN,
        "method": {"type": ["string", "null"]},
        "backup_codes_left": NUMBER,
    },
}
_SESSION = {
    "type": "object",
    "required": [
        "id",
        "is_current",
        "method",
        "address",
        "user_agent",
        "created_at",
        "last_seen_at",
        "expires_at",
    ],
    "properties": {
        "id": {**TEXT, "format": "uuid"},
        "is_current": BOOLEAN,
        "method": {"enum": ["password", "oidc", "invite", "setup"]},
        "address": TEXT,
        "user_agent": TEXT,
        "created_at": TIME,
        "last_seen_at": {**TIME, "description": "To the minute."},
        "expires_at": TIME,
    },
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/users/@me")
    router.include_router(_account(reception))
    router.include_router(_second_factor(reception))
    router.include_router(_sessions(reception))
    return router


def _account(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/", openapi_extra=reads(answer=USER))
    def me(request: Request) -> JSONResponse:
        """Who asks."""
        principal = reception.access.principal(request, "user:read")
        with reading(reception.catalog) as connection:
            return JSONResponse(users.me(connection, principal))

    @router.patch("/", openapi_extra=reads(body=body_schema(own_account.FIELDS), answer=USER))
    def change(request: Request, body: Raw) -> JSONResponse:
        """Changes what is named: names, theme, the current project or organisation, address and password.

        A new `email` or `password` needs the `current_password`, and ends all other sessions. Who has no password shows
        a code of the second factor (`token`) for another address, if they have one.
        """
        principal = reception.access.principal(request, "user:write")
        given = read(own_account.FIELDS, json_object(body), is_partial=True)
        if "password" in given:
            reception.access.person(request)
            _check_password(reception, principal, given.get("current_password"))
        elif own_account.is_new_email(principal, given):
            reception.access.person(request)
            _check_again(reception, principal, given)
        with writing(reception.catalog) as connection:
            changed = own_account.change(connection, principal, given)
            return JSONResponse(users.me(connection, changed))

    return router


def _second_factor(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/two_factor_status/", openapi_extra=reads(answer=_STATUS))
    def status(request: Request) -> JSONResponse:
        """Whether signing in takes a second factor."""
        principal = reception.access.person(request)
        with reading(reception.catalog) as connection:
            is_enabled = second_factor.is_enabled(connection, principal.user_id)
            left = second_factor.recovery_codes_left(connection, principal.user_id)
        return JSONResponse(
            {
                "is_enabled": is_enabled,
                "has_totp": is_enabled,
                "method": "TOTP" if is_enabled else None,
                "backup_codes_left": left,
            }
        )

    @router.post("/two_factor_start_setup/", openapi_extra=reads(body=body_schema(_PASSWORD), answer=_SECRET))
    def start(request: Request, body: Raw) -> JSONResponse:
        """A secret for an app. It counts once `two_factor_validate/` has seen a code of it."""
        principal = reception.access.person(request)
        _check_password(
            reception, principal, read(_PASSWORD, json_object(body), is_partial=True).get("current_password")
        )
        with writing(reception.catalog) as connection:
            secret, url = second_factor.begin(
                connection, reception.sealer, principal.user_id, principal.email
            )
        return JSONResponse({"success": True, "secret": secret, "otpauth_url": url})

    @router.post("/two_factor_validate/", openapi_extra=reads(body=body_schema(_CODE), answer=_CODES))
    def validate(request: Request, body: Raw) -> JSONResponse:
        """The first code of the app enables it. The recovery codes are shown now and never again."""
        principal = reception.access.person(request)
        code = read(_CODE, json_object(body), is_partial=False)["token"]
        _count(reception, principal)
        with writing(reception.catalog) as connection:
            codes = second_factor.confirm(connection, reception.sealer, principal.user_id, code)
            if codes is None:
                raise Invalid("Token is not valid.", "token", "token_invalid")
            _note(connection, principal, "second_factor_enabled")
            reception.attempts.forget(connection, reception.attempts.second_factor, str(principal.user_id))
        return JSONResponse({"success": True, "backup_codes": codes})

    @router.post("/two_factor_backup_codes/", openapi_extra=reads(body=body_schema(_CODE), answer=_CODES))
    def backup_codes(request: Request, body: Raw) -> JSONResponse:
        """New recovery codes for a code of the app; the old ones are worthless from now on."""
        principal = _with_code(request, body)
        with writing(reception.catalog) as connection:
            codes = second_factor.renew_recovery_codes(connection, principal.user_id)
            _note(connection, principal, "recovery_codes_renewed")
        return JSONResponse({"success": True, "backup_codes": codes})

    @router.post("/two_factor_disable/", openapi_extra=reads(body=body_schema(_CODE), answer=_DONE))
    def disable(request: Request, body: Raw) -> JSONResponse:
        """Signing in takes the password alone again; needs a last code."""
        principal = _with_code(request, body)
        with writing(reception.catalog) as connection:
            second_factor.disable(connection, principal.user_id)
            _note(connection, principal, "second_factor_disabled")
        return JSONResponse({"success": True})

    def _with_code(request: Request, body: bytes) -> Principal:
        principal = reception.access.person(request)
        _take_code(reception, principal, read(_CODE, json_object(body), is_partial=False)["token"])
        return principal

    return router


def _sessions(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/sessions/", openapi_extra=reads(answer={"type": "array", "items": _SESSION}))
    def listed(request: Request) -> JSONResponse:
        """Where one is signed in, the last used first."""
        principal = reception.access.person(request)
        with reading(reception.catalog) as connection:
            rows = sessions.list_sessions(connection, principal.user_id, reception.config)
        return JSONResponse(
            [
                {
                    "id": str(row["id"]),
                    "is_current": row["id"] == principal.session_id,
                    "method": row["method"],
                    "address": row["address"],
                    "user_agent": row["user_agent"],
                    **{name: iso(row[name]) for name in ("created_at", "last_seen_at", "expires_at")},
                }
                for row in rows
            ]
        )

    @router.delete("/sessions/{session_id}/")
    def end(request: Request, session_id: str) -> Response:
        """Signs out there."""
        principal = reception.access.person(request)
        with writing(reception.catalog) as connection:
            if not sessions.end(connection, principal.user_id, _uuid(session_id)):
                raise NotFound("Not found.")
            _note(connection, principal, "session_ended", session=session_id)
        return Response(status_code=204)

    @router.post("/sessions/end_others/", openapi_extra=reads(answer=_DONE))
    def end_others(request: Request) -> JSONResponse:
        """Signs out everywhere else."""
        principal = reception.access.person(request)
        with writing(reception.catalog) as connection:
            count = sessions.end_all(connection, principal.user_id, but=principal.session_id)
            _note(connection, principal, "other_sessions_ended", count=count)
        return JSONResponse({"success": True})

    return router


def _check_password(reception: Reception, principal: Principal, password: str | None) -> None:
    """That it is them at the keyboard. Who signs in elsewhere and has no password is believed by their session."""
    with reading(reception.catalog) as connection:
        kept = select(user_account.c.password_hash).where(user_account.c.id == principal.user_id)
        password_hash = connection.execute(kept).scalar_one()
    own_account.require_password(reception, principal, password_hash, password)


def _check_again(reception: Reception, principal: Principal, given: Mapping[str, Any]) -> None:
    """The same by what they have: the password, or else the second factor."""
    with reading(reception.catalog) as connection:
        kept = select(user_account.c.password_hash).where(user_account.c.id == principal.user_id)
        has_password = connection.execute(kept).scalar_one() is not None
        has_factor = second_factor.is_enabled(connection, principal.user_id)
    if has_password or not has_factor:
        _check_password(reception, principal, given.get("current_password"))
    else:
        _take_code(reception, principal, given.get("token") or "")


def _take_code(reception: Reception, principal: Principal, code: str) -> None:
    """Counts as a try, and uses up the code."""
    _count(reception, principal)
    with writing(reception.catalog) as connection:
        if second_factor.take(connection, reception.sealer, principal.user_id, code) is None:
            raise Invalid("Token is not valid.", "token", "token_invalid")
        reception.attempts.forget(connection, reception.attempts.second_factor, str(principal.user_id))


def _count(reception: Reception, principal: Principal) -> None:
    with writing(reception.catalog) as connection:
        reception.attempts.take(connection, reception.attempts.second_factor, str(principal.user_id))


def _note(connection: Connection, principal: Principal, action: str, **detail: Any) -> None:
    note_account(connection, principal.user_id, principal.email, principal.address, action, **detail)


def _uuid(text_: str) -> uuid.UUID:
    try:
        return uuid.UUID(text_)
    except ValueError:
        raise NotFound("Not found.") from None
