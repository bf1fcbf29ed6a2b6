"""Flags through the unmodified posthog-node: asked of the server, decided by itself, and told in events."""

from typing import Any

import pytest

from tests.conftest import Appliance
from tests.flags.conformance import ENTERPRISE, HALVES, condition, flag, in_cohort
from tests.flags.conformance_project import FlagProject
from tests.sdk.ask_node import ask_node

_PAYLOADS = {"true": '{"cta": "x", "n": [1, 2]}', "test": '"text"'}
_FLAGS = [
    flag("everybody", condition(), payloads=_PAYLOADS),
    flag("nobody"),
    flag("halves", condition(), multivariate=HALVES, payloads=_PAYLOADS),
    flag("plan", condition(ENTERPRISE)),
    flag("static", condition(in_cohort("$cohort/static"))),
    flag(
        "configuration",
        condition(),
        payloads={"true": '{"colour": "red"}'},
        columns={"is_remote_configuration": True},
    ),
]
_ALL = {
    "everybody": True,
    "nobody": False,
    "halves": "test",
    "plan": True,
    "static": False,
    "configuration": True,
    "every-worker-knows": True,
}
_PERSON = "user-17"
_KNOWN = {"personProperties": {"plan": "enterprise"}}


@pytest.fixture(scope="module")
def flags(appliance: Appliance) -> FlagProject:
    made = FlagProject.made(appliance, "flags of posthog-node")
    made.add(_FLAGS, [{"name": "static", "is_static": True, "version": None}])
    return made


@pytest.fixture(params=["asked", "decided by itself"])
def options(request: pytest.FixtureRequest, flags: FlagProject) -> dict[str, Any]:
    return {} if request.param == "asked" else {"personalApiKey": flags.appliance.key}


def test_flags_and_payloads(flags: FlagProject, options: dict[str, Any]) -> None:
    expected = [
        (("getFeatureFlag", ["everybody", _PERSON]), True),
        (("getFeatureFlag", ["nobody", _PERSON]), False),
        (("getFeatureFlag", ["halves", _PERSON]), "test"),
        (("isFeatureEnabled", ["plan", _PERSON, _KNOWN]), True),
        (("isFeatureEnabled", ["static", _PERSON]), False),
        (("getFeatureFlag", ["no such flag", _PERSON]), None),
        (("getAllFlags", [_PERSON, _KNOWN]), _ALL),
        (("getFeatureFlagPayload", ["everybody", _PERSON]), {"cta": "x", "n": [1, 2]}),
        (("getFeatureFlagPayload", ["halves", _PERSON, "test"]), "text"),
        (("getFeatureFlagPayload", ["nobody", _PERSON]), None),
    ]
    told = ask_node(flags.appliance, [call for call, _ in expected], **options)
    assert told["results"] == [result for _, result in expected]


def test_a_remote_configuration(flags: FlagProject) -> None:
    told = ask_node(
        flags.appliance, [("getRemoteConfigPayload", ["configuration"])], personalApiKey=flags.appliance.key
    )  # fmt: skip
    assert told["results"] == [{"colour": "red"}]


def test_that_a_flag_was_called_is_found_by_a_query(flags: FlagProject) -> None:
    asked = f"{_PERSON}-asks"
    answer = flags.ask(asked, flag_keys=["halves"]).flags["halves"]
    told = ask_node(flags.appliance, [("getFeatureFlag", ["halves", asked])] * 2)
    assert told["results"] == [answer["variant"]] * 2
    [event] = flags.appliance.wait_for_event(asked, event="$feature_flag_called")
    [message] = told["sent"]
    properties = event["properties"]
    assert event["id"] == message["uuid"]
    assert properties["$feature_flag"] == "halves"
    assert properties["$feature_flag_response"] == answer["variant"]
    assert properties["$feature_flag_id"] == answer["metadata"]["id"]
    assert properties["$feature_flag_version"] == answer["metadata"]["version"]
    assert properties["$feature_flag_reason"] == "Matched condition set 1"
    assert "$feature_flag_error" not in properties
