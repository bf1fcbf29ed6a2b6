"""Many flags at once, and one flag in many projects."""

from typing import Any

import pytest
from sqlalchemy import event

from tests.rest import Rest

EVERYBODY = {"groups": [{"rollout_percentage": 100}]}


def made(rest: Rest, key: str, **more: Any) -> dict[str, Any]:
    return rest.made("feature_flags/", key=key, **{"filters": EVERYBODY, **more})


def looking_at(flag: dict[str, Any]) -> dict[str, Any]:
    return {"groups": [{"properties": [{"key": str(flag["id"]), "type": "flag", "value": True}]}]}


def test_ids_are_those_of_the_whole_list(rest: Rest) -> None:
    ids = [made(rest, f"f{number}", active=number < 3)["id"] for number in range(5)]
    assert rest.get("feature_flags/matching_ids/", order="key").json() == {"ids": ids, "total": 5}
    found = rest.get("feature_flags/matching_ids/", active="true", limit=1, order="key").json()
    assert found == {"ids": ids[:3], "total": 3}


def test_keys_of_ids(rest: Rest) -> None:
    first, theirs = made(rest, "a"), made(rest.other_project(), "b")
    told = rest.post("feature_flags/bulk_keys/", {"ids": [first["id"], str(theirs["id"]), "x"]}).json()
    assert told["keys"] == {str(first["id"]): "a"}
    assert str(theirs["id"]) in told["warning"]
    assert rest.post("feature_flags/bulk_keys/", {"ids": [first["id"]]}).json() == {
        "keys": {str(first["id"]): "a"}
    }
    for wrong in ({}, {"ids": []}, {"ids": "1"}, {"ids": [1] * 1_001}):
        assert rest.post("feature_flags/bulk_keys/", wrong).json()["attr"] == "ids"


def test_flags_go_together_even_if_they_look_at_each_other(rest: Rest) -> None:
    base = made(rest, "base")
    above = made(rest, "above", filters=looking_at(base))
    kept = made(rest, "kept")
    made(rest, "holds", filters=looking_at(kept))
    theirs = made(rest.other_project(), "theirs")
    ids = [base["id"], above["id"], kept["id"], theirs["id"]]
    told = rest.post("feature_flags/bulk_delete/", {"ids": ids}).json()
    assert {one["key"] for one in told["deleted"]} == {"base", "above"}
    assert [(one["id"], one["key"]) for one in told["errors"]] == [
        (str(theirs["id"]), None),
        (str(kept["id"]), "kept"),
    ]
    assert "holds" in told["errors"][1]["reason"]
    assert [one["key"] for one in rest.results("feature_flags/", order="key")] == ["holds", "kept"]


def test_who_looks_at_whom_is_read_once_however_many_go(rest: Rest) -> None:
    def reads(count: int) -> int:
        flags = [made(rest, f"of-{count}-{number}") for number in range(count)]
        made(rest, f"looks-{count}", filters=looking_at(flags[0]))
        told: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            # All flags with their conditions; one that changes is read and written by its id.
            if "SELECT feature_flag.id, feature_flag.key, feature_flag.filters" in statement.replace('"', ""):
                told.append(statement)

        event.listen(rest.engine, "before_cursor_execute", note)
        try:
            answer = rest.post("feature_flags/bulk_delete/", {"ids": [one["id"] for one in flags]}).json()
        finally:
            event.remove(rest.engine, "before_cursor_execute", note)
        assert [one["key"] for one in answer["deleted"]] == [one["key"] for one in flags[1:]]
        assert [one["key"] for one in answer["errors"]] == [flags[0]["key"]]
        return len(told)

    assert (reads(2), reads(12)) == (1, 1)


def test_a_chain_of_flags_goes_in_whatever_order_it_is_named(rest: Rest) -> None:
    chain = [made(rest, "f0")]
    for number in range(1, 6):
        chain.append(made(rest, f"f{number}", filters=looking_at(chain[-1])))
    told = rest.post("feature_flags/bulk_delete/", {"ids": [one["id"] for one in chain]}).json()
    assert {one["key"] for one in told["deleted"]} == {one["key"] for one in chain}
    assert told["errors"] == []


def test_flags_go_by_a_filter(rest: Rest) -> None:
    made(rest, "on")
    made(rest, "off", active=False)
    told = rest.post("feature_flags/bulk_delete/", {"filters": {"active": "false"}}).json()
    assert [one["key"] for one in told["deleted"]] == ["off"]
    assert [one["key"] for one in rest.results("feature_flags/")] == ["on"]


def copied(rest: Rest, key: str, *targets: Rest, **more: Any) -> dict[str, Any]:
    organization = rest.get(f"/api/projects/{rest.project_id}/").json()["organization"]
    body = {
        "feature_flag_key": key,
        "from_project": rest.project_id,
        "target_project_ids": [one.project_id for one in targets],
        **more,
    }
    answer = rest.post(f"/api/organizations/{organization}/feature_flags/copy_flags/", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_flag_is_copied_into_other_projects(rest: Rest) -> None:
    one, two = rest.other_project(), rest.other_project()
    made(two, "a", name="before", filters={"groups": []})
    made(rest, "a", name="the flag", evaluation_runtime="server")
    told = copied(rest, "a", one, two, disable_copied_flag=True)
    assert told["failed"] == []
    assert [each["team_id"] for each in told["success"]] == [one.project_id, two.project_id]
    for each in (one, two):
        [flag] = each.results("feature_flags/")
        assert (flag["name"], flag["active"], flag["evaluation_runtime"]) == ("the flag", False, "server")
        assert flag["filters"] == EVERYBODY
    assert two.results("feature_flags/")[0]["version"] == 2
    organization = rest.get(f"/api/projects/{rest.project_id}/").json()["organization"]
    everywhere = rest.get(f"/api/organizations/{organization}/feature_flags/a/").json()
    mine = {each["team_id"]: each for each in everywhere}
    assert {rest.project_id, one.project_id, two.project_id} <= mine.keys()
    assert mine[rest.project_id]["active"] is True


def test_what_a_flag_looks_at_is_found_by_its_key_there(rest: Rest) -> None:
    other = rest.other_project()
    base = made(rest, "base")
    made(rest, "above", filters=looking_at(base))
    refused = copied(rest, "above", other)
    assert "base" in refused["failed"][0]["error_message"]
    copied(rest, "base", other)
    [flag] = copied(rest, "above", other)["success"]
    [there] = [one for one in other.results("feature_flags/") if one["key"] == "base"]
    assert flag["filters"]["groups"][0]["properties"][0]["key"] == str(there["id"])


def test_what_cannot_be_copied_is_told_for_each_project(rest: Rest) -> None:
    cohort = rest.made("cohorts/", name="c", is_static=True)
    named = {"key": "id", "type": "cohort", "value": cohort["id"]}
    made(rest, "a", filters={"groups": [{"properties": [named]}]})
    other = rest.other_project()
    told = copied(rest, "a", other, rest, target_project_ids=[other.project_id, rest.project_id, 999_999])
    assert told["success"] == []
    assert [one["project_id"] for one in told["failed"]] == [other.project_id, rest.project_id, 999_999]
    assert other.results("feature_flags/") == []


def test_an_encrypted_payload_stays_one(rest: Rest) -> None:
    other = rest.other_project()
    more = {"is_remote_configuration": True, "has_encrypted_payloads": True}
    made(rest, "a", filters={"payloads": {"true": '"hunter2"'}}, **more)
    [flag] = copied(rest, "a", other)["success"]
    assert (flag["has_encrypted_payloads"], "hunter2" in str(flag)) == (True, False)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"feature_flag_key": "none"}, 404),
        ({"from_project": 999_999}, 403),
        ({"target_project_ids": [1] * 51}, 400),
        ({"target_project_ids": None}, 400),
    ],
)
def test_what_cannot_be_asked_is_told(rest: Rest, changed: dict[str, Any], status: int) -> None:
    made(rest, "a")
    body = {"feature_flag_key": "a", "from_project": rest.project_id, "target_project_ids": [1], **changed}
    path = "/api/organizations/@current/feature_flags/copy_flags/"
    assert rest.post(path, body).status_code == status
    assert rest.with_key("feature_flag:read").post(path, body).status_code == 403
