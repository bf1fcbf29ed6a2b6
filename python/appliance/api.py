"""Every route that is not on the hot road of capture, put together."""

import functools
from collections.abc import Callable
from pathlib import Path

import orjson
from fastapi import APIRouter, FastAPI, Response
from sqlalchemy import Engine

from appliance import __version__
from appliance.accounts.access import Access
from appliance.accounts.routes import account_routes
from appliance.actions.resource import Actions
from appliance.activity.routes import routes as activity_routes
from appliance.annotations.resource import Annotations
from appliance.catalog import SnapshotKeeper
from appliance.cohorts.routes import routes as cohorts_routes
from appliance.config import Config
from appliance.dashboards.resource import Dashboards
from appliance.dashboards.routes import routes as dashboards_routes
from appliance.definitions.routes import routes as definitions_routes
from appliance.exports.kept import Exports
from appliance.exports.routes import routes as exports_routes
from appliance.flags.copy_routes import routes as flag_copy_routes
from appliance.flags.credentials import Credentials
from appliance.flags.delivery_routes import delivery_routes
from appliance.flags.encryption import Payloads
from appliance.flags.keeper import Current as CurrentFlags
from appliance.flags.remote_config import RemoteConfigs
from appliance.flags.resource import FeatureFlags
from appliance.flags.routes import routes as flags_routes
from appliance.flags.scripts import Scripts
from appliance.flags.secret_key_routes import routes as secret_key_routes
from appliance.groups.related import RelatedInStore
from appliance.groups.routes import routes as groups_routes
from appliance.http.failing import answer_failures
from appliance.http.json_body import JSON_READERS
from appliance.http.null_characters import NullCharacters
from appliance.http.openapi import document
from appliance.http.page_security import PageSecurity
from appliance.http.trailing_slash import TrailingSlash
from appliance.http.ui import FOLDER as BUILT
from appliance.http.ui import Ui
from appliance.insights.resource import Insights
from appliance.insights.routes import routes as insights_routes
from appliance.operations.instance import routes as instance_routes
from appliance.operations.routes import routes as operations_routes
from appliance.persons.change_routes import routes as person_change_routes
from appliance.persons.routes import routes as persons_routes
from appliance.projects.routes import routes as projects_routes
from appliance.query.current_store import CurrentStore
from appliance.query.events_routes import routes as events_routes
from appliance.query.flag_blast_radius import routes as blast_radius_routes
from appliance.query.insight_results import RunnerResults
from appliance.query.persons_timeline import routes as timeline_routes
from appliance.query.routes import routes as query_routes
from appliance.query.runner import Runner
from appliance.resources import Door, resource_routes
from appliance.resources.bodies import RAW_READERS
from appliance.resources.submit import Submit, no_journal
from appliance.sharing.public import routes as shared_routes
from appliance.sharing.routes import routes as sharing_routes
from appliance.variables.resource import Variables

# PostHog knows a project by both names.
_PROJECT_PREFIXES = ("/api/projects/{project_id}", "/api/environments/{project_id}")
_TWINS = ("/api/environments/",)
_DESCRIPTION = """Scripts written for PostHog's API work here: same addresses, same fields, same errors.

Everything under `/api/projects/{project_id}/` is the same again under `/api/environments/{project_id}/`. A trailing
slash may be left out.
"""


def build_api(
    config: Config,
    catalog: Engine,
    keeper: SnapshotKeeper,
    accepting: Callable[[], bool],
    submit: Submit = no_journal,
    *,
    flags: Callable[[], CurrentFlags] = CurrentFlags,
    remote_configs: RemoteConfigs | None = None,
) -> FastAPI:
    """The application. Its endpoints block, so they are plain functions, which run in threads."""
    api = FastAPI(title="Hoglet", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    answer_failures(api)
    api.include_router(operations_routes(config, accepting))
    api.add_middleware(TrailingSlash)
    api.add_middleware(NullCharacters)
    api.add_middleware(PageSecurity)
    api.add_middleware(Ui, folder=Path(config.ui_dir) if config.ui_dir else BUILT)
    credentials = Credentials(catalog, lambda: keeper.reachable)
    configs = remote_configs or RemoteConfigs()
    api.include_router(delivery_routes(flags, credentials, Payloads(config), configs, Scripts()))
    access = Access(config, catalog, lambda: keeper.current)
    api.include_router(account_routes(config, catalog, access))
    api.include_router(projects_routes(config, catalog, access))
    api.include_router(instance_routes(config, access))
    store = CurrentStore(config)
    runner = Runner(config, catalog, store)
    related = RelatedInStore(store.get, config.query_time_s_max)
    for prefix in _PROJECT_PREFIXES:
        door = Door(config, catalog, access)
        api.include_router(blast_radius_routes(access, runner), prefix=prefix)
        api.include_router(_made_by_people(door, submit, runner), prefix=prefix)
        api.include_router(groups_routes(door, submit, related), prefix=prefix)
        api.include_router(events_routes(config, catalog, access, runner), prefix=prefix)
        api.include_router(persons_routes(config, catalog, access), prefix=prefix)
        api.include_router(query_routes(access, runner), prefix=prefix)
        api.include_router(timeline_routes(catalog, access, runner), prefix=prefix)
    managed = FeatureFlags(Payloads(config))
    api.include_router(flag_copy_routes(Door(config, catalog, access), managed))
    insights = Insights(RunnerResults(runner))
    exports = Exports(config.exports_dir, config.exports_kept_bytes_max, config.export_bytes_max)
    for prefix in _PROJECT_PREFIXES:
        made = exports_routes(Door(config, catalog, access), exports, runner, insights)
        api.include_router(made, prefix=prefix)
    shared = shared_routes(
        Door(config, catalog, access), lambda: keeper.current, insights, Dashboards(insights)
    )
    api.include_router(shared)
    _describe(api)
    return api


def _describe(api: FastAPI) -> None:
    """The OpenAPI document of all routes, for everybody: it tells nothing that the documentation doesn't."""

    @functools.cache
    def written() -> bytes:
        found = document(
            api, twins=_TWINS, body_readers={*JSON_READERS, *RAW_READERS}, description=_DESCRIPTION
        )
        return orjson.dumps(found)

    @api.get("/api/schema/", include_in_schema=False)
    def schema() -> Response:
        return Response(written(), media_type="application/json")


def _made_by_people(door: Door, submit: Submit, runner: Runner) -> APIRouter:
    """Insights, dashboards and the like. Longer addresses go before those that take any word as an id."""
    router = APIRouter()
    insights = Insights(RunnerResults(runner))
    dashboards = Dashboards(insights)
    for routes in (
        activity_routes(door),
        person_change_routes(door, submit),
        sharing_routes(door, insights),
        sharing_routes(door, dashboards),
        insights_routes(door, insights),
        dashboards_routes(door, dashboards),
        cohorts_routes(door),
        definitions_routes(door),
        flags_routes(door, FeatureFlags(Payloads(door.config)), dashboards),
        secret_key_routes(door),
        resource_routes(Actions(), door),
        resource_routes(Annotations(), door),
        resource_routes(Variables(), door, has_activity=False),
    ):
        router.include_router(routes)
    return router
