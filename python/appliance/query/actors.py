"""Who is in a number, whichever insight it is of: a SELECT with `actor_id`."""

from collections.abc import Mapping
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.hogql import ast
from appliance.query.hogql.user_text import query_of
from appliance.query.insights.actors import insight_actors
from appliance.query.insights.funnels.actors import funnel_actors
from appliance.query.insights.paths import paths_actors
from appliance.query.insights.retention.actors import retention_actors


def source_actors(source: Any, asked: Asked) -> ast.SelectQuery | ast.SelectSetQuery:
    """`source` is an InsightActorsQuery, a FunnelsActorsQuery, a StickinessActorsQuery or a HogQLQuery."""
    if not isinstance(source, Mapping):
        raise Invalid("source must be a query", attr="source")
    kind = source.get("kind")
    if kind == "FunnelsActorsQuery":
        return funnel_actors(source, asked)
    if kind == "HogQLQuery":
        return _of_text(source)
    if kind not in ("InsightActorsQuery", "StickinessActorsQuery"):
        raise Invalid(f"{str(kind)[:50]!r} does not tell who is in a number", attr="source.kind")
    insight = source.get("source")
    if not isinstance(insight, Mapping):
        raise Invalid("an actors query needs a source", attr="source")
    inner = insight.get("kind")
    if inner == "RetentionQuery":
        return retention_actors(insight, source.get("interval") or 0, asked, source.get("breakdown"))
    if inner == "PathsQuery":
        return paths_actors(insight, asked)
    return insight_actors(source, asked)


def group_type_of(source: Any) -> int | None:
    """The type of groups that a number counts; None: people."""
    number = source.get("series") if isinstance(source, Mapping) else None
    while isinstance(source, Mapping):
        for index in (_group_type_of_series(source, number), source.get("aggregation_group_type_index")):
            if isinstance(index, int) and not isinstance(index, bool):
                return index
        source = source.get("source")
    return None


def _group_type_of_series(insight: Mapping[str, Any], number: Any) -> Any:
    """Of a series that counts groups, whatever the insight itself counts."""
    series = insight.get("series")
    place = number if isinstance(number, int) else 0
    node = series[place] if isinstance(series, list) and 0 <= place < len(series) else None
    is_of_groups = isinstance(node, Mapping) and node.get("math") == "unique_group"
    return node.get("math_group_type_index") if isinstance(node, Mapping) and is_of_groups else None


def _of_text(source: Mapping[str, Any]) -> ast.SelectQuery:
    """The first column of a user's own query."""
    tree = query_of(str(source.get("query") or ""))
    if not isinstance(tree, ast.SelectQuery | ast.SelectSetQuery):
        raise Invalid("the source must be a SELECT", attr="source.query")
    first = tree
    while isinstance(first, ast.SelectSetQuery):
        first = first.initial_select_query  # type: ignore[assignment]
    if not isinstance(first, ast.SelectQuery) or not first.select:
        raise Invalid("the source must be a SELECT", attr="source.query")
    column = first.select[0]
    if not isinstance(column, ast.Alias):
        column = first.select[0] = ast.Alias("actor_id", column)
    name = column.alias
    return ast.SelectQuery(
        [ast.Alias("actor_id", ast.Field([name]))],
        distinct=True,
        select_from=ast.JoinExpr(tree, alias="source"),
    )
