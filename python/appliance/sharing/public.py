"""What the holder of a shared link sees: the insight or dashboard with its answers, without an account.

Promises:
- Nothing is found by a token that opens nothing now: not enabled, deleted, or of a project that is gone.
- Who made things, and whoever else has an account, is not told.
- The question is the saved one: an address cannot change it.
"""

from collections.abc import Callable, Mapping

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from sqlalchemy import Connection, RowMapping, select

from appliance.accounts.access import Caller
from appliance.accounts.principal import Principal
from appliance.catalog import Snapshot, reading
from appliance.catalog.resources import sharing
from appliance.failures import NotFound
from appliance.resources import Door, Resource
from appliance.resources.resource import View

_TOKEN_CHARACTERS_MAX = 64
_NOBODY = Principal(user_id=0, email="", scopes=frozenset())
_PRIVATE = frozenset({"created_by", "last_modified_by", "user_access_level", "effective_privilege_level"})
_SETTINGS = ("whitelabel", "noHeader", "showInspector", "legend", "detailed")
_HEADERS = {"cache-control": "no-store", "x-robots-tag": "noindex"}
# Answers that are kept are shown while they are fresh, so that a link which many have costs no more than one.
_ASKED = {"refresh": "blocking"}


def routes(
    door: Door, snapshot: Callable[[], Snapshot], insights: Resource, dashboards: Resource
) -> APIRouter:
    router = APIRouter()

    @router.get("/shared/{token}.json")
    def shared(token: str) -> JSONResponse:
        """A shared insight or dashboard."""
        return _answer(token, "scene")

    @router.get("/embedded/{token}.json")
    def embedded(token: str) -> JSONResponse:
        """The same, for a page within a page."""
        return _answer(token, "embed")

    def _answer(token: str, kind: str) -> JSONResponse:
        with reading(door.catalog) as connection:
            share = _find(connection, token)
            project = snapshot().by_id.get(share["project_id"])
            if project is None:
                raise NotFound("Not found.")
            name, resource = (
                ("insight", insights) if share["insight_id"] is not None else ("dashboard", dashboards)
            )
            caller = Caller(project, _NOBODY)
            row = resource.find(connection, caller, str(share[f"{name}_id"]))
            later = resource.views_later(connection, caller, [row], _ASKED, is_list=False)
        [view] = later()
        given = {name: bool(share["settings"][name]) for name in _SETTINGS if name in share["settings"]}
        return JSONResponse({"type": kind, **given, name: _public(view)}, headers=_HEADERS)

    return router


def _find(connection: Connection, token: str) -> RowMapping:
    if len(token) <= _TOKEN_CHARACTERS_MAX and "\0" not in token:
        query = select(sharing).where(sharing.c.access_token == token, sharing.c.is_enabled)
        row = connection.execute(query).mappings().one_or_none()
        if row is not None:
            return row
    raise NotFound("Not found.")


def _public(view: View) -> View:
    """Without the people in it, at every level that a view has."""
    found: View = {}
    for name, value in view.items():
        if name in _PRIVATE:
            continue
        if name == "tiles":
            found[name] = [_public(tile) for tile in value]
        elif name in ("insight", "text") and isinstance(value, Mapping):
            found[name] = _public(dict(value))
        else:
            found[name] = value
    return found
