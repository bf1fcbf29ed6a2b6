"""The same flags and people decided by the server and by the real SDKs, which read the definitions from it.

Where an SDK decides otherwise, the case in `conformance_local.py` says so and why, and it is held to that too.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from posthog import Posthog, feature_flags

from tests.conftest import Appliance
from tests.flags import asking, model
from tests.flags.conformance import HALVES, condition, flag, variants
from tests.flags.conformance_local import CASES, COHORTS, GROUP_TYPES, LEFT, Case
from tests.flags.conformance_project import FlagProject
from tests.flags.conftest import Project
from tests.flags.generators import Maker
from tests.sdk.ask_node import ask_node

_PEOPLE = [f"user-{number}" for number in range(250)]
_BUCKETS = [
    flag("buckets.half", condition(r=50)),
    flag("buckets.odd", condition(r=33.3)),
    flag("buckets-of-variants", condition(r=80), multivariate=variants(a=10, b=20, c=30, d=40)),
    flag("buckets-gap", condition(), multivariate=variants(a=12.5, b=0.5)),
    flag(
        "buckets-held-out",
        condition(r=70),
        multivariate=HALVES,
        holdout={"id": 3, "exclusion_percentage": 15},
    ),
    flag("ключ", condition(r=50)),
]
_BUCKET_KEYS = [str(one["key"]) for one in _BUCKETS]


@pytest.fixture(scope="module")
def local(appliance: Appliance) -> FlagProject:
    made = FlagProject.made(appliance, "flags evaluated by SDKs")
    made.add([*(case.flag for case in CASES), *_BUCKETS], COHORTS, GROUP_TYPES)
    return made


@pytest.fixture(scope="module")
def python(local: FlagProject) -> Iterator[Posthog]:
    posthog = Posthog(
        local.token, host=local.appliance.url, secret_key=local.appliance.key, poll_interval=3600
    )  # fmt: skip
    posthog.load_feature_flags()
    yield posthog
    posthog.shutdown()


@pytest.fixture(scope="module")
def node(local: FlagProject) -> dict[str, dict[str, Any]]:
    """What posthog-node decides for each case by itself, by the case's key."""
    calls: list[tuple[str, list[Any]]] = [("waitForLocalEvaluationReady", [5000])]
    for case in CASES:
        device = {"$device_id": case.device_id} if case.device_id else {}
        options = {
            "onlyEvaluateLocally": True,
            "personProperties": {**case.person_properties, **device},
            "groups": case.groups,
            "groupProperties": case.group_properties,
        }
        calls.append(("getAllFlags", [case.distinct_id, options]))
    told = ask_node(local.appliance, calls, personalApiKey=local.appliance.key)
    assert told["results"][0] is True
    return dict(zip([case.key for case in CASES], told["results"][1:], strict=True))


def in_python(posthog: Posthog, case: Case) -> Any:
    found = posthog.get_all_flags(
        case.distinct_id,
        groups=case.groups,
        person_properties=case.person_properties,
        group_properties=case.group_properties,
        device_id=case.device_id,
        only_evaluate_locally=True,
    )
    return (found or {}).get(case.key, LEFT)


def on_server(project: FlagProject, case: Case) -> Any:
    answer = project.ask(
        case.distinct_id,
        person_properties=case.person_properties,
        groups=case.groups,
        group_properties=case.group_properties,
        flag_keys=[case.key],
        evaluation_runtime="all",
        **({"device_id": case.device_id} if case.device_id else {}),
    )
    assert answer.json["errorsWhileComputingFlags"] is False, answer.body
    found = answer.flags.get(case.key)
    if found is None:
        return False  # an inactive flag is absent here, and false where its definition is known
    return found["variant"] or found["enabled"]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_the_server_and_the_sdks_are_of_one_mind(
    case: Case, local: FlagProject, python: Posthog, node: dict[str, dict[str, Any]]
) -> None:
    told = {
        "server": on_server(local, case),
        "python": in_python(python, case),
        "node": node[case.key].get(case.key, LEFT),
    }
    assert told == {
        "server": case.server,
        "python": case.server if case.python is None else case.python,
        "node": case.server if case.node is None else case.node,
    }


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_difference_is_one_and_has_a_reason(case: Case) -> None:
    for told in (case.python, case.node):
        assert told is None or told != case.server
    assert bool(case.why) == (case.python is not None or case.node is not None)


def test_everybody_is_in_the_same_bucket_everywhere(local: FlagProject, python: Posthog) -> None:
    options = {"onlyEvaluateLocally": True, "flagKeys": _BUCKET_KEYS}
    calls: list[tuple[str, list[Any]]] = [("getAllFlags", [name, options]) for name in _PEOPLE]
    told = ask_node(local.appliance, calls, personalApiKey=local.appliance.key)
    seen: set[tuple[str, Any]] = set()
    for name, in_node in zip(_PEOPLE, told["results"], strict=True):
        flags = local.ask(name, flag_keys=_BUCKET_KEYS).flags
        server = {key: found["variant"] or found["enabled"] for key, found in flags.items()}
        local_python = python.get_all_flags(
            name, flag_keys_to_evaluate=_BUCKET_KEYS, only_evaluate_locally=True
        )
        assert {key: in_node[key] for key in _BUCKET_KEYS} == server == local_python, name
        seen.update(server.items())
    assert {value for key, value in seen if key == "buckets-of-variants"} == {False, "a", "b", "c", "d"}
    assert ("buckets-held-out", "holdout-3") in seen


def test_the_empty_id_is_in_every_rollout_here_and_hashed_elsewhere(
    local: FlagProject, python: Posthog
) -> None:
    # Section 2.1: the server takes 0 for the hash of nothing.
    assert model.bucket("buckets.odd.", "", "") > 0.333
    assert local.ask("", flag_keys=["buckets.odd"]).flags["buckets.odd"]["enabled"] is True
    found = python._get_all_flags_and_payloads_locally("", groups={})[0]
    assert json.loads(json.dumps(found))["featureFlags"]["buckets.odd"] is False


def test_a_day_begins_in_the_zone_of_the_project_here_and_in_utc_elsewhere(flag_project: Project) -> None:
    made = flag_project("new york")
    found = {"x": "2024-06-01T03:00:00Z"}
    posthog = Posthog(made.token, host=made.appliance.url, secret_key=made.appliance.key, poll_interval=3600)
    posthog.load_feature_flags()
    local = posthog.get_feature_flag("row-65", "a", person_properties=found, only_evaluate_locally=True)
    posthog.shutdown()
    assert (made.ask(person_properties=found).flags["row-65"]["enabled"], local) == (False, True)


def test_random_filters_match_as_they_do_in_the_python_sdk() -> None:
    """What the SDK leaves to the server says nothing; nor do the kinds of section 3.1 in which it differs."""
    compared = Counter[bool]()
    for seed in range(1, 150):
        maker = Maker(seed)
        for properties in maker.people:
            filters = [maker.filter(["text", "truth", "number", "known"], maker.people) for _ in range(40)]
            filters = [
                one for one in filters if not (one.get("operator") or "").startswith(("is_date", "semver"))
            ]
            found = {**properties, "distinct_id": "a"}
            flags = [
                {**flag(f"f{number}", condition(one)), "id": number, "active": True, "version": 1}
                for number, one in enumerate(filters)
            ]
            told = asking.ask(flags, {"distinct_id": "a"}, person=found)["flags"]
            for number, one in enumerate(filters):
                with suppress(feature_flags.InconclusiveMatchError):
                    # A filter without a value is no filter that the management API takes.
                    if one.get("value") is None or not _is_known(one, found):
                        continue
                    expected = feature_flags.match_property(one, found)
                    assert told[f"f{number}"]["enabled"] == expected, (one, found.get(one["key"]))
                    compared[expected] += 1
    assert min(compared[True], compared[False]) > 2_000, compared


def _is_known(one: dict[str, Any], found: dict[str, Any]) -> bool:
    """Not what only the server fills in."""
    return one["key"] in found or not one["key"].startswith("$initial_")
