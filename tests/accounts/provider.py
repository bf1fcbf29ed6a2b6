"""A small OpenID Connect provider on loopback, which can also be told to do wrong."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT, SECRET = "hoglet at home", "s3cret: with & odd +characters"
REDIRECT = "http://127.0.0.1:8000/complete/oidc"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


KEY, OTHER_KEY = new_key(), new_key()


@dataclass
class Person:
    """Whoever sits before the provider's own sign-in page."""

    subject: str = "user-1"
    email: str = "ada@example.org"
    is_verified: bool = True
    name: str = "Ada Lovelace"


@dataclass
class Wrong:
    """What the provider does wrong; nothing at first."""

    claims: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    signed_with: rsa.RSAPrivateKey | None = None
    algorithm: str = "RS256"
    document: dict[str, Any] = field(default_factory=dict)
    redirects: bool = False
    endless: bool = False


@dataclass
class LocalProvider:
    url: str = ""
    person: Person = field(default_factory=Person)
    wrong: Wrong = field(default_factory=Wrong)
    key: rsa.RSAPrivateKey = KEY
    key_id: str = "first"
    email_by_user_info: bool = False
    redirect: str = REDIRECT
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def authorize(self, url: str) -> dict[str, str]:
        """The person agrees: what their browser carries back."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert url.startswith(f"{self.url}/authorize?")
        assert (given["response_type"], given["client_id"]) == ("code", CLIENT)
        assert (given["redirect_uri"], given["code_challenge_method"]) == (self.redirect, "S256")
        assert {"openid", "email"} <= set(given["scope"].split())
        code = f"code {len(self.codes)}"
        self.codes[code] = given
        return {"code": code, "state": given["state"]}

    def get(self, address: str, authorization: str) -> tuple[int, dict[str, Any] | str]:
        path = urlsplit(address).path
        if path == "/authorize":
            return 200, self.page(address)
        if path == "/user" and authorization != "Bearer at":
            return 401, {}
        answers: dict[str, Callable[[], dict[str, Any]]] = {
            "/.well-known/openid-configuration": self.document,
            "/keys": self.keys,
            "/user": lambda: {"sub": self.person.subject, **self.about()},
        }
        return (200, answers[path]()) if path in answers else (404, {})

    def page(self, address: str) -> str:
        """What a browser shows that was sent here: one link, by which the person agrees."""
        back = f"{self.redirect}?{urlencode(self.authorize(self.url + address))}"
        return f"<!doctype html><title>Sign in</title><a href='{escape(back)}'>I am {escape(self.person.name)}</a>"

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/user",
            **self.wrong.document,
        }

    def keys(self) -> dict[str, Any]:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        unknown = {"kty": "OKP", "crv": "Unheard-of", "kid": "odd", "x": "AA"}
        return {"keys": [unknown, {**public, "kid": self.key_id, "use": "sig", "alg": "RS256"}]}

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        expected = base64.b64encode(
            b"hoglet%20at%20home:s3cret%3A%20with%20%26%20odd%20%2Bcharacters"
        ).decode()
        is_known = authorization == f"Basic {expected}"
        if (
            asked is None
            or asked["code_challenge"] != challenge
            or form["redirect_uri"] != self.redirect
            or not is_known
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.url, "sub": self.person.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **({} if self.email_by_user_info else self.about()), **self.wrong.claims,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if name not in self.wrong.left_out}
        return 200, {"access_token": "at", "token_type": "Bearer", "id_token": self.sign(claims)}

    def sign(self, claims: dict[str, Any]) -> str:
        headers = {"kid": self.key_id}
        if self.wrong.algorithm == "none":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        if self.wrong.algorithm == "HS256":
            # The old trick: the public key, which everybody has, as a shared secret.
            public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            head = {"alg": "HS256", "typ": "JWT", **headers}
            signed = b".".join(_encoded(json.dumps(one).encode()) for one in (head, claims))
            return b".".join((signed, _encoded(hmac.digest(public, signed, "sha256")))).decode()
        return jwt.encode(claims, self.wrong.signed_with or self.key, algorithm="RS256", headers=headers)

    def about(self) -> dict[str, Any]:
        person = self.person
        return {"email": person.email, "email_verified": person.is_verified, "name": person.name}


def _encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


@contextmanager
def local_provider() -> Iterator[LocalProvider]:
    provider = LocalProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(urlsplit(self.path).path)
            self.say(*provider.get(self.path, self.headers.get("authorization", "")))

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            if provider.wrong.redirects:
                self.send_response(307)
                self.send_header("location", f"{provider.url}/elsewhere?{urlencode(form)}")
                self.end_headers()
                return
            self.say(*provider.token(form, self.headers.get("authorization", "")))

        def say(self, status: int, answer: dict[str, Any] | str) -> None:
            is_page = isinstance(answer, str)
            body = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            if provider.wrong.endless and self.path == "/token":
                body = b" " * (3 << 20) + body
            self.send_response(status)
            self.send_header("content-type", "text/html; charset=utf-8" if is_page else "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
