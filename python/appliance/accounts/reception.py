"""What every route of signing in shares."""

from dataclasses import dataclass
from typing import Any, Self

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.accounts.attempts import Attempts
from appliance.accounts.cookies import Cookies
from appliance.accounts.same_origin import require_same_origin
from appliance.accounts.sealed import Sealer
from appliance.accounts.sessions import Visit, csrf_token
from appliance.config import Config
from appliance.http.openapi import BOOLEAN, TEXT, Schema

SIGNED_IN: Schema = {
    "type": "object",
    "required": ["success", "csrf_token"],
    "properties": {
        "success": BOOLEAN,
        "csrf_token": {**TEXT, "description": "For the header X-CSRFToken of all that changes something."},
    },
}


@dataclass(frozen=True, slots=True)
class Reception:
    config: Config
    catalog: Engine
    access: Access
    attempts: Attempts
    sealer: Sealer
    cookies: Cookies

    @classmethod
    def of(cls, config: Config, catalog: Engine, access: Access) -> Self:
        return cls(config, catalog, access, Attempts(config), Sealer(config), Cookies(config))

    def visit(self, request: Request, method: str) -> Visit:
        return Visit(self.access.address(request), request.headers.get("user-agent", ""), method)

    def require_same_origin(self, request: Request) -> None:
        """For what is asked without a session: nobody is signed in to an account of somebody else's choice."""
        require_same_origin(request.headers, self.config)

    def signed_in(self, token: str, status: int = 200, **more: Any) -> JSONResponse:
        answer = JSONResponse({"success": True, "csrf_token": csrf_token(token), **more}, status)
        self.cookies.set_session(answer, token)
        return answer
