"""How many queries a second does the parser read, beside PostHog's published one?

Both write their tree as JSON; the typed tree in Python is measured beside the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from tests.hog import oracle

from appliance._native import hog
from appliance.query.hogql.parse import parse_select
from bench.figure import Figure

TURNS, TURN_S = 5, 0.2
QUERIES = {
    "a small query": "select event, count() as c from events where timestamp > now() - interval 7 day"
    " group by event order by c desc limit 10",
    "a query of properties": "select properties.$browser, person.properties.email, count(distinct person_id)"
    " from events where event = '$pageview' and properties.$current_url ilike '%/docs/%'"
    " and timestamp between toDateTime('2024-01-01') and toDateTime('2024-02-01')"
    " group by properties.$browser, person.properties.email having count() > 10",
    "a funnel by hand": "with steps as (select person_id, arraySort(x -> x.1, groupArray((timestamp, event))) as path"
    " from events where event in ('sign up', 'activate', 'pay') and {filters} group by person_id)"
    " select countIf(arrayExists(x -> x.2 = 'sign up', path)) as one,"
    " countIf(arrayExists((x, i) -> x.2 = 'activate' and path[i - 1].2 = 'sign up',"
    " path, arrayEnumerate(path))) as two,"
    " round(two / one * 100, 2) || '%' as rate from steps",
}


def measure() -> list[Figure]:
    figures = []
    for name, query in QUERIES.items():
        ours, typed, theirs = [], [], []
        for _ in range(TURNS):
            ours.append(_rate(hog.parse_select, query))
            typed.append(_rate(parse_select, query))
            theirs.append(_rate(oracle.PARSER.parse_select_json, query))
        beside = "hogql-parser, as JSON"
        figures.append(
            Figure(f"{name}, as JSON", median(ours), "queries/s", beside, median(theirs), "at least 100")
        )
        figures.append(Figure(f"{name}, as typed tree", median(typed), "queries/s", beside, median(theirs)))
    return figures


def _rate(parse: Callable[[str], object], query: str) -> float:
    parsed, began = 0, time.perf_counter()
    while (taken := time.perf_counter() - began) < TURN_S:
        parse(query)
        parsed += 1
    return parsed / taken
