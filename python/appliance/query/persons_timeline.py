"""How a person's properties changed, as far as an insight asks about them.

Promise: a point is a run of the person's events between which none of the crucial properties changed. Crucial are
those that the insight filters or breaks down by.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.catalog import ProjectSnapshot, reading
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import TEXT, reads
from appliance.persons import find_person
from appliance.query.asked import Asked
from appliance.query.dates import DateRange
from appliance.query.encode import encoded
from appliance.query.events_list import json_of
from appliance.query.events_query import object_of
from appliance.query.filters import action_to_expr, property_to_expr
from appliance.query.filters.properties import clock_of
from appliance.query.filters.terms import call, compare, constant, equals, every, field, some
from appliance.query.hogql import ast
from appliance.query.runner import Question, Runner

SCOPE = "person:read"
_POINTS_MAX = 1_000
_KEYS_MAX = 50
_ENTITIES_MAX = 50
_DEPTH_MAX = 32
_DIGITS_MAX = 18
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PARAMETERS = dict.fromkeys(
    ("events", "actions", "properties", "breakdown", "breakdown_type", "date_from", "date_to"), TEXT
)
# As the person was when each event happened.
_QUERY = {
    "kind": "EventsQuery",
    "modifiers": {"personsOnEventsMode": "person_id_override_properties_on_events"},
}
_POINTS = """
SELECT happened, properties, number, total FROM (
    SELECT happened, properties, crucial, number, total,
        lagInFrame(crucial) OVER (ORDER BY number ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before
    FROM (
        SELECT happened, properties, crucial,
            row_number() OVER (ORDER BY happened ASC, id ASC) AS number, count() OVER () AS total
        FROM (
            SELECT timestamp AS happened, uuid AS id, person.properties AS properties, {crucial} AS crucial
            FROM events WHERE {condition} LIMIT 1 BY uuid
        )
    )
) WHERE number = 1 OR crucial != before ORDER BY number ASC LIMIT {limit}
"""


def routes(catalog: Engine, access: Access, runner: Runner) -> APIRouter:
    router = APIRouter()

    @router.get("/persons/{person_id}/properties_timeline/", openapi_extra=reads(parameters=_PARAMETERS))
    def properties_timeline(request: Request, project_id: str, person_id: str) -> Response:
        """When the properties changed that an insight filters or breaks down by; JSON lists as insights have them."""
        project = access.project(request, project_id, SCOPE)
        with reading(catalog) as connection:
            person = find_person(connection, project.id, person_id)
        if person is None:
            raise NotFound("there is no such person in this project")
        found = _timeline(runner, project, person["id"], request.query_params)
        return Response(encoded(found), media_type="application/json")

    return router


def _timeline(
    runner: Runner, project: ProjectSnapshot, person_id: str, given: Mapping[str, str]
) -> dict[str, Any]:
    filters = json_of(given, "properties")
    events, actions = _entities(given, "events"), _entities(given, "actions")
    keys = list(dict.fromkeys(_crucial(given, [filters, *(one.get("properties") for one in events)])))
    with runner.asking(Question(project, _QUERY)) as asked:
        dates = DateRange.of(given, clock_of(asked.context), earliest=lambda: _EPOCH)
        condition = every(
            [
                equals(call("toString", field("person_id")), person_id),
                compare(field("timestamp"), ">=", constant(dates.date_from)),
                compare(field("timestamp"), "<=", constant(dates.date_to)),
                property_to_expr(filters, asked.context),
                _any_of(events, actions, asked),
            ]
        )
        values: list[ast.Expr] = [_text_of(key) for key in keys[:_KEYS_MAX]] or [constant("")]
        rows = asked.run(
            _POINTS,
            placeholders={"crucial": ast.Array(values), "condition": condition, "limit": _POINTS_MAX},
            name="timeline",
        ).rows
    # Each run ends where the next begins, the last one with the last event.
    ends = [row[2] for row in rows[1:]] + [rows[-1][3] + 1 if rows else 0]
    return {
        "points": [
            {"timestamp": at, "properties": object_of(properties), "relevant_event_count": end - number}
            for (at, properties, number, _), end in zip(rows, ends, strict=False)
        ],
        "crucial_property_keys": keys,
        "effective_date_from": dates.date_from,
        "effective_date_to": dates.date_to,
    }


def _text_of(key: str) -> ast.Expr:
    return call("ifNull", call("toString", field("person", "properties", key)), constant(""))


def _any_of(events: list[dict[str, Any]], actions: list[dict[str, Any]], asked: Asked) -> ast.Expr:
    if not events and not actions:
        return constant(value=True)
    conditions = []
    for one in events:
        name = one.get("id")
        named = constant(value=True) if name is None else equals(field("event"), str(name))
        conditions.append(every([named, property_to_expr(one.get("properties"), asked.context)]))
    for one in actions:
        number = str(one.get("id"))
        action = (
            asked.context.project.action(int(number))
            if number.isdecimal() and len(number) <= _DIGITS_MAX
            else None
        )
        if action is None:
            raise Invalid("there is no such action", "actions")
        filtered = property_to_expr(one.get("properties"), asked.context)
        conditions.append(every([action_to_expr(action, asked.context), filtered]))
    return some(conditions)


def _crucial(given: Mapping[str, str], filters: Any) -> Iterator[str]:
    if given.get("breakdown") and given.get("breakdown_type") == "person":
        yield given["breakdown"]
    yield from _keys(filters, 0)


def _keys(filters: Any, depth: int) -> Iterator[str]:
    """Of the filters of persons, however they are grouped."""
    if depth > _DEPTH_MAX:
        return
    if isinstance(filters, list):
        for one in filters:
            yield from _keys(one, depth + 1)
    elif isinstance(filters, dict):
        if filters.get("type") == "person" and isinstance(filters.get("key"), str):
            yield filters["key"]
        yield from _keys(filters.get("values"), depth + 1)


def _entities(given: Mapping[str, str], name: str) -> list[dict[str, Any]]:
    found = json_of(given, name)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Invalid(f"{name} must be a JSON list of objects", name)
    if len(found) > _ENTITIES_MAX:
        raise Invalid(f"{name} may have at most {_ENTITIES_MAX} entries", name)
    return found
