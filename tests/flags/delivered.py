"""A project as requests meet it, made of what a test says, and the routes that SDKs fetch from over it."""

import json
from collections.abc import Mapping
from typing import Any

from appliance.catalog.snapshot import ProjectSnapshot
from appliance.flags.definitions import CohortRow, Definitions, FlagRow
from appliance.flags.keeper import ProjectFlags

TOKEN = "phc_delivered"


def flag(id_: int, key: str, filters: Mapping[str, Any] | None = None, **columns: Any) -> FlagRow:
    return FlagRow(
        **{
            "id": id_,
            "key": key,
            "name": "",
            "filters_text": json.dumps(
                filters or {"groups": [{"properties": [], "rollout_percentage": 100}]}
            ),
            "is_active": True,
            "version": 1,
            "ensure_experience_continuity": None,
            "evaluation_runtime": None,
            "bucketing_identifier": None,
            "evaluation_contexts_text": "[]",
            "is_remote_configuration": False,
            "has_encrypted_payloads": False,
            "creation_context": "feature_flags",
            **columns,
        }
    )


def flag_with(id_: int, key: str, *properties: Mapping[str, Any], **columns: Any) -> FlagRow:
    """A flag for those with these properties."""
    return flag(
        id_, key, {"groups": [{"properties": list(properties), "rollout_percentage": 100}]}, **columns
    )


def depends_on(id_: int, value: Any = True) -> dict[str, Any]:
    return {"key": str(id_), "type": "flag", "operator": "flag_evaluates_to", "value": value}


def in_cohort(id_: int) -> dict[str, Any]:
    return {"key": "id", "type": "cohort", "value": id_, "operator": "in"}


def cohort(id_: int, *criteria: Mapping[str, Any]) -> CohortRow:
    filters = {"properties": {"type": "OR", "values": [{"type": "AND", "values": list(criteria)}]}}
    return CohortRow(id=id_, name=None, is_static=False, filters_text=json.dumps(filters), version=1)


def static_cohort(id_: int) -> CohortRow:
    return CohortRow(id=id_, name=None, is_static=True, filters_text=None, version=0)


def project_with(
    *flags: FlagRow,
    cohorts: tuple[CohortRow, ...] = (),
    group_types: Mapping[str, int] | None = None,
    options: Mapping[str, Any] | None = None,
    **columns: Any,
) -> ProjectFlags:
    project = ProjectSnapshot(**{"id": 1, "token": TOKEN, "options": options or {}, **columns})
    return ProjectFlags(project, Definitions(flags, cohorts, group_types or {}), b"", None)
