"""How much a browser loads before anything can be seen."""

import gzip
import os
import re
from pathlib import Path

from playwright.sync_api import expect

from appliance.http.ui import FOLDER
from tests.web.screen import Screen

_INITIAL_BYTES_MAX = 300_000
# Over HTTP/1.1 six come at a time: many small ones wait for each other longer than their bytes take.
_FILES_MAX = 24
# Drawing, editing and dragging are fetched by who needs them.
_ON_DEMAND = re.compile(
    r"/(echarts|zrender|codemirror|SqlEditor|Canvas|SankeyCanvas|ArrangeGrid)[^/]*\.js", re.IGNORECASE
)


def test_what_the_page_names_is_small() -> None:
    folder = Path(os.environ.get("HOGLET_UI_DIR") or FOLDER)
    page = (folder / "index.html").read_text("utf-8")
    named = set(re.findall(r'(?:src|href)="/(assets/[^"]+\.js)"', page))
    assert named
    assert sum(len(gzip.compress((folder / one).read_bytes())) for one in named) < _INITIAL_BYTES_MAX


def test_a_list_loads_little_and_no_drawing(inside: Screen) -> None:
    asked: list[str] = []
    inside.page.on("request", lambda request: asked.append(request.url))
    inside.in_project("persons")
    expect(inside.page.get_by_role("heading", level=1)).to_be_visible()
    inside.settle()
    scripts = {url for url in asked if url.endswith(".js")}
    folder = Path(os.environ.get("HOGLET_UI_DIR") or FOLDER)
    loaded = sum(len(gzip.compress((folder / url.split("/", 3)[3]).read_bytes())) for url in scripts)
    assert 0 < loaded < _INITIAL_BYTES_MAX
    assert len(scripts) < _FILES_MAX
    assert [url for url in scripts if _ON_DEMAND.search(url)] == []
