"""What SDKs fetch: addresses, answers, errors and headers. Source: the flags contract, 1.1, 1.4, 1.5 and 6."""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine

from appliance.accounts import (
    Bootstrap,
    bootstrap,
    create_organization,
    create_personal_api_key,
    create_project,
)
from appliance.accounts.keys import hash_key, now_us
from appliance.api import TWINS
from appliance.catalog import connect, writing
from appliance.catalog.feature_flags import project_secret_key
from appliance.config import Config
from appliance.failures import CatalogUnavailable
from appliance.flags import credentials as credentials_module
from appliance.flags.credentials import FRESH_S, TRUSTED_S, Credentials
from appliance.flags.delivery_routes import delivery_routes
from appliance.flags.encryption import REDACTED, Payloads
from appliance.flags.keeper import Current, ProjectFlags
from appliance.flags.remote_config import RemoteConfigs, remote_config
from appliance.flags.scripts import Scripts
from appliance.http.failing import answer_failures
from appliance.http.same_address import SameAddress
from appliance.http.trailing_slash import TrailingSlash
from tests.flags.delivered import TOKEN, depends_on, flag, flag_with, project_with

PAGE = "https://shop.example"
DEFINITIONS = ("/flags/definitions", "/flags/definitions/", "/api/feature_flag/local_evaluation",
               "/api/feature_flag/local_evaluation/")  # fmt: skip
LISTS = {
    "surveys": {"surveys": [], "survey_config": None},
    "early_access_features": {"earlyAccessFeatures": []},
    "web_experiments": {"experiments": []},
    "product_tours": {"product_tours": []},
}
PAYLOAD = '{"a": 1}'


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Served:
    """A client of the routes, and what stands behind them."""

    client: TestClient
    engine: Engine
    payloads: Payloads
    first: Bootstrap
    clock: Clock
    projects: dict[str, ProjectFlags]
    other_project: int

    def get(self, path: str, key: str | None = None, **headers: str) -> Response:
        asked = {name.replace("_", "-"): value for name, value in headers.items()}
        if key is not None:
            asked["authorization"] = f"Bearer {key}"
        return self.client.get(path, headers=asked)

    def definitions(self, key: str | None = None, **headers: str) -> Response:
        return self.get(f"/flags/definitions?token={TOKEN}&send_cohorts", key, **headers)

    def has(self, *flags: Any, **settings: Any) -> None:
        self.projects[TOKEN] = project_with(*flags, id=self.first.project_id, **settings)

    @property
    def owner(self) -> str:
        assert self.first.personal_api_key is not None
        return self.first.personal_api_key

    def personal(self, *scopes: str, user_id: int = 1) -> str:
        with writing(self.engine) as connection:
            return create_personal_api_key(connection, user_id, "test", scopes)

    def secret(self, project_id: int | None = None, scope: str = "feature_flag:read") -> str:
        key = f"phs_{uuid4().hex}"
        with writing(self.engine) as connection:
            connection.execute(
                project_secret_key.insert().values(
                    id=uuid4(), project_id=project_id or self.first.project_id, label="test", hash=hash_key(key),
                    mask="phs_…", scopes=[scope], created_at=now_us(),
                )
            )  # fmt: skip
        return key


@dataclass(frozen=True)
class Kept:
    """A catalog with two organisations, each with a project."""

    config: Config
    engine: Engine
    first: Bootstrap
    other_project: int


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    config = Config(data_dir=tmp_path_factory.mktemp("delivery"))
    engine = connect(config)
    first = bootstrap(engine, config)
    with writing(engine) as connection:
        organization = create_organization(connection, "other")
        other = create_project(connection, "other", organization_id=organization)
    yield Kept(config, engine, first, other)
    engine.dispose()


@pytest.fixture
def served(kept: Kept) -> Served:
    projects: dict[str, ProjectFlags] = {
        "phc_other": project_with(id=kept.other_project, token="phc_other"),
        TOKEN: project_with(id=kept.first.project_id),
    }
    clock, payloads = Clock(), Payloads(kept.config)
    api = FastAPI()
    answer_failures(api)
    api.add_middleware(SameAddress, prefixes=TWINS)
    api.add_middleware(TrailingSlash)
    api.include_router(
        delivery_routes(
            lambda: Current(tuple(projects.values())),
            Credentials(kept.engine, now=clock),
            payloads,
            RemoteConfigs(),
            Scripts(),
        )
    )
    client = TestClient(api, follow_redirects=False)
    return Served(client, kept.engine, payloads, kept.first, clock, projects, kept.other_project)


@pytest.fixture
def outage(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """`outage()`: from then on the catalog does not answer."""

    def begin() -> None:
        def away(_: Engine) -> Any:
            raise CatalogUnavailable("away")

        monkeypatch.setattr(credentials_module, "reading", away)

    return begin


def assert_error(answer: Response, status: int, code: str, type_: str = "authentication_error") -> None:
    assert answer.status_code == status, answer.text
    found = answer.json()
    assert list(found) == ["type", "code", "detail", "attr"]
    assert (found["type"], found["code"], found["attr"]) == (type_, code, None)
    assert found["detail"]


def assert_open_to(answer: Response, page: str) -> None:
    assert answer.headers["access-control-allow-origin"] == page
    for method in ("GET", "POST", "OPTIONS"):
        assert method in answer.headers["access-control-allow-methods"]


class TestConfig:
    @pytest.mark.parametrize("path", [f"/array/{TOKEN}/config", f"/array/{TOKEN}/config/"])
    def test_it_is_json_that_any_page_may_read(self, served: Served, path: str) -> None:
        answer = served.get(path, origin=PAGE)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["vary"].startswith("Origin, Referer")
        assert answer.json() == remote_config(served.projects[TOKEN])
        assert answer.json()["hasFeatureFlags"] is False  # row 93
        assert_open_to(answer, PAGE)

    @pytest.mark.parametrize("path", [f"/array/{TOKEN}/config.js", f"/array/{TOKEN}/config.js/"])
    def test_as_a_script_it_sets_a_variable(self, served: Served, path: str) -> None:
        served.has(flag(1, "a"), options={"autocapture_web_vitals_allowed_metrics": ["\u2028"]})
        answer = served.get(path, origin=PAGE)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("application/javascript")
        assert "\u2028" not in answer.text
        begin, end = f'["{TOKEN}"]={{config:', ",siteApps:[]}"
        told = json.loads(answer.text.partition(begin)[2].partition(end)[0])
        expected = remote_config(served.projects[TOKEN])
        del expected["siteApps"]
        assert told == expected
        assert "window._POSTHOG_REMOTE_CONFIG||{}" in answer.text
        assert_open_to(answer, PAGE)

    def test_with_the_sdk_it_is_one_script(self, served: Served) -> None:
        answer = served.get(f"/array/{TOKEN}/array.js", origin=PAGE)
        assert answer.status_code == 200
        config = served.get(f"/array/{TOKEN}/config.js").text
        core = served.get("/static/array.js").text
        assert answer.text == config + core
        assert answer.headers["access-control-allow-origin"] == PAGE

    @pytest.mark.parametrize("name", ["config", "config.js", "array.js"])
    @pytest.mark.parametrize(
        ("token", "status"),
        [("phc_nobody", 404), ("a.b", 400), ("a%20b", 400), ("é", 400), ("a" * 201, 400), ("a" * 200, 404)],
    )
    def test_a_token_that_is_none_is_refused(
        self, served: Served, name: str, token: str, status: int
    ) -> None:
        answer = served.get(f"/array/{token}/{name}", origin=PAGE)
        assert answer.status_code == status
        assert answer.headers["access-control-allow-origin"] == PAGE

    def test_who_has_it_gets_no_body_until_it_changes(self, served: Served) -> None:
        tag = served.get(f"/array/{TOKEN}/config").headers["etag"]
        assert served.get(f"/array/{TOKEN}/config", if_none_match=tag).status_code == 304
        served.has(flag(1, "a"))
        assert served.get(f"/array/{TOKEN}/config", if_none_match=tag).status_code == 200

    def test_it_depends_on_the_page_that_asks(self, served: Served) -> None:
        served.has(options={"session_recording_opt_in": True, "recording_domains": [PAGE]})
        for path in ("config", "config.js"):
            here = served.get(f"/array/{TOKEN}/{path}", origin=PAGE)
            there = served.get(f"/array/{TOKEN}/{path}", origin="https://other.example")
            assert '"sessionRecording":{"endpoint":"/s/"' in here.text
            assert '"sessionRecording":false' in there.text


class TestScripts:
    @pytest.mark.parametrize("path", ["/static/lazy-recorder.js?v=1.2.3", "/static/1.2.3/lazy-recorder.js"])
    def test_a_script_is_found_with_any_version(self, served: Served, path: str) -> None:
        answer = served.get(path, origin=PAGE)
        assert answer.status_code == 200
        assert "initSessionRecording" in answer.text
        assert answer.headers["access-control-allow-origin"] == "*"

    @pytest.mark.parametrize(
        "path",
        [
            "/static/toolbar.js", "/static/..%2f..%2fapi.py", "/static/1.2.3/..%2fscripts.py",
            "/static/%2e%2e/%2e%2e/keeper.py", "/static/1/2/array.js", "/static/manifest.json", "/static/",
            "/static/.", "/array/../static/../api.py",
        ],
    )  # fmt: skip
    def test_nothing_else_is_found(self, served: Served, path: str) -> None:
        assert served.get(path).status_code in (404, 405)

    def test_browsers_may_ask_beforehand(self, served: Served) -> None:
        for path in ("/static/array.js", f"/array/{TOKEN}/config", "/api/surveys/", "/api/web_experiments"):
            answer = served.client.options(
                path,
                headers={
                    "origin": PAGE,
                    "access-control-request-method": "GET",
                    "access-control-request-headers": "content-type",
                },
            )
            assert answer.status_code == 200
            assert_open_to(answer, PAGE)
            assert answer.headers["access-control-allow-headers"] == "content-type"


class TestDefinitions:
    @pytest.mark.parametrize("path", DEFINITIONS)
    def test_both_addresses_give_the_same(self, served: Served, path: str) -> None:
        served.has(flag(12, "base"), flag_with(13, "top", depends_on(12)), flag(14, "off", is_active=False))
        answer = served.get(f"{path}?token={TOKEN}&send_cohorts", served.owner)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "private, must-revalidate"
        assert [(one["key"], one["active"]) for one in answer.json()["flags"]] == [
            ("base", True), ("off", False), ("top", True),
        ]  # fmt: skip

    def test_without_send_cohorts_it_is_the_same(self, served: Served) -> None:
        answer = served.get(f"/flags/definitions?token={TOKEN}", served.owner)
        assert answer.json() == served.definitions(served.owner).json()

    def test_an_sdk_that_has_them_gets_no_body(self, served: Served) -> None:
        served.has(flag(1, "a"))
        tag = served.definitions(served.owner).headers["etag"]
        assert tag.startswith('W/"')
        bare = tag.removeprefix("W/").strip('"')
        for form in (tag, f'"{bare}"', bare, f'"x", {tag}'):  # row 87
            answer = served.definitions(served.owner, if_none_match=form)
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
        for form in ('W/"x"', "", "x", f"{bare}x"):
            assert served.definitions(served.owner, if_none_match=form).status_code == 200
        served.has(flag(1, "a", version=2))
        assert served.definitions(served.owner, if_none_match=tag).status_code == 200

    def test_many_flags_come_packed(self, served: Served) -> None:
        served.has(*(flag(n, f"flag-{n}") for n in range(200)))
        answer = served.definitions(served.owner, accept_encoding="gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < len(answer.content) / 5
        plain = served.definitions(served.owner, accept_encoding="identity")
        assert plain.content == answer.content

    @pytest.mark.parametrize("token", ["", "&token="])
    def test_a_token_that_is_not_there_is_asked_for(self, served: Served, token: str) -> None:
        assert_error(served.get(f"/flags/definitions?{token}", served.owner), 401, "not_authenticated")

    def test_a_token_that_nobody_has_is_refused(self, served: Served) -> None:
        answer = served.get("/flags/definitions?token=phc_nobody", served.owner)
        assert_error(answer, 401, "authentication_failed")

    def test_no_key_is_told_from_a_bad_one(self, served: Served) -> None:
        assert_error(served.definitions(), 401, "not_authenticated")
        assert_error(served.definitions(""), 401, "not_authenticated")
        answer = served.get(f"/flags/definitions?token={TOKEN}", authorization=f"Basic {served.owner}")
        assert_error(answer, 401, "not_authenticated")
        for key in ("phx_nobody", "phs_nobody", TOKEN, "x", "x" * 1_000):
            assert_error(served.definitions(key), 401, "authentication_failed")

    @pytest.mark.parametrize("scope", ["feature_flag:read", "feature_flag:write", "*"])
    def test_a_key_with_a_scope_of_flags_may(self, served: Served, scope: str) -> None:
        assert served.definitions(served.personal(scope)).status_code == 200
        assert served.definitions(served.secret(scope=scope)).status_code == 200

    def test_a_key_without_a_scope_of_flags_may_not(self, served: Served) -> None:
        assert_error(served.definitions(served.personal("insight:read")), 403, "permission_denied")
        assert_error(served.definitions(served.secret(scope="x:read")), 403, "permission_denied")

    def test_a_key_of_another_project_is_refused(self, served: Served) -> None:
        answer = served.get("/flags/definitions?token=phc_other", served.owner)
        assert_error(answer, 401, "authentication_failed")
        assert_error(served.definitions(served.secret(served.other_project)), 401, "authentication_failed")

    @pytest.mark.parametrize("path", DEFINITIONS)
    def test_other_methods(self, served: Served, path: str) -> None:
        assert served.client.head(path).status_code == 200
        assert served.client.head(path).content == b""
        assert served.client.options(path).status_code == 204
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert served.client.request(method, path).status_code == 405


class TestOutage:
    def test_a_key_that_was_good_stays_good_for_a_while(
        self, served: Served, outage: Callable[[], None]
    ) -> None:
        keys = (served.owner, served.secret())
        for key in keys:
            assert served.definitions(key).status_code == 200
        outage()
        served.clock.now += TRUSTED_S - 1
        for key in keys:
            assert served.definitions(key).status_code == 200
        served.clock.now += 2
        for key in keys:
            assert served.definitions(key).status_code == 503

    def test_an_unknown_key_is_told_to_come_again_and_never_refused(
        self, served: Served, outage: Callable[[], None]
    ) -> None:
        outage()
        for key in (served.owner, "phx_nobody", "phs_nobody"):
            answer = served.definitions(key)
            assert answer.status_code == 503
            assert answer.headers["content-type"].startswith("text/plain")
            assert "retry-after" in answer.headers

    def test_a_key_that_is_taken_away_is_refused_soon(self, served: Served) -> None:
        key = served.secret()
        assert served.definitions(key).status_code == 200
        with writing(served.engine) as connection:
            connection.execute(project_secret_key.delete())
        served.clock.now += FRESH_S
        assert served.definitions(key).status_code == 401

    def test_a_refused_key_is_not_remembered_as_good(
        self, served: Served, outage: Callable[[], None]
    ) -> None:
        key = served.secret()
        assert served.definitions(key).status_code == 200
        with writing(served.engine) as connection:
            connection.execute(project_secret_key.delete())
        served.clock.now += FRESH_S
        assert served.definitions(key).status_code == 401
        outage()
        assert served.definitions(key).status_code == 503


class TestPayloads:
    def path(self, named: str, project: str = "@current", token: str | None = TOKEN) -> str:
        query = "" if token is None else f"?token={token}"
        return f"/api/projects/{project}/feature_flags/{named}/remote_config{query}"

    def has(self, served: Served, payload: str | None = PAYLOAD, **columns: Any) -> None:
        payloads = {} if payload is None else {"true": payload}
        row = flag(
            12, "limits", {"groups": [], "payloads": payloads}, is_remote_configuration=True, **columns
        )
        served.has(row, flag(13, "plain"))

    def test_a_payload_is_a_json_text_that_holds_json(self, served: Served) -> None:
        self.has(served)  # row 91
        for named in ("limits", "12"):
            for key in (served.owner, served.secret()):
                answer = served.get(self.path(named), key)
                assert answer.status_code == 200
                assert answer.headers["content-type"] == "application/json"
                assert answer.text == json.dumps(PAYLOAD)

    def test_the_project_is_named_by_token_or_number(self, served: Served) -> None:
        self.has(served)
        number = str(served.first.project_id)
        for path in (
            self.path("limits", number),
            self.path("limits", number, None),
            self.path("limits", "@current"),
            self.path("limits", number, None).replace("/projects/", "/environments/"),
            self.path("limits", number, None) + "/",
        ):
            assert served.get(path, served.owner).json() == PAYLOAD
        for path in (
            self.path("limits", "@current", None),
            self.path("limits", "@current", "phc_nobody"),
            self.path("limits", "99999", None),
            self.path("limits", "x", None),
        ):
            assert_error(served.get(path, served.owner), 404, "not_found", "invalid_request")

    def test_what_is_no_remote_configuration_is_not_found(self, served: Served) -> None:
        self.has(served)
        for named in ("plain", "13", "missing", "99"):  # row 92
            assert served.get(self.path(named), served.owner).status_code == 404

    def test_what_holds_nothing_is_an_empty_answer(self, served: Served) -> None:
        for payload in (None, ""):
            self.has(served, payload)
            answer = served.get(self.path("limits"), served.owner)
            assert (answer.status_code, answer.content) == (200, b"")

    def test_an_encrypted_payload_is_plain_for_people_only(self, served: Served) -> None:
        self.has(served, served.payloads.encrypted(PAYLOAD), has_encrypted_payloads=True)
        assert served.get(self.path("limits"), served.owner).json() == PAYLOAD
        assert served.get(self.path("limits"), served.secret()).text == json.dumps(REDACTED)

    def test_keys(self, served: Served) -> None:
        self.has(served)
        assert_error(served.get(self.path("limits")), 401, "not_authenticated")
        assert_error(served.get(self.path("limits"), "phs_nobody"), 401, "authentication_failed")
        other = served.secret(served.other_project)
        assert_error(served.get(self.path("limits"), other), 403, "permission_denied")
        narrow = served.personal("insight:read")
        assert_error(served.get(self.path("limits"), narrow), 403, "permission_denied")


class TestLists:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("end", ["", "/"])
    def test_there_are_none_yet(self, served: Served, name: str, end: str) -> None:
        answer = served.get(f"/api/{name}{end}?token={TOKEN}&stage=beta", origin=PAGE)
        assert answer.status_code == 200
        assert answer.json() == LISTS[name]
        assert_open_to(answer, PAGE)

    def test_how_surveys_look_is_told_with_them(self, served: Served) -> None:
        look = {"appearance": {"position": "left"}}
        served.has(options={"survey_config": look})
        assert served.get(f"/api/surveys/?token={TOKEN}").json() == {"surveys": [], "survey_config": look}

    @pytest.mark.parametrize("name", LISTS)
    def test_a_token_is_needed(self, served: Served, name: str) -> None:
        for query, code in (
            ("", "missing_api_key"),
            ("?token=", "missing_api_key"),
            ("?token=x", "invalid_api_key"),
        ):
            answer = served.get(f"/api/{name}/{query}", origin=PAGE)
            assert_error(answer, 401, code)
            assert_open_to(answer, PAGE)
            assert "www-authenticate" not in answer.headers  # a browser would ask the visitor


def test_a_gzip_body_is_what_it_says(served: Served) -> None:
    served.has(*(flag(n, f"flag-{n}") for n in range(200)))
    with served.client.stream(
        "GET",
        f"/flags/definitions?token={TOKEN}",
        headers={"authorization": f"Bearer {served.owner}", "accept-encoding": "gzip"},
    ) as answer:
        raw = b"".join(answer.iter_raw())
    assert json.loads(gzip.decompress(raw))["flags"]
