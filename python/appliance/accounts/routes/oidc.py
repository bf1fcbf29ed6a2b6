"""Signing in with the provider: `/login/oidc` leads there, and from there to `/complete/oidc`.

Both are visited by the browser itself, so what goes wrong is told to the sign-in page: `/sign-in?error=…`.
"""

import logging
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from appliance.accounts.oidc.flow import PENDING, PENDING_S, Flow
from appliance.accounts.oidc.refused import Refused
from appliance.accounts.reception import Reception
from appliance.failures import NotFound, TooMany

_FOUND = 302
log = logging.getLogger(__name__)


def routes(reception: Reception) -> APIRouter:
    router = APIRouter()
    flow, cookies = Flow(reception), reception.cookies

    @router.get("/login/oidc", include_in_schema=False)
    def begin(request: Request) -> RedirectResponse:
        """To the provider. `next` is where to go in the end; `link=1` adds the identity to who is signed in."""
        _require_provider(reception)
        try:
            url, note = flow.begin(request)
        except Refused as failure:
            return _to_sign_in(failure)
        answer = RedirectResponse(url, _FOUND)
        cookies.set_pending(answer, PENDING, note, PENDING_S)
        return answer

    @router.get("/complete/oidc", include_in_schema=False)
    def complete(request: Request) -> RedirectResponse:
        """Back from the provider."""
        _require_provider(reception)
        try:
            ended = flow.end(request)
            answer = RedirectResponse(ended.path, _FOUND)
            if ended.token is not None:
                cookies.set_session(answer, ended.token)
        except Refused as failure:
            answer = _to_sign_in(failure)
        except TooMany:
            answer = RedirectResponse("/sign-in?error=too_many_attempts", _FOUND)
        cookies.drop_pending(answer, PENDING)
        return answer

    return router


def _require_provider(reception: Reception) -> None:
    if not reception.config.oidc_issuer:
        raise NotFound("No OpenID Connect provider is set up.")


def _to_sign_in(failure: Refused) -> RedirectResponse:
    log.warning("nobody was signed in by the provider: %s", failure)
    return RedirectResponse(f"/sign-in?{urlencode({'error': failure.code})}", _FOUND)
