"""Feature flags as callers make, find, change and take them away."""

from typing import Any

import pytest

from appliance.catalog import changes, reading, writing
from appliance.catalog.feature_flags import feature_flag
from tests.rest import Rest

EVERYBODY = {"groups": [{"properties": [], "rollout_percentage": 100}]}
READ_FIELDS = {
    "id", "name", "key", "filters", "deleted", "active", "archived", "created_by", "created_at", "updated_at",
    "version", "last_modified_by", "ensure_experience_continuity", "experiment_set", "experiment_set_metadata",
    "surveys", "features", "can_edit", "tags", "evaluation_contexts", "usage_dashboard", "analytics_dashboards",
    "has_enriched_analytics", "user_access_level", "is_remote_configuration", "has_encrypted_payloads", "status",
    "evaluation_runtime", "bucketing_identifier", "last_called_at", "is_used_in_replay_settings",
    "is_eligible_for_experiment",
}  # fmt: skip


def made(rest: Rest, key: str, **more: Any) -> dict[str, Any]:
    return rest.made("feature_flags/", key=key, **{"filters": EVERYBODY, **more})


def keys(rest: Rest, **parameters: Any) -> list[str]:
    return [one["key"] for one in rest.results("feature_flags/", **parameters)]


def counter(rest: Rest) -> int:
    with reading(rest.engine) as connection:
        return changes.version(connection)


def test_a_flag_is_made_with_a_key_and_shown_whole(rest: Rest) -> None:
    flag = made(rest, "new-page", name="The new page", tags=["b", "A"])
    assert set(flag) == READ_FIELDS
    assert flag["version"] == 1
    assert (flag["active"], flag["deleted"], flag["archived"], flag["status"]) == (
        True,
        False,
        False,
        "ACTIVE",
    )
    assert flag["tags"] == ["a", "b"]
    assert flag["created_by"]["email"] == rest.first.email
    assert rest.get(f"feature_flags/{flag['id']}/").json() == flag
    [listed] = rest.results("feature_flags/")
    assert listed == flag


def test_the_same_under_environments(rest: Rest) -> None:
    flag = made(rest, "twin")
    path = f"/api/environments/{rest.project_id}/feature_flags"
    assert rest.get(f"{path}/{flag['id']}/").json() == flag
    assert rest.get(path).json()["count"] == 1


def test_without_filters_nobody_has_it(rest: Rest) -> None:
    assert rest.made("feature_flags/", key="a")["filters"] == {"groups": []}


def test_a_key_is_unique_among_what_is_not_deleted(rest: Rest) -> None:
    first = made(rest, "a")
    answer = rest.post("feature_flags/", {"key": "a"})
    assert answer.status_code == 400
    assert answer.json() == {
        "type": "validation_error",
        "code": "unique",
        "detail": "There is already a feature flag with this key.",
        "attr": "key",
    }
    assert made(rest.other_project(), "a")["key"] == "a"
    other = made(rest, "b")
    assert rest.patch(f"feature_flags/{other['id']}/", {"key": "a"}).json()["code"] == "unique"
    assert rest.patch(f"feature_flags/{first['id']}/", {"key": "a", "name": "same key"}).status_code == 200
    rest.patch(f"feature_flags/{first['id']}/", {"deleted": True})
    made(rest, "a")
    back = rest.patch(f"feature_flags/{first['id']}/", {"deleted": False})
    assert back.json()["code"] == "unique"
    assert rest.patch(f"feature_flags/{first['id']}/", {"deleted": False, "key": "c"}).json()["key"] == "c"


def test_delete_is_refused_and_patch_hides(rest: Rest) -> None:
    flag = made(rest, "a")
    assert rest.delete(f"feature_flags/{flag['id']}/").status_code == 405
    gone = rest.patch(f"feature_flags/{flag['id']}/", {"deleted": True})
    assert gone.json()["status"] == "DELETED"
    assert keys(rest) == []
    assert rest.get(f"feature_flags/{flag['id']}/").status_code == 404
    assert rest.patch(f"feature_flags/{flag['id']}/", {"name": "x"}).status_code == 404
    assert rest.get(f"feature_flags/{flag['id']}/status/").json() == {
        "status": "deleted",
        "reason": "Flag has been deleted.",
    }


def test_a_flag_that_others_look_at_is_not_deleted(rest: Rest) -> None:
    base = made(rest, "base")
    filters = {
        "groups": [{"properties": [{"key": str(base["id"]), "type": "flag", "value": True}]}],
    }
    above = made(rest, "above", filters=filters)
    [kept] = above["filters"]["groups"][0]["properties"]
    assert kept["operator"] == "flag_evaluates_to"
    answer = rest.patch(f"feature_flags/{base['id']}/", {"deleted": True})
    assert (answer.status_code, answer.json()["attr"]) == (400, "deleted")
    assert "above" in answer.json()["detail"]
    # Turning it off is how something is stopped: that is never refused.
    assert rest.patch(f"feature_flags/{base['id']}/", {"active": False}).status_code == 200
    rest.patch(f"feature_flags/{above['id']}/", {"deleted": True})
    assert rest.patch(f"feature_flags/{base['id']}/", {"deleted": True}).status_code == 200


def test_a_list_is_narrowed(rest: Rest) -> None:
    person = {"groups": [{"properties": [{"key": "plan", "type": "person", "value": "pro"}]}]}
    variants = [{"key": "control", "rollout_percentage": 50}, {"key": "plan", "rollout_percentage": 50}]
    made(rest, "plain", tags=["one"], evaluation_runtime="server", evaluation_contexts=["app"])
    made(rest, "off", active=False, name="Switched off")
    made(rest, "kinds", filters={**EVERYBODY, "multivariate": {"variants": variants}}, tags=["two"])
    made(rest, "settings", is_remote_configuration=True, filters={**person, "payloads": {"true": "1"}})
    made(rest, "past", active=False, archived=True)
    assert keys(rest) == ["settings", "kinds", "off", "plain"]
    assert keys(rest, archived="true") == ["past"]
    assert len(keys(rest, archived="all")) == 5
    assert keys(rest, active="true", order="key") == ["kinds", "plain", "settings"]
    assert keys(rest, active="false") == ["off"]
    assert keys(rest, active="STALE") == []
    assert keys(rest, type="boolean") == ["off", "plain"]
    assert keys(rest, type="multivariant") == ["kinds"]
    assert keys(rest, type="remote_config") == ["settings"]
    assert keys(rest, type="experiment") == []
    assert keys(rest, search="SWITCHED") == ["off"]
    assert keys(rest, search="lai") == ["plain"]
    assert keys(rest, tags='["one", "none"]') == ["plain"]
    assert keys(rest, tags="two,one", order="-key") == ["plain", "kinds"]
    assert keys(rest, evaluation_runtime="server") == ["plain"]
    assert keys(rest, has_evaluation_contexts="true") == ["plain"]
    assert keys(rest, created_by_id="1") == ["settings", "kinds", "off", "plain"]
    assert keys(rest, created_by_id="999") == []
    # A variant of that name is no property.
    assert keys(rest, excluded_properties='["plan"]') == ["kinds", "off", "plain"]
    assert keys(rest, excluded_properties='["plan", "x"]', search="s") == ["kinds", "off"]
    for bad in ({"active": "x"}, {"type": "x"}, {"order": "x"}, {"created_by_id": "x"}, {"archived": "x"}):
        answer = rest.get("feature_flags/", **bad)
        assert (answer.status_code, answer.json()["attr"]) == (400, *bad)


def test_what_nobody_asked_for_in_a_month_is_stale(rest: Rest) -> None:
    old, used = made(rest, "old"), made(rest, "used")
    month_us = 31 * 86_400 * 1_000_000
    with writing(rest.engine) as connection:
        column = feature_flag.c
        aged = column.created_at - month_us
        connection.execute(feature_flag.update().values(created_at=aged, last_called_at=None))
        statement = feature_flag.update().where(column.id == used["id"])
        connection.execute(statement.values(last_called_at=column.created_at + month_us))
    assert keys(rest, active="STALE") == ["old"]
    assert rest.get(f"feature_flags/{old['id']}/").json()["status"] == "STALE"
    assert rest.get(f"feature_flags/{used['id']}/").json()["status"] == "ACTIVE"
    told = rest.get(f"feature_flags/{old['id']}/status/").json()
    assert told["status"] == "stale"
    assert "30 days" in told["reason"]


def test_every_write_is_told_to_the_workers(rest: Rest) -> None:
    before = counter(rest)
    flag = made(rest, "a")
    assert counter(rest) > before
    for change in ({"active": False}, {"name": "x"}, {"deleted": True}, {"deleted": False}):
        before = counter(rest)
        assert rest.patch(f"feature_flags/{flag['id']}/", change).status_code == 200
        assert counter(rest) > before, change


def test_who_changed_what_is_noted(rest: Rest) -> None:
    flag = made(rest, "a")
    rest.patch(f"feature_flags/{flag['id']}/", {"active": False, "name": "off"})
    rest.patch(f"feature_flags/{flag['id']}/", {"deleted": True})
    told = rest.results(f"feature_flags/{flag['id']}/activity/")
    assert [one["activity"] for one in told] == ["deleted", "updated", "created"]
    assert {one["scope"] for one in told} == {"FeatureFlag"}
    assert told[1]["user"]["email"] == rest.first.email
    changed = {one["field"]: (one["before"], one["after"]) for one in told[1]["detail"]["changes"]}
    assert changed == {"active": (True, False), "name": ("", "off")}
    assert told[1]["detail"]["name"] == "a"


def test_conditions_stay_when_only_variants_are_sent(rest: Rest) -> None:
    flag = made(rest, "a")
    variants = {"variants": [{"key": "x", "rollout_percentage": 100}]}
    changed = rest.patch(f"feature_flags/{flag['id']}/", {"filters": {"multivariate": variants}}).json()
    assert changed["filters"]["groups"] == EVERYBODY["groups"]


def test_remote_configuration_is_for_everybody(rest: Rest) -> None:
    flag = rest.made("feature_flags/", key="a", is_remote_configuration=True)
    assert flag["filters"]["groups"] == [{"properties": [], "rollout_percentage": 100}]
    sent = {"groups": [{"properties": [], "rollout_percentage": 0}, {"rollout_percentage": 20}]}
    changed = rest.patch(f"feature_flags/{flag['id']}/", {"filters": sent}).json()
    assert [one["rollout_percentage"] for one in changed["filters"]["groups"]] == [100, 20]


@pytest.mark.parametrize(("variants", "may"), [(["control", "test"], True), (["a", "b"], False), ([], False)])
def test_what_could_be_an_experiment_says_so(rest: Rest, variants: list[str], may: bool) -> None:
    shares = [{"key": key, "rollout_percentage": 50} for key in variants]
    flag = made(rest, "a", filters={**EVERYBODY, "multivariate": {"variants": shares}})
    assert flag["is_eligible_for_experiment"] is may
