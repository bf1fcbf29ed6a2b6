"""PostHog's routes for definitions."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.definitions.described import names_in
from appliance.definitions.events import EventDefinitions
from appliance.definitions.properties import PropertyDefinitions, seen_together
from appliance.failures import Invalid, NotFound
from appliance.http.openapi import TEXT, reads
from appliance.resources import Door, resource_routes


def routes(door: Door) -> APIRouter:
    router = APIRouter()
    events, properties = EventDefinitions(), PropertyDefinitions()

    @router.get("/event_definitions/by_name/", openapi_extra=reads(parameters={"name": TEXT}))
    def by_name(request: Request, project_id: str) -> JSONResponse:
        """The definition of the event `name`."""
        with door.reading(request, project_id, events.scope) as (caller, connection):
            name = request.query_params.get("name", "")
            if not name:
                raise Invalid("This field is required.", "name", "required")
            row = events.by_name(connection, caller, name)
            if row is None:
                raise NotFound(f"Event definition with name '{name[:200]}' not found.")
            return JSONResponse(events.view(connection, caller, row))

    @router.get(
        "/property_definitions/seen_together/",
        openapi_extra=reads(parameters={"event_names": TEXT, "property_name": TEXT}),
    )
    def together(request: Request, project_id: str) -> JSONResponse:
        """On which events a property was ever seen."""
        with door.reading(request, project_id, properties.scope) as (caller, connection):
            given = request.query_params
            names, name = names_in(given, "event_names"), given.get("property_name", "")
            if names is None or not name:
                raise Invalid("event_names and property_name are both needed.")
            found = seen_together(connection, caller.project.id, names, name.replace("\0", "\ufffd"))
            return JSONResponse(found)

    router.include_router(resource_routes(events, door))
    router.include_router(resource_routes(properties, door))
    return router
