"""A headless Chromium for tests: the one that Debian packages, driven by Playwright, which downloads nothing.

Names other than this machine's are not found, so a page under test reaches nothing outside.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

# For anything that a page is waited for, on a machine that has much else to do.
PATIENCE_MS = 60_000
_ARGUMENTS = [
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser, while the block lasts. Until then the thread's event loop belongs to Playwright."""
    program = shutil.which("chromium")
    if program is None:
        assert not os.environ.get("CI"), "Chromium must be installed where CI runs"
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    # Chromium refuses its sandbox to root, who has nothing to win from it.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_ARGUMENTS, *as_root])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody with cookies and a store of their own."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(visitor: BrowserContext) -> Page:
    return visitor.new_page()
