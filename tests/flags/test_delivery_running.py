"""What SDKs fetch, from a running appliance: addresses as they stand on the wire, and changes that become known."""

import gzip
import json
import time
from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from tests.conftest import Appliance

_SETTLED_S = 20
_POLL_S = 0.05


def ask(appliance: Appliance, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    """The address goes as it stands: nothing makes it better on the way."""
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=_SETTLED_S)) as connection:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read()


def get(appliance: Appliance, path: str, **headers: str) -> Any:
    answer, body = ask(appliance, path, **headers)
    assert answer.status == 200, body
    return json.loads(body)


@pytest.mark.parametrize(
    "path",
    [
        "/static/../keeper.py", "/static/../../../../../../etc/passwd", "/static/..%2f..%2fkeeper.py",
        "/static/%2e%2e%2fkeeper.py", "/static/..%5c..%5ckeeper.py", "/static/....//keeper.py",
        "//static/array.js/../../keeper.py", "/static/1.2.3/../../keeper.py", "/static/%00", "/static/array.js%00",
        "/static//etc/passwd", "/static/manifest.json", "/static/LICENSE", "/static/array.js.gz", "/static/toolbar.js",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_the_scripts(appliance: Appliance, path: str) -> None:
    answer, body = ask(appliance, path)
    assert answer.status == 404
    assert b"root:" not in body
    assert b"import" not in body


def test_scripts_come_packed_and_are_asked_about_without_a_body(appliance: Appliance) -> None:
    plain, body = ask(appliance, "/static/array.js")
    packed, smaller = ask(appliance, "/static/array.js", **{"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(smaller) == body
    head, nothing = ask(appliance, "/static/array.js", "HEAD")
    assert (head.status, nothing) == (200, b"")
    again, nothing = ask(appliance, "/static/array.js", **{"If-None-Match": plain.headers["etag"]})
    assert (again.status, nothing) == (304, b"")
    assert again.headers["etag"] == plain.headers["etag"]


def test_a_change_is_told_to_sdks(appliance: Appliance) -> None:
    project = appliance.with_project("delivery")
    address = f"/flags/definitions?token={project.token}&send_cohorts"
    key = {"Authorization": f"Bearer {project.key}"}
    before, body = ask(project, address, **key)
    assert json.loads(body)["flags"] == []
    assert get(project, f"/array/{project.token}/config")["hasFeatureFlags"] is False
    make(project, {"key": "new", "filters": {"groups": [{"properties": [], "rollout_percentage": 100}]}})
    deadline = time.monotonic() + _SETTLED_S
    while ask(project, address, **key, **{"If-None-Match": before.headers["etag"]})[0].status == 304:
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)
    while [one["key"] for one in get(project, address, **key)["flags"]] != ["new"]:
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)
    while get(project, f"/array/{project.token}/config")["hasFeatureFlags"] is not True:
        assert time.monotonic() < deadline
        time.sleep(_POLL_S)


def make(project: Appliance, flag: Mapping[str, Any]) -> None:
    with closing(HTTPConnection("127.0.0.1", project.port, timeout=_SETTLED_S)) as connection:
        path = f"/api/projects/{project.project_id}/feature_flags/"
        headers = {"Authorization": f"Bearer {project.key}", "Content-Type": "application/json"}
        connection.request("POST", path, json.dumps(flag), headers)
        answer = connection.getresponse()
        assert answer.status == 201, answer.read()
