"""Exports over the API."""

import csv
import io
import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.conftest import Appliance
from tests.rest import Rest

HOGQL = {"kind": "HogQLQuery", "query": "SELECT number AS n, toString(number) AS t FROM numbers(1000)"}


@pytest.mark.parametrize(
    ("body", "attr", "code"),
    [
        ({}, "export_format", "required"),
        ({"export_format": "image/png", "insight": 1}, "export_format", "invalid_choice"),
        ({"export_format": "application/pdf"}, "export_format", "invalid_choice"),
        ({"export_format": "text/csv"}, None, "required"),
        ({"export_format": "text/csv", "dashboard": 1}, "dashboard", "invalid_input"),
        ({"export_format": "text/csv", "export_context": {"path": "/api/event"}}, None, "required"),
        (
            {"export_format": "text/csv", "export_context": {"source": {"kind": "Nothing"}}},
            "query",
            "invalid_input",
        ),
        ({"export_format": "text/csv", "export_context": 5}, "export_context", "not_a_dict"),
    ],
)
def test_what_cannot_be_exported_is_refused(rest: Rest, body: Any, attr: str | None, code: str) -> None:
    answer = rest.post("exports/", body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == code
    assert (answer.json()["attr"] or "").endswith(attr or "")
    assert rest.results("exports/") == []


def test_an_export_that_cannot_be_made_says_why(rest: Rest) -> None:
    made = rest.made("exports/", export_format="text/csv", export_context={"source": HOGQL})
    path = f"exports/{made['id']}/"
    deadline = time.monotonic() + 20
    while rest.get(path).json()["exception"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert rest.get(path).json()["has_content"] is False
    assert rest.get(f"{path}content/").status_code == 404
    assert rest.results("exports/")[0]["id"] == made["id"]
    assert rest.other_project().get(path).status_code == 404
    assert rest.get("exports/x/").status_code == 404


def _ask(appliance: Appliance, method: str, path: str, body: Any = None) -> tuple[Any, bytes]:
    request = urllib.request.Request(
        f"{appliance.url}/api/projects/{appliance.project_id}/{path}",
        None if body is None else json.dumps(body).encode(),
        {"authorization": f"Bearer {appliance.key}", "content-type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return answer.headers, answer.read()


def _exported(appliance: Appliance, **body: Any) -> tuple[Any, bytes]:
    made = json.loads(_ask(appliance, "POST", "exports/", body)[1])
    deadline = time.monotonic() + 30
    while not made["has_content"]:
        assert made["exception"] is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
        made = json.loads(_ask(appliance, "GET", f"exports/{made['id']}/")[1])
    return _ask(appliance, "GET", f"exports/{made['id']}/content/")


def test_a_query_and_an_insight_come_as_files_with_every_row(appliance: Appliance) -> None:
    context = {"source": HOGQL, "filename": "All Numbers!"}
    headers, content = _exported(appliance, export_format="text/csv", export_context=context)
    assert headers["content-type"].startswith("text/csv")
    assert 'filename="all-numbers.csv"' in headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    assert [row["n"] for row in rows] == [str(number) for number in range(1_000)]
    insight = {"name": "Numbers", "query": {"kind": "DataVisualizationNode", "source": HOGQL}}
    made = json.loads(_ask(appliance, "POST", "insights/", insight)[1])
    headers, content = _exported(appliance, export_format="application/json", insight=made["id"])
    assert 'filename="export-numbers.json"' in headers["content-disposition"]
    assert len(json.loads(content)["results"]) == 1_000
