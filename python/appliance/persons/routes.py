"""PostHog's routes for persons, as far as they read; `change_routes` has the others."""

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Engine

from appliance.accounts.access import Access
from appliance.catalog import reading
from appliance.config import Config
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import PAGE, TEXT, reads
from appliance.http.parameters import same_page, whole_number
from appliance.persons.as_csv import as_csv
from appliance.persons.read import LIMIT_MAX, SEARCH_CHARS_MAX, find_person, list_persons, property_values

SCOPE = "person:read"
LIMIT = 100
VALUES = 10
_NARROWING = {
    **dict.fromkeys(("search", "distinct_id", "email", "properties"), TEXT),
    "format": {"enum": ["json", "csv"]},
}


def routes(config: Config, catalog: Engine, access: Access) -> APIRouter:
    """Everything under `/api/projects/{id}/persons/`."""
    router = APIRouter()

    @router.get("/persons/", openapi_extra=reads(parameters={**PAGE, **_NARROWING}))
    def persons(request: Request, project_id: str) -> Response:
        """Persons; `properties` is a JSON list of filters, `format=csv` gives a table."""
        project = access.project(request, project_id, SCOPE)
        given = request.query_params
        limit = min(whole_number(given, "limit", LIMIT, minimum=1), LIMIT_MAX)
        offset = whole_number(given, "offset", 0)
        with reading(catalog) as connection:
            found, more = list_persons(
                connection,
                project.id,
                search=given.get("search", ""),
                distinct_id=given.get("distinct_id", ""),
                properties=_properties(given.get("properties", "")) + _email(given.get("email", "")),
                limit=limit,
                offset=offset,
            )

        if given.get("format") == "csv":
            return Response(as_csv(found), media_type="text/csv; charset=utf-8")

        def page(start: int) -> str:
            return same_page(request, config.public_url, limit=str(limit), offset=str(start))

        following = page(offset + limit) if more else None
        previous = page(max(0, offset - limit)) if offset else None
        return JSONResponse({"next": following, "previous": previous, "results": found})

    @router.get("/persons/values/", openapi_extra=reads(parameters={"key": TEXT, "value": TEXT}))
    def values(request: Request, project_id: str) -> JSONResponse:
        """What a property of persons has been, the most frequent first."""
        project = access.project(request, project_id, SCOPE)
        key, part = request.query_params.get("key", ""), request.query_params.get("value", "")
        if not key or "\0" in key + part or len(key + part) > SEARCH_CHARS_MAX:
            raise Invalid("Invalid key or value.", "key")
        with reading(catalog) as connection:
            found = property_values(connection, project.id, key, part, VALUES)
        return JSONResponse([{"name": name, "count": count} for name, count in found])

    @router.get("/persons/{person_id}/")
    def person(request: Request, project_id: str, person_id: str) -> JSONResponse:
        """One person, by id or by any of their distinct ids."""
        project = access.project(request, project_id, SCOPE)
        with reading(catalog) as connection:
            found = find_person(connection, project.id, person_id)
        if found is None:
            raise NotFound("there is no such person in this project")
        return JSONResponse(found)

    return router


def _email(email: str) -> list[dict[str, Any]]:
    return [{"key": "email", "value": email, "operator": "exact"}] if email else []


def _properties(text: str) -> list[dict[str, Any]]:
    if not text:
        return []
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid("properties must be JSON") from None
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise Invalid("properties must be a list of filters")
    return given
