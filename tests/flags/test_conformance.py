"""Every row of the contract's conformance table, over HTTP where it is a matter of HTTP; a failure names the row.

The table is in `conformance.py` where one flag is asked for and its result looked at; the other rows are tests here,
named `test_row_…`, and in `test_conformance_http.py`. Surveys and early access features (rows 96 and 97) are
delivered as empty lists.
"""

import json
import math
import time
from typing import Any
from uuid import UUID, uuid4

import pytest

from appliance.catalog.resources import cohort
from appliance.persons import save
from tests.flags import asking, model
from tests.flags.conformance import (
    ROWS,
    Row,
    condition,
    flag,
    person,
)
from tests.flags.conformance_project import FlagProject
from tests.flags.conftest import Project

ROWS_OF_TESTS = {
    16, 17, 20, 33, 35, 45, 46, 47, 64, 71, 72, 73, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92,
    93, 94, 95, 96, 97,
}  # fmt: skip
_PYTHON, _BROWSER = "posthog-python/7.0", "Mozilla/5.0 (X11; Linux x86_64)"

Json = dict[str, Any]


def result(found: Json | None) -> str:
    """As the table writes it."""
    if found is None:
        return "absent"
    value = found["variant"] or str(found["enabled"]).lower()
    return f"{value} {found['reason']['code']}@{found['reason']['condition_index']}"


def test_every_row_of_the_table_is_here() -> None:
    assert sorted({row.number for row in ROWS} | ROWS_OF_TESTS) == list(range(1, 98))


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.number}-{row.key}-{place}" for place, row in enumerate(ROWS)]
)
def test_row(row: Row, flag_project: Project) -> None:
    asked = flag_project(row.project)
    answer = asked.ask(row.distinct_id, person_properties=row.person_properties, more=row.more)
    found = answer.flags.get(row.key)
    assert result(found) == row.expected, found
    assert answer.json["errorsWhileComputingFlags"] is False
    if row.payload != "not looked at":
        assert found is not None
        assert found["metadata"]["payload"] == row.payload
    if found is not None:
        assert "failed" not in found


def test_row_27_says_that_group_conditions_were_skipped(one: FlagProject) -> None:
    found = one.ask(person_properties={"plan": "y"}).flags["row-27"]
    assert "group" in found["reason"]["description"]


def test_row_16_running_sums_are_those_of_doubles() -> None:
    # 10 + 20 percent are 0.30000000000000004. No identifier has the bucket 0.3, but any bucket can be met exactly.
    identifier, key = "user-17", "sums"
    bucket = model.bucket(f"{key}.", identifier, "variant")
    for share, expected in _shares_around(bucket):
        declared = [("a", 10), ("b", share), ("c", 100)]
        filters = {
            "groups": [{"properties": []}],
            "multivariate": {
                "variants": [{"key": name, "rollout_percentage": part} for name, part in declared]
            },
        }
        told = asking.ask(
            [{"id": 1, "key": key, "filters": filters, "active": True, "version": 1}],
            {"distinct_id": identifier},
        )
        assert told["flags"][key]["variant"] == expected


def _shares_around(bucket: float) -> list[tuple[float, str]]:
    """Second shares whose running sum with 10 percent is just above the bucket, and not above it."""
    share = (bucket - 0.1) * 100
    assert share > 0
    while 10 / 100 + share / 100 > bucket:
        share = math.nextafter(share, 0)
    inside = share
    while 10 / 100 + inside / 100 <= bucket:
        inside = math.nextafter(inside, 100)
    return [(share, "c"), (inside, "b")]


def test_row_17_nobody_gets_a_variant_beyond_the_shares(one: FlagProject) -> None:
    beyond = [f"user-{n}" for n in range(50) if model.bucket("row-17.", f"user-{n}", "variant") >= 0.4]
    assert len(beyond) > 10
    for distinct_id in beyond:
        found = one.ask(distinct_id, flag_keys=["row-17"]).flags["row-17"]
        assert (found["enabled"], found["variant"]) == (True, None)


@pytest.mark.parametrize("missing", [{}, {"distinct_id": None}])
def test_row_20_without_a_distinct_id(missing: Json, one: FlagProject) -> None:
    answer = one.send("POST", "/flags/?v=2", json.dumps({"token": one.token, **missing}).encode())
    assert answer.status == 400
    assert answer.headers["content-type"].startswith("text/plain")


def test_row_33_a_cycle_costs_its_own_flags_and_says_so(flag_project: Project) -> None:
    for keys in (None, ["C"]):
        answer = flag_project("cycle").ask(flag_keys=keys)
        assert {key: result(found) for key, found in answer.flags.items()} == {"C": "true condition_match@0"}
        assert answer.json["errorsWhileComputingFlags"] is True


def test_row_35_dependencies_come_with_the_flag_asked_for(one: FlagProject) -> None:
    assert set(one.ask(flag_keys=["row-29-b"]).flags) == {"row-29-a", "row-29-b"}
    assert one.ask(flag_keys=[]).flags == {}


def test_rows_45_to_47_an_experience_is_kept(flag_project: Project) -> None:
    three, key = flag_project("three"), "beta-search-rollout"

    def asked(anonymous: str | None = None) -> str:
        return result(three.ask("user-105", more={"$anon_distinct_id": anonymous}).flags[key])

    assert asked() == "false out_of_rollout_bound@0"
    assert asked("user-61") == "true condition_match@0"  # row 45
    assert asked() == "false out_of_rollout_bound@0", "nothing is remembered for nobody"
    _make_person(three, "user-105")
    assert asked("user-61") == "true condition_match@0"
    assert asked() == "true condition_match@0"  # row 46
    assert asked("user-999") == "true condition_match@0"  # row 47
    assert asked() == "true condition_match@0"


def _make_person(project: FlagProject, *distinct_ids: str, **properties: Any) -> UUID:
    id_ = uuid4()
    with project.writing() as connection:
        save(
            connection,
            persons=[(project.id, id_.bytes, 0, json.dumps(properties), True, 0, False)],
            distinct_ids=[(project.id, name, id_.bytes, 0, False) for name in distinct_ids],
        )
    return id_


def test_a_member_of_a_static_cohort_is_in(one: FlagProject) -> None:
    with one.writing() as connection:
        where = (cohort.c.project_id == one.id) & (cohort.c.name == "static")
        cohort_id = connection.execute(cohort.select().where(where)).one().id
    one.add_member(cohort_id, _make_person(one, "a member"))
    assert result(one.ask("a member").flags["row-70"]) == "true condition_match@0"


def test_row_64_epoch_seconds_are_dates(one: FlagProject) -> None:
    now = time.time()
    for found, matches in ((now - 2 * 86400, True), (now - 3600, False), (str(int(now - 2 * 86400)), True)):
        assert one.ask(person_properties={"x": found}).flags["row-64"]["enabled"] == matches


def test_row_71_an_unknown_cohort_fails_its_flag_alone(flag_project: Project) -> None:
    answer = flag_project("cohort that is not there").ask()
    found = answer.flags["row-71"]
    assert found["failed"] is True
    assert (found["enabled"], found["metadata"]["payload"]) == (False, None)
    assert found["reason"]["code"] == "dependency_not_found_cohort"
    assert result(answer.flags["C"]) == "true condition_match@0"
    assert answer.json["errorsWhileComputingFlags"] is True


@pytest.mark.parametrize(
    ("number", "properties", "more", "matches"),
    [
        (72, {"$geoip_country_code": "DE"}, {}, False),
        (72, {"$geoip_country_code": None}, {}, True),
        (72, {}, {}, True),
        (73, {}, {"geoip_disable": True}, False),
    ],
)
def test_rows_72_and_73_where_the_address_is(
    number: int, properties: Json, more: Json, matches: bool
) -> None:
    asked = flag(f"row-{number}", condition(person("$geoip_country_code", "exact", "US")))
    told = asking.ask(
        [{**asked, "id": 1, "active": True, "version": 1}],
        {"distinct_id": "someone", "person_properties": properties, **more},
        place={"$geoip_country_code": "US"},
    )
    assert told["flags"][asked["key"]]["enabled"] == matches


@pytest.mark.parametrize(
    ("number", "headers", "body", "is_there"),
    [
        (76, {"User-Agent": _PYTHON}, {}, True),
        (76, {"User-Agent": _BROWSER}, {}, False),
        (77, {"User-Agent": "okhttp/4"}, {}, False),
        (76, {"User-Agent": _BROWSER}, {"evaluation_runtime": "SERVER"}, True),
        (76, {"User-Agent": _PYTHON}, {"evaluation_runtime": "client"}, False),
        (76, {"User-Agent": _BROWSER}, {"evaluation_runtime": "moon"}, True),
        (76, {"User-Agent": _PYTHON, "Origin": "https://example.org"}, {}, True),
        (76, {"User-Agent": "curl/8.0"}, {}, True),
    ],
)
def test_rows_76_and_77_a_flag_for_servers(
    number: int, headers: dict[str, str], body: Json, is_there: bool, one: FlagProject
) -> None:
    assert ("row-76" in one.ask(headers=headers, **body).flags) == is_there, number


def test_row_78_contexts(one: FlagProject) -> None:
    def asked(contexts: Any) -> set[str]:
        return {"row-78", "row-9"} & set(one.ask(evaluation_contexts=contexts).flags)

    assert asked(["docs"]) == {"row-9"}
    assert asked(["docs", "main-app"]) == asked([]) == asked(None) == {"row-78", "row-9"}


def test_row_79_only_what_surveys_need(one: FlagProject) -> None:
    answer = one.ask(query="?v=2&only_evaluate_survey_feature_flags=true")
    assert set(answer.flags) == {"survey-targeting-1"}
