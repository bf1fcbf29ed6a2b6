"""Answers as files: what is downloaded is what the API tells."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Locator, expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen


def exported(screen: Screen, within: Locator, form: str) -> tuple[dict[str, Any], str]:
    """The question that the page had a file made of, and what is in the file."""
    page = screen.page
    within.get_by_role("button", name="Export").click()
    with (
        page.expect_response(
            lambda one: one.request.method == "POST" and one.url.endswith("/exports/")
        ) as made,
        page.expect_download() as file,
    ):
        page.get_by_role("menuitem", name=form, exact=True).click()
    assert file.value.suggested_filename.endswith(f".{form.lower()}")
    question: dict[str, Any] = made.value.json()["export_context"]["source"]
    return question, Path(file.value.path()).read_text("utf-8")


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_list_of_events_is_exported_whole(inside: Screen, api: DemoApi) -> None:
    # Days that are over: nothing slides out of them between two questions.
    day = datetime.now(UTC).date()
    range_ = {"date_from": f"{day - timedelta(days=25)}", "date_to": f"{day - timedelta(days=5)}"}
    inside.in_project(f"events?{urlencode(range_)}", api.project_id)
    expect(inside.page.get_by_role("table", name="Events", exact=True)).to_be_visible()
    inside.settle()
    question, text = exported(inside, inside.page.get_by_role("main"), "CSV")
    assert question["kind"] == "EventsQuery"
    place = {name: question["select"].index(name) for name in ("event", "timestamp")}
    told = api.query({**question, "limit": 10_000})
    assert len(told) > 100, "no more than the page shows at first"
    assert [(line["event"], line["timestamp"]) for line in lines(text)] == [
        (row[place["event"]], row[place["timestamp"]]) for row in told
    ]


def test_the_numbers_of_an_insight_are_exported(inside: Screen, api: DemoApi) -> None:
    inside.in_project("insights/new?kind=TrendsQuery", api.project_id)
    expect(inside.page.get_by_role("table", name="Numbers", exact=True)).to_be_visible()
    inside.settle()
    question, text = exported(inside, inside.page.get_by_role("main"), "CSV")
    [told] = api.query(question)
    [line] = lines(text)
    assert line.pop("series") == told["label"]
    assert sum(told["data"]) > 0
    assert {label: float(count) for label, count in line.items()} == dict(
        zip(told["labels"], told["data"], strict=True)
    )


def test_rows_of_sql_are_exported_in_both_forms(inside: Screen, api: DemoApi) -> None:
    # A comma, quotes, a line break and a formula: what breaks tables.
    query = (
        "SELECT event, count() AS times, 'a, \"b\"\\n=c' AS text, '=1+1' AS formula, [1, 2] AS list "
        "FROM events GROUP BY event ORDER BY times DESC, event LIMIT 200"
    )
    inside.in_project(f"sql?{urlencode({'q': query})}", api.project_id)
    result = inside.page.get_by_role("region", name="Result", exact=True)
    told = api.query({"kind": "HogQLQuery", "query": query})
    expect(result.get_by_role("grid", name="Result rows")).to_contain_text(told[0][0])
    inside.settle()
    _, text = exported(inside, result, "CSV")
    assert [(line["event"], int(line["times"]), line["text"], line["list"]) for line in lines(text)] == [
        (event, times, said, json.dumps(list_)) for event, times, said, _, list_ in told
    ]
    assert {line["formula"] for line in lines(text)} == {"'=1+1"}
    inside.settle()
    _, text = exported(inside, result, "JSON")
    assert json.loads(text)["results"] == told
