"""ErrorTrackingIssueCorrelationQuery: which issues keep sessions from coming to an event that was wished for.

Of the sessions of the last hours, for an issue and an event: `both` had the issue before the event, `exception_only`
the issue without the event, `success_only` the event without the issue, `neither` none of them. The odds ratio is
both * neither / (success_only * exception_only), and there is none where one of them is 0.

Sessions with nothing of either are never gathered: they are what is left of all.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from appliance.failures import Invalid
from appliance.query.asked import Asked
from appliance.query.error_tracking.exceptions import EVENT
from appliance.query.error_tracking.shapes import shown_issue
from appliance.query.filters.terms import compare, constant, every, field, within
from appliance.query.insights.given import texts

EVENTS_MAX = 50
RESULTS_MAX = 1_000
_HOURS = timedelta(hours=6)
_LIMIT = 50
_COLUMNS = (
    "id", "status", "severity", "name", "description", "first_seen", "assignee", "external_issues", "last_seen",
    "library", "odds_ratio", "population", "event",
)  # fmt: skip
_SESSIONS = "SELECT uniqExact($session_id) FROM events WHERE {of_sessions}"
_ISSUES = """
SELECT issue_id AS issue, uniqExact($session_id), max(timestamp), argMax(tuple(properties.$lib), tuple(timestamp, uuid))
FROM events WHERE {exceptions} GROUP BY issue
"""
_SUCCESSES = "SELECT event, uniqExact($session_id) FROM events WHERE {successes} GROUP BY event"
_TOGETHER = """
SELECT failed.issue AS issue, succeeded.name AS name, count() AS together,
    countIf(failed.happened < succeeded.happened) AS both
FROM (
    SELECT $session_id AS session, issue_id AS issue, min(timestamp) AS happened
    FROM events WHERE {exceptions} GROUP BY session, issue
) AS failed
JOIN (
    SELECT $session_id AS session, event AS name, min(timestamp) AS happened
    FROM events WHERE {successes} GROUP BY session, name
) AS succeeded ON failed.session = succeeded.session
GROUP BY issue, name HAVING both > 0
ORDER BY both DESC LIMIT {limit}
"""


def issue_correlation_query(query: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """The answer to an ErrorTrackingIssueCorrelationQuery: active issues, the worst first."""
    names = list(dict.fromkeys(texts(query, "events")))
    if len(names) > EVENTS_MAX:
        raise Invalid(f"events may have at most {EVENTS_MAX} entries", attr="events")
    results = _results(names, asked) if names else []
    return {
        "columns": list(_COLUMNS),
        "results": results[:RESULTS_MAX],
        "hasMore": len(results) > RESULTS_MAX,
        "limit": _LIMIT,
        "offset": 0,
    }


def _results(names: Sequence[str], asked: Asked) -> list[dict[str, Any]]:
    of_sessions = every(
        [
            compare(field("timestamp"), ">", constant(asked.context.now - _HOURS)),
            compare(field("timestamp"), "<=", constant(asked.context.now)),
            compare(field("$session_id"), "!=", constant("")),
        ]
    )
    exceptions = every(
        [of_sessions, within(field("event"), [EVENT]), compare(field("issue_id"), "!=", constant(None))]
    )
    values = {
        "of_sessions": of_sessions,
        "exceptions": exceptions,
        "successes": every([of_sessions, within(field("event"), names)]),
        "limit": asked.issues_max,
    }
    together = asked.run(_TOGETHER, placeholders=values, name="together").rows
    if not together:
        return []
    (sessions,) = asked.run(_SESSIONS, placeholders=values, name="sessions").rows[0]
    failed = {row[0]: row[1:] for row in asked.run(_ISSUES, placeholders=values, name="issues").rows}
    succeeded = {row[0]: row[1] for row in asked.run(_SUCCESSES, placeholders=values, name="events").rows}
    ids = list(dict.fromkeys(row[0] for row in together))
    active = {one.id: one for one in asked.context.project.issues(ids) if one.status == "active"}
    results = []
    for id_, name, count, both in together:
        if id_ not in active or id_ not in failed or name not in succeeded:
            continue
        failures, last_seen, (library,) = failed[id_]
        population = {
            "both": both,
            "success_only": succeeded[name] - count,
            "exception_only": failures - count,
            "neither": sessions - succeeded[name] - failures + count,
        }
        if all(number > 0 for number in population.values()):
            results.append(
                {
                    **shown_issue(active[id_]),
                    "external_issues": [],
                    "last_seen": last_seen,
                    "library": library,
                    "odds_ratio": _odds_ratio(population),
                    "population": population,
                    "event": name,
                }
            )
    results.sort(key=lambda one: (-one["odds_ratio"], one["id"], one["event"]))
    return results


def _odds_ratio(population: Mapping[str, int]) -> float:
    hindered = population["both"] * population["neither"]
    return hindered / (population["success_only"] * population["exception_only"])
