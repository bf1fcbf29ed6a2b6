"""The rows of the contract's conformance table that are about requests, answers, definitions and configuration."""

import base64
import gzip
import json
import time
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from tests.conftest import Appliance
from tests.flags import model
from tests.flags.conformance import COHORTS, FILTERS, condition, flag
from tests.flags.conformance_project import FlagProject
from tests.flags.conftest import Project

Json = dict[str, Any]

_THREE = {
    "flag_keys": ["beta-search", "row-10", "checkout-layout"],
    "person_properties": {"plan": "enterprise"},
}


def test_row_80_the_first_shape_of_flags(one: FlagProject) -> None:
    answer = one.ask("user-61", query="?v=1", **_THREE).json
    assert answer["featureFlags"] == {"beta-search": True, "row-10": False, "checkout-layout": "spacious"}
    assert answer["featureFlagPayloads"] == {"beta-search": '{"cta":"x"}'}
    assert answer["errorsWhileComputingFlags"] is False
    UUID(answer["requestId"])
    assert set(answer) == {
        "featureFlags", "featureFlagPayloads", "errorsWhileComputingFlags", "requestId", "evaluatedAt",
    }  # fmt: skip


def test_row_81_decide(one: FlagProject) -> None:
    body = json.dumps({"token": one.token, "distinct_id": "user-61", **_THREE}).encode()

    def decide(query: str) -> Json:
        answer = one.send("POST", f"/decide/{query}", body)
        assert answer.status == 200
        told: Json = answer.json
        assert told["supportedCompression"] == ["gzip", "gzip-js"]
        assert {"requestId", "evaluatedAt", "isAuthenticated", "toolbarParams", "config"} <= set(told)
        return told

    second = decide("?v=2")
    assert second["featureFlags"] == {"beta-search": True, "checkout-layout": "spacious"}
    for told in (decide("?v=1"), decide(""), decide("?v=0")):
        assert sorted(told["featureFlags"]) == ["beta-search", "checkout-layout"]
        assert not {"errorsWhileComputingFlags", "featureFlagPayloads", "flags"} & set(told)
    assert not {"errorsWhileComputingFlags", "featureFlagPayloads"} & set(second)
    third, fourth = decide("?v=3"), decide("?v=4")
    assert third["featureFlags"] == {"beta-search": True, "row-10": False, "checkout-layout": "spacious"}
    assert set(fourth["flags"]) == {"beta-search", "row-10", "checkout-layout"}


def test_row_82_no_query_is_the_second_shape_with_configuration(one: FlagProject) -> None:
    for query in ("", "?v=2&config=true"):
        answer = one.ask(query=query)
        assert "row-9" in answer.flags
        assert answer.json["supportedCompression"] == ["gzip", "gzip-js"]
        assert answer.json["hasFeatureFlags"] is True
    only_config = one.ask(query="?config=true").json
    assert "featureFlags" in only_config
    assert "supportedCompression" in only_config
    assert "supportedCompression" not in one.ask(query="?v=2").json


def test_row_83_bodies_in_every_form(one: FlagProject) -> None:
    plain = json.dumps(
        {"token": one.token, "distinct_id": "user-61", "flag_keys": ["beta-search-rollout"]}
    ).encode()
    encoded = base64.b64encode(plain)
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    forms: list[tuple[str, bytes, dict[str, str]]] = [
        ("?v=2", gzip.compress(plain), {}),
        ("?v=2", gzip.compress(plain), {"Content-Type": "application/json", "Content-Encoding": "gzip"}),
        ("?v=2&compression=gzip", gzip.compress(plain), {"Content-Type": "text/plain"}),
        ("?v=2&compression=gzip-js", gzip.compress(plain), {"Content-Type": "text/plain"}),
        ("?v=2", plain, {"Content-Type": "text/plain"}),
        ("?v=2", plain, {"Content-Type": "application/json; charset=utf-8"}),
        ("?v=2&compression=base64", b"data=" + quote(encoded).encode(), form),
        ("?v=2&compression=base64", encoded.rstrip(b"="), {"Content-Type": "text/plain"}),
        ("?v=2", encoded, {}),
        ("?v=2", encoded, form),
    ]
    for number, (query, body, headers) in enumerate(forms):
        answer = one.send("POST", f"/flags/{query}", body, headers)
        assert (number, answer.status) == (number, 200), answer.body
        assert answer.flags["beta-search-rollout"]["enabled"] is True


def test_row_84_what_cannot_be_decoded(one: FlagProject) -> None:
    plain = json.dumps({"token": one.token, "distinct_id": "a"}).encode()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    bad: list[tuple[str, bytes, dict[str, str]]] = [
        ("?v=2&compression=lz64", plain, {}),
        ("?v=2", b"no body at all!", {}),
        ("?v=2", plain, {"Content-Type": "application/xml"}),
        ("?v=2&compression=gzip", gzip.compress(plain), form),
        ("?v=2", gzip.compress(plain)[:-9], {}),
    ]
    for number, (query, body, headers) in enumerate(bad):
        answer = one.send("POST", f"/flags/{query}", body, headers)
        assert (number, answer.status) == (number, 400), answer.body
        assert answer.body.startswith(b"Failed to decode request"), answer.body
        assert answer.headers["content-type"].startswith("text/plain")


def test_row_85_not_a_number_is_null(one: FlagProject) -> None:
    # `is_not a` holds for null; `x exact "null"` shows that it is there.
    body = b'{"token":"%s","distinct_id":"a","person_properties":{"x":NaN},}' % one.token.encode()
    answer = one.send("POST", "/flags/?v=2", body, {"Content-Type": "application/json"})
    [is_set] = [f"row-54-{place}" for place, (number, _, _) in enumerate(FILTERS) if number == 54]
    assert answer.flags[is_set]["enabled"] is True


def test_row_86_flags_may_be_left_out(one: FlagProject) -> None:
    answer = one.ask(query="?v=2&config=true", disable_flags=True).json
    assert answer["flags"] == {}
    assert answer["errorsWhileComputingFlags"] is False
    assert answer["supportedCompression"] == ["gzip", "gzip-js"]


_DEFINITIONS = (
    "/flags/definitions?token={}&send_cohorts",
    "/api/feature_flag/local_evaluation/?token={}&send_cohorts",
)


def _definitions(project: FlagProject, **headers: str) -> Any:
    return project.get(_DEFINITIONS[0].format(project.token), headers)


@pytest.mark.parametrize("path", _DEFINITIONS)
def test_row_87_definitions_that_did_not_change(path: str, one: FlagProject) -> None:
    path = path.format(one.token)
    first = one.get(path)
    etag = first.headers["etag"]
    assert first.status == 200
    assert etag.startswith('W/"')
    assert first.headers["cache-control"] == "private, must-revalidate"
    for form in (etag, etag.removeprefix("W/"), etag.removeprefix("W/").strip('"')):
        again = one.get(path, {"If-None-Match": form})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", etag)
    assert one.get(path, {"If-None-Match": 'W/"another"'}).status == 200


def test_row_87_a_change_changes_the_tag(flag_project: Project) -> None:
    asked = flag_project("two")
    first = _definitions(asked)
    asked.change("beta-search", name="renamed")
    second = _definitions(asked, **{"If-None-Match": first.headers["etag"]})
    assert second.status == 200
    assert second.headers["etag"] != first.headers["etag"]


def test_row_88_inactive_flags_are_defined(one: FlagProject) -> None:
    flags = {found["key"]: found for found in _definitions(one).json["flags"]}
    assert flags["row-34-a"]["active"] is False
    assert "survey-targeting-1" not in flags or flags["survey-targeting-1"]["active"]
    assert list(flags) == sorted(flags)
    assert {"id", "team_id", "name", "key", "filters", "deleted", "active", "ensure_experience_continuity", "version",
            "evaluation_runtime", "bucketing_identifier", "evaluation_contexts", "has_experiment"} <= set(
        flags["row-9"]
    )  # fmt: skip


def test_row_89_dependencies_are_named_by_key(one: FlagProject, flag_project: Project) -> None:
    flags = {found["key"]: found for found in _definitions(one).json["flags"]}

    def dependency(found: Json) -> Json:
        [only] = found["filters"]["groups"][0]["properties"]
        told: Json = only
        return told

    assert dependency(flags["banner"])["key"] == "checkout-layout"
    assert dependency(flags["banner"])["dependency_chain"] == ["checkout-layout"]
    assert dependency(flags["row-32"])["dependency_chain"] == []
    circular = {found["key"]: found for found in _definitions(flag_project("cycle")).json["flags"]}
    assert dependency(circular["A"])["dependency_chain"] == []


def test_row_90_static_cohorts_are_left_out(one: FlagProject) -> None:
    told = _definitions(one).json
    flags = {found["key"]: found for found in told["flags"]}
    [static] = [found["value"] for found in flags["row-70"]["filters"]["groups"][0]["properties"]]
    [dynamic] = [found["value"] for found in flags["row-67"]["filters"]["groups"][0]["properties"]]
    assert str(static) not in told["cohorts"]
    assert told["cohorts"][str(dynamic)] == COHORTS["one"][0]["filters"]["properties"]
    assert told["group_type_mapping"] == {"0": "organization"}
    assert (told["minimal_flag_called_events"], told["property_matching_version"]) == (False, 1)


_SECRET = {"is_remote_configuration": True, "has_encrypted_payloads": True}


@pytest.fixture(scope="module")
def remote(appliance: Appliance) -> FlagProject:
    made = FlagProject.made(appliance, "flags remote")
    payloads = {"true": '{"a":1}'}
    made.add(
        [
            flag("banner-text", condition(), payloads=payloads, columns={"is_remote_configuration": True}),
            flag("empty", condition(), columns={"is_remote_configuration": True}),
            flag("normal", condition(), payloads=payloads),
            flag("secret", condition(), payloads=payloads, columns=_SECRET),
        ]
    )
    return made


def _payload(project: FlagProject, key: str, query: str, at: str = "@current") -> Any:
    return project.get(f"/api/projects/{at}/feature_flags/{key}/remote_config{query}")


def test_row_91_a_remote_configuration(remote: FlagProject) -> None:
    for slash in ("", "/"):
        answer = _payload(remote, "banner-text", f"{slash}?token={remote.token}")
        assert answer.status == 200
        assert answer.json == '{"a":1}'
    empty = _payload(remote, "empty", f"?token={remote.token}")
    assert (empty.status, empty.body) == (200, b"")


def test_flags_with_encrypted_payloads_are_shown_to_nobody_else(remote: FlagProject) -> None:
    assert set(remote.ask().flags) == {"banner-text", "empty", "normal"}
    told = {found["key"] for found in _definitions(remote).json["flags"]}
    assert "secret" not in told
    assert "normal" in told


def test_row_92_other_flags_are_no_remote_configuration(remote: FlagProject) -> None:
    assert _payload(remote, "normal", f"?token={remote.token}").status == 404
    assert _payload(remote, "missing", f"?token={remote.token}").status == 404
    assert _payload(remote, "banner-text", "").status == 404


def test_row_93_a_project_without_flags(fresh: FlagProject) -> None:
    answer = fresh.send("GET", f"/array/{fresh.token}/config")
    assert answer.status == 200
    assert answer.json["hasFeatureFlags"] is False
    assert answer.json["token"] == fresh.token
    assert answer.json["autocapture_opt_out"] is False
    assert fresh.send("GET", "/array/phc_nobody_has_this/config").status == 404
    assert fresh.send("GET", "/array/what.is.this/config").status == 400


def test_row_94_what_recording_leaves_open(appliance: Appliance) -> None:
    options = {
        "session_recording_opt_in": True,
        "session_recording_sample_rate": "1.00",
        "session_recording_minimum_duration_milliseconds": 0,
    }
    made = FlagProject.made(appliance, "flags recorded", options=options)
    made.wait()
    recording = made.send("GET", f"/array/{made.token}/config").json["sessionRecording"]
    assert (recording["sampleRate"], recording["minimumDurationMilliseconds"]) == (None, None)
    assert (recording["endpoint"], recording["recorderVersion"]) == ("/s/", "v2")


def test_row_95_no_surveys(appliance: Appliance) -> None:
    made = FlagProject.made(appliance, "flags surveys", options={"surveys_opt_in": True})
    assert made.send("GET", f"/array/{made.token}/config").json["surveys"] is False


def test_rows_96_and_97_lists_without_anything(fresh: FlagProject) -> None:
    surveys = fresh.send("GET", f"/api/surveys/?token={fresh.token}")
    assert (surveys.status, surveys.json["surveys"]) == (200, [])
    for query in ("", "&stage=alpha"):
        features = fresh.send("GET", f"/api/early_access_features/?token={fresh.token}{query}")
        assert (features.status, features.json) == (200, {"earlyAccessFeatures": []})
    experiments = fresh.send("GET", f"/api/web_experiments/?token={fresh.token}")
    assert (experiments.status, experiments.json) == (200, {"experiments": []})
    for path in ("surveys", "early_access_features", "web_experiments"):
        for query, code in (("", "missing_api_key"), ("?token=phc_nobody", "invalid_api_key")):
            refused = fresh.send("GET", f"/api/{path}/{query}")
            assert refused.status == 401
            assert (refused.json["type"], refused.json["code"]) == ("authentication_error", code)


@pytest.mark.parametrize(
    ("token", "code"),
    [(None, "not_authenticated"), ("", "not_authenticated"), ("phc_nobody", "authentication_failed")],
)
def test_a_token_that_is_not_one(token: str | None, code: str, one: FlagProject) -> None:
    answer = one.send("POST", "/flags/?v=2", json.dumps({"token": token, "distinct_id": "a"}).encode())
    assert answer.status == 401
    assert set(answer.json) == {"type", "code", "detail", "attr"}
    assert (answer.json["type"], answer.json["code"], answer.json["attr"]) == (
        "authentication_error",
        code,
        None,
    )


def test_methods_and_addresses(one: FlagProject) -> None:
    for path in ("/flags", "/flags/", "/decide", "/decide/"):
        body = json.dumps({"token": one.token, "distinct_id": "a"}).encode()
        assert one.send("POST", f"{path}?v=2", body).status == 200
        assert one.send("HEAD", path).status == 200
        options = one.send("OPTIONS", path)
        assert options.status == 204
        assert one.send("PUT", path, body).status == 405
    got = one.send("GET", "/flags/?v=2")
    assert got.status == 200
    assert got.json["flags"] == {}
    preflight = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST",
                 "Access-Control-Request-Headers": "Content-Type"}  # fmt: skip
    allowed = one.send("OPTIONS", "/flags/?v=2", None, preflight).headers
    assert allowed["access-control-allow-origin"] == "https://example.org"
    assert "content-type" in allowed["access-control-allow-headers"].lower()


def test_the_answer_says_which_request_it_answers(one: FlagProject) -> None:
    given = str(uuid4())
    assert one.ask(headers={"X-Request-Id": given}).json["requestId"] == given
    made = one.ask(headers={"X-Request-Id": "mine"}).json["requestId"]
    assert UUID(made).version == 4
    before = time.time_ns() // 1_000_000
    at = one.ask().json["evaluatedAt"]
    assert before <= at <= time.time_ns() // 1_000_000


def test_the_second_shape_is_the_one_of_the_contract(one: FlagProject) -> None:
    answer = one.ask("user-17", flag_keys=["beta-search"], person_properties={"plan": "enterprise"}).json
    assert set(answer) == {"errorsWhileComputingFlags", "flags", "requestId", "evaluatedAt"}
    [found] = answer["flags"].values()
    id_ = found["metadata"].pop("id")
    assert isinstance(id_, int)
    assert found == {
        "key": "beta-search",
        "enabled": True,
        "variant": None,
        "reason": {"code": "condition_match", "condition_index": 0, "description": "Matched condition set 1"},
        "metadata": {"version": 1, "description": found["metadata"]["description"], "payload": '{"cta":"x"}',
                     "has_experiment": False},
    }  # fmt: skip


@pytest.mark.parametrize("distinct_id", [42, 123.45, "naïve 🦔"])
def test_aliases_of_fields_and_ids_that_are_numbers(distinct_id: Any, one: FlagProject) -> None:
    expected = model.bucket("beta-search-rollout.", str(distinct_id), "") <= 0.255
    for token, name in (("api_key", "distinct_id"), ("$token", "$distinct_id"), ("token", "distinct_id")):
        for properties, keys in (
            ("person_properties", "flag_keys"),
            ("$properties", "flag_keys_to_evaluate"),
        ):
            told = {token: one.token, name: distinct_id, properties: {"plan": "enterprise"},
                    keys: ["beta-search-rollout", "row-9", "unknown"], "sent_at": "now"}  # fmt: skip
            flags = one.send("POST", "/flags/?v=2", json.dumps(told).encode()).flags
            assert {key: found["enabled"] for key, found in flags.items()} == {
                "beta-search-rollout": expected,
                "row-9": True,
            }
