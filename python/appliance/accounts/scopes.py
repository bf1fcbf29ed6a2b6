"""What keys may be limited to. A room's scope has to be here, so that keys with it can be made."""

from typing import Any

from appliance.accounts.principal import ALL_SCOPES
from appliance.failures import Invalid

NAMES = (
    "action", "activity_log", "alert", "annotation", "audit_log", "batch_export", "cohort", "dashboard",
    "early_access_feature", "error_tracking", "event_definition", "experiment", "export", "feature_flag",
    "group", "hog_function", "ingestion_warning", "insight", "insight_variable", "llm_analytics", "logs",
    "notebook", "organization", "organization_member", "person", "project", "project_secret_key",
    "property_definition", "query", "revenue_analytics", "session_recording",
    "session_recording_playlist", "sharing_configuration", "subscription", "survey", "tracing", "user",
    "web_analytics",
)  # fmt: skip
ACTIONS = ("read", "write")
SCOPES_MAX = 200
_ALL = frozenset({ALL_SCOPES, *(f"{name}:{action}" for name in NAMES for action in ACTIONS)})


def scopes_field(value: Any) -> list[str]:
    """For the fields of a body."""
    if not isinstance(value, list) or not value:
        raise Invalid("A key needs at least one scope.", code="required")
    if len(value) > SCOPES_MAX:
        raise Invalid(f"Ensure this field has no more than {SCOPES_MAX} elements.", code="max_length")
    for one in value:
        if not isinstance(one, str) or one not in _ALL:
            raise Invalid(f'"{str(one)[:100]}" is not a valid choice.', code="invalid_choice")
    return sorted(set(value))
