"""Cohorts over the API."""

from typing import Any
from uuid import uuid4

import pytest

from appliance.catalog import reading, writing
from appliance.catalog.requests import waiting
from appliance.catalog.resources import cohort
from appliance.cohorts.members import follow_merges
from tests.rest import Rest

WINDOW = {"event_type": "events", "time_value": 7, "time_interval": "day"}


def _filters(*criteria: Any) -> dict[str, Any]:
    return {"properties": {"type": "OR", "values": [{"type": "AND", "values": list(criteria)}]}}


def _person(key: str = "email") -> dict[str, Any]:
    return {"type": "person", "key": key, "operator": "icontains", "value": "@example.org"}


def _names(rest: Rest, cohort_id: int) -> list[str]:
    return sorted(one["distinct_ids"][0] for one in rest.results(f"cohorts/{cohort_id}/persons/"))


def test_a_dynamic_cohort_is_kept_as_it_was_sent(rest: Rest) -> None:
    filters = _filters(_person(), {"type": "behavioral", "value": "performed_event", "key": "buy", **WINDOW})
    made = rest.made("cohorts/", name="Buyers", description="d", filters=filters)
    assert (made["filters"], made["is_static"], made["count"]) == (filters, False, None)
    assert (made["version"], made["errors_calculating"], made["last_calculation"]) == (None, 0, None)
    assert rest.get(f"cohorts/{made['id']}/").json() == made
    renamed = rest.patch(f"cohorts/{made['id']}/", {"name": "B"}).json()
    assert renamed["pending_version"] == made["pending_version"]
    changed = rest.patch(f"cohorts/{made['id']}/", {"filters": _filters(_person("mail"))}).json()
    assert changed["pending_version"] == made["pending_version"] + 1
    assert [one["id"] for one in rest.results("cohorts/", type="dynamic", search="b")] == [made["id"]]
    rest.patch(f"cohorts/{made['id']}/", {"deleted": True})
    assert rest.results("cohorts/") == []


@pytest.mark.parametrize(
    "criterion",
    [
        {"type": "person", "key": "email", "operator": "is_set"},
        {"type": "person", "key": "age", "operator": "gt", "value": 5, "negation": True},
        {
            "type": "behavioral",
            "value": "performed_event_multiple",
            "key": "a",
            "operator": "gte",
            "operator_value": 3,
            **WINDOW,
        },
        {"type": "behavioral", "value": "performed_event_first_time", "key": "a", **WINDOW},
        {
            "type": "behavioral",
            "value": "performed_event",
            "key": "a",
            "event_type": "events",
            "explicit_datetime": "-30d",
        },
        {
            "type": "behavioral",
            "value": "performed_event_regularly",
            "key": "a",
            "operator": "gte",
            "operator_value": 2,
            "min_periods": 3,
            "total_periods": 5,
            **WINDOW,
        },
        {
            "type": "behavioral",
            "value": "performed_event_sequence",
            "key": "a",
            "seq_event": "b",
            "seq_event_type": "events",
            "seq_time_value": 2,
            "seq_time_interval": "week",
            **WINDOW,
        },
        {
            "type": "behavioral",
            "value": "stopped_performing_event",
            "key": "a",
            "seq_time_value": 1,
            "seq_time_interval": "day",
            **WINDOW,
        },
        {
            "type": "behavioral",
            "value": "performed_event",
            "key": "a",
            **WINDOW,
            "event_filters": [{"key": "$browser", "value": "Chrome", "type": "event"}],
        },
    ],
)
def test_every_kind_of_criterion_is_taken(rest: Rest, criterion: dict[str, Any]) -> None:
    assert rest.made("cohorts/", name="c", filters=_filters(criterion))["filters"] == _filters(criterion)


@pytest.mark.parametrize(
    ("criterion", "attr"),
    [
        ({"type": "weather"}, "type"),
        ({"type": "person", "operator": "exact", "value": 1}, "key"),
        ({"type": "person", "key": "a"}, "value"),
        ({"type": "person", "key": "a", "operator": "about", "value": 1}, "operator"),
        ({"type": "cohort", "key": "id", "value": "x"}, "value"),
        ({"type": "behavioral", "value": "slept", "key": "a", **WINDOW}, "value"),
        ({"type": "behavioral", "value": "performed_event", **WINDOW}, "key"),
        (
            {"type": "behavioral", "value": "performed_event", "key": "a", "event_type": "events"},
            "time_value",
        ),
        ({"type": "behavioral", "value": "performed_event_multiple", "key": "a", **WINDOW}, "operator_value"),
        ({"type": "behavioral", "value": "performed_event_sequence", "key": "a", **WINDOW}, "seq_event"),
        (
            {"type": "behavioral", "value": "performed_event", "key": "a", **WINDOW, "time_interval": "age"},
            "time_interval",
        ),
    ],
)
def test_where_a_criterion_is_wrong_is_told(rest: Rest, criterion: dict[str, Any], attr: str) -> None:
    answer = rest.post("cohorts/", {"name": "c", "filters": _filters(_person(), criterion)})
    assert answer.status_code == 400
    assert answer.json()["attr"] == f"filters__properties__values__0__values__1__{attr}"
    assert rest.results("cohorts/") == []


def test_filters_without_groups_are_refused(rest: Rest) -> None:
    for filters in ({}, {"properties": []}, {"properties": {"type": "XOR", "values": []}}, None):
        answer = rest.post("cohorts/", {"name": "c", "filters": filters})
        assert (answer.status_code, answer.json()["attr"].split("__")[0]) == (400, "filters")
    deep: dict[str, Any] = {"type": "AND", "values": []}
    for _ in range(20):
        deep = {"type": "AND", "values": [deep]}
    assert rest.post("cohorts/", {"name": "c", "filters": {"properties": deep}}).status_code == 400


def test_cohorts_of_cohorts_never_go_round_in_a_circle(rest: Rest) -> None:
    def of(other: int) -> dict[str, Any]:
        return _filters({"type": "cohort", "key": "id", "value": other})

    first = rest.made("cohorts/", name="1", filters=_filters(_person()))["id"]
    second = rest.made("cohorts/", name="2", filters=of(first))["id"]
    third = rest.made("cohorts/", name="3", filters=of(second))["id"]
    for other in (first, second, third):
        answer = rest.patch(f"cohorts/{first}/", {"filters": of(other)})
        assert (answer.status_code, answer.json()["code"], answer.json()["attr"]) == (
            400,
            "circular",
            "filters",
        )
    assert rest.get(f"cohorts/{first}/").json()["filters"] == _filters(_person())
    missing = rest.post("cohorts/", {"name": "4", "filters": of(2**40)})
    assert (missing.status_code, missing.json()["code"]) == (400, "does_not_exist")
    away = rest.other_project()
    assert away.post("cohorts/", {"name": "4", "filters": of(first)}).status_code == 400


def test_an_action_that_criteria_name_must_exist(rest: Rest) -> None:
    action = rest.made("actions/", name="Bought")["id"]
    criterion = {
        "type": "behavioral",
        "value": "performed_event",
        "key": action,
        **WINDOW,
        "event_type": "actions",
    }
    assert rest.made("cohorts/", name="c", filters=_filters(criterion))
    answer = rest.post("cohorts/", {"name": "c", "filters": _filters(criterion | {"key": 2**40})})
    assert (answer.status_code, answer.json()["code"]) == (400, "does_not_exist")


def test_legacy_groups_become_filters(rest: Rest) -> None:
    groups = [{"properties": [{"key": "plan", "value": "pro"}]}, {"event_id": "buy", "days": 3, "count": 2}]
    made = rest.made("cohorts/", name="old", groups=groups)
    first, second = made["filters"]["properties"]["values"]
    assert first["values"] == [{"type": "person", "key": "plan", "value": "pro"}]
    assert (second["values"][0]["key"], second["values"][0]["operator_value"]) == ("buy", 2)


def test_people_are_put_into_a_static_cohort_and_taken_out(rest: Rest) -> None:
    ada, bob, eve = (rest.person(name, email=f"{name}@example.org") for name in ("ada", "bob", "eve"))
    stranger = rest.other_project().person("stranger")
    made = rest.made(
        "cohorts/", name="VIP", is_static=True, _create_static_person_ids=[str(ada), str(ada), str(stranger)]
    )
    assert (made["is_static"], made["count"], made["cohort_type"]) == (True, 1, "static")
    path = f"cohorts/{made['id']}"
    answer = rest.patch(
        f"{path}/add_persons_to_static_cohort/", {"person_ids": [str(bob), str(eve), str(uuid4())]}
    )
    assert (answer.status_code, answer.json()["added"]) == (200, 2)
    assert _names(rest, made["id"]) == ["ada", "bob", "eve"]
    assert [one["id"] for one in rest.results("persons/cohorts/", person_id=str(bob))] == [made["id"]]
    gone = {"person_id": str(bob)}
    assert rest.patch(f"{path}/remove_person_from_static_cohort/", gone).status_code == 200
    assert rest.patch(f"{path}/remove_person_from_static_cohort/", gone).status_code == 404
    assert _names(rest, made["id"]) == ["ada", "eve"]
    assert rest.get(f"{path}/").json()["count"] == 2
    assert rest.results("persons/cohorts/", person_id=str(bob)) == []
    log = [one["activity"] for one in rest.results(f"{path}/activity/")]
    assert log == ["person_removed", "persons_added", "created"]
    with reading(rest.engine) as connection:
        told = [one for one in waiting(connection) if one.project_id == rest.project_id]
    assert {one.arguments["cohort_id"] for one in told} == {made["id"]}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"ada\nbob\nnobody\n", ["ada", "bob"]),
        (b"\xef\xbb\xbfdistinct_id,name\r\nada,x\r\n", ["ada"]),
        (b"name,Email\nx,bob@example.org\nx,none@example.org\n", ["bob"]),
    ],
)
def test_people_come_from_a_csv_file(rest: Rest, content: bytes, expected: list[str]) -> None:
    for name in ("ada", "bob"):
        rest.person(name, email=f"{name}@example.org")
    answer = rest.post(
        "cohorts/", data={"name": "from file"}, files={"csv": ("people.csv", content, "text/csv")}
    )
    assert answer.status_code == 201, answer.text
    assert (answer.json()["is_static"], answer.json()["count"]) == (True, len(expected))
    assert _names(rest, answer.json()["id"]) == expected
    more = {"csv": ("more.csv", b"person_id\n" + str(rest.person("zoe")).encode(), "text/csv")}
    changed = rest.ask("PATCH", f"cohorts/{answer.json()['id']}/", files=more)
    assert changed.json()["count"] == len(expected) + 1


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"distinct_id\n"])
def test_a_file_without_ids_is_refused_and_makes_no_cohort(rest: Rest, content: bytes) -> None:
    answer = rest.post("cohorts/", data={"name": "x"}, files={"csv": ("x.csv", content, "text/csv")})
    assert (answer.status_code, answer.json()["attr"]) == (400, "csv")
    assert rest.results("cohorts/") == []


def test_nobody_is_put_into_a_dynamic_cohort_by_hand(rest: Rest) -> None:
    made = rest.made("cohorts/", name="d", filters=_filters(_person()))["id"]
    body = {"person_ids": [str(rest.person("ada"))]}
    assert rest.patch(f"cohorts/{made}/add_persons_to_static_cohort/", body).status_code == 400
    assert rest.patch(f"cohorts/{made}/", {"is_static": True}).status_code == 400
    assert (
        rest.patch(f"cohorts/{made}/add_persons_to_static_cohort/", {"person_ids": ["x"]}).status_code == 400
    )


def test_who_is_merged_into_another_stays_in_the_cohort(rest: Rest) -> None:
    ada, bob, eve = (rest.person(name) for name in ("ada", "bob", "eve"))
    made = rest.made("cohorts/", name="s", is_static=True, _create_static_person_ids=[str(ada), str(bob)])
    with writing(rest.engine) as connection:
        merges = [(rest.project_id, ada.bytes, bob.bytes), (rest.project_id, bob.bytes, eve.bytes)]
        follow_merges(connection, merges)
    assert _names(rest, made["id"]) == ["eve"]
    with reading(rest.engine) as connection:
        query = cohort.select().where(cohort.c.id == made["id"])
        assert connection.execute(query).mappings().one()["count"] == 1


def _aiming_at(cohort_id: int) -> dict[str, Any]:
    return {
        "groups": [{"properties": [{"key": "id", "type": "cohort", "operator": "in", "value": cohort_id}]}]
    }


def test_a_cohort_that_flags_aim_at_is_not_deleted(rest: Rest) -> None:
    static = rest.made("cohorts/", name="inner", is_static=True)
    outer = rest.made(
        "cohorts/", name="outer", filters=_filters({"type": "cohort", "key": "id", "value": static["id"]})
    )
    apart = rest.made("cohorts/", name="apart", filters=_filters(_person()))
    flag = rest.made("feature_flags/", key="aims", filters=_aiming_at(outer["id"]), active=False)
    for one in (static, outer):
        refused = rest.patch(f"cohorts/{one['id']}/", {"deleted": True})
        assert (refused.status_code, refused.json()) == (
            400,
            {
                "type": "validation_error",
                "code": "has_dependents",
                "detail": "This cohort is used in 1 feature flag(s): aims. "
                "Please remove the cohort from these feature flags before deleting it.",
                "attr": "deleted",
            },
        )
        assert rest.patch(f"cohorts/{one['id']}/", {"name": "still here"}).status_code == 200
    assert rest.patch(f"cohorts/{apart['id']}/", {"deleted": True}).status_code == 200
    rest.patch(f"feature_flags/{flag['id']}/", {"filters": {"groups": [{"rollout_percentage": 100}]}})
    for one in (outer, static):
        assert rest.patch(f"cohorts/{one['id']}/", {"deleted": True}).status_code == 200


def test_a_flag_that_is_gone_holds_no_cohort(rest: Rest) -> None:
    cohort_id = rest.made("cohorts/", name="c", is_static=True)["id"]
    flag = rest.made("feature_flags/", key="was", filters=_aiming_at(cohort_id))
    assert rest.patch(f"feature_flags/{flag['id']}/", {"deleted": True}).status_code == 200
    assert rest.patch(f"cohorts/{cohort_id}/", {"deleted": True}).status_code == 200


def test_of_many_flags_that_aim_at_a_cohort_some_are_named(rest: Rest) -> None:
    cohort_id = rest.made("cohorts/", name="c", is_static=True)["id"]
    for number in range(7):
        rest.made("feature_flags/", key=f"f{number}", filters=_aiming_at(cohort_id))
    refused = rest.patch(f"cohorts/{cohort_id}/", {"deleted": True}).json()
    assert refused["detail"].startswith(
        "This cohort is used in 7 feature flag(s): f0, f1, f2, f3, f4 and 2 more."
    )
