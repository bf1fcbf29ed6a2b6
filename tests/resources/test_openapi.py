"""The document at `/api/schema/` against the routes there are."""

import re
from typing import Any
from urllib.parse import quote

import pytest

from tests.resources.test_every_route import routes_of
from tests.rest import Rest

PREFIX = "/api/projects/{project_id}/"


@pytest.fixture
def document(rest: Rest) -> dict[str, Any]:
    answer = rest.client.get("/api/schema?format=json")
    assert answer.headers["content-type"] == "application/json"
    found: dict[str, Any] = answer.json()
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_address_is_told_once(rest: Rest, document: dict[str, Any]) -> None:
    told = {(method, path.removeprefix(PREFIX)) for method, path in operations(document)}
    assert {(method, path.replace("{id_}", "{id}")) for method, path in routes_of(rest)} <= told
    assert not [path for path in document["paths"] if path.startswith("/api/environments/")]


def test_every_operation_has_a_room_a_summary_and_a_name_of_its_own(document: dict[str, Any]) -> None:
    found = operations(document).values()
    names = [one["operationId"] for one in found]
    assert len(set(names)) == len(names)
    assert {"insights_list", "cohorts_partial_update", "query_create", "dashboards_destroy"} <= set(names)
    for one in found:
        assert one["summary"], one
        assert re.fullmatch(r"[a-z_]+", one["tags"][0]), one
        assert all(parameter["schema"] for parameter in one.get("parameters", ())), one


def test_bodies_and_errors_have_a_shape(document: dict[str, Any]) -> None:
    found = operations(document)
    for (method, path), one in found.items():
        assert one["responses"]["4XX"]["content"]["application/json"]["schema"] == {
            "$ref": "#/components/schemas/Error"
        }
        if method == "PATCH":
            assert "requestBody" in one, path
    body = found["POST", f"{PREFIX}cohorts/"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["is_static"] == {"type": "boolean"}
    asked = found["POST", f"{PREFIX}query/"]["requestBody"]["content"]["application/json"]["schema"]
    assert "FunnelsQuery" in asked["properties"]["query"]["properties"]["kind"]["enum"]


def test_a_key_opens_doors_and_so_does_a_session(rest: Rest, document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]
    assert (schemes["PersonalAPIKeyAuth"]["type"], schemes["PersonalAPIKeyAuth"]["scheme"]) == (
        "http",
        "bearer",
    )
    assert (schemes["SessionCookie"]["in"], schemes["CSRFToken"]["in"]) == ("cookie", "header")
    assert document["security"] == [{"PersonalAPIKeyAuth": []}, {"SessionCookie": [], "CSRFToken": []}]
    public = [path for path, one in document["paths"].items() if one.get("post", {}).get("security") == []]
    assert {"/api/login/", "/api/setup/"} <= set(public)
    assert rest.client.get("/api/projects/").status_code == 401


@pytest.mark.parametrize("value", ["\0", "9" * 30, '["\\u0000"]', "-1", "[[1]]"])
def test_every_parameter_takes_or_refuses_what_it_never_expects(
    rest: Rest, document: dict[str, Any], value: str
) -> None:
    for (method, path), one in operations(document).items():
        if method != "GET":
            continue
        address = path.replace("{project_id}", str(rest.project_id))
        for parameter in one.get("parameters", ()):
            if parameter["in"] == "query":
                answer = rest.ask("GET", re.sub(r"\{\w+\}", "1", address), params={parameter["name"]: value})
                assert answer.status_code < 500 or answer.status_code == 503, (path, parameter["name"])
        if "{" in address:
            answer = rest.ask("GET", re.sub(r"\{\w+\}", quote(value, safe=""), address))
            assert answer.status_code < 500 or answer.status_code == 503, path
