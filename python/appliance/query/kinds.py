"""What can be asked: each kind of query and the function that answers it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from appliance.failures import Invalid
from appliance.query.actors_query import actors_query
from appliance.query.asked import Asked
from appliance.query.error_tracking.breakdowns import breakdowns_query
from appliance.query.error_tracking.correlation import issue_correlation_query
from appliance.query.error_tracking.issues_query import issues_query
from appliance.query.error_tracking.similar import similar_issues_query
from appliance.query.events_query import events_query
from appliance.query.groups_query import groups_query
from appliance.query.hogql.autocomplete import autocomplete
from appliance.query.hogql.database_schema import database_schema
from appliance.query.hogql.hogql_query import hogql_query
from appliance.query.hogql.metadata import metadata
from appliance.query.insights.actors_options import insight_actors_options
from appliance.query.insights.funnels import funnels
from appliance.query.insights.funnels.correlation import correlation
from appliance.query.insights.lifecycle import lifecycle
from appliance.query.insights.paths import paths
from appliance.query.insights.retention import retention
from appliance.query.insights.stickiness import stickiness
from appliance.query.insights.trends import trends

Query = Mapping[str, Any]
Response = dict[str, Any]
WRAPPERS = ("DataTableNode", "DataVisualizationNode", "InsightVizNode")
_NESTED_MAX = 4


@dataclass(frozen=True, slots=True)
class Kind:
    answer: Callable[[Query, Asked], Response]
    is_kept: bool = True
    """Whether the answer may be kept and shown again."""


KINDS: Mapping[str, Kind] = {
    "ActorsQuery": Kind(actors_query),
    "DatabaseSchemaQuery": Kind(database_schema, is_kept=False),
    "ErrorTrackingBreakdownsQuery": Kind(breakdowns_query),
    "ErrorTrackingIssueCorrelationQuery": Kind(issue_correlation_query),
    "ErrorTrackingQuery": Kind(issues_query),
    "ErrorTrackingSimilarIssuesQuery": Kind(similar_issues_query),
    "EventsQuery": Kind(events_query),
    "FunnelCorrelationQuery": Kind(correlation),
    "FunnelsQuery": Kind(funnels),
    "GroupsQuery": Kind(groups_query),
    "HogQLAutocomplete": Kind(autocomplete, is_kept=False),
    "HogQLMetadata": Kind(metadata, is_kept=False),
    "HogQLQuery": Kind(hogql_query),
    "InsightActorsQueryOptions": Kind(insight_actors_options),
    "LifecycleQuery": Kind(lifecycle),
    "PathsQuery": Kind(paths),
    "RetentionQuery": Kind(retention),
    "StickinessQuery": Kind(stickiness),
    "TrendsQuery": Kind(trends),
}


def unwrapped(query: Any) -> Query:
    """The question inside the nodes that only say how it is shown."""
    for _ in range(_NESTED_MAX):
        if not isinstance(query, Mapping):
            raise Invalid("query must be an object with a kind", attr="query")
        if query.get("kind") not in WRAPPERS:
            return query
        query = query.get("source")
    raise Invalid("query is wrapped too deeply", attr="query")


def kind_of(query: Query) -> Kind:
    name = query.get("kind")
    if not isinstance(name, str) or not name:
        raise Invalid("query must have a kind", attr="query", code="required")
    found = KINDS.get(name)
    if found is None:
        raise Invalid(f"Unsupported query kind: {name[:100]}", attr="query")
    return found
