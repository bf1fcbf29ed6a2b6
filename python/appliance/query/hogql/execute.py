"""A query's answer: read, printed, asked of the store under limits.

Promises:
- The store is asked read-only, and by settings of the request it is told the project once more: should the printed
  guard ever be missing, the store itself leaves other projects' rows out.
- What the user's query caused is a `QueryError`; everything else stays the store's failure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from appliance.failures import StoreRefused, StoreUnavailable
from appliance.query.hogql import ast
from appliance.query.hogql.context import Context
from appliance.query.hogql.errors import QueryError
from appliance.query.hogql.limits import default_limit
from appliance.query.hogql.placeholders import replaced
from appliance.query.hogql.printer import Printed, Query, print_query
from appliance.query.hogql.quoting import identifier
from appliance.query.hogql.schema import physical_tables
from appliance.query.hogql.show import show_query
from appliance.query.hogql.user_text import query_of
from appliance.store.client import Store

TIME_S_MAX = 60.0
_SETTINGS: Mapping[str, Any] = {
    "transform_null_in": 1,
    "optimize_min_equality_disjunction_chain_length": 4_294_967_295,
    "format_csv_allow_double_quotes": 0,
    "use_hive_partitioning": 0,
    # Of a UNION without ALL or DISTINCT, and such: the printer says all of it.
    "joined_subquery_requires_alias": 0,
}
# What a query can do wrong that only the store can tell: types, counts, sizes, formats, grouping.
_CAUSED_BY_QUERY = frozenset(
    {
        1, 6, 7, 10, 12, 16, 20, 26, 27, 32, 33, 35, 36, 38, 41, 42, 43, 44, 47, 48, 50, 51, 53, 59,
        63, 69, 70, 72, 80, 92, 115, 117, 124, 125, 128, 130, 131, 153, 162, 165, 167, 168, 169,
        176, 179, 184, 190, 206, 207, 215, 223, 258, 267, 271, 279, 300, 306, 321, 349, 352, 358,
        376, 377, 386, 395, 403, 407, 427, 440, 446, 455, 456, 457, 465, 467, 475, 476, 493, 530,
        531, 541, 593, 627, 628, 636, 663, 675, 676, 690, 691,
    }
)  # fmt: skip
_MESSAGE = re.compile(r"(?:Code: \d+\. )?DB::Exception: (?P<said>.*)", re.DOTALL)
_TAIL = re.compile(
    r"(?:: )?(?:In scope |In query |While processing |while executing |while converting ).*|\. \([A-Z_0-9]+\).*",
    re.DOTALL,
)
_MESSAGE_CHARACTERS_MAX = 1_000
_SYNTAX_ERROR = 62
_UNREADABLE = "deserialization not supported"


@dataclass(frozen=True, slots=True)
class Answer:
    columns: tuple[str, ...]
    types: tuple[str, ...]
    """ClickHouse's names."""
    rows: Sequence[Sequence[Any]]
    hogql: str
    sql: str
    has_more: bool
    limit: int | None
    """Of the query as it was run, where it is a plain number."""
    offset: int
    rows_read: int = 0
    bytes_read: int = 0


def run(
    select: Query | str,
    context: Context,
    store: Store,
    *,
    placeholders: Mapping[str, Any] | None = None,
    query_id: str | None = None,
    time_s_max: float = TIME_S_MAX,
) -> Answer:
    """Rows of one query. Times in them have a zone."""
    tree = prepared(select, placeholders)
    limit, offset = _window(tree, context)
    context.look_ahead = 1 if limit is not None else 0
    printed, context = printed_for(tree, context, store)
    try:
        found = store.query(printed.sql, context.parameters, settings_of(context, query_id, time_s_max))
    except StoreRefused as refusal:
        raise explained(refusal) from refusal
    except StoreUnavailable as failure:
        if _UNREADABLE not in str(failure):
            raise
        message = (
            "The state of an aggregation cannot be shown: finish it with the function that ends in Merge"
        )
        raise QueryError(message) from failure
    except (ValueError, OverflowError) as failure:
        # A time before the year 1, say, which the store knows and nobody after it.
        raise QueryError(f"A value of the answer cannot be shown: {failure}") from failure
    rows = _with_zones(found.rows, found.types)
    has_more = limit is not None and len(rows) > limit
    return Answer(
        # An untupled tuple is several columns. Without rows the store names none.
        columns=names
        if len(names := _names(printed)) == len(found.columns) or not found.columns
        else found.columns,
        types=found.types,
        rows=rows[:limit] if has_more else rows,
        hogql=show_query(with_limit(tree, limit)),
        sql=printed.sql,
        has_more=has_more,
        limit=limit,
        offset=offset,
        rows_read=found.rows_read,
        bytes_read=found.bytes_read,
    )


def printed_for(tree: Query, context: Context, store: Store) -> tuple[Printed, Context]:
    """Joining overrides that do not exist would take longer than most of what else a query does."""
    printed = print_query(tree, context)
    if not context.overrides_read or context.empty_overrides is not None:
        return printed, context
    project = context.project.id
    empty = frozenset(one for one in sorted(context.overrides_read) if not _has_rows(one, project, store))
    if not empty:
        return printed, context
    without = replace(context, parameters={}, _names={}, empty_overrides=empty, overrides_read=set())
    return print_query(tree, without), without


def _has_rows(table: str, project_id: int, store: Store) -> bool:
    sql = f"SELECT 1 FROM {identifier(table)} WHERE team_id = {{project:Int64}} LIMIT 1"
    return bool(store.query(sql, {"project": project_id}).rows)


def prepared(select: Query | str, placeholders: Mapping[str, Any] | None) -> Query:
    """The tree of a query, a user's if it is text, with its placeholders replaced."""
    tree = query_of(select) if isinstance(select, str) else select
    if placeholders is None and not isinstance(select, str):
        return tree
    return replaced(tree, placeholders or {})


def settings_of(context: Context, query_id: str | None, time_s_max: float) -> dict[str, Any]:
    settings = {**_SETTINGS, "max_execution_time": time_s_max, "additional_table_filters": _filters(context)}
    if query_id:
        settings["query_id"] = query_id
    return settings


def with_limit(tree: Query, limit: int | None) -> Query:
    return tree if limit is None else replace(tree, limit=ast.Constant(limit))


def _window(tree: Query, context: Context) -> tuple[int | None, int]:
    """Limit and offset as they will be, where that is known before the query runs."""
    offset = _number(tree.offset) or 0
    if tree.limit is None:
        return default_limit(tree, context), offset
    asked = _number(tree.limit)
    if asked is None or tree.limit_with_ties:
        return None, offset
    return min(max(asked, 0), context.limit_max), offset


def _number(node: ast.Expr | None) -> int | None:
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _names(printed: Printed) -> tuple[str, ...]:
    return tuple(name for name, _ in printed.columns)


def _filters(context: Context) -> str:
    project = int(context.project.id)
    return "{" + ", ".join(f"'{table}': 'team_id = {project}'" for table in physical_tables()) + "}"


def _with_zones(rows: Sequence[Sequence[Any]], types: Sequence[str]) -> Sequence[Sequence[Any]]:
    """The client gives times in UTC without a zone."""
    if not any("DateTime" in one for one in types):
        return rows
    return [tuple(_with_zone(value) for value in row) for row in rows]


def _with_zone(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value
    if isinstance(value, list):
        return [_with_zone(one) for one in value]
    if isinstance(value, tuple):
        return tuple(_with_zone(one) for one in value)
    if isinstance(value, dict):
        return {key: _with_zone(one) for key, one in value.items()}
    return value


def explained(refusal: StoreRefused) -> Exception:
    if refusal.code == _SYNTAX_ERROR and "Max query size exceeded" in str(refusal):
        return QueryError("The query is too long once it is written out")
    """The failure as the user's mistake, where it is one."""
    if refusal.code not in _CAUSED_BY_QUERY:
        return refusal
    found = _MESSAGE.search(str(refusal))
    said = _TAIL.sub("", found["said"] if found else str(refusal)).strip()
    return QueryError(said[:_MESSAGE_CHARACTERS_MAX])
