"""`serve`: an appliance of the test's own, stopped when the test ends."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from appliance.config import Config
from tests.crash.serving import Serving, free_port

Serve = Callable[..., Serving]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts one with these settings; `environment` goes to its processes besides."""
    started: list[Serving] = []

    def start(*, environment: Mapping[str, str] | None = None, **settings: Any) -> Serving:
        plain = {"data_dir": tmp_path / "data", "port": free_port(), "workers": 2}
        quick = {"journal_minimum_free_bytes": 0, "ingest_wait_ms": 20}
        serving = Serving(Config(**plain | quick | settings), tmp_path / "log", environment)
        started.append(serving)
        serving.start()
        return serving

    yield start
    for serving in started:
        try:
            serving.stop()
        finally:
            serving.print_log()
