"""Which project a request asks about, and whether its key may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from appliance.accounts.keys import Principal, authenticate
from appliance.catalog import ProjectSnapshot, Snapshot, reading
from appliance.failures import NotAuthenticated, NotFound

CURRENT = "@current"
_PROJECT_DIGITS_MAX = 18


class Asked(Protocol):
    """What is read of a request."""

    @property
    def headers(self) -> Mapping[str, str]: ...
    @property
    def query_params(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and about which project."""

    project: ProjectSnapshot
    principal: Principal

    @property
    def user_id(self) -> int:
        return self.principal.user_id


class Access:
    """Blocking: it asks the catalog."""

    def __init__(self, catalog: Engine, snapshot: Callable[[], Snapshot]) -> None:
        self._catalog = catalog
        self._snapshot = snapshot

    def project(self, request: Asked, project_id: str, scope: str) -> ProjectSnapshot:
        """The project that the address names, by number or `@current`, if the key may `scope`."""
        return self.caller(request, project_id, scope).project

    def caller(self, request: Asked, project_id: str, scope: str) -> Caller:
        """The same, with who asks."""
        principal = self.principal(request)
        number = _number(principal, project_id)
        principal.require(scope, number)
        found = self._snapshot().by_id.get(number)
        if found is None:
            raise NotFound("there is no such project")
        return Caller(found, principal)

    def principal(self, request: Asked, scope: str = "") -> Principal:
        """Who asks, if the key may `scope`, about no project in particular."""
        with reading(self._catalog) as connection:
            principal = authenticate(connection, _key(request))
        if scope:
            principal.require(scope)
        return principal


def _key(request: Asked) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.strip():
        return key.strip()
    key = request.query_params.get("personal_api_key", "")
    if not key:
        raise NotAuthenticated("Authentication credentials were not provided.")
    return key


def _number(principal: Principal, project_id: str) -> int:
    if project_id == CURRENT:
        if not principal.project_ids:
            raise NotFound("you have no project")
        return min(principal.project_ids)
    if not (project_id.isascii() and project_id.isdigit() and len(project_id) <= _PROJECT_DIGITS_MAX):
        raise NotFound("a project is named by its number, or @current")
    return int(project_id)
