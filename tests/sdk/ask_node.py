"""Asks the unmodified posthog-node."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Appliance

_FOLDER = Path(__file__).parent
_PATIENCE_S = 60

Json = dict[str, Any]


def ask_node(appliance: Appliance, calls: list[tuple[str, list[Any]]], **options: Any) -> Json:
    """`results`, one for each call of a method with its arguments, and what was `sent`."""
    if not (_FOLDER / "node_modules" / "posthog-node").is_dir():
        pytest.fail("run `make sdks` first")
    asked = {
        "token": appliance.token,
        "options": {"host": appliance.url, "flushInterval": 100, "fetchRetryCount": 0, **options},
        "calls": [{"method": method, "arguments": arguments} for method, arguments in calls],
    }
    done = subprocess.run(
        ["node", _FOLDER / "ask_node.mjs"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: Json = json.loads(done.stdout)
    assert told["errors"] == [], done.stderr
    return told
