"""What tests of the web application share.

- `screen`: a browser's page that notes what goes wrong in it; who takes it need not look for console errors.
- `inside`: the same, signed in as the appliance's first user, who owns it.
- `looking`: the same, signed in as somebody with the role of a viewer.

There is one browser, one session of each of them, and one project with demo data for all tests.

`HOGLET_SLOW_BROWSER=6` makes the browser six times slower: whoever takes for granted that something is there already
is found out.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, StorageState

from appliance.http.ui import FOLDER
from tests.browser import PATIENCE_MS, chromium, visitor
from tests.conftest import Appliance
from tests.demo_project import ask
from tests.web.people import joined, session_of
from tests.web.screen import WIDE, Screen

__all__ = ["visitor"]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for all tests of this folder."""
    with chromium() as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    folder = os.environ.get("HOGLET_UI_DIR") or FOLDER
    if not os.path.isfile(os.path.join(folder, "index.html")):  # noqa: PTH113, PTH118
        assert not os.environ.get("CI"), "the web application must be built where CI runs"
        pytest.skip("the web application is not built (make web)")


@contextmanager
def watched(appliance: Appliance, context: BrowserContext) -> Iterator[Screen]:
    """A page of this visitor, in which nothing may go wrong that its test does not expect."""
    page = context.new_page()
    page.set_viewport_size(WIDE)
    # What fades in is there at once: half-faded text has no contrast to measure.
    page.emulate_media(reduced_motion="reduce")
    if slower := os.environ.get("HOGLET_SLOW_BROWSER"):
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": float(slower)})
    found = Screen(appliance, page)
    found.watch()
    try:
        yield found
        assert found.faults == []
    finally:
        page.close()


@pytest.fixture
def screen(appliance: Appliance, visitor: BrowserContext) -> Iterator[Screen]:
    with watched(appliance, visitor) as found:
        yield found


@pytest.fixture(scope="package")
def owner_session(browser: Browser, appliance: Appliance) -> StorageState:
    return session_of(browser, appliance, appliance.email, appliance.password)


@pytest.fixture(scope="package")
def viewer_session(browser: Browser, appliance: Appliance) -> StorageState:
    """Somebody whom the first user invited as a viewer."""
    viewer = joined(browser, appliance, "viewer")
    return session_of(browser, appliance, viewer.email, viewer.password)


@contextmanager
def _staying(browser: Browser, session: StorageState) -> Iterator[BrowserContext]:
    """A visitor who comes back for test after test, and so has most scripts already."""
    context = browser.new_context(storage_state=session)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture(scope="package")
def owner(browser: Browser, owner_session: StorageState) -> Iterator[BrowserContext]:
    with _staying(browser, owner_session) as found:
        yield found


@pytest.fixture(scope="package")
def viewer(browser: Browser, viewer_session: StorageState) -> Iterator[BrowserContext]:
    with _staying(browser, viewer_session) as found:
        yield found


@contextmanager
def _visit(appliance: Appliance, visitor: BrowserContext, session: StorageState) -> Iterator[Screen]:
    """Without what the test before left behind: other cookies, and what pages keep in the browser."""
    visitor.set_storage_state(session)
    with watched(appliance, visitor) as found:
        yield found


@pytest.fixture
def inside(appliance: Appliance, owner: BrowserContext, owner_session: StorageState) -> Iterator[Screen]:
    with _visit(appliance, owner, owner_session) as found:
        yield found


@pytest.fixture
def looking(appliance: Appliance, viewer: BrowserContext, viewer_session: StorageState) -> Iterator[Screen]:
    with _visit(appliance, viewer, viewer_session) as found:
        yield found


class DemoApi:
    """The demo project's API, asked with the first user's key: what pages show is compared with it."""

    def __init__(self, appliance: Appliance, demo: dict[str, Any]) -> None:
        self._appliance = appliance
        self.project_id: int = demo["id"]
        self.token: str = demo["api_token"]

    def ask(self, path: str, given: Any = None, method: str = "") -> Any:
        return ask(self._appliance, f"/api/projects/{self.project_id}/{path}", given, method)

    def query(self, query: dict[str, Any]) -> Any:
        return self.ask("query/", {"query": query, "refresh": "blocking"})["results"]


@pytest.fixture(scope="session")
def api(appliance: Appliance, demo: dict[str, Any]) -> DemoApi:
    return DemoApi(appliance, demo)


@pytest.fixture(scope="session")
def standing(api: DemoApi) -> dict[str, str]:
    """Something of each kind to look at."""

    def first(path: str, field: str) -> str:
        return str(api.ask(path)["results"][0][field])

    return {
        "dashboard": first("dashboards/", "id"),
        "insight": first("insights/", "short_id"),
        "person": first("persons/", "id"),
        "cohort": first("cohorts/", "id"),
        "flag": first("feature_flags/", "id"),
        "definition": first("event_definitions/", "id"),
        "group": first("groups/?group_type_index=0", "group_key"),
    }
