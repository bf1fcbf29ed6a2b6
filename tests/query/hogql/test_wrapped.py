"""Queries inside queries: what a query gives alone it gives as a table, as a CTE, and combined with itself."""

import pytest

from appliance.failures import HogletError
from appliance.query.hogql.errors import QueryError
from tests.query.hogql.test_escape import ATTEMPTS
from tests.query.hogql.test_printing import QUERIES

WRAPPERS = [
    "select * from ({query})",
    "with wrapped as ({query}) select * from wrapped",
    "select * from ({query}) as a union all select * from ({query}) as b",
    "select * from (select * from ({query}) as inner_one) as outer_one",
]


@pytest.mark.parametrize("query", [one for one, _ in QUERIES])
def test_a_query_inside_gives_the_same(rows, query):
    alone = rows(query)
    for wrapper in WRAPPERS:
        found = rows(wrapper.format(query=query))
        expected = alone * 2 if "union all" in wrapper else alone
        assert sorted(map(repr, found)) == sorted(map(repr, expected)), wrapper


@pytest.mark.parametrize("query", ATTEMPTS)
def test_the_store_never_meets_what_it_cannot_read(ask, query):
    """A query is refused by us, or by the store for its types; never for its grammar or for names of ours."""
    for wrapper in ("{query}", *WRAPPERS):
        try:
            ask(wrapper.replace("{query}", query))
        except QueryError as error:
            if "Syntax error" in str(error):
                pytest.fail(f"{wrapper}: {error}")
        except HogletError as error:
            pytest.fail(f"{wrapper}: {error}")
