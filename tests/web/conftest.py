"""What tests of the web application share.

- `screen`: a browser's page that notes what goes wrong in it; who takes it need not look for console errors.
- `inside`: the same, signed in as the appliance's first user.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

from appliance.http.ui import FOLDER
from tests.browser import browser, visitor
from tests.conftest import Appliance

__all__ = ["browser", "visitor"]

_SHOTS = Path(__file__).parent / "screenshots"
_AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
# Violations of WCAG that keep somebody from using a page. The others are matters of style.
_SERIOUS = frozenset({"serious", "critical"})
_BAD_REQUEST = 400
_WIDE, _NARROW = (1440, 900), (390, 844)


@dataclass
class Screen:
    """A page under test."""

    appliance: Appliance
    page: Page
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Paths whose answers were failures; a test that expects one takes it off."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.appliance.url}{path}")

    def in_project(self, path: str) -> None:
        self.open(f"/project/{self.appliance.project_id}/{path}")

    def sign_in(self) -> None:
        """Through the API: only the tests of signing in fill the form."""
        answer = self.page.request.post(
            f"{self.appliance.url}/api/login/",
            data={"email": self.appliance.email, "password": self.appliance.password},
        )
        assert answer.ok, answer.text()

    def narrow(self) -> None:
        """As wide as a phone."""
        self.page.set_viewport_size({"width": _NARROW[0], "height": _NARROW[1]})

    def dark(self) -> None:
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    def shoot(self, name: str) -> None:
        """A picture for people to look at, in a folder that git ignores."""
        _SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=_SHOTS / f"{name}.png")

    def barriers(self) -> list[str]:
        """What axe finds on the page that keeps people out, each with where it is."""
        # Not as a script of the page, whose policy would refuse it.
        self.page.evaluate(_AXE.read_text("utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']}: {node['html'][:200]}"
            for one in found["violations"]
            if one["impact"] in _SERIOUS
            for node in one["nodes"]
        ]

    @property
    def scrolls_sideways(self) -> bool:
        script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(script))

    def note_console(self, message: ConsoleMessage) -> None:
        # Chromium writes a line for each failed request too; those are in `refused`.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def note_answer(self, response: Response) -> None:
        if response.status >= _BAD_REQUEST:
            self.refused.append(f"{response.status} {urlsplit(response.url).path}")


@pytest.fixture
def screen(appliance: Appliance, visitor: BrowserContext) -> Iterator[Screen]:
    if not (FOLDER / "index.html").is_file():
        assert not os.environ.get("CI"), "the web application must be built where CI runs"
        pytest.skip("the web application is not built (make web)")
    page = visitor.new_page()
    page.set_viewport_size({"width": _WIDE[0], "height": _WIDE[1]})
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
def inside(screen: Screen) -> Screen:
    screen.sign_in()
    return screen
