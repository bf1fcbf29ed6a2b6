"""What tests of the web application share.

- `screen`: a browser's page that notes what goes wrong in it; who takes it need not look for console errors.
- `inside`: the same, signed in as the appliance's first user, who owns it.
- `looking`: the same, signed in as somebody with the role of a viewer.

There is one browser, one session of each of them, and one project with demo data for all tests.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, StorageState

from appliance.http.ui import FOLDER
from tests.browser import chromium, visitor
from tests.conftest import Appliance
from tests.demo_project import ask
from tests.web.screen import WIDE, Screen

__all__ = ["visitor"]

_PATIENCE_MS = 20_000


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
    found = Screen(appliance, page)
    page.on("console", found.note_console)
    page.on("pageerror", lambda error: found.complaints.append(str(error)))
    page.on("response", found.note_answer)
    yield found
    assert found.complaints == []
    assert found.refused == []


@pytest.fixture
def screen(appliance: Appliance, visitor: BrowserContext) -> Iterator[Screen]:
    with watched(appliance, visitor) as found:
        yield found


def _session(browser: Browser, appliance: Appliance, email: str, password: str) -> StorageState:
    """The cookies of somebody who signed in."""
    context = browser.new_context()
    answer = context.request.post(f"{appliance.url}/api/login/", data={"email": email, "password": password})
    assert answer.ok, answer.text()
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="package")
def owner_session(browser: Browser, appliance: Appliance) -> StorageState:
    return _session(browser, appliance, appliance.email, appliance.password)


@pytest.fixture(scope="package")
def viewer_session(browser: Browser, appliance: Appliance) -> StorageState:
    """Somebody whom the first user invited as a viewer."""
    email, password = f"{uuid4().hex}@example.org", "looks but never touches"
    context = browser.new_context()
    owner = {"email": appliance.email, "password": appliance.password}
    signed_in = context.request.post(f"{appliance.url}/api/login/", data=owner)
    invited = context.request.post(
        f"{appliance.url}/api/organizations/@current/invites/",
        data={"target_email": email, "role": "viewer"},
        headers={"X-CSRFToken": signed_in.json()["csrf_token"]},
    )
    assert invited.status == 201, invited.text()
    token = invited.json()["token"]
    context.close()
    context = browser.new_context()
    joined = context.request.post(
        f"{appliance.url}/api/signup/{token}/",
        data={"email": email, "first_name": "Vera", "last_name": "Viewer", "password": password},
    )
    assert joined.status == 201, joined.text()
    context.close()
    return _session(browser, appliance, email, password)


@contextmanager
def _visit(browser: Browser, appliance: Appliance, session: StorageState) -> Iterator[Screen]:
    context = browser.new_context(storage_state=session)
    context.set_default_timeout(_PATIENCE_MS)
    with watched(appliance, context) as found:
        yield found
    context.close()


@pytest.fixture
def inside(browser: Browser, appliance: Appliance, owner_session: StorageState) -> Iterator[Screen]:
    with _visit(browser, appliance, owner_session) as found:
        yield found


@pytest.fixture
def looking(browser: Browser, appliance: Appliance, viewer_session: StorageState) -> Iterator[Screen]:
    with _visit(browser, appliance, viewer_session) as found:
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
