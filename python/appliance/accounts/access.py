"""Who asks, about which project or organisation, and whether they may: every route of the API asks here.

A request shows a personal API key (`Authorization: Bearer phx_…`, or `personal_api_key` in the address), or else
the cookie of a session. A session's request that changes something must come from our own pages, too.
"""

import contextlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Engine

from appliance.accounts.cookies import Cookies
from appliance.accounts.keys import authenticate_key, note_use
from appliance.accounts.principal import CURRENT, Principal
from appliance.accounts.roles import Role
from appliance.accounts.same_origin import SAFE, require_csrf_token, require_same_origin
from appliance.accounts.sessions import authenticate_session, note_seen
from appliance.catalog import ProjectSnapshot, Snapshot, reading, writing
from appliance.config import Config
from appliance.failures import CatalogUnavailable, NotAuthenticated, NotAuthorized, NotFound
from appliance.http.client_address import ClientAddresses

_PROJECT_DIGITS_MAX = 18


class Peer(Protocol):
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...


class Asked(Protocol):
    """What is read of a request."""

    @property
    def method(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def query_params(self) -> Mapping[str, str]: ...
    @property
    def cookies(self) -> Mapping[str, str]: ...
    @property
    def client(self) -> Peer | None: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and about which project."""

    project: ProjectSnapshot
    principal: Principal

    @property
    def user_id(self) -> int:
        return self.principal.user_id


@dataclass(frozen=True, slots=True)
class Member:
    """Who asks, and about which organisation."""

    organization_id: uuid.UUID
    principal: Principal

    @property
    def role(self) -> Role:
        return self.principal.reach.organizations[self.organization_id]


class Access:
    """Blocking: it asks the catalog."""

    def __init__(self, config: Config, catalog: Engine, snapshot: Callable[[], Snapshot]) -> None:
        self._config = config
        self._catalog = catalog
        self._snapshot = snapshot
        self._cookies = Cookies(config)
        self._addresses = ClientAddresses(config.trusted_proxies)

    def project(self, request: Asked, project_id: str, scope: str) -> ProjectSnapshot:
        """The project that the address names, by number or `@current`, if whoever asks may `scope`."""
        return self.caller(request, project_id, scope).project

    def caller(self, request: Asked, project_id: str, scope: str) -> Caller:
        """The same, with who asks."""
        principal = self._identified(request)
        number = _number(principal, project_id)
        principal.require(scope, number)
        found = self._snapshot().by_id.get(number)
        if found is None:
            raise NotFound("there is no such project")
        return Caller(found, principal)

    def member(self, request: Asked, organization_id: str, scope: str, minimum: Role | None = None) -> Member:
        """Who asks about an organisation, named by its id or `@current`.

        `minimum` is the role it takes, where that is not what the scope says.
        """
        principal = self._identified(request)
        return Member(principal.require_in(organization_id, scope, minimum), principal)

    def principal(self, request: Asked, scope: str = "") -> Principal:
        """Who asks, if their key may `scope`, about themselves and no project in particular."""
        principal = self._identified(request)
        if scope:
            principal.require(scope)
        return principal

    def person(self, request: Asked) -> Principal:
        """Who asks, signed in: what protects an account is not changed by a key."""
        principal = self._identified(request)
        if principal.session_id is None:
            raise NotAuthorized("This takes a session: sign in. A personal API key is not enough.")
        return principal

    def visitor(self, request: Asked) -> Principal | None:
        """Who asks, if anybody who is signed in; for routes that everybody may ask."""
        if not self._cookies.session(request.cookies):
            return None
        with contextlib.suppress(NotAuthenticated):
            principal = self._identified(request)
            return principal if principal.session_id is not None else None
        return None

    def address(self, request: Asked) -> str:
        """From where."""
        if request.client is None:
            return ""
        return self._addresses.find(
            f"[{request.client.host.strip('[]')}]:{request.client.port}", request.headers
        )

    def _identified(self, request: Asked) -> Principal:
        key, token = _key(request), self._cookies.session(request.cookies)
        if key:
            with reading(self._catalog) as connection:
                principal, is_noted = authenticate_key(connection, key)
        elif token:
            if request.method not in SAFE:
                require_same_origin(request.headers, self._config)
                require_csrf_token(request.headers, token)
            with reading(self._catalog) as connection:
                principal, is_noted = authenticate_session(connection, token, self._config)
        else:
            raise NotAuthenticated("Authentication credentials were not provided.")
        if is_noted:
            self._note(principal)
        return replace(principal, address=self.address(request))

    def _note(self, principal: Principal) -> None:
        """That they were here. A catalog that takes no writes now is no reason to refuse a reader."""
        with contextlib.suppress(CatalogUnavailable), writing(self._catalog) as connection:
            if principal.session_id is not None:
                note_seen(connection, principal.session_id)
            elif principal.key_id is not None:
                note_use(connection, principal.key_id)


def _key(request: Asked) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    return request.query_params.get("personal_api_key", "")


def _number(principal: Principal, project_id: str) -> int:
    if project_id == CURRENT:
        if principal.current_project_id is None:
            raise NotFound("you have no project")
        return principal.current_project_id
    if not (project_id.isascii() and project_id.isdigit() and len(project_id) <= _PROJECT_DIGITS_MAX):
        raise NotFound("a project is named by its number, or @current")
    return int(project_id)
