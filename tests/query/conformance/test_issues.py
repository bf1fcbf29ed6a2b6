"""ErrorTrackingQuery against a slow obvious answer over made-up exceptions."""

import json
import random
import uuid
from datetime import timedelta

import pytest

from appliance.failures import HogletError, Invalid
from appliance.query.error_tracking.issues_query import ORDERS, issues_query
from tests.query.conformance.asking import at
from tests.query.conformance.exceptions import NOW, grouped, tokens, world

FROM, TO = at("2026-02-03T00:00:00"), at("2026-02-07T23:00:00")
RANGE = {"date_from": FROM.isoformat(), "date_to": TO.isoformat()}
SEARCHES = (
    "valueerror",
    '"BAD N" ValueError',
    "acme",
    "100%",
    "full_up",
    "C:\\temp",
    "ÄRGER ''",
    "someone@shop",
    "n:",
)


@pytest.fixture(scope="module")
def made(warehouse):
    return warehouse.kept("exceptions", world)


def ask(made, **query):
    return issues_query({"kind": "ErrorTrackingQuery", "dateRange": RANGE, **query}, made.data.asked())


def expected(made, query):
    """The answer, from the made-up rows alone."""
    rows = [
        row
        for row in made.within(FROM, TO)
        if all(made.says(row, token) for token in tokens(query.get("searchQuery", "")) if token)
        and (
            not query.get("personId") or (row.person and str(made.people[row.person].id) == query["personId"])
        )
        and (not query.get("groupKey") or row.group == query["groupKey"])
        and (not query.get("lib") or row.properties["$lib"] == query["lib"])
    ]
    wanted = {id_: rows for id_, rows in grouped(made, rows).items() if id_ in made.issues}
    keys = {id_: rank(made, made.issues[id_], rows, query["orderBy"]) for id_, rows in wanted.items()}
    ids = [
        id_
        for id_ in sorted(sorted(wanted, key=str), key=keys.get, reverse=query["orderDirection"] == "DESC")
        if query["status"] in ("all", made.issues[id_].status)
        and query.get("assignee") in (None, made.issues[id_].assignee)
        and query.get("name", "").lower() in made.issues[id_].name.lower()
    ]
    page = ids[query["offset"] :][: query["limit"]]
    return len(ids) > query["offset"] + query["limit"], [shown(made, id_, wanted[id_], query) for id_ in page]


def counts(made, rows):
    return {
        "occurrences": len({row.uuid for row in rows}),
        "sessions": len({row.session for row in rows} - {""}),
        "users": len({made.user(row) for row in rows}),
    }


def rank(made, issue, rows, order):
    return {"first_seen": issue.first_seen, "last_seen": max(row.at for row in rows), **counts(made, rows)}[
        order
    ]


def shown(made, id_, rows, query):
    issue, first, last = (
        made.issues[id_],
        min(rows, key=lambda row: row.at),
        max(rows, key=lambda row: row.at),
    )
    buckets = [set() for _ in range(query["volumeResolution"])]
    for row in rows if buckets else ():
        # The end belongs to the last one.
        buckets[min(int((row.at - FROM) / (TO - FROM) * len(buckets)), len(buckets) - 1)].add(row.uuid)
    volume = [len(one) for one in buckets]
    starts = [(FROM + (TO - FROM) / len(volume) * number).isoformat() for number in range(len(volume))]
    return {
        "id": str(id_),
        "status": issue.status,
        "severity": issue.severity,
        "name": issue.name,
        "description": issue.description,
        "first_seen": issue.first_seen,
        "assignee": issue.assignee,
        "last_seen": last.at,
        "library": last.properties["$lib"],
        "function": (last.properties["$exception_functions"] or [None])[-1],
        "source": (last.properties["$exception_sources"] or [None])[-1],
        "first_event": event(first) if query["withFirstEvent"] else None,
        "last_event": event(last) if query["withLastEvent"] else None,
        "aggregations": {
            **counts(made, rows),
            "volumeRange": volume,
            "volume_buckets": [
                {"label": label, "value": count} for label, count in zip(starts, volume, strict=True)
            ],
        }
        if query["withAggregations"]
        else None,
    }


def event(row):
    return {"uuid": str(row.uuid), "distinct_id": row.distinct_id, "timestamp": row.at}


def bare(results):
    """Without the properties of events, which are looked at elsewhere."""
    for one in results:
        for name in ("first_event", "last_event"):
            if one[name]:
                one[name] = {key: value for key, value in one[name].items() if key != "properties"}
    return results


def question(chance, made):
    query = {
        "orderBy": chance.choice(ORDERS),
        "orderDirection": chance.choice(("ASC", "DESC")),
        "status": chance.choice(("all", "all", "active", "resolved")),
        "volumeResolution": chance.choice((0, 1, 7, 20)),
        "limit": chance.choice((1, 3, 50)),
        "offset": chance.choice((0, 0, 2)),
        **{name: chance.random() < 0.7 for name in ("withAggregations", "withFirstEvent", "withLastEvent")},
    }
    if chance.random() < 0.4:
        query["searchQuery"] = chance.choice(SEARCHES)
    if chance.random() < 0.2:
        query["personId"] = str(chance.choice(list(made.people.values())).id)
    if chance.random() < 0.2:
        query |= {"groupKey": "acme", "groupTypeIndex": 0}
    if chance.random() < 0.2:
        query["assignee"] = chance.choice(list(made.issues.values())).assignee
    filters = []
    if chance.random() < 0.3:
        query["lib"] = "web"
        filters.append({"type": "event", "key": "$lib", "operator": "exact", "value": ["web"]})
    if chance.random() < 0.3:
        query["name"] = "error"
        filters.append(
            {"type": "error_tracking_issue", "key": "name", "operator": "icontains", "value": "ERROR"}
        )
    query["filterGroup"] = {"type": "AND", "values": [{"type": "AND", "values": filters}]}
    return query


@pytest.mark.parametrize("seed", range(60))
def test_the_answer_is_that_of_a_slow_and_obvious_count(made, seed):
    query = question(random.Random(seed), made)
    has_more, results = expected(made, query)
    answer = ask(made, **query)
    assert bare(answer["results"]) == results
    assert answer["hasMore"] is has_more


def test_both_words_must_occur_in_any_case(made):
    found = ask(made, searchQuery='"bad n" VALUEERROR')["results"]
    rows = [row for row in made.within(FROM, TO) if made.says(row, "bad n") and made.says(row, "valueerror")]
    assert {one["id"] for one in found} == {str(id_) for id_ in grouped(made, rows)} & {
        str(id_) for id_ in made.issues
    }
    assert found


def test_first_and_last_events_come_whole(made):
    (one,) = ask(made, limit=1, withLastEvent=True)["results"]
    rows = grouped(made, made.within(FROM, TO))[uuid.UUID(one["id"])]
    for name, row in (
        ("first_event", min(rows, key=lambda row: row.at)),
        ("last_event", max(rows, key=lambda row: row.at)),
    ):
        properties = json.loads(one[name]["properties"])
        assert properties["$exception_fingerprint"] == row.fingerprint
        assert {name: properties.get(name) for name in row.properties} == row.properties


def test_one_issue_is_asked_for_by_its_id(made):
    present = grouped(made, made.within(FROM, TO))
    for id_ in made.issues:
        results = ask(made, issueId=str(id_))["results"]
        assert [one["id"] for one in results] == ([str(id_)] if id_ in present else [])
    assert ask(made, issueId=str(uuid.uuid4()))["results"] == []


def test_without_a_beginning_everything_counts_and_without_an_end_until_now(made):
    (one,) = ask(made, dateRange={"date_from": "all"}, limit=1, orderBy="occurrences")["results"]
    rows = grouped(made, made.within(at(NOW) - timedelta(days=1400), at(NOW)))[uuid.UUID(one["id"])]
    assert one["aggregations"]["occurrences"] == len({row.uuid for row in rows})


def test_a_day_at_the_end_counts_whole(made):
    days = {"date_from": "2026-02-05", "date_to": "2026-02-05"}
    found = ask(made, dateRange=days)["results"]
    rows = made.within(at("2026-02-05"), at("2026-02-06") - timedelta(microseconds=1))
    wanted = {str(id_): len({row.uuid for row in some}) for id_, some in grouped(made, rows).items()}
    assert found
    assert {one["id"]: one["aggregations"]["occurrences"] for one in found} == {
        id_: count for id_, count in wanted.items() if uuid.UUID(id_) in made.issues
    }


def issue_filter(**given):
    return {"type": "error_tracking_issue", **given}


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({"key": "status", "operator": "exact", "value": ["active"]}, lambda one: one.status == "active"),
        ({"key": "status", "operator": "is_not", "value": "active"}, lambda one: one.status != "active"),
        ({"key": "issue_description", "operator": "is_not_set"}, lambda one: one.description is None),
        ({"key": "severity", "operator": "is_set"}, lambda one: one.severity is not None),
        (
            {"key": "name", "operator": "not_icontains", "value": "KEY"},
            lambda one: "key" not in one.name.lower(),
        ),
        (
            {"key": "first_seen", "operator": "is_date_after", "value": "2026-01-08"},
            lambda one: one.first_seen > at("2026-01-08"),
        ),
        (
            {"key": "first_seen", "operator": "lt", "value": "2026-01-08"},
            lambda one: one.first_seen < at("2026-01-08"),
        ),
    ],
)
def test_issues_are_filtered_by_what_they_are_now(made, given, holds):
    found = {one["id"] for one in ask(made, filterGroup=[issue_filter(**given)])["results"]}
    present = grouped(made, made.within(FROM, TO))
    assert found == {str(one.id) for one in made.issues.values() if one.id in present and holds(one)}


def test_filters_of_issues_may_be_alternatives(made):
    either = [issue_filter(key="status", operator="exact", value=[one]) for one in ("resolved", "suppressed")]
    found = {one["status"] for one in ask(made, filterGroup={"type": "OR", "values": either})["results"]}
    assert found == {"resolved", "suppressed"}


LIBRARY = {"type": "event", "key": "$lib", "operator": "exact", "value": "web"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"orderBy": "revenue"},
        {"orderDirection": "up"},
        {"status": "gone"},
        {"assignee": {"type": "robot", "id": 1}},
        {"issueId": "no uuid"},
        {"personId": "no uuid"},
        {"volumeResolution": 100_000},
        {"volumeResolution": True},
        {"searchQuery": 4},
        {"searchQuery": " ".join(f"w{number}" for number in range(101))},
        {"searchQuery": "x" * 20_000},
        {"dateRange": {"date_to": "all"}},
        {"dateRange": {"date_from": 4}},
        {"dateRange": {"date_from": "yesterday-ish"}},
        {"limit": -1},
        {"withFirstEvent": "yes"},
        {"groupKey": "acme", "groupTypeIndex": 9},
        {
            "filterGroup": {
                "type": "OR",
                "values": [LIBRARY, issue_filter(key="status", operator="exact", value="x")],
            }
        },
        {"filterGroup": [issue_filter(key="cohort", operator="exact", value="x")]},
        {"filterGroup": [issue_filter(key="name", operator="regex", value="(a+)+$")]},
        {"filterGroup": [issue_filter(key="first_seen", operator="gt", value=4)]},
    ],
)
def test_what_makes_no_sense_is_refused(made, wrong):
    with pytest.raises(Invalid):
        ask(made, **wrong)


def test_a_hundred_words_are_searched_for(made):
    assert ask(made, searchQuery=" ".join(f"w{number}" for number in range(100)))["results"] == []


def test_nothing_but_a_refusal_comes_of_garbage(made):
    chance = random.Random(5)
    garbage = (None, True, 0, -1, 1e300, "", "x", [], [[]], {}, {"values": 4}, {"type": "AND"}, "\0")
    names = (
        "dateRange",
        "orderBy",
        "status",
        "assignee",
        "filterGroup",
        "searchQuery",
        "personId",
        "limit",
        "issueId",
    )
    for _ in range(150):
        query = {name: chance.choice(garbage) for name in chance.sample(names, 2)}
        try:
            ask(made, **query)
        except HogletError:
            continue
