"""One sign-in with the provider, from the first redirect to the session.

The browser holds a sealed note in between, so only the browser that began can end it, and only within ten minutes.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from sqlalchemy.exc import IntegrityError

from appliance.accounts import sign_in
from appliance.accounts.oidc import identities
from appliance.accounts.oidc.id_token import claims_of
from appliance.accounts.oidc.provider import Attempt, Provider
from appliance.accounts.oidc.refused import Refused
from appliance.accounts.principal import Principal
from appliance.accounts.reception import Reception
from appliance.catalog import writing

PENDING = "oidc"
PENDING_S = 600
_RANDOM_BYTES = 32
_NEXT_CHARACTERS_MAX = 2_000
_MORE = ("email", "email_verified", "name")


@dataclass(frozen=True, slots=True)
class Ended:
    """Where to go, and the new session's token, if it is a new one."""

    path: str
    token: str | None


class Flow:
    """Blocking; every failure is a `Refused`, but for `TooMany`."""

    def __init__(self, reception: Reception) -> None:
        self._reception = reception
        self._provider = Provider(reception.config)

    def begin(self, request: Request) -> tuple[str, str]:
        """The provider's address, and the note for the cookie."""
        attempt, given = _attempt(), request.query_params
        url = self._provider.authorization_url(attempt)
        principal = self._reception.access.visitor(request) if given.get("link") == "1" else None
        values = {
            "state": attempt.state,
            "nonce": attempt.nonce,
            "verifier": attempt.verifier,
            "next": _local(given.get("next", "")),
            "link": principal.user_id if principal is not None else None,
        }
        return url, self._reception.sealer.seal(PENDING, values)

    def end(self, request: Request) -> Ended:
        reception, visit = self._reception, self._reception.visit(request, "oidc")
        pending = self._pending(request)
        attempts = reception.attempts
        with writing(reception.catalog) as connection:
            attempts.take(connection, attempts.address, visit.address)
        claims = self._claims(request.query_params.get("code", ""), pending)
        principal = self._linking(request, pending)
        try:
            with writing(reception.catalog) as connection:
                attempts.give_back(connection, attempts.address, visit.address)
                if principal is not None:
                    identities.link(connection, claims, principal)
                    return Ended(pending["next"], None)
                user = identities.account(connection, reception.config, claims, visit.address)
                return Ended(pending["next"], sign_in.begin(connection, reception, user, visit))
        except IntegrityError as error:
            raise Refused("expired", "the same person came twice at the same moment") from error

    def _pending(self, request: Request) -> Mapping[str, Any]:
        given, reception = request.query_params, self._reception
        note = reception.cookies.pending(request.cookies, PENDING)
        pending = reception.sealer.open(PENDING, note, PENDING_S)
        state = given.get("state", "").encode()
        if pending is None or not hmac.compare_digest(state, pending["state"].encode()):
            raise Refused("expired", "the browser comes from another attempt, or too late")
        if given.get("error") or not given.get("code"):
            raise Refused("provider_refused", f"the provider says {given.get('error', '')[:100]!r}")
        return pending

    def _claims(self, code: str, pending: Mapping[str, Any]) -> Mapping[str, Any]:
        tokens = self._provider.exchange(code, pending["verifier"])
        client_id = self._reception.config.oidc_client_id
        claims = dict(claims_of(self._provider, tokens.get("id_token"), client_id, pending["nonce"]))
        access_token = tokens.get("access_token")
        if "email" not in claims and isinstance(access_token, str):
            more = self._provider.user_info(access_token)
            # Of somebody else's access token it would be somebody else's address.
            if more.get("sub") == claims["sub"]:
                claims |= {name: more[name] for name in _MORE if name in more}
        return claims

    def _linking(self, request: Request, pending: Mapping[str, Any]) -> Principal | None:
        if pending["link"] is None:
            return None
        principal = self._reception.access.visitor(request)
        if principal is None or principal.user_id != pending["link"]:
            raise Refused("expired", "whoever wanted to link it is not signed in any more")
        return principal


def _attempt() -> Attempt:
    verifier = secrets.token_urlsafe(_RANDOM_BYTES)
    digest = hashlib.sha256(verifier.encode()).digest()
    return Attempt(
        state=secrets.token_urlsafe(_RANDOM_BYTES),
        nonce=secrets.token_urlsafe(_RANDOM_BYTES),
        verifier=verifier,
        challenge=base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
    )


def _local(address: str) -> str:
    """A path of ours; anything that a browser could take for another site is the first page."""
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    if not is_path or len(address) > _NEXT_CHARACTERS_MAX or any(one < "!" or one > "~" for one in address):
        return "/"
    return address
