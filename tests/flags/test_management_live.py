"""What is managed over the API, seen by SDKs of the running appliance."""

import json
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import pytest

from tests.conftest import Appliance

_VISIBLE_S = 20
# Each connection meets any one of the workers, and in a second there are hundreds: ten in a row may well meet one.
_TIMES = 30
EVERYBODY = {"groups": [{"properties": [], "rollout_percentage": 100}]}


@pytest.fixture(scope="module")
def managed(appliance: Appliance) -> Appliance:
    return appliance.with_project("managed flags")


def ask(
    appliance: Appliance, method: str, path: str, body: Any = None, key: str | None = None
) -> tuple[int, Any]:
    headers = {"content-type": "application/json"} | ({"authorization": f"Bearer {key}"} if key else {})
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=_VISIBLE_S)) as connection:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
    return answer.status, json.loads(content) if content else None


def managed_by(appliance: Appliance, method: str, path: str, body: Any = None) -> Any:
    status, found = ask(
        appliance, method, f"/api/projects/{appliance.project_id}/{path}", body, appliance.key
    )
    assert status in (200, 201), found
    return found


def flags_of(appliance: Appliance, distinct_id: str) -> dict[str, Any]:
    status, found = ask(
        appliance, "POST", "/flags/?v=2", {"token": appliance.token, "distinct_id": distinct_id}
    )
    assert status == 200, found
    flags: dict[str, Any] = found["flags"]
    return flags


def soon(is_true: Callable[[], bool]) -> None:
    """In every worker, within the time that a change may take."""
    deadline, seen = time.monotonic() + _VISIBLE_S, 0
    while seen < _TIMES:
        seen = seen + 1 if is_true() else 0
        assert time.monotonic() < deadline


def test_a_flag_is_there_changed_and_gone(managed: Appliance) -> None:
    body = {"key": "life", "filters": {**EVERYBODY, "payloads": {"true": {"a": 1}}}}
    flag = managed_by(managed, "POST", "feature_flags/", body)
    path = f"feature_flags/{flag['id']}/"
    soon(lambda: flags_of(managed, "somebody").get("life", {}).get("enabled") is True)
    metadata = flags_of(managed, "somebody")["life"]["metadata"]
    assert (metadata["id"], metadata["version"], metadata["payload"]) == (flag["id"], 1, '{"a": 1}')
    managed_by(managed, "PATCH", path, {"filters": {"groups": []}})
    soon(lambda: flags_of(managed, "somebody")["life"]["enabled"] is False)
    assert flags_of(managed, "somebody")["life"]["metadata"]["version"] == 2
    managed_by(managed, "PATCH", path, {"deleted": True})
    soon(lambda: "life" not in flags_of(managed, "somebody"))


def test_reasons_are_what_flags_answers(managed: Appliance) -> None:
    variants = [{"key": "one", "rollout_percentage": 50}, {"key": "two", "rollout_percentage": 50}]
    filters = {"groups": [{"rollout_percentage": 60}], "multivariate": {"variants": variants}}
    managed_by(managed, "POST", "feature_flags/", {"key": "shares", "filters": filters})
    soon(lambda: "shares" in flags_of(managed, "somebody"))
    for number in range(20):
        told = managed_by(managed, "GET", f"feature_flags/evaluation_reasons/?distinct_id=user-{number}")
        answered = flags_of(managed, f"user-{number}")["shares"]
        assert told["shares"]["value"] == (answered["variant"] or answered["enabled"])
        assert told["shares"]["evaluation"]["reason"] == answered["reason"]["code"]
        assert told["shares"]["evaluation"]["condition_index"] == answered["reason"]["condition_index"]


def test_a_secret_key_opens_definitions_until_it_is_rolled(managed: Appliance) -> None:
    def definitions(key: str) -> int:
        return ask(managed, "GET", f"/flags/definitions?token={managed.token}", key=key)[0]

    made = managed_by(managed, "POST", "project_secret_api_keys/", {"label": "server"})
    assert definitions(made["value"]) == 200
    rolled = managed_by(managed, "POST", f"project_secret_api_keys/{made['id']}/roll/")
    soon(lambda: definitions(made["value"]) == 401)
    assert definitions(rolled["value"]) == 200
    own = managed_by(managed, "POST", "rotate_secret_token/")["secret_api_token"]
    assert definitions(own) == 200


def test_an_encrypted_payload_is_read_by_people_s_keys_alone(managed: Appliance) -> None:
    body = {
        "key": "secret",
        "is_remote_configuration": True,
        "has_encrypted_payloads": True,
        "filters": {"payloads": {"true": '{"password": 1}'}},
    }
    managed_by(managed, "POST", "feature_flags/", body)
    path = f"/api/projects/@current/feature_flags/secret/remote_config?token={managed.token}"
    soon(lambda: ask(managed, "GET", path, key=managed.key)[0] == 200)
    assert ask(managed, "GET", path, key=managed.key)[1] == '{"password": 1}'
    secret = managed_by(managed, "POST", "project_secret_api_keys/", {"label": "reader"})["value"]
    assert ask(managed, "GET", path, key=secret)[1] == '"********* (encrypted)"'
    payload = flags_of(managed, "somebody").get("secret", {}).get("metadata", {}).get("payload")
    assert payload is None


def test_what_was_evaluated_is_counted(managed: Appliance) -> None:
    flag = managed_by(managed, "POST", "feature_flags/", {"key": "counted", "filters": EVERYBODY})
    path = f"feature_flags/{flag['id']}/"
    soon(lambda: "counted" in flags_of(managed, "somebody"))
    soon(lambda: managed_by(managed, "GET", f"{path}evaluations/")["totals"].get("true", 0) >= _TIMES)
