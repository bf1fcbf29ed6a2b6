"""Asks every question in this folder, or those named: ``python -m bench http_rate decode_rate``.

A question is a module with ``measure() -> list[Figure]``. Modules are found by looking, so a new question is a new
file and nothing else.
"""

from __future__ import annotations

import importlib
import json
import os
import platform
import sys
import time
import traceback
from pathlib import Path

from bench.figure import Figure, table

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "local"


def questions() -> list[str]:
    """The names of the modules that measure something."""
    paths = sorted(HERE.glob("*.py"))
    return [path.stem for path in paths if "def measure(" in path.read_text() and path.stem != "__main__"]


def main(names: list[str]) -> int:
    unknown = set(names) - set(questions())
    if unknown:
        print(f"no such question: {', '.join(sorted(unknown))}; there are {', '.join(questions())}")
        return 2
    RESULTS.mkdir(parents=True, exist_ok=True)
    machine = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
    }
    report, failed = [f"{machine['at']}, {machine['cores']} cores, Python {machine['python']}"], 0
    for name in names or questions():
        load = os.getloadavg()[0]
        print(f"\n{name} (load average {load:.1f} before)", flush=True)
        try:
            figures: list[Figure] = importlib.import_module(f"bench.{name}").measure()
        except Exception:  # noqa: BLE001 - one question that fails must not cost the others their answers
            traceback.print_exc()
            failed += 1
            continue
        print(table(figures), flush=True)
        report.append(f"## {name}\n\nload average before: {load:.1f}\n\n{table(figures)}")
        result = {**machine, "load_before": load, "figures": [figure.to_json() for figure in figures]}
        (RESULTS / f"{name}.json").write_text(json.dumps(result, indent=2) + "\n")
    (RESULTS / "report.md").write_text("\n\n".join(report) + "\n")
    print(f"\nwritten to {RESULTS.relative_to(HERE.parent)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
