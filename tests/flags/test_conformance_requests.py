"""What sections 1.2 to 1.5 of the contract say of requests beside the rows of its table."""

import gzip
import json
from typing import Any
from uuid import uuid4

import pytest

from appliance.accounts.keys import create_personal_api_key
from appliance.catalog import changes
from appliance.catalog.model import personal_api_key
from tests.flags import model
from tests.flags.conformance_project import FlagProject

Json = dict[str, Any]
_CONFIG = {
    "token",
    "supportedCompression",
    "hasFeatureFlags",
    "autocapture_opt_out",
    "sessionRecording",
    "siteApps",
}
_LEGACY = {"isAuthenticated", "toolbarParams", "config"}
_TOO_LARGE_BYTES = 64 * 1024 * 1024


def _body(project: FlagProject, **more: Any) -> bytes:
    return json.dumps(
        {"token": project.token, "distinct_id": "user-61", "flag_keys": ["row-9"], **more}
    ).encode()


@pytest.mark.parametrize(
    ("query", "shape", "has_config"),
    [
        ("", 2, True),
        ("?v=", 2, True),
        ("?v=2", 2, False),
        ("?version=2", 2, False),
        ("?v=2&config=true", 2, True),
        ("?v=2&config=false", 2, False),
        ("?v=1", 1, False),
        ("?v=1&config=true", 1, True),
        ("?config=true", 1, True),
        ("?v=three", 1, False),
        ("?v=2&unknown=1&ip=0&_=1700000000000&ver=1.2.3&lib_version=1&sent_at=5", 2, False),
        ("?v=2&compression=", 2, False),
    ],
)
def test_the_query_decides_on_the_shape(query: str, shape: int, has_config: bool, one: FlagProject) -> None:
    answer = one.send("POST", f"/flags/{query}", _body(one))
    assert answer.status == 200
    told = answer.json
    assert ("flags" in told) == (shape == 2)
    assert ("featureFlags" in told) == (shape == 1)
    assert (set(told) >= _CONFIG | _LEGACY) == has_config
    assert ("supportedCompression" in told) == has_config
    assert "quotaLimited" not in told
    assert "minimalFlagCalledEvents" not in told


@pytest.mark.parametrize(
    ("query", "has_config"), [("?v=3", True), ("?v=3&config=false", False), ("?v=4", True)]
)
def test_decide_has_the_configuration_unless_told_otherwise(
    query: str, has_config: bool, one: FlagProject
) -> None:
    assert ("supportedCompression" in one.send("POST", f"/decide/{query}", _body(one)).json) == has_config


@pytest.mark.parametrize(("query", "name"), [("?v=2", "flags"), ("?v=1", "featureFlags")])
def test_get_evaluates_nothing(query: str, name: str, one: FlagProject) -> None:
    told = one.send("GET", f"/flags/{query}").json
    assert not told[name]
    assert told["supportedCompression"]
    assert (told["toolbarParams"], told["isAuthenticated"], told["sessionRecording"]) == ({}, False, False)


def test_methods_that_are_allowed(one: FlagProject) -> None:
    answer = one.send("OPTIONS", "/flags/")
    assert {name.strip() for name in answer.headers["allow"].split(",")} == {"GET", "POST", "OPTIONS", "HEAD"}
    assert one.send("DELETE", "/flags/").status == 405
    for path in ("/flags/definitions", "/flags/definitions/", "/api/feature_flag/local_evaluation"):
        assert one.send("HEAD", path).status == 200
        assert one.send("OPTIONS", path).status == 204
        assert one.send("POST", path, b"{}").status == 405


def test_every_field_has_its_other_name(one: FlagProject) -> None:
    gold = {"organization": {"tier": "gold"}}

    def enabled(key: str, distinct_id: str = "a", **more: Any) -> bool:
        found: bool = one.ask(distinct_id, flag_keys=[key], more=more).flags[key]["enabled"]
        return found

    assert enabled("org-dashboard", **{"$groups": {"organization": "org-9"}, "$group_properties": gold})
    assert enabled("org-dashboard", groups={"organization": "org-9"}, group_properties=gold)
    assert enabled("row-9", **{"$properties": {"plan": "enterprise"}})
    contexts = {"evaluation_environments": ["docs"]}
    assert "row-78" not in one.ask(flag_keys=["row-78"], more=contexts).flags
    assert "row-78" in one.ask(flag_keys=["row-78"], more={"evaluation_environments": ["main-app"]}).flags


def test_device_and_former_id_have_their_other_names(flag_project: Any) -> None:
    two, three, key = flag_project("two"), flag_project("three"), "beta-search-rollout"
    for name in ("$device_id", "device_id"):
        assert two.ask("user-105", more={name: "user-61"}).flags[key]["enabled"] is True
    # The device of the body counts before that of the properties; an empty one is none.
    both = {"$device_id": "user-105", "person_properties": {"$device_id": "user-61"}}
    assert two.ask("user-105", more=both).flags[key]["enabled"] is False
    empty = {"$device_id": "", "person_properties": {"$device_id": "user-61"}}
    assert two.ask("user-105", more=empty).flags[key]["enabled"] is True
    for name in ("$anon_distinct_id", "anon_distinct_id"):
        assert three.ask(f"nobody-{name}", more={name: "user-61"}).flags[key]["enabled"] is True


def test_nulls_are_as_good_as_nothing(one: FlagProject) -> None:
    names = [
        "$device_id", "$anon_distinct_id", "person_properties", "groups", "group_properties", "flag_keys",
        "geoip_disable", "disable_flags", "evaluation_contexts", "evaluation_runtime", "timezone", "ip_address",
    ]  # fmt: skip
    answer = one.ask("user-61", more=dict.fromkeys(names))
    assert answer.flags.keys() == one.ask("user-61").flags.keys()
    assert answer.json["errorsWhileComputingFlags"] is False


@pytest.mark.parametrize(
    "body", [b'{"token":"%s","distinct_id":"a","x":"\xff\xfe"}', b"{'token':'%s',distinct_id:'a',}"]
)
def test_json_is_read_leniently(body: bytes, one: FlagProject) -> None:
    answer = one.send("POST", "/flags/?v=2", body % one.token.encode(), {"Content-Type": "application/json"})
    assert answer.status == 200, answer.body


def test_a_body_that_grows_too_large_is_refused(one: FlagProject) -> None:
    large = b'{"token":"%s","distinct_id":"a","x":"' % one.token.encode() + b" " * _TOO_LARGE_BYTES + b'"}'
    answer = one.send("POST", "/flags/?v=2", gzip.compress(large), {"Content-Encoding": "gzip"})
    assert answer.status == 413
    assert answer.headers["content-type"].startswith("text/plain")


def test_two_hundred_characters_count_and_not_bytes(one: FlagProject) -> None:
    long = "é" * 250
    expected = model.bucket("beta-search-rollout.", long[:200], "") <= 0.255
    assert one.ask(long).flags["beta-search-rollout"]["enabled"] == expected


# Definitions: who may have them.


def _definitions(project: FlagProject, authorization: str | None, token: str | None = None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    asked = project.token if token is None else token
    return project.send("GET", f"/flags/definitions?token={asked}&send_cohorts", None, headers)


def _refusal(answer: Any) -> tuple[int, str, str]:
    assert set(answer.json) == {"type", "code", "detail", "attr"}
    return answer.status, answer.json["type"], answer.json["code"]


def test_definitions_are_for_those_with_a_key(one: FlagProject) -> None:
    key = one.appliance.key
    kind = "authentication_error"
    assert _definitions(one, f"Bearer {key}").status == 200
    assert _refusal(_definitions(one, None)) == (401, kind, "not_authenticated")
    for bad in ("phx_nobody", "phs_nobody", one.token):
        assert _refusal(_definitions(one, f"Bearer {bad}")) == (401, kind, "authentication_failed")
    assert _definitions(one, f"Bearer {key}", "").status == 401
    assert _definitions(one, f"Bearer {key}", "phc_nobody").status == 401
    with one.writing() as connection:
        owner = connection.execute(personal_api_key.select()).first().user_id
        reads = create_personal_api_key(connection, owner, "reads flags", ["feature_flag:read"])
        writes = create_personal_api_key(connection, owner, "writes flags", ["feature_flag:write"])
        others = create_personal_api_key(connection, owner, "reads insights", ["insight:read"])
        changes.bump(connection)
    assert _definitions(one, f"Bearer {reads}").status == 200
    assert _definitions(one, f"Bearer {writes}").status == 200
    assert _refusal(_definitions(one, f"Bearer {others}")) == (403, kind, "permission_denied")


def test_a_project_s_secret_key_opens_its_own_definitions(one: FlagProject, fresh: FlagProject) -> None:
    made = one.send(
        "POST",
        f"/api/projects/{one.id}/project_secret_api_keys/",
        json.dumps({"label": f"secret {uuid4().hex[:8]}"}).encode(),
        {"Authorization": f"Bearer {one.appliance.key}", "Content-Type": "application/json"},
    )
    secret = made.json["value"]
    assert _definitions(one, f"Bearer {secret}").status == 200
    answer = _definitions(fresh, f"Bearer {secret}")
    assert _refusal(answer) == (401, "authentication_error", "authentication_failed")


def test_configuration_as_a_script(one: FlagProject) -> None:
    answer = one.send("GET", f"/array/{one.token}/config.js")
    assert answer.headers["content-type"].startswith("application/javascript")
    assert b"_POSTHOG_REMOTE_CONFIG" in answer.body
    assert one.token.encode() in answer.body
    assert b"hasFeatureFlags" in answer.body
    config = one.send("GET", f"/array/{one.token}/config")
    assert {"Origin", "Referer"} <= {name.strip() for name in config.headers["vary"].split(",")}
    bundle = one.send("GET", f"/array/{one.token}/array.js")
    assert bundle.status == 200
    assert len(bundle.body) > 50_000
    assert b"_POSTHOG_REMOTE_CONFIG" in bundle.body[-20_000:]
