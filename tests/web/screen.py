"""A page under test."""

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Response, ViewportSize

from tests.browser import PATIENCE_MS
from tests.conftest import Appliance
from tests.web.people import Somebody

WIDE, NARROW = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)

_SHOTS = Path(__file__).parent / "screenshots"
_AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"
# Violations of WCAG that keep somebody from using a page. The others are matters of style.
_SERIOUS = frozenset({"serious", "critical"})
# Without what takes long and is not looked at: paths to elements, and where text stands outside of landmarks.
_AXE_OPTIONS: dict[str, object] = {"resultTypes": ["violations"], "selectors": False, "preload": False}
_BAD_REQUEST = 400
_POLL_MS = 50
# Once what was asked for so far is drawn: whatever says that something is on its way, or older than what was asked.
_BUSY = """async () => {
  await new Promise(done => { requestAnimationFrame(() => setTimeout(done)); setTimeout(done, 250) })
  const told = '[aria-busy=true], [data-stale], [data-refreshing], [data-old], [aria-label=Refreshing]'
  // What is far below is asked for when one comes near it.
  return [...document.querySelectorAll(`${told}, .mantine-Skeleton-root`)]
    .filter(one => one.getBoundingClientRect().top < innerHeight + 300)
    .map(one => one.outerHTML.slice(0, 200))
}"""
_OFFERED = """(elements) => elements
  .filter(one => !one.matches(':disabled, [data-disabled], fieldset:disabled *') && one.checkVisibility())
  .map(one => (one.getAttribute('aria-label') ?? one.innerText).trim())"""


@dataclass
class Screen:
    appliance: Appliance
    page: Page
    complaints: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Every answer that was a failure: its status and its path."""
    _expected: list[str] = field(default_factory=list)
    _under_way: set[Request] = field(default_factory=set)

    def watch(self) -> None:
        """From the first address that it opens."""
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._note_request)
        self.page.on("requestfinished", self._note_ended)
        self.page.on("requestfailed", self._note_ended)
        self.page.on("response", self._note_answer)

    def open(self, path: str) -> None:
        self.page.goto(f"{self.appliance.url}{path}")

    def in_project(self, path: str, project_id: int | None = None) -> None:
        """A page of the appliance's first project, or of another."""
        self.open(f"/project/{project_id or self.appliance.project_id}/{path}")

    def sign_in(self, who: Somebody | None = None) -> None:
        """Through the API: only the tests of signing in fill the form. Without anybody named, the first user."""
        known = who or self.appliance
        answer = self.page.request.post(
            f"{self.appliance.url}/api/login/", data={"email": known.email, "password": known.password}
        )
        assert answer.ok, answer.text()

    def settle(self) -> None:
        """Until nothing is asked for any more and nothing on the page says that it is on its way."""
        busy: list[str] = []

        def is_quiet() -> bool:
            busy[:] = [*self.page.evaluate(_BUSY), *(one.url for one in self._under_way)]
            return not busy

        # Once might be the moment between an answer and what the page asks for because of it.
        self.wait_until(lambda: is_quiet() and is_quiet(), lambda: f"still under way: {busy}")

    def wait_until(
        self,
        is_so: Callable[[], bool],
        why: Callable[[], str] = lambda: "",
        seconds: float = PATIENCE_MS / 1000,
    ) -> None:
        """For what no locator can wait for; the page's events are told meanwhile."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, why() or "it has not come true"
            self.page.wait_for_timeout(_POLL_MS)

    def row(self, text: str) -> Locator:
        """The row of a table that says so, rather than one of a list that is about to be replaced."""
        return self.page.get_by_role("row").filter(has_text=text)

    def offered(self, found: Locator) -> list[str]:
        """The names of those that can be pressed, all read at the same moment."""
        names: list[str] = found.evaluate_all(_OFFERED)
        return names

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
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(_AXE.read_text("utf-8"))
        options = _AXE_OPTIONS | ({"runOnly": [rule]} if rule else {"rules": {"region": {"enabled": False}}})
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

    def may_be_refused(self, *patterns: str) -> None:
        """Such answers are no fault in this test, whenever they come: `401 .*`, `404 /api/projects/9/`."""
        self._expected.extend(patterns)

    @property
    def faults(self) -> list[str]:
        """What went wrong and was not expected to."""
        refused = [one for one in self.refused if not any(re.fullmatch(told, one) for told in self._expected)]
        return [*self.complaints, *refused]

    def _note_console(self, message: ConsoleMessage) -> None:
        # Chromium writes a line for each failed request too; those are in `refused`.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def _note_request(self, request: Request) -> None:
        # Whether a question that was called off ended is told to nobody.
        if request.method != "DELETE":
            self._under_way.add(request)

    def _note_ended(self, request: Request) -> None:
        self._under_way.discard(request)

    def _note_answer(self, response: Response) -> None:
        if response.status >= _BAD_REQUEST:
            self.refused.append(f"{response.status} {urlsplit(response.url).path}")
