"""ErrorTrackingQuery: issues with what happened to them within a range of time.

Promises:
- The store ranks issues by what the order asks and nothing else; details are counted for one page only.
- What an issue is called, its status and its assignee are as they are now. An issue without a row in the catalog is
  nobody's, and left out.
- An event that the store holds twice counts once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as member
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.columns import read_limit
from appliance.query.error_tracking import issue_filters
from appliance.query.error_tracking.exceptions import (
    EVENT,
    ISSUE,
    asked_for,
    exceptions_in,
    of_issues,
    read_uuid,
)
from appliance.query.error_tracking.issue_filters import Wanted
from appliance.query.error_tracking.shapes import innermost, shown_issue
from appliance.query.error_tracking.time_range import ALWAYS, read_range
from appliance.query.error_tracking.volume import bucket_of, bucket_starts
from appliance.query.filters.properties import clock_of
from appliance.query.filters.terms import alias, call, compare, constant, equals, every, field, within
from appliance.query.hogql import ast
from appliance.query.hogql.own_text import expression_of
from appliance.query.insights.given import choice, whole
from appliance.query.project import Issue

ORDERS = ("last_seen", "first_seen", "occurrences", "users", "sessions")
PAGE_MAX = 1_000
RESOLUTION_MAX = 1_000
_LOOKED_UP = 1_000
_COLUMNS = (
    "id", "status", "severity", "name", "description", "first_seen", "last_seen", "assignee", "library", "function",
    "source", "first_event", "last_event", "aggregations",
)  # fmt: skip
_NOBODY = "toUUID('00000000-0000-0000-0000-000000000000')"
# People without a person are told apart by their distinct ids.
_MEASURES = {
    "last_seen": "max(timestamp)",
    "occurrences": "uniqExact(uuid)",
    "sessions": "uniqExactIf($session_id, notEmpty($session_id))",
    "users": f"uniqExactIf(person_id, person_id != {_NOBODY}) + uniqExactIf(distinct_id, person_id = {_NOBODY})",
    "last": "argMax(uuid, timestamp)",
    "seen_first": "min(timestamp)",
    "first": "argMin(uuid, timestamp)",
}
_LATEST = ("$lib", "$exception_functions", "$exception_sources")
_COUNTED = ("occurrences", "sessions", "users")
_Place = tuple[UUID, datetime]
"""Where an event is: the store may hold it twice, at two times."""
_Events = Mapping[_Place, Sequence[Any]]


@dataclass(slots=True)
class _Found:
    """What the store knows of an issue."""

    row: Mapping[str, Any]
    volume: list[int] = member(default_factory=list)

    @property
    def first(self) -> _Place | None:
        return (self.row["first"], self.row["seen_first"]) if "first" in self.row else None

    @property
    def last(self) -> _Place:
        return self.row["last"], self.row["last_seen"]


def issues_query(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to an ErrorTrackingQuery."""
    return _Issues(query, asked).answer()


class _Issues:
    def __init__(self, query: Mapping[str, Any], asked: Asked) -> None:
        clock = clock_of(asked.context)
        filters = issue_filters.split(query.get("filterGroup"), clock)
        self._query = query
        self._asked = asked
        self._time = read_range(query, clock, ALWAYS)
        self._order = choice(query, "orderBy", ORDERS, "last_seen", "query")
        default = "ASC" if self._order == "first_seen" else "DESC"
        self._is_descending = choice(query, "orderDirection", ("ASC", "DESC"), default, "query") == "DESC"
        self._resolution = whole(query, "volumeResolution", 0, (0, RESOLUTION_MAX), "query")
        self._is_counted = _truth(query, "withAggregations", default=True)
        self._has_first = _truth(query, "withFirstEvent", default=True)
        self._has_last = _truth(query, "withLastEvent", default=False)
        limit, self._offset = read_limit({**query, "limit": query.get("limit") or None}, PAGE_MAX)
        self._limit = limit
        self._wanted: list[Wanted] = [*issue_filters.read_wanted(query), *filters.issues]
        self._where = every([*exceptions_in(self._time), asked_for(query, filters.events, asked.context)])
        self._hogql = ""

    def answer(self) -> dict[str, Any]:
        one = self._query.get("issueId")
        ids = self._ranked() if one in (None, "") else [read_uuid(one, "issueId")]
        kept = self._by_first_seen(ids) if self._order == "first_seen" else self._kept(ids)
        page = list(islice(kept, self._offset, self._offset + self._limit + 1))
        has_more = len(page) > self._limit
        page = page[: self._limit]
        found = self._found([issue.id for issue in page])
        firsts = [one.first for one in found.values() if one.first is not None]
        first = self._events(firsts, (), "first events", has_properties=True)
        lasts = [one.last for one in found.values()]
        last = self._events(lasts, _LATEST, "last events", has_properties=self._has_last)
        return {
            "columns": list(_COLUMNS),
            "results": [self._shown(one, found[one.id], first, last) for one in page if one.id in found],
            "hasMore": has_more,
            "limit": self._limit,
            "offset": self._offset,
            "hogql": self._hogql,
        }

    def _ranked(self) -> list[UUID]:
        """Ids in the asked order, those of equal rank by their id.

        When issues were first seen is the catalog's to know; their ids are of about that order.
        """
        select = [alias("id", ISSUE)]
        is_newest_first = self._order == "first_seen" and self._is_descending
        order = [ast.OrderExpr(call("toString", field("id")), "DESC" if is_newest_first else "ASC")]
        if self._order != "first_seen":
            select.append(alias("rank", _measure(self._order)))
            order.insert(0, ast.OrderExpr(field("rank"), "DESC" if self._is_descending else "ASC"))
        rows = self._grouped(select, self._where, "issues", order, self._asked.issues_max)
        return [row[0] for row in rows]

    def _grouped(
        self,
        select: Sequence[ast.Expr],
        where: ast.Expr,
        name: str,
        order: list[ast.OrderExpr] | None = None,
        limit: int | None = None,
    ) -> Sequence[Sequence[Any]]:
        tree = ast.SelectQuery(
            list(select),
            select_from=ast.JoinExpr(field("events")),
            where=where,
            group_by=[field("id")],
            order_by=order,
            limit=None if limit is None else constant(limit),
        )
        answer = self._asked.run(tree, name=name)
        self._hogql = self._hogql or answer.hogql
        return answer.rows

    def _kept(self, ids: Sequence[UUID]) -> Iterator[Issue]:
        """The issues that are wanted, in their order, looked up as far as somebody takes them."""
        for start in range(0, len(ids), _LOOKED_UP):
            some = ids[start : start + _LOOKED_UP]
            known = {one.id: one for one in self._asked.context.project.issues(some)}
            for id_ in some:
                issue = known.get(id_)
                if issue is not None and all(wanted(issue) for wanted in self._wanted):
                    yield issue

    def _by_first_seen(self, ids: Sequence[UUID]) -> Iterator[Issue]:
        found = sorted(self._kept(ids), key=lambda issue: str(issue.id))
        found.sort(key=lambda issue: issue.first_seen, reverse=self._is_descending)
        return iter(found)

    def _found(self, ids: Sequence[UUID]) -> dict[UUID, _Found]:
        if not ids:
            return {}
        names = ["last_seen", "last", *(_COUNTED if self._is_counted else ())]
        names += ["seen_first", "first"] if self._has_first else []
        where = every([self._where, of_issues(ids)])
        select = [alias("id", ISSUE), *(alias(name, _measure(name)) for name in names)]
        rows = self._grouped(select, where, "details")
        found = {row[0]: _Found(dict(zip(names, row[1:], strict=True))) for row in rows}
        if self._is_counted and self._resolution:
            self._count_volume(found, where)
        return found

    def _count_volume(self, found: Mapping[UUID, _Found], where: ast.Expr) -> None:
        for one in found.values():
            one.volume = [0] * self._resolution
        bucket = bucket_of(self._time, self._resolution)
        tree = ast.SelectQuery(
            [alias("id", ISSUE), alias("bucket", bucket), alias("number", _measure("occurrences"))],
            select_from=ast.JoinExpr(field("events")),
            where=where,
            group_by=[field("id"), field("bucket")],
        )
        for id_, number, count in self._asked.run(tree, name="volume").rows:
            if id_ in found:
                found[id_].volume[number] = count

    def _events(
        self, places: Sequence[_Place], names: Sequence[str], name: str, *, has_properties: bool
    ) -> _Events:
        """Distinct id and properties of single events: those named, and all together as the last."""
        if not places:
            return {}
        moments = [moment for _, moment in places]
        columns: list[ast.Expr] = [field("uuid"), field("timestamp"), field("distinct_id")]
        columns += [field("properties", one) for one in names]
        tree = ast.SelectQuery(
            [*columns, call("toString", field("properties")) if has_properties else constant("")],
            select_from=ast.JoinExpr(field("events")),
            where=every(
                [
                    equals(field("event"), EVENT),
                    compare(field("timestamp"), ">=", constant(min(moments))),
                    compare(field("timestamp"), "<=", constant(max(moments))),
                    within(field("uuid"), [id_ for id_, _ in places]),
                ]
            ),
        )
        rows = self._asked.run(tree, name=name).rows
        return {(row[0], row[1]): row[2:] for row in rows}

    def _shown(self, issue: Issue, found: _Found, first: _Events, last: _Events) -> dict[str, Any]:
        latest = last.get(found.last)
        library, functions, sources = latest[1:4] if latest is not None else (None, None, None)
        return {
            **shown_issue(issue),
            "last_seen": found.row["last_seen"],
            "library": library,
            "function": innermost(functions),
            "source": innermost(sources),
            "first_event": _shown_event(found.first, first) if self._has_first else None,
            "last_event": _shown_event(found.last, last) if self._has_last else None,
            "aggregations": self._aggregations(found) if self._is_counted else None,
        }

    def _aggregations(self, found: _Found) -> dict[str, Any]:
        buckets = zip(bucket_starts(self._time, self._resolution), found.volume, strict=True)
        return {
            **{name: found.row[name] for name in _COUNTED},
            "volumeRange": found.volume,
            "volume_buckets": [{"label": start.isoformat(), "value": count} for start, count in buckets],
        }


def _measure(name: str) -> ast.Expr:
    return expression_of(_MEASURES[name], {})


def _shown_event(place: _Place | None, events: _Events) -> dict[str, Any] | None:
    row = None if place is None else events.get(place)
    if place is None or row is None:
        return None
    id_, timestamp = place
    return {"uuid": str(id_), "distinct_id": row[0], "timestamp": timestamp, "properties": row[-1]}


def _truth(query: Mapping[str, Any], name: str, *, default: bool) -> bool:
    found = query.get(name)
    if found is None:
        return default
    if not isinstance(found, bool):
        raise Invalid(f"{name} must be true or false", attr=name)
    return found
