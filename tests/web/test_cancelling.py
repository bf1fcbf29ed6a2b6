"""Whoever leaves a page calls off what it asked, on the server too."""

import json
import re
from contextlib import closing, suppress
from urllib.parse import quote

from playwright.sync_api import Request, expect

from appliance import config
from appliance.failures import StoreRefused
from appliance.query.runner import store_query_id
from appliance.store.address import reader
from tests.web.conftest import DemoApi
from tests.web.screen import Screen

# It would run for minutes, but for the limit of time.
_ENDLESS = (
    "SELECT count() FROM numbers(100000000) a CROSS JOIN numbers(1000) b WHERE sin(a.number * b.number) > 2"
)
_ASKED = re.compile(r"/api/projects/\d+/query/$")
_CALLED_OFF = re.compile(r"/api/projects/\d+/query/([^/]+)/$")
_BEGUN_MS = 1_500


class Questions:
    """Those that a page asks and calls off."""

    def __init__(self, screen: Screen) -> None:
        self.asked = 0
        self.called_off: list[str] = []
        self._screen = screen
        screen.page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method == "POST" and _ASKED.search(request.url):
            self.asked += 1
        elif request.method == "DELETE" and (told := _CALLED_OFF.search(request.url)):
            self.called_off.append(told[1])

    def wait_until_they_end(self, count: int, project_id: int) -> None:
        """So many were called off, and the store works on none of them any more."""
        self._screen.wait_until(lambda: len(self.called_off) == count)
        ids = [store_query_id(project_id, one) for one in self.called_off]
        self._screen.wait_until(lambda: not any(is_running(self._screen, one) for one in ids), seconds=20)


def is_running(screen: Screen, query_id: str) -> bool:
    """The store takes no statement under the id of one that it works on."""
    settings = config.load({"HOGLET_DATA_DIR": str(screen.appliance.data_dir)})
    with closing(reader(settings)) as store, suppress(StoreRefused):
        store.query("SELECT 1", settings={"query_id": query_id})
        return False
    return True


def begin(screen: Screen, api: DemoApi, path: str, count: int = 1) -> Questions:
    """A page with so many questions at least, on which the server has begun to work."""
    found = Questions(screen)
    screen.in_project(path, api.project_id)
    screen.wait_until(lambda: found.asked >= count)
    # Had it not begun yet, they should be called off all the same.
    screen.page.wait_for_timeout(_BEGUN_MS)
    return found


def leave(screen: Screen) -> None:
    page = screen.page
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Annotations").click()
    expect(page.get_by_role("heading", name="Annotations", level=1)).to_be_visible()


def test_a_query_of_the_editor_ends_with_its_page(inside: Screen, api: DemoApi) -> None:
    questions = begin(inside, api, f"sql?q={quote(_ENDLESS)}")
    expect(inside.page.get_by_role("button", name="Stop")).to_be_visible()
    leave(inside)
    questions.wait_until_they_end(1, api.project_id)


def test_lists_and_charts_end_with_their_page(inside: Screen, api: DemoApi) -> None:
    filters = json.dumps([{"type": "hogql", "key": f"({_ENDLESS}) > 0"}])
    questions = begin(inside, api, f"events?properties={quote(filters)}", 2)
    leave(inside)
    questions.wait_until_they_end(2, api.project_id)


def test_a_query_is_stopped_by_its_button(inside: Screen, api: DemoApi) -> None:
    questions = begin(inside, api, f"sql?q={quote(_ENDLESS)}")
    inside.page.get_by_role("button", name="Stop").click()
    expect(inside.page.get_by_text("The query was stopped")).to_be_visible()
    questions.wait_until_they_end(1, api.project_id)
