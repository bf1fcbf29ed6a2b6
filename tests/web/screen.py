"""A page under test."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Response, ViewportSize, expect

from tests.conftest import Appliance

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)

_SHOTS = Path(__file__).parent / "screenshots"
_AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
# Violations of WCAG that keep somebody from using a page. The others are matters of style.
_SERIOUS = frozenset({"serious", "critical"})
_BAD_REQUEST = 400


@dataclass
class Screen:
    appliance: Appliance
    page: Page
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Paths whose answers were failures; a test that expects one takes it off."""

    def open(self, path: str) -> None:
        self.page.goto(f"{self.appliance.url}{path}")

    def in_project(self, path: str, project_id: int | None = None) -> None:
        """A page of the appliance's first project, or of another."""
        self.open(f"/project/{project_id or self.appliance.project_id}/{path}")

    def sign_in(self) -> None:
        """Through the API: only the tests of signing in fill the form."""
        answer = self.page.request.post(
            f"{self.appliance.url}/api/login/",
            data={"email": self.appliance.email, "password": self.appliance.password},
        )
        assert answer.ok, answer.text()

    def settle(self) -> None:
        """Until nothing says that it is still loading."""
        expect(self.page.get_by_label("Loading", exact=True)).to_have_count(0)
        expect(self.page.locator("[data-stale]")).to_have_count(0)

    def wide(self) -> None:
        self.page.set_viewport_size(WIDE)

    def narrow(self) -> None:
        """As wide as a phone."""
        self.page.set_viewport_size(NARROW)

    def dark(self) -> None:
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")

    def light(self) -> None:
        self.page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def shoot(self, name: str) -> None:
        """With HOGLET_SCREENSHOTS=1: a picture for people to look at, in a folder that git ignores."""
        if os.environ.get("HOGLET_SCREENSHOTS") == "1":
            _SHOTS.mkdir(exist_ok=True)
            self.page.screenshot(path=_SHOTS / f"{name}.png")

    def barriers(self, rule: str = "") -> list[str]:
        """What axe finds on the page that keeps people out, each with where it is; by one rule, or all."""
        # Not as a script of the page, whose policy would refuse it.
        self.page.evaluate(_AXE.read_text("utf-8"))
        options = {"resultTypes": ["violations"], **({"runOnly": [rule]} if rule else {})}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{one['id']}: {node['html'][:200]}: {node['failureSummary']}"
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
