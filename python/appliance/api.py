"""Every route that is not on the hot road of capture, put together."""

import functools
from collections.abc import Callable, Iterable
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
from appliance.error_tracking.routes import ErrorTracking
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
from appliance.http.same_address import SameAddress
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
from appliance.query.error_tracking.routes import routes as error_tracking_query_routes
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

_PROJECT = "/api/projects/{project_id}"
# PostHog knows a project by both names.
TWINS = {"/api/environments/": "/api/projects/"}
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
    # The last goes first: a twin's address ends in its slash by then.
    api.add_middleware(SameAddress, prefixes=TWINS)
    api.add_middleware(TrailingSlash)
    api.add_middleware(NullCharacters)
    api.add_middleware(PageSecurity)
    api.add_middleware(Ui, folder=Path(config.ui_dir or BUILT))
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
    door = Door(config, catalog, access)
    insights = Insights(RunnerResults(runner))
    exports = Exports(config.exports_dir, config.exports_kept_bytes_max, config.export_bytes_max)
    error_tracking = ErrorTracking(door)
    api.include_router(error_tracking.routes_of_tickets())
    # Longer addresses go before those that take any word as an id.
    for routes in (
        blast_radius_routes(access, runner),
        *_made_by_people(door, submit, insights),
        groups_routes(door, submit, related),
        error_tracking.routes(),
        error_tracking_query_routes(catalog, access, runner),
        events_routes(config, catalog, access, runner),
        persons_routes(config, catalog, access),
        query_routes(access, runner),
        timeline_routes(catalog, access, runner),
        exports_routes(door, exports, runner, insights),
    ):
        api.include_router(routes, prefix=_PROJECT)
    api.include_router(flag_copy_routes(door, FeatureFlags.of(config)))
    api.include_router(shared_routes(door, lambda: keeper.current, insights, Dashboards(insights)))
    _describe(api)
    return api


def _describe(api: FastAPI) -> None:
    """The OpenAPI document of all routes, for everybody: it tells nothing that the documentation doesn't."""

    @functools.cache
    def written() -> bytes:
        return orjson.dumps(
            document(api, body_readers={*JSON_READERS, *RAW_READERS}, description=_DESCRIPTION)
        )

    @api.get("/api/schema/", include_in_schema=False)
    def schema() -> Response:
        return Response(written(), media_type="application/json")


def _made_by_people(door: Door, submit: Submit, insights: Insights) -> Iterable[APIRouter]:
    """Insights, dashboards and the like."""
    dashboards = Dashboards(insights)
    return (
        activity_routes(door),
        person_change_routes(door, submit),
        sharing_routes(door, insights),
        sharing_routes(door, dashboards),
        insights_routes(door, insights),
        dashboards_routes(door, dashboards),
        cohorts_routes(door),
        definitions_routes(door),
        flags_routes(door, FeatureFlags.of(door.config), dashboards),
        secret_key_routes(door),
        resource_routes(Actions(), door),
        resource_routes(Annotations(), door),
        resource_routes(Variables(), door, has_activity=False),
    )
