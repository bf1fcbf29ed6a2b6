"""Who gets what, as people ask the API."""

import json
from typing import Any

import pytest

from appliance.catalog import writing
from appliance.catalog.feature_flags import flag_hash_key_override
from appliance.catalog.model import group_row, group_type, person_distinct_id
from appliance.flags import to_cohort
from tests.rest import Rest

PRO = {"groups": [{"properties": [{"key": "plan", "type": "person", "value": "pro"}]}]}
EVERYBODY = {"groups": [{"rollout_percentage": 100}]}


def made(rest: Rest, key: str, filters: dict[str, Any], **more: Any) -> dict[str, Any]:
    return rest.made("feature_flags/", key=key, filters=filters, **more)


def reasons(rest: Rest, distinct_id: str, **more: Any) -> dict[str, Any]:
    answer = rest.get("feature_flags/evaluation_reasons/", distinct_id=distinct_id, **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_reasons_are_those_of_the_evaluation(rest: Rest) -> None:
    rest.person("ann", plan="pro")
    rest.person("bob", plan="free")
    made(rest, "pro", PRO)
    made(rest, "server", EVERYBODY, evaluation_runtime="server")
    made(rest, "off", EVERYBODY, active=False)
    variants = {"variants": [{"key": "blue", "rollout_percentage": 100}]}
    made(rest, "colour", {**EVERYBODY, "multivariate": variants})
    ann = reasons(rest, "ann")
    assert {key: one["value"] for key, one in ann.items()} == {
        "pro": True,
        "server": True,
        "off": False,
        "colour": "blue",
    }
    assert ann["pro"]["evaluation"] == {
        "reason": "condition_match",
        "condition_index": 0,
        "description": "Matched condition set 1",
    }
    assert ann["off"]["evaluation"]["reason"] == "disabled"
    bob = reasons(rest, "bob")["pro"]
    assert (bob["value"], bob["evaluation"]["reason"]) == (False, "no_condition_match")
    assert reasons(rest, "nobody")["pro"]["value"] is False


def test_cohorts_groups_and_buckets_count(rest: Rest) -> None:
    person = rest.person("ann")
    cohort = rest.made("cohorts/", name="c", is_static=True, _create_static_person_ids=[str(person)])
    in_cohort = {"key": "id", "type": "cohort", "operator": "in", "value": cohort["id"]}
    made(rest, "cohort", {"groups": [{"properties": [in_cohort]}]})
    tier = {"key": "tier", "type": "group", "group_type_index": 0, "value": "gold"}
    made(rest, "group", {"aggregation_group_type_index": 0, "groups": [{"properties": [tier]}]})
    # 0.00423 of this bucket is known of the contract's conformance table, 0.28513 of the other.
    share = {"groups": [{"rollout_percentage": 25.5}]}
    made(rest, "beta-search-rollout", share, ensure_experience_continuity=True)
    whose = {"project_id": rest.project_id}
    with writing(rest.engine) as connection:
        connection.execute(group_type.insert().values(**whose, name="company", type_index=0))
        row = {"type_index": 0, "group_key": "acme", "created_at": 0, "properties": '{"tier":"gold"}'}
        connection.execute(group_row.insert().values(**whose, **row, version=0))
    first = reasons(rest, "ann", groups=json.dumps({"company": "acme"}))
    assert (first["cohort"]["value"], first["group"]["value"]) == (True, True)
    assert reasons(rest, "ann")["group"]["evaluation"]["reason"] == "no_group_type"
    rest.person("user-105")
    assert reasons(rest, "user-105")["beta-search-rollout"]["value"] is False
    with writing(rest.engine) as connection:
        owner = person_distinct_id.c
        query = person_distinct_id.select().where(
            owner.project_id == rest.project_id, owner.distinct_id == "user-105"
        )
        person = connection.execute(query).one().person_id
        row = {"person_id": person, "flag_key": "beta-search-rollout", "hash_key": "user-61"}
        connection.execute(flag_hash_key_override.insert().values(**whose, **row))
    assert reasons(rest, "user-105")["beta-search-rollout"]["value"] is True


@pytest.mark.parametrize(
    ("parameters", "attr"),
    [({}, "distinct_id"), ({"distinct_id": ""}, "distinct_id"), ({"distinct_id": "a", "groups": "{"}, "groups"),
     ({"distinct_id": "a", "groups": "[]"}, "groups"), ({"distinct_id": "a", "groups": "1" * 10_001}, "groups")],
)  # fmt: skip
def test_what_cannot_be_asked_is_told(rest: Rest, parameters: dict[str, str], attr: str) -> None:
    answer = rest.get("feature_flags/evaluation_reasons/", **parameters)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)


def test_my_flags_are_those_of_whoever_asks(rest: Rest) -> None:
    me = rest.get("/api/users/@me/").json()["distinct_id"]
    rest.person(me, plan="pro")
    made(rest, "pro", PRO)
    made(rest, "off", EVERYBODY, active=False)
    [mine] = rest.get("feature_flags/my_flags/").json()
    assert (mine["feature_flag"]["key"], mine["value"]) == ("pro", True)


def test_a_static_cohort_of_those_who_get_a_flag(rest: Rest) -> None:
    wanted = {str(rest.person(f"pro {number}", plan="pro")) for number in range(5)}
    rest.person("free", plan="free")
    rest.other_project().person("elsewhere", plan="pro")
    flag = made(rest, "pro", PRO)
    answer = rest.post(f"feature_flags/{flag['id']}/create_static_cohort_for_flag/")
    assert answer.status_code == 201, answer.text
    cohort = answer.json()["cohort"]
    assert (cohort["is_static"], cohort["count"]) == (True, 5)
    assert "pro" in cohort["name"]
    assert {one["id"] for one in rest.results(f"cohorts/{cohort['id']}/persons/")} == wanted


def test_page_by_page_nobody_is_lost(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_cohort, "_AT_ONCE", 2)
    for number in range(5):
        rest.person(f"a{number}", f"b{number}")
    flag = made(rest, "all", EVERYBODY)
    answer = rest.post(f"feature_flags/{flag['id']}/create_static_cohort_for_flag/")
    assert answer.json()["cohort"]["count"] == 5


def test_what_is_no_cohort_is_refused(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    for filters, more, code in (
        (EVERYBODY, {"active": False}, "inactive_flag"),
        ({"aggregation_group_type_index": 0, "groups": [{}]}, {}, "group_flag"),
        ({"groups": [{"aggregation_group_type_index": 0}]}, {}, "group_flag"),
        (EVERYBODY, {"bucketing_identifier": "device_id"}, "device_flag"),
    ):
        flag = made(rest, f"{code}-{len(rest.results('feature_flags/'))}", filters, **more)
        path = f"feature_flags/{flag['id']}/create_static_cohort_for_flag/"
        assert rest.post(path).json()["code"] == code
    monkeypatch.setattr(to_cohort, "PERSONS_MAX", 1)
    rest.person("a")
    rest.person("b")
    flag = made(rest, "many", EVERYBODY)
    assert rest.post(f"feature_flags/{flag['id']}/create_static_cohort_for_flag/").json()["code"] == (
        "too_many_persons"
    )
    assert rest.results("cohorts/") == []
