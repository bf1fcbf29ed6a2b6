"""Every route that is not on the hot road of capture, put together."""

from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy import Engine

from appliance import __version__
from appliance.accounts.access import Access
from appliance.catalog import SnapshotKeeper
from appliance.config import Config
from appliance.http.failing import answer_failures
from appliance.http.trailing_slash import TrailingSlash
from appliance.operations.routes import routes as operations_routes
from appliance.persons.routes import routes as persons_routes
from appliance.projects.routes import routes as projects_routes
from appliance.query.events_routes import routes as events_routes

# PostHog knows a project by both names.
_PROJECT_PREFIXES = ("/api/projects/{project_id}", "/api/environments/{project_id}")


def build_api(
    config: Config, catalog: Engine, keeper: SnapshotKeeper, accepting: Callable[[], bool]
) -> FastAPI:
    """The application. Its endpoints block, so they are plain functions, which run in threads."""
    api = FastAPI(title="Hoglet", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    answer_failures(api)
    api.include_router(operations_routes(config, accepting))
    api.add_middleware(TrailingSlash)
    access = Access(catalog, lambda: keeper.current)
    api.include_router(projects_routes(config, catalog, access))
    for prefix in _PROJECT_PREFIXES:
        api.include_router(events_routes(config, catalog, access), prefix=prefix)
        api.include_router(persons_routes(config, catalog, access), prefix=prefix)
    return api
