"""The definitions that server SDKs evaluate by themselves. Source: the flags contract, 1.4."""

from typing import Any

import orjson
import pytest

from appliance.flags.definitions import FlagRow
from appliance.flags.local_evaluation import Dependencies, LocalEvaluation, document
from tests.flags.delivered import (
    cohort,
    depends_on,
    flag,
    flag_with,
    in_cohort,
    project_with,
    static_cohort,
)

EMAIL = {"key": "email", "type": "person", "operator": "icontains", "value": "@x.io"}
BEHAVIOR = {
    "type": "behavioral", "value": "performed_event", "event_type": "events", "key": "bought",
    "time_value": 1, "time_interval": "day",
}  # fmt: skip


def filters_of(found: dict[str, Any], key: str) -> list[dict[str, Any]]:
    [entry] = [one for one in found["flags"] if one["key"] == key]
    properties: list[dict[str, Any]] = entry["filters"]["groups"][0]["properties"]
    return properties


def chain_of(*flags: FlagRow, to: int) -> list[str]:
    return Dependencies(flags).chain(to)


def test_a_project_without_flags_has_an_empty_document() -> None:
    assert document(project_with()) == {
        "flags": [],
        "group_type_mapping": {},
        "cohorts": {},
        "minimal_flag_called_events": False,
        "property_matching_version": 1,
    }


def test_a_flag_is_told_whole_and_in_the_order_of_keys() -> None:
    filters = {
        "groups": [{"properties": [EMAIL], "rollout_percentage": 25.5, "variant": "b"}],
        "multivariate": {"variants": [{"key": "b", "rollout_percentage": 100}]},
        "payloads": {"b": '{"a": 1}'},
        "early_exit": True,
    }
    row = flag(
        7,
        "zebra",
        filters,
        name="What it is for",
        version=3,
        ensure_experience_continuity=True,
        evaluation_runtime="server",
        bucketing_identifier="device_id",
        evaluation_contexts_text='["docs"]',
    )
    found = document(project_with(row, flag(8, "aardvark"), group_types={"company": 0, "project": 1}, id=5))
    assert [one["key"] for one in found["flags"]] == ["aardvark", "zebra"]
    assert found["group_type_mapping"] == {"0": "company", "1": "project"}
    assert found["flags"][1] == {
        "id": 7,
        "team_id": 5,
        "name": "What it is for",
        "key": "zebra",
        "filters": filters,
        "deleted": False,
        "active": True,
        "ensure_experience_continuity": True,
        "version": 3,
        "evaluation_runtime": "server",
        "bucketing_identifier": "device_id",
        "evaluation_contexts": ["docs"],
        "has_experiment": False,
    }


def test_an_inactive_flag_is_told_as_such() -> None:
    found = document(project_with(flag(1, "off", is_active=False)))  # row 88
    assert [(one["key"], one["active"]) for one in found["flags"]] == [("off", False)]


def test_encrypted_payloads_and_flags_of_surveys_are_left_out() -> None:
    found = document(
        project_with(
            flag(1, "secret", has_encrypted_payloads=True, is_remote_configuration=True),
            flag(2, "survey-targeting-abc"),
            flag(3, "abc", creation_context="surveys"),
            flag(4, "plain", is_remote_configuration=True),
        )
    )
    assert [one["key"] for one in found["flags"]] == ["plain"]


def test_how_truths_match_is_a_setting_of_the_project() -> None:
    assert document(project_with(options={"property_matching_version": 2}))["property_matching_version"] == 2


class TestCohorts:
    def test_a_dynamic_cohort_is_told_with_those_within(self) -> None:
        found = document(
            project_with(
                flag_with(1, "a", in_cohort(12)),
                cohorts=(cohort(12, EMAIL, in_cohort(13)), cohort(13, EMAIL), cohort(14, EMAIL)),
            )
        )
        assert found["cohorts"] == {
            "12": {"type": "OR", "values": [{"type": "AND", "values": [EMAIL, in_cohort(13)]}]},
            "13": {"type": "OR", "values": [{"type": "AND", "values": [EMAIL]}]},
        }

    def test_a_static_cohort_is_left_out_and_its_flag_is_told(self) -> None:
        found = document(
            project_with(flag_with(1, "a", in_cohort(12)), cohorts=(static_cohort(12),))
        )  # row 90
        assert found["cohorts"] == {}
        assert filters_of(found, "a") == [in_cohort(12)]

    def test_a_cohort_by_behavior_is_left_out(self) -> None:
        found = document(
            project_with(
                flag_with(1, "a", in_cohort(12)),
                cohorts=(cohort(12, in_cohort(13)), cohort(13, EMAIL, BEHAVIOR)),
            )
        )
        assert list(found["cohorts"]) == ["12"]

    def test_a_cohort_that_is_gone_is_left_out(self) -> None:
        assert document(project_with(flag_with(1, "a", in_cohort(99))))["cohorts"] == {}

    def test_cohorts_in_a_circle_come_once(self) -> None:
        found = document(
            project_with(
                flag_with(1, "a", in_cohort(12)),
                cohorts=(cohort(12, in_cohort(13)), cohort(13, in_cohort(12))),
            )
        )
        assert sorted(found["cohorts"]) == ["12", "13"]

    def test_an_empty_cohort_is_an_empty_object(self) -> None:
        row = cohort(12)
        empty = type(row)(id=12, name=None, is_static=False, filters_text=None, version=1)
        found = document(project_with(flag_with(1, "a", in_cohort(12)), cohorts=(empty,)))
        assert found["cohorts"] == {"12": {}}

    def test_other_names_of_cohorts_within_are_the_one_that_sdks_know(self) -> None:
        found = document(
            project_with(
                flag_with(1, "a", in_cohort(12)),
                cohorts=(cohort(12, {**in_cohort(13), "type": "dynamic-cohort"}), cohort(13, EMAIL)),
            )
        )
        assert found["cohorts"]["12"]["values"][0]["values"] == [in_cohort(13)]
        assert "13" in found["cohorts"]


class TestDependencies:
    def test_a_dependency_is_told_by_its_key(self) -> None:
        found = document(project_with(flag(12, "base"), flag_with(13, "top", depends_on(12))))  # row 89
        assert filters_of(found, "top") == [{**depends_on(12), "key": "base", "dependency_chain": ["base"]}]

    def test_a_chain_has_what_comes_first_first_and_everything_once(self) -> None:
        flags = (
            flag(1, "one"),
            flag_with(2, "two", depends_on(1)),
            flag_with(3, "three", depends_on(1), depends_on(2), depends_on(1)),
            flag_with(4, "four", depends_on(3), depends_on(2)),
        )
        assert chain_of(*flags, to=4) == ["one", "two", "three", "four"]
        assert chain_of(*reversed(flags), to=4) == ["one", "two", "three", "four"]

    @pytest.mark.parametrize(
        "flags",
        [
            (flag_with(1, "a", depends_on(1)),),
            (flag_with(1, "a", depends_on(2)), flag_with(2, "b", depends_on(1))),
            (flag_with(1, "a", depends_on(9)),),
            (flag_with(1, "a", depends_on(2)), flag_with(2, "b", depends_on(9))),
            (flag_with(1, "a", {**depends_on(1), "key": "word"}),),
            (
                flag_with(1, "a", depends_on(2), depends_on(3)),
                flag(2, "b"),
                flag_with(3, "c", depends_on(4)),
                flag_with(4, "d", depends_on(3)),
            ),
        ],
        ids=["itself", "circle", "missing", "missing further on", "no number", "circle further on"],
    )
    def test_what_cannot_be_put_in_order_has_no_chain(self, flags: tuple[FlagRow, ...]) -> None:
        assert chain_of(*flags, to=1) == []

    def test_a_circle_spoils_no_other_chain(self) -> None:
        flags = (
            flag_with(1, "a", depends_on(2)),
            flag_with(2, "b", depends_on(1)),
            flag(3, "c"),
            flag_with(4, "d", depends_on(3)),
        )
        dependencies = Dependencies(flags)
        assert [dependencies.chain(id_) for id_ in (1, 2, 4)] == [[], [], ["c", "d"]]

    def test_a_missing_flag_keeps_its_number(self) -> None:
        found = document(project_with(flag_with(1, "a", depends_on(9))))
        assert filters_of(found, "a") == [{**depends_on(9), "dependency_chain": []}]

    def test_a_chain_may_be_as_long_as_there_are_flags(self) -> None:
        count = 3_000
        flags = (flag(0, "flag-0"), *(flag_with(n, f"flag-{n}", depends_on(n - 1)) for n in range(1, count)))
        assert chain_of(*flags, to=count - 1) == [f"flag-{n}" for n in range(count)]


def test_a_body_is_made_once_and_its_tag_tells_every_change() -> None:
    kept, project = LocalEvaluation(), project_with(flag(1, "a"))
    assert kept.of(project) is kept.of(project)
    assert kept.of(project).tag == kept.of(project_with(flag(1, "a"))).tag
    others = [
        project_with(flag(1, "a", version=2)),
        project_with(flag(1, "a"), group_types={"company": 0}),
        project_with(flag_with(1, "a", in_cohort(2)), cohorts=(cohort(2, EMAIL),)),
        project_with(flag_with(1, "a", in_cohort(2)), cohorts=(cohort(2, EMAIL, EMAIL),)),
        project_with(flag(1, "a"), options={"property_matching_version": 2}),
    ]
    tags = {kept.of(one).tag for one in (project, *others)}
    assert len(tags) == 1 + len(others)
    assert orjson.loads(kept.of(project).plain) == document(project)
