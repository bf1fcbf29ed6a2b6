"""Every rule that a flag has to keep: what breaks it is refused, and told by its name."""

from typing import Any

import pytest
from sqlalchemy import update

from appliance.catalog import writing
from appliance.catalog.resources import cohort as table
from appliance.flags import filters
from tests.rest import Rest

PERSON = {"key": "plan", "type": "person", "operator": "exact", "value": "pro"}


def of_group(**more: Any) -> dict[str, Any]:
    return {"filters": {"groups": [{"properties": [], **more}]}}


def of_property(**more: Any) -> dict[str, Any]:
    given = {name: value for name, value in {**PERSON, **more}.items() if value is not ...}
    return of_group(properties=[given])


def of_variants(*variants: Any) -> dict[str, Any]:
    return {"filters": {"groups": [], "multivariate": {"variants": list(variants)}}}


def share(key: Any, percentage: Any = 10) -> dict[str, Any]:
    return {"key": key, "rollout_percentage": percentage}


def of_payloads(**payloads: Any) -> dict[str, Any]:
    return {"filters": {"groups": [], "payloads": payloads}}


P = "filters__groups__0__properties__0__"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    # the key
    ({"key": ""}, "key", "blank"),
    ({"key": None}, "key", "null"),
    ({"key": "a b"}, "key", "invalid_key"),
    ({"key": "a.b"}, "key", "invalid_key"),
    ({"key": "é"}, "key", "invalid_key"),
    ({"key": 1}, "key", "invalid_input"),
    ({"key": "a" * 401}, "key", "max_length"),
    # the flag
    ({"active": "maybe"}, "active", "invalid_input"),
    ({"archived": True}, "archived", "invalid_input"),
    ({"archived": True, "active": True}, "archived", "invalid_input"),
    ({"evaluation_runtime": "browser"}, "evaluation_runtime", "invalid_choice"),
    ({"bucketing_identifier": "cookie"}, "bucketing_identifier", "invalid_choice"),
    (
        {"bucketing_identifier": "device_id", "ensure_experience_continuity": True},
        "ensure_experience_continuity",
        "invalid_input",
    ),
    ({"has_encrypted_payloads": True}, "has_encrypted_payloads", "invalid_input"),
    ({"creation_context": "elsewhere"}, "creation_context", "invalid_choice"),
    ({"evaluation_contexts": ["a"] * 51}, "evaluation_contexts", "max_length"),
    ({"evaluation_contexts": ["a" * 256]}, "evaluation_contexts__0", "max_length"),
    ({"evaluation_contexts": "a"}, "evaluation_contexts", "not_a_list"),
    # filters
    ({"filters": []}, "filters", "not_a_dict"),
    ({"filters": None}, "filters", "null"),
    ({"filters": {"version": 2}}, "filters__version", "reserved_config_version"),
    ({"filters": {"groups": {}}}, "filters__groups", "not_a_list"),
    ({"filters": {"groups": [1]}}, "filters__groups__0", "not_a_dict"),
    ({"filters": {"groups": [{}] * (filters.GROUPS_MAX + 1)}}, "filters__groups", "max_length"),
    ({"filters": {"x": "x" * filters.FILTERS_CHARACTERS_MAX}}, "filters", "max_length"),
    ({"filters": {"early_exit": "true"}}, "filters__early_exit", "invalid_input"),
    ({"filters": {"early_exit": 1}}, "filters__early_exit", "invalid_input"),
    ({"filters": {"feature_enrollment": "no"}}, "filters__feature_enrollment", "invalid_input"),
    ({"filters": {"aggregation_group_type_index": "0"}}, "filters__aggregation_group_type_index", "invalid_input"),
    ({"filters": {"aggregation_group_type_index": 5}}, "filters__aggregation_group_type_index", "max_value"),
    ({"filters": {"aggregation_group_type_index": True}}, "filters__aggregation_group_type_index", "invalid_input"),
    ({"filters": {"holdout": 7}}, "filters__holdout", "not_a_dict"),
    ({"filters": {"holdout": {"id": "7", "exclusion_percentage": 10}}}, "filters__holdout__id", "invalid_input"),
    (
        {"filters": {"holdout": {"id": 7, "exclusion_percentage": 101}}},
        "filters__holdout__exclusion_percentage",
        "max_value",
    ),
    # condition sets
    (of_group(rollout_percentage="42"), "filters__groups__0__rollout_percentage", "invalid_input"),
    (of_group(rollout_percentage=True), "filters__groups__0__rollout_percentage", "invalid_input"),
    (of_group(rollout_percentage=100.5), "filters__groups__0__rollout_percentage", "max_value"),
    (of_group(rollout_percentage=-1), "filters__groups__0__rollout_percentage", "min_value"),
    (of_group(variant=1), "filters__groups__0__variant", "invalid_input"),
    (of_group(aggregation_group_type_index=1.5), "filters__groups__0__aggregation_group_type_index", "invalid_input"),
    (of_group(description="x" * 2_001), "filters__groups__0__description", "max_length"),
    (of_group(properties={}), "filters__groups__0__properties", "not_a_list"),
    (of_group(properties=["x"]), "filters__groups__0__properties__0", "not_a_dict"),
    (of_group(properties=[PERSON] * 201), "filters__groups__0__properties", "max_length"),
    # filters of properties
    (of_property(type="event"), f"{P}type", "invalid_choice"),
    (of_property(type=["person"]), f"{P}type", "invalid_choice"),
    (of_property(type="person_metadata", key="created_at"), f"{P}type", "invalid_choice"),
    (of_property(key=...), f"{P}key", "required"),
    (of_property(key=""), f"{P}key", "required"),
    (of_property(key=True), f"{P}key", "required"),
    (of_property(operator="equals"), f"{P}operator", "invalid_choice"),
    (of_property(operator="between"), f"{P}operator", "invalid_choice"),
    (of_property(operator="in"), f"{P}operator", "invalid_choice"),
    (of_property(operator=1), f"{P}operator", "invalid_input"),
    (of_property(value=...), f"{P}value", "required"),
    (of_property(value=None, operator="is_not"), f"{P}value", "required"),
    (of_property(value={"a": 1}), f"{P}value", "invalid_input"),
    (of_property(value=[["a"]]), f"{P}value", "invalid_input"),
    (of_property(value=["a"] * 10_001), f"{P}value", "max_length"),
    (of_property(negation="true"), f"{P}negation", "invalid_input"),
    (of_property(type="group", group_type_index="0"), f"{P}group_type_index", "invalid_input"),
    (of_property(type="cohort", key="id", operator="exact", value=1), f"{P}operator", "invalid_choice"),
    (of_property(type="cohort", key="name", operator="in", value=1), f"{P}key", "invalid_input"),
    (of_property(type="cohort", key="id", operator="in", value="1"), f"{P}value", "invalid_input"),
    (of_property(type="flag", key="a", operator=..., value=True), f"{P}key", "invalid_input"),
    (of_property(type="flag", key="1", operator="exact", value=True), f"{P}operator", "invalid_choice"),
    (of_property(type="flag", key="1", operator=..., value=1), f"{P}value", "invalid_input"),
    # variants
    ({"filters": {"multivariate": []}}, "filters__multivariate", "not_a_dict"),
    (of_variants("a"), "filters__multivariate__variants__0", "not_a_dict"),
    (of_variants(share("")), "filters__multivariate__variants__0__key", "required"),
    (of_variants(share(1)), "filters__multivariate__variants__0__key", "required"),
    (of_variants(share("a", "50")), "filters__multivariate__variants__0__rollout_percentage", "invalid_input"),
    (of_variants(share("a", None)), "filters__multivariate__variants__0__rollout_percentage", "invalid_input"),
    (of_variants(share("a"), share("a")), "filters__multivariate__variants", "unique"),
    (of_variants(share("a", 60), share("b", 41)), "filters__multivariate__variants", "invalid_input"),
    (of_variants(*(share(str(one), 0) for one in range(101))), "filters__multivariate__variants", "max_length"),
    # payloads
    ({"filters": {"payloads": []}}, "filters__payloads", "not_a_dict"),
    (of_payloads(true="{"), "filters__payloads__true", "invalid_input"),
    (of_payloads(true="NaN"), "filters__payloads__true", "invalid_input"),
    (of_payloads(other="1"), "filters__payloads", "invalid_choice"),
    (of_payloads(true='"' + "x" * 100_000 + '"'), "filters__payloads__true", "max_length"),
    (of_payloads(true=["x" * 100_000]), "filters__payloads__true", "max_length"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "attr", "code"), REFUSED, ids=[f"{attr}-{code}" for _, attr, code in REFUSED]
)
def test_what_breaks_a_rule_is_refused(rest: Rest, body: dict[str, Any], attr: str, code: str) -> None:
    answer = rest.post("feature_flags/", {"key": "a", **body})
    told = answer.json()
    assert answer.status_code == 400, told
    assert told["type"] == "validation_error"
    assert (told["attr"], told["code"]) == (attr, code), told["detail"]
    assert told["detail"]
    assert rest.results("feature_flags/") == []


KEPT: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (of_property(operator="min", value=3), of_property(operator="gte", value=3)),
    (of_property(operator="max", value="3"), of_property(operator="lte", value="3")),
    (of_property(operator=...), of_property()),
    (of_property(type=...), of_property()),
    (of_property(key=42), of_property(key="42")),
    (of_property(value=[1, "a", True, 1.5]), of_property(value=[1, "a", True, 1.5])),
    (of_property(operator="is_set", value=...), of_property(operator="is_set", value=...)),
    (of_group(rollout_percentage=33.3), of_group(rollout_percentage=33.3)),
    (of_group(rollout_percentage=None, variant=None), of_group(rollout_percentage=None, variant=None)),
    (of_group(aggregation_group_type_index=None), of_group(aggregation_group_type_index=None)),
    (of_group(users_affected=5), of_group(users_affected=5)),
    (of_payloads(true={"a": 1}), of_payloads(true='{"a": 1}')),
    (of_payloads(true='{"a":1}'), of_payloads(true='{"a":1}')),
    (of_payloads(true=None), of_payloads()),
    (of_variants(share("a", 33.3), share("b", 33.3), share("c", 33.3), share("d", 0.1)), {}),
    (of_variants(share("control", 40)), {}),
]


@pytest.mark.parametrize(("body", "kept"), KEPT)
def test_what_can_be_said_in_two_ways_is_kept_in_one(
    rest: Rest, body: dict[str, Any], kept: dict[str, Any]
) -> None:
    assert rest.made("feature_flags/", key="a", **body)["filters"] == (kept or body)["filters"]


def test_the_sum_of_the_shares_is_told(rest: Rest) -> None:
    answer = rest.post("feature_flags/", {"key": "a", **of_variants(share("a", 60), share("b", 60.5))})
    assert "120.5 %" in answer.json()["detail"]


def test_a_payload_for_a_holdout_needs_the_holdout(rest: Rest) -> None:
    body = {"groups": [], "payloads": {"holdout-7": "1"}}
    assert rest.post("feature_flags/", {"key": "a", "filters": body}).status_code == 400
    held = {**body, "holdout": {"id": 7, "exclusion_percentage": 10}}
    assert rest.made("feature_flags/", key="a", filters=held)["filters"]["payloads"] == {"holdout-7": "1"}


def test_rules_hold_for_the_whole_flag_whichever_part_came_last(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", ensure_experience_continuity=True)
    path = f"feature_flags/{flag['id']}/"
    assert rest.patch(path, {"bucketing_identifier": "device_id"}).status_code == 400
    assert rest.patch(path, {"archived": True}).json()["attr"] == "archived"
    assert rest.patch(path, {"archived": True, "active": False}).json()["status"] == "ARCHIVED"
    assert rest.patch(path, {"active": True}).json()["attr"] == "archived"
    assert rest.patch(path, {"active": True, "archived": False}).json()["status"] == "ACTIVE"


NAMED: list[tuple[dict[str, Any], str]] = [
    (of_property(operator="regex", value="("), "invalid_regex"),
    (of_property(operator="gt", value="many"), "invalid_number"),
    (of_property(operator="semver_gt", value="soon"), "invalid_version"),
    (of_property(operator="is_date_before", value="someday"), "invalid_date"),
    (of_property(type="cohort", key="id", operator="in", value=999_999_999), "missing_cohort"),
    (of_property(type="flag", key="999999999", operator=..., value=True), "missing_flag"),
]


@pytest.mark.parametrize(("body", "code"), NAMED, ids=[code for _, code in NAMED])
def test_what_can_never_match_or_names_nothing_is_refused(
    rest: Rest, body: dict[str, Any], code: str
) -> None:
    answer = rest.post("feature_flags/", {"key": "a", **body})
    told = answer.json()
    assert (answer.status_code, told["attr"], told["code"]) == (400, "filters", code), told
    assert rest.results("feature_flags/") == []
    flag = rest.made("feature_flags/", key="a")
    assert rest.patch(f"feature_flags/{flag['id']}/", body).json()["code"] == code
    assert rest.get(f"feature_flags/{flag['id']}/").json()["version"] == 1


def test_flags_do_not_look_at_each_other_in_a_circle(rest: Rest) -> None:
    def looking_at(flag: dict[str, Any]) -> dict[str, Any]:
        return of_property(type="flag", key=str(flag["id"]), operator=..., value=True)

    first = rest.made("feature_flags/", key="first")
    second = rest.made("feature_flags/", key="second", **looking_at(first))
    third = rest.made("feature_flags/", key="third", **looking_at(second))
    refused = rest.patch(f"feature_flags/{first['id']}/", looking_at(third))
    assert (refused.status_code, refused.json()["code"]) == (400, "flag_cycle")
    assert rest.patch(f"feature_flags/{first['id']}/", looking_at(first)).json()["code"] == "flag_cycle"


def test_a_flag_of_another_project_is_none(rest: Rest) -> None:
    theirs = rest.other_project().made("feature_flags/", key="theirs")
    body = of_property(type="flag", key=str(theirs["id"]), operator=..., value=True)
    assert rest.post("feature_flags/", {"key": "a", **body}).json()["code"] == "missing_flag"


def test_what_went_wrong_since_stops_nobody_from_turning_a_flag_off(rest: Rest) -> None:
    cohort = rest.made("cohorts/", name="c", is_static=True)
    named = of_property(type="cohort", key="id", operator="in", value=cohort["id"])
    flag = rest.made("feature_flags/", key="a", **named)
    with writing(rest.engine) as connection:
        connection.execute(update(table).where(table.c.id == cohort["id"]).values(is_deleted=True))
    path = f"feature_flags/{flag['id']}/"
    assert rest.patch(path, {"active": False}).status_code == 200
    assert rest.patch(path, {"filters": flag["filters"], "name": "x"}).status_code == 200, (
        "nothing of it is new"
    )
    assert rest.patch(path, {"deleted": True}).status_code == 200
    assert rest.patch(path, {"deleted": False}).json()["code"] == "missing_cohort"


def test_a_variant_that_was_taken_away_may_still_be_named(rest: Rest) -> None:
    filters = {"groups": [{"variant": "gone"}], "multivariate": {"variants": [share("a", 100)]}}
    assert rest.made("feature_flags/", key="a", filters=filters)["filters"]["groups"][0]["variant"] == "gone"
