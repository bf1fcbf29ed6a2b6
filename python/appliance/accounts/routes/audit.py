"""What happened to an organisation's accounts: `/api/organizations/{id}/audit_log/`."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from appliance.accounts import audit
from appliance.accounts.reception import Reception
from appliance.accounts.routes.shapes import PERSON
from appliance.catalog import reading
from appliance.http.openapi import OBJECT, PAGE, TEXT, TIME, page_schema, reads
from appliance.resources.pages import fetch, page_of, paged

_ENTRY = {
    "type": "object",
    "required": ["id", "user", "email", "action", "detail", "address", "created_at"],
    "properties": {
        "id": {"type": "integer"},
        "user": {"anyOf": [PERSON, {"type": "null"}]},
        "email": {**TEXT, "description": "Whose it was then."},
        "action": TEXT,
        "detail": OBJECT,
        "address": TEXT,
        "created_at": TIME,
    },
}


def routes(reception: Reception) -> APIRouter:
    router = APIRouter(prefix="/api/organizations")

    @router.get(
        "/{organization_id}/audit_log/",
        openapi_extra=reads(parameters={**PAGE, "action": TEXT, "email": TEXT}, answer=page_schema(_ENTRY)),
    )
    def audit_log(request: Request, organization_id: str) -> JSONResponse:
        """Who signed in, or failed to, and what happened to keys, members, roles and settings; the newest first."""
        member = reception.access.member(request, organization_id, "audit_log:read")
        page = page_of(request.query_params)
        with reading(reception.catalog) as connection:
            query = audit.audit_query(member.organization_id, request.query_params)
            count, rows = fetch(connection, query, page)
            results = audit.audit_views(connection, rows)
        return JSONResponse(paged(request, reception.config.public_url, page, count, results))

    return router
