"""Whether an ID token was signed by the provider, for us, just now, and for this very attempt."""

import hmac
from collections.abc import Mapping
from typing import Any

import jwt
from jwt.exceptions import PyJWTError

from appliance.accounts.oidc.provider import Provider
from appliance.accounts.oidc.refused import Refused

# Signatures of a key pair alone: whoever has only the public half can make none of them.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_CLOCKS_APART_S = 60
_TOKEN_CHARACTERS_MAX = 64_000


def claims_of(provider: Provider, token: object, client_id: str, nonce: str) -> Mapping[str, Any]:
    """Raises `Refused` for anything that is not as OpenID Connect Core, 3.1.3.7, wants it."""
    if not isinstance(token, str) or len(token) > _TOKEN_CHARACTERS_MAX:
        raise Refused("token_invalid", "there is no ID token")
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise Refused("token_invalid", f"the ID token is signed by {header.get('alg')!r}")
        claims: Mapping[str, Any] = jwt.decode(
            token,
            provider.key(header.get("kid")),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=provider.issuer,
            leeway=_CLOCKS_APART_S,
            options={"require": ["iss", "sub", "aud", "exp", "iat"]},
        )
    except PyJWTError as error:
        raise Refused("token_invalid", f"the ID token: {error}") from error
    audience, party = claims["aud"], claims.get("azp")
    if (isinstance(audience, list) and len(audience) > 1 and party is None) or party not in (None, client_id):
        raise Refused("token_invalid", "the ID token was made for another party")
    given = claims.get("nonce")
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), nonce.encode()):
        raise Refused("token_invalid", "the ID token is of another attempt")
    return claims
