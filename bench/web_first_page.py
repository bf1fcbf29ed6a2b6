"""How long does a browser with nothing in its cache take until the first page can be used, over a slow connection?

Chromium behind the DevTools' own throttling, a new profile each turn. "Can be used" is when the form to sign in, or the
list of persons for who is signed in, is drawn and takes a key. The connection is the slower of those that Chromium's
tools call 4G: 9 Mbit/s down, 1.5 Mbit/s up, 60 ms there and back; and beside it one of 1.6 Mbit/s with 150 ms.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

from playwright.sync_api import Browser, Page, sync_playwright

from bench.figure import Figure
from bench.serving import HOGLET, Appliance, appliance

TURNS = 5
WORKERS = min(2, os.cpu_count() or 1)
# Name → bytes a second down and up, and milliseconds there and back.
CONNECTIONS = {"4G": (9e6 / 8, 1.5e6 / 8, 60), "slow 4G": (1.6e6 / 8, 0.75e6 / 8, 150)}
GOAL = "< 1.5 s"
_WAIT_MS = 60_000


def measure() -> list[Figure]:
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("Chromium is not installed (Debian: apt install chromium)")
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    figures = []
    with (
        tempfile.TemporaryDirectory() as folder,
        appliance(folder, WORKERS) as ours,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=program, args=["--disable-dev-shm-usage", *as_root]
        )
        session = _signed_in(ours, browser)
        for connection in CONNECTIONS:
            for what, state, path, field in (
                ("signing in", None, "/sign-in", "Email"),
                ("the list of persons", session, "/project/1/persons", "Search persons"),
            ):
                address = f"http://127.0.0.1:{ours.port}{path}"
                turns = [_open(browser, connection, state, address, field) for _ in range(TURNS)]
                taken, loaded = zip(*turns, strict=True)
                goal = GOAL if connection == "4G" else ""
                question = f"{what}, {connection}, cold cache, {statistics.median(loaded) / 1000:.0f} kB"
                figures.append(Figure(question, statistics.median(taken), "s", goal=goal))
        browser.close()
    return figures


def _signed_in(ours: Appliance, browser: Browser) -> str:
    """The cookies of the first user, as a file's content."""
    told = subprocess.check_output(
        [*HOGLET, "bootstrap", "--json"],
        env={**os.environ, "HOGLET_DATA_DIR": str(ours.folder), "HOGLET_PORT": str(ours.port)},
    )
    first = json.loads(told)
    context = browser.new_context()
    given = {"email": first["email"], "password": first["password"]}
    answer = context.request.post(f"http://127.0.0.1:{ours.port}/api/login/", data=given)
    if not answer.ok:
        raise RuntimeError(answer.text())
    state = json.dumps(context.storage_state())
    context.close()
    return state


def _open(
    browser: Browser, connection: str, state: str | None, address: str, field: str
) -> tuple[float, int]:
    """Seconds until the field takes what is typed, and the bytes that came over the connection until then."""
    context = browser.new_context(storage_state=json.loads(state) if state else None)
    page = context.new_page()
    received = _throttle(page, connection)
    begun = time.perf_counter()
    page.goto(address, wait_until="commit", timeout=_WAIT_MS)
    box = page.get_by_label(field, exact=True)
    box.press("a", timeout=_WAIT_MS)
    if box.input_value() != "a":
        raise RuntimeError(f"{address} took no key")
    taken = time.perf_counter() - begun
    context.close()
    return taken, sum(received)


def _throttle(page: Page, connection: str) -> list[int]:
    """Slows the page's connection down. The list grows by the bytes of each file that has come."""
    down, up, latency_ms = CONNECTIONS[connection]
    received: list[int] = []
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": latency_ms,
            "downloadThroughput": down,
            "uploadThroughput": up,
        },
    )
    tools.on("Network.loadingFinished", lambda told: received.append(int(told["encodedDataLength"])))
    return received
