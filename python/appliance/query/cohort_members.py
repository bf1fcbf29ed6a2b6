"""What a cohort's members are asked by: the other half of `cohorts.calculation`."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine, RowMapping

from appliance.catalog import ProjectSnapshot
from appliance.cohorts.calculation import Statement
from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.filters.cohorts import cohort_members
from appliance.query.hogql.context import LIMIT_MAX_COHORT, Context
from appliance.query.hogql.execute import settings_of
from appliance.query.hogql.printer import print_query
from appliance.query.kinds import kind_of, unwrapped
from appliance.query.project import Cohort, ProjectFacts
from appliance.store.client import ClickHouseStore

_ID_COLUMNS = ("person_id", "actor_id", "id")
LISTED_MAX = 1_000_000


class CohortQueries:
    """Criteria as a printed SELECT, and the persons that a query of any kind lists."""

    def __init__(self, catalog: Engine, store: Callable[[], ClickHouseStore], time_s_max: float) -> None:
        self._catalog = catalog
        self._store = store
        self._time_s_max = time_s_max

    def members(self, project: ProjectSnapshot, row: RowMapping) -> Statement:
        """Who fulfils the criteria of a cohort now."""
        wanted = Cohort(row["id"], row["name"] or "", row["is_static"], row["filters"] or {}, row["version"])
        context = self._context(project)
        printed = print_query(cohort_members(wanted, context), context)
        return Statement(printed.sql, context.parameters, settings_of(context, None, self._time_s_max))

    def listed(self, project: ProjectSnapshot, row: RowMapping) -> Iterator[UUID]:
        """Persons in the answer of a query; a column named `person_id`, `actor_id` or `id`, else the first."""
        query = dict(unwrapped(row["query"]))
        if query.get("kind") == "ActorsQuery":
            query |= {"select": ["id"], "limit": LISTED_MAX, "offset": 0}
        asked = Asked(
            context=self._context(project),
            store=self._store(),
            query_id=str(uuid4()),
            time_s_max=self._time_s_max,
        )
        answer = kind_of(query).answer(query, asked)
        names = [str(name).split(".")[-1] for name in answer.get("columns") or ()]
        column = next((names.index(name) for name in _ID_COLUMNS if name in names), 0)
        results = answer.get("results")
        if not isinstance(results, list | tuple):
            raise Invalid("This query does not list persons.", "query")
        yield from filter(None, (_uuid(one, column) for one in results))

    def _context(self, project: ProjectSnapshot) -> Context:
        facts = ProjectFacts.load(self._catalog, project)
        return Context(project=facts, limit_max=LIMIT_MAX_COHORT, limit_default=None)


def _uuid(row: Any, column: int) -> UUID | None:
    if not isinstance(row, list | tuple) or len(row) <= column:
        raise Invalid("This query does not list persons.", "query")
    try:
        return UUID(str(row[column]))
    except ValueError:
        return None
