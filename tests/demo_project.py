"""The project that `hoglet demo` fills on the shared appliance: once for a test session, since there can be one."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    # Which takes the fixture of this module.
    from tests.conftest import Appliance

EVENTS = 6_000
_TIMEOUT_S = 300


@pytest.fixture(scope="session")
def demo(appliance: Appliance) -> dict[str, Any]:
    """The project as the API shows it, after the command."""
    done = hoglet_demo(appliance)
    assert done.returncode == 0, done.stderr
    listed = ask(appliance, "/api/projects/?limit=500")["results"]
    found: dict[str, Any] = next(one for one in listed if one["name"] == "Burrow (demo)")
    return found


def hoglet_demo(appliance: Appliance) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "HOGLET_DATA_DIR": str(appliance.data_dir),
        "HOGLET_PORT": str(appliance.port),
    }
    command = [sys.executable, "-m", "appliance.cli", "demo", "--events", str(EVENTS)]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False
    )


def ask(appliance: Appliance, path: str, given: Any = None, method: str = "") -> Any:
    """What the API answers to the first user's key; a POST where something is given."""
    headers = {"authorization": f"Bearer {appliance.key}"}
    method = method or ("GET" if given is None else "POST")
    answer = httpx.request(method, f"{appliance.url}{path}", json=given, headers=headers, timeout=60)
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None
