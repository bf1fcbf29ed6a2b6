"""The SQL editor."""

import re

from playwright.sync_api import Page, expect

from tests.web.conftest import DemoApi
from tests.web.screen import Screen


def write(page: Page, text: str) -> None:
    editor = page.get_by_role("textbox", name="Query")
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Escape")


def test_a_query_runs_and_its_rows_are_those_of_the_api(inside: Screen, api: DemoApi) -> None:
    query = "SELECT event, count() AS times FROM events GROUP BY event ORDER BY times DESC, event LIMIT 5"
    inside.in_project("sql", api.project_id)
    page = inside.page
    write(page, query)
    page.get_by_role("button", name="Run", exact=True).click()
    grid = page.get_by_role("grid", name="Result rows")
    told = api.query({"kind": "HogQLQuery", "query": query})
    expect(grid.locator("tr[data-row]")).to_have_count(len(told))
    shown = grid.evaluate(
        "grid => [...grid.querySelectorAll('tr[data-row]')]"
        ".map(row => [...row.cells].slice(1, 3).map(cell => cell.title))"
    )
    assert [[event, int(times.replace(",", ""))] for event, times in shown] == told
    expect(page).to_have_url(re.compile("q=SELECT"))
    # The address brings it all back.
    page.reload()
    expect(page.get_by_role("grid", name="Result rows").locator("tr[data-row]")).to_have_count(len(told))


def test_an_error_is_shown_at_its_place(inside: Screen, api: DemoApi) -> None:
    inside.may_be_refused("400 .*/query/.*")
    inside.in_project("sql", api.project_id)
    page = inside.page
    write(page, "SELECT event, no_such_column FROM events")
    expect(page.locator(".cm-lintRange-error")).to_have_text("no_such_column")
    page.get_by_role("button", name="Run", exact=True).click()
    result = page.get_by_role("region", name="Result")
    expect(result.get_by_role("alert")).to_contain_text("no_such_column")
    # What was wrong is put right, and it runs.
    write(page, "SELECT 41 + 1 AS answer")
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("grid", name="Result rows")).to_contain_text("42")
