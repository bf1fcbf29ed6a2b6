"""The provider: discovery, its keys, and the exchange of a code for a token.

Promises:
- Requests go to the issuer of the settings and where its own document points, by TLS (an issuer on this very
  machine may do without); they follow no redirect, use no proxy of the environment, end after some seconds, and
  read no more than a megabyte.
- What was learned is kept for an hour. A key that is not known is looked for anew, at most twice a minute.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import orjson
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from appliance.accounts.oidc.refused import Refused
from appliance.config import Config

_TIMEOUT_S = 10.0
_ANSWER_BYTES_MAX = 1 << 20
_KEPT_S = 3_600.0
_KEYS_ANEW_AFTER_S = 30.0
_KEYS_MAX = 100
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one sign-in is recognised by."""

    state: str
    nonce: str
    verifier: str
    challenge: str


class Provider:
    """Blocking."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._issuer = config.oidc_issuer.rstrip("/")
        self._lock = threading.Lock()
        self._document: dict[str, Any] = {}
        self._document_at = 0.0
        self._keys: dict[str, PyJWK] = {}
        self._keys_at = 0.0

    @property
    def redirect_uri(self) -> str:
        return f"{self._config.url}/complete/oidc"

    @property
    def issuer(self) -> str:
        """As the provider writes it."""
        return str(self.document()["issuer"])

    def authorization_url(self, attempt: Attempt) -> str:
        endpoint = self.document()["authorization_endpoint"]
        asked = {
            "response_type": "code",
            "client_id": self._config.oidc_client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self._config.oidc_scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def exchange(self, code: str, verifier: str) -> Mapping[str, Any]:
        """The tokens for a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        client_id, secret = self._config.oidc_client_id, self._config.oidc_client_secret
        headers: dict[str, str] = {}
        methods = self.document().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret and "client_secret_basic" in methods:
            # RFC 6749 wants both encoded as in a form before they are joined.
            basic = httpx.BasicAuth(quote(client_id, safe=""), quote(secret, safe=""))
            headers["authorization"] = basic._auth_header  # noqa: SLF001 - the header is all we need of it
        else:
            form |= {"client_id": client_id} | ({"client_secret": secret} if secret else {})
        return self._ask("POST", self.document()["token_endpoint"], headers, form)

    def user_info(self, access_token: str) -> Mapping[str, Any]:
        """More about who it is; empty where the provider has no such address."""
        endpoint = self.document().get("userinfo_endpoint")
        if not endpoint:
            return {}
        return self._ask("GET", self._checked(endpoint), {"authorization": f"Bearer {access_token}"})

    def key(self, key_id: str | None) -> PyJWK:
        """The key of that name; of a provider with one key also without a name."""
        age_s = time.monotonic() - self._keys_at
        found = None if age_s > _KEPT_S else self._key(key_id)
        if found is None and (not self._keys or age_s > _KEYS_ANEW_AFTER_S):
            self._fetch_keys()
            found = self._key(key_id)
        if found is None:
            raise Refused("provider_broken", f"the provider has no key {key_id!r}")
        return found

    def document(self) -> dict[str, Any]:
        with self._lock:
            if not self._document or time.monotonic() - self._document_at > _KEPT_S:
                found = dict(self._ask("GET", f"{self._issuer}/.well-known/openid-configuration"))
                if str(found.get("issuer", "")).rstrip("/") != self._issuer:
                    raise Refused("provider_broken", f"it says it is {found.get('issuer')!r}")
                for name in _ENDPOINTS:
                    found[name] = self._checked(found.get(name))
                self._document, self._document_at = found, time.monotonic()
            return self._document

    def _key(self, key_id: str | None) -> PyJWK | None:
        if key_id is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(key_id or "")

    def _fetch_keys(self) -> None:
        given = self._ask("GET", self.document()["jwks_uri"]).get("keys")
        found = {}
        for number, one in enumerate((given if isinstance(given, list) else [])[:_KEYS_MAX]):
            if not isinstance(one, dict) or one.get("use", "sig") != "sig":
                continue
            try:
                key = PyJWK(one)
            except (PyJWTError, ValueError):
                continue  # a kind of key that we do not know is no reason to refuse the others
            found[key.key_id or str(number)] = key
        self._keys, self._keys_at = found, time.monotonic()

    def _checked(self, endpoint: object) -> str:
        """An address that a secret may be sent to."""
        if isinstance(endpoint, str):
            parts = urlsplit(endpoint)
            same = urlsplit(self._issuer)
            is_local = (parts.scheme, parts.hostname) == (same.scheme, same.hostname)
            if parts.hostname and (parts.scheme == "https" or is_local):
                return endpoint
        raise Refused("provider_broken", f"its document names an address that is not safe: {endpoint!r}")

    def _ask(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Mapping[str, Any]:
        try:
            with (
                httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                client.stream(
                    method, url, headers={"accept": "application/json", **(headers or {})}, data=form
                ) as answer,
            ):
                body = _body(answer)
        except httpx.HTTPError as error:
            raise Refused("provider_away", f"{url} does not answer: {error!r}") from error
        if answer.status_code != httpx.codes.OK:
            raise Refused("provider_refused", f"{url} answered {answer.status_code}: {body[:300]!r}")
        try:
            found = orjson.loads(body)
        except ValueError as error:
            raise Refused("provider_broken", f"{url} answered no JSON") from error
        if not isinstance(found, dict):
            raise Refused("provider_broken", f"{url} answered no JSON object")
        return found


def _body(answer: httpx.Response) -> bytes:
    deadline, found = time.monotonic() + _TIMEOUT_S, bytearray()
    for piece in answer.iter_bytes():
        found += piece
        if len(found) > _ANSWER_BYTES_MAX or time.monotonic() > deadline:
            raise Refused("provider_broken", f"{answer.url} answers too much or too slowly")
    return bytes(found)
