"""Asks the native module what the catalog would be asked for, and gives it no more than that."""

import json
from typing import Any

from appliance import _native

Json = dict[str, Any]

_NOTHING_ELSE: Json = {
    "person": None, "memberships": [], "hash_keys": {}, "group_properties": {}, "place": {}, "user_agent": "",
    "is_browser": False, "only_surveys": False, "now_us": 1_767_225_600_000_000,
}  # fmt: skip


def ask(flags: list[Json], body: Json, **more: Any) -> Json:
    """The answer for flags of a project without anything else; `more` are other members of a case."""
    definitions = {"project_id": 1, "timezone": "UTC", "property_matching_version": 1, "group_types": {},
                   "flags": flags, "cohorts": []}  # fmt: skip
    return answer({"definitions": definitions, "body": {"token": "phc_x", **body}, **_NOTHING_ELSE, **more})


def compiled(case: Json) -> Any:
    return _native.flags.FlagSet(json.dumps(case["definitions"]).encode())


def answer(case: Json, flag_set: Any = None, route: str = "flags", version: int = 2) -> Json:
    """The decoded answer to a case of `generators`."""
    flags = flag_set or compiled(case)
    query = f"v={version}" + ("&only_evaluate_survey_feature_flags=true" if case["only_surveys"] else "")
    request = _native.flags.read_request(
        {"flags": _native.flags.FLAGS, "decide": _native.flags.DECIDE}[route],
        query,
        "application/json",
        None,
        case["user_agent"] or None,
        case["is_browser"],
        json.dumps(case["body"]).encode(),
    )
    assert not isinstance(request, _native.flags.Refusal), (request.status, request.body)
    needs = flags.needs(request)
    needs_person, cohorts, needs_hash_keys, groups = needs or (False, [], False, [])
    body = flags.answer(
        request,
        person_properties=json.dumps(case["person"]) if needs_person and case["person"] is not None else None,
        memberships=[(cohort, version) for cohort, version in case["memberships"] if cohort in cohorts],
        hash_keys=list(case["hash_keys"].items()) if needs_hash_keys else [],
        group_properties=[
            (index, json.dumps(case["group_properties"][str(index)]))
            for index, _ in groups
            if str(index) in case["group_properties"]
        ],
        is_catalog_away=False,
        is_continuity_broken=False,
        place=json.dumps(case["place"])[1:-1] if case["place"] and request.wants_place else None,
        config=None,
        request_id="0199e3c2-8f3a-4c3e-9d3a-0242ac120002",
        now_us=case["now_us"],
    )
    told: Json = json.loads(body)
    return told
