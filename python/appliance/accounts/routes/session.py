"""Signing in and out: PostHog's `/api/login/`, and what the sign-in page has to know."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.accounts import sessions, setup, sign_in
from appliance.accounts.audit import note_account
from appliance.accounts.reception import SIGNED_IN, Reception
from appliance.accounts.routes.shapes import USER
from appliance.accounts.sign_in import PENDING, PENDING_S, SecondFactorWanted
from appliance.catalog import reading, writing
from appliance.http.openapi import BOOLEAN, TEXT, reads
from appliance.projects import users
from appliance.resources.bodies import Raw, json_object
from appliance.resources.fields import Field, body_schema, read, text

_LOGIN = (
    Field("email", text(1_000), is_required=True),
    Field("password", text(10_000), is_required=True),
)
_CODE = (Field("token", text(100), is_required=True),)
_SESSION = {
    "type": "object",
    "required": ["is_signed_in", "user", "csrf_token", "setup", "oidc"],
    "properties": {
        "is_signed_in": BOOLEAN,
        "user": {"anyOf": [USER, {"type": "null"}]},
        "csrf_token": {"type": ["string", "null"]},
        "setup": {
            "type": "object",
            "required": ["is_open", "needs_code"],
            "properties": {"is_open": BOOLEAN, "needs_code": BOOLEAN},
        },
        "oidc": {
            "type": "object",
            "required": ["is_enabled", "name", "path"],
            "properties": {"is_enabled": BOOLEAN, "name": TEXT, "path": TEXT},
        },
    },
}
_DONE = {"type": "object", "required": ["success"], "properties": {"success": BOOLEAN}}
OIDC_PATH = "/login/oidc"


def routes(reception: Reception) -> APIRouter:
    router = APIRouter()

    @router.get("/api/session/", openapi_extra=reads(answer=_SESSION, is_public=True))
    def session(request: Request) -> JSONResponse:
        """Who is signed in in this browser, or how to: all that a first page asks, in one answer."""
        token = reception.cookies.session(request.cookies)
        visitor = reception.access.visitor(request)
        with reading(reception.catalog) as connection:
            is_open = setup.is_open(connection)
            user = users.me(connection, visitor) if visitor else None
        return JSONResponse(
            {
                "is_signed_in": user is not None,
                "user": user,
                "csrf_token": sessions.csrf_token(token) if user else None,
                "setup": {
                    "is_open": is_open,
                    "needs_code": is_open and setup.needs_code(request, reception.config),
                },
                "oidc": {
                    "is_enabled": bool(reception.config.oidc_issuer),
                    "name": reception.config.oidc_name,
                    "path": OIDC_PATH,
                },
            }
        )

    @router.post(
        "/api/login/", openapi_extra=reads(body=body_schema(_LOGIN), answer=SIGNED_IN, is_public=True)
    )
    def login(request: Request, body: Raw) -> JSONResponse:
        """Signs in by password.

        401 with the code `2fa_required` says that the password was right and `/api/login/token/` comes next; 400
        with `invalid_credentials` that it was not; 429 that there were too many failures.
        """
        reception.require_same_origin(request)
        given = read(_LOGIN, json_object(body), is_partial=False)
        found = sign_in.by_password(
            reception, given["email"], given["password"], reception.visit(request, "password")
        )
        if isinstance(found, SecondFactorWanted):
            wanted = {
                "type": "authentication_error", "code": "2fa_required", "detail": "2FA is required.", "attr": None
            }  # fmt: skip
            answer = JSONResponse(wanted, 401)
            reception.cookies.set_pending(answer, PENDING, found.note, PENDING_S)
            return answer
        return _signed_in(request, found)

    @router.post(
        "/api/login/token/", openapi_extra=reads(body=body_schema(_CODE), answer=SIGNED_IN, is_public=True)
    )
    def second_factor(request: Request, body: Raw) -> JSONResponse:
        """The second factor after the password: a code of the app, or a recovery code."""
        reception.require_same_origin(request)
        code = read(_CODE, json_object(body), is_partial=False)["token"]
        note = reception.cookies.pending(request.cookies, PENDING)
        token = sign_in.by_second_factor(reception, note, code, reception.visit(request, "password"))
        answer = _signed_in(request, token)
        reception.cookies.drop_pending(answer, PENDING)
        return answer

    @router.post("/api/logout/", openapi_extra=reads(answer=_DONE))
    def logout(request: Request) -> JSONResponse:
        """Signs out: ends the session."""
        principal = reception.access.person(request)
        with writing(reception.catalog) as connection:
            if principal.session_id is not None:
                sessions.end(connection, principal.user_id, principal.session_id)
            note_account(connection, principal.user_id, principal.email, principal.address, "signed_out")
        answer = JSONResponse({"success": True})
        reception.cookies.drop_session(answer)
        return answer

    router.post("/logout", include_in_schema=False)(logout)

    def _signed_in(request: Request, token: str) -> JSONResponse:
        """The session that this browser had before ends: nobody can come back to it."""
        with writing(reception.catalog) as connection:
            sessions.end_of_token(connection, reception.cookies.session(request.cookies))
        return reception.signed_in(token)

    return router
