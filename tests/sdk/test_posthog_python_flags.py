"""Flags through the unmodified Python SDK: asked of the server, decided by itself, and told in events."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from posthog import Posthog

from tests.conftest import Appliance
from tests.flags.conformance import ENTERPRISE, HALVES, condition, flag, in_cohort
from tests.flags.conformance_project import FlagProject

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

Client = Callable[..., Posthog]
# The SDK would rather have `evaluate_flags`; what is in use is the rest.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def flags(appliance: Appliance) -> FlagProject:
    made = FlagProject.made(appliance, "flags of the Python SDK")
    made.add(_FLAGS, [{"name": "static", "is_static": True, "version": None}])
    return made


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    return []


@pytest.fixture
def client(flags: FlagProject, sent: list[dict[str, Any]]) -> Iterator[Client]:
    made: list[Posthog] = []

    def before_send(message: dict[str, Any]) -> dict[str, Any]:
        sent.append(message)
        return message

    def start(**options: Any) -> Posthog:
        made.append(Posthog(flags.token, host=flags.appliance.url, before_send=before_send, **options))
        return made[-1]

    yield start
    for one in made:
        one.shutdown()


@pytest.fixture(params=["asked", "decided by itself"])
def posthog(request: pytest.FixtureRequest, client: Client, flags: FlagProject) -> Posthog:
    """With a key it decides by itself what it can."""
    if request.param == "asked":
        return client()
    posthog = client(secret_key=flags.appliance.key, poll_interval=3600)
    posthog.load_feature_flags()
    assert {one["key"] for one in posthog.feature_flags or []} == set(_ALL)
    return posthog


_KNOWN: dict[str, Any] = {"person_properties": {"plan": "enterprise"}}


def test_flags_and_payloads(posthog: Posthog) -> None:
    assert posthog.get_feature_flag("everybody", _PERSON) is True
    assert posthog.get_feature_flag("nobody", _PERSON) is False
    assert posthog.get_feature_flag("halves", _PERSON) == "test"
    assert posthog.feature_enabled("plan", _PERSON, **_KNOWN) is True
    assert posthog.feature_enabled("static", _PERSON) is False
    assert posthog.get_feature_flag("no such flag", _PERSON) is None
    assert posthog.get_all_flags(_PERSON, **_KNOWN) == _ALL
    assert posthog.get_feature_flag_payload("everybody", _PERSON) == {"cta": "x", "n": [1, 2]}
    assert posthog.get_feature_flag_payload("halves", _PERSON) == "text"
    assert posthog.get_feature_flag_payload("nobody", _PERSON) is None
    result = posthog.get_feature_flag_result("halves", _PERSON)
    assert result is not None
    assert (result.enabled, result.variant, result.payload) == (True, "test", "text")


def test_a_remote_configuration(client: Client, flags: FlagProject) -> None:
    posthog = client(secret_key=flags.appliance.key, enable_local_evaluation=False)
    assert posthog.get_remote_config_payload("configuration") == '{"colour": "red"}'
    assert posthog.get_remote_config_payload("everybody") is None


def test_flags_of_a_group(client: Client, flags: FlagProject) -> None:
    flags.add(
        [flag("of-groups", condition(r=70), aggregation_group_type_index=0, payloads=_PAYLOADS)],
        group_types={"organization": 0},
    )
    for posthog in (client(), client(secret_key=flags.appliance.key, poll_interval=3600)):
        given = {"groups": {"organization": "org-9"}}
        assert posthog.get_feature_flag("of-groups", _PERSON, **given) is True
        assert flags.ask(_PERSON, **given).flags["of-groups"]["enabled"] is True
        assert posthog.get_feature_flag("of-groups", _PERSON) is False
    flags.change("of-groups", is_deleted=True)


def test_that_a_flag_was_called_is_found_by_a_query(
    client: Client, flags: FlagProject, sent: list[dict[str, Any]]
) -> None:
    posthog = client()
    asked = f"{_PERSON}-asks"
    answer = flags.ask(asked, flag_keys=["halves"])
    assert posthog.get_feature_flag("halves", asked) == answer.flags["halves"]["variant"]
    posthog.get_feature_flag("halves", asked)
    posthog.flush()
    [message] = [one for one in sent if one["event"] == "$feature_flag_called"]
    [event] = flags.appliance.wait_for_event(asked, event="$feature_flag_called")
    told = event["properties"]
    metadata = answer.flags["halves"]["metadata"]
    assert told["$feature_flag"] == "halves"
    assert told["$feature_flag_response"] == answer.flags["halves"]["variant"]
    assert told["$feature_flag_id"] == metadata["id"]
    assert told["$feature_flag_version"] == metadata["version"]
    assert told["$feature_flag_reason"] == "Matched condition set 1"
    assert "$feature_flag_error" not in told
    assert told["$feature/halves"] == told["$feature_flag_response"]
    UUID(told["$feature_flag_request_id"])
    assert event["id"] == str(message["uuid"])
    rows = flags.appliance.sql(
        "SELECT count() FROM events WHERE team_id = {project:Int64} AND event = '$feature_flag_called'"
        " AND JSONExtractString(properties, '$feature_flag') = 'halves' AND distinct_id = {id:String}",
        {"project": flags.id, "id": asked},
    )
    assert rows == [(1,)]


def test_a_change_is_there_when_definitions_are_loaded_again(client: Client, flags: FlagProject) -> None:
    flags.add([flag("changes", condition(r=0))])
    posthog = client(secret_key=flags.appliance.key, poll_interval=3600)
    posthog.load_feature_flags()
    assert posthog.get_feature_flag("changes", _PERSON, only_evaluate_locally=True) is False
    posthog.load_feature_flags()  # 304
    assert posthog.get_feature_flag("changes", _PERSON, only_evaluate_locally=True) is False
    flags.change("changes", filters=flag("changes", condition())["filters"])
    posthog.load_feature_flags()
    assert posthog.get_feature_flag("changes", _PERSON, only_evaluate_locally=True) is True
    flags.change("changes", is_deleted=True)
    posthog.load_feature_flags()
    assert posthog.get_feature_flag("changes", _PERSON, only_evaluate_locally=True) is None


def test_a_key_that_is_not_one_leaves_the_sdk_without_definitions(client: Client) -> None:
    posthog = client(secret_key="phx_nobody_has_this_key", poll_interval=3600)
    posthog.load_feature_flags()
    assert not posthog.feature_flags
    assert posthog.get_feature_flag("everybody", _PERSON) is True, "asked of the server then"
