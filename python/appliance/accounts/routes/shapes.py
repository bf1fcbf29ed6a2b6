"""How users and organisations look, for the API's document. Views may tell more than is promised here."""

from appliance.accounts.roles import Role
from appliance.http.openapi import BOOLEAN, TEXT, TIME, Schema

_UUID: Schema = {**TEXT, "format": "uuid"}
_NUMBER: Schema = {"type": "integer"}
ROLE: Schema = {"enum": [role.text for role in Role]}
LEVEL: Schema = {"enum": [role.value for role in Role], "description": "PostHog's number of the role."}


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


PERSON = _object(
    id=_NUMBER,
    uuid=_UUID,
    distinct_id=TEXT,
    first_name=TEXT,
    last_name=TEXT,
    email={**TEXT, "format": "email"},
)
PROJECT = _object(
    id=_NUMBER, uuid=_UUID, organization=_UUID, project_id=_NUMBER, api_token=TEXT, name=TEXT, timezone=TEXT,
    is_demo=BOOLEAN,
)  # fmt: skip
_MEMBERSHIP = _object(id=_UUID, name=TEXT, slug=TEXT, membership_level=LEVEL, role=ROLE)
ORGANIZATION = _object(
    **_MEMBERSHIP["properties"],
    created_at=TIME,
    updated_at=TIME,
    teams={"type": "array", "items": PROJECT},
    projects={"type": "array", "items": _object(id=_NUMBER, organization_id=_UUID, name=TEXT)},
)
USER = _object(
    **PERSON["properties"],
    date_joined=TIME,
    has_password=BOOLEAN,
    has_social_auth=BOOLEAN,
    is_active=BOOLEAN,
    is_email_verified=BOOLEAN,
    is_2fa_enabled=BOOLEAN,
    theme_mode=_nullable({"enum": ["light", "dark", "system"]}),
    team=_nullable(PROJECT),
    organization=_nullable(ORGANIZATION),
    organizations={"type": "array", "items": _MEMBERSHIP},
)
