"""How long do the steps of one request take, compiled and as plain Python? (pytest-benchmark, `bench/micro`)"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).parents[1]


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "micro.json")
        command = [sys.executable, "-m", "pytest", "-q", "bench/micro", f"--benchmark-json={results}"]
        options = [
            "--benchmark-min-rounds=50",
            "--benchmark-max-time=0.5",
            "--benchmark-quiet",
            "-p",
            "no:cacheprovider",
        ]
        subprocess.run([*command, *options], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        benchmarks = json.loads(results.read_text())["benchmarks"]
    medians = {one["name"]: one["stats"]["median"] * 1e6 for one in benchmarks}
    figures = []
    for name, value in medians.items():
        if name.endswith("[plain]"):
            continue
        plain = medians.get(name.replace("[compiled]", "[plain]")) if name.endswith("[compiled]") else None
        question = name.removeprefix("test_").removesuffix("[compiled]").replace("_", " ")
        figures.append(Figure(question, value, "µs", "plain Python" if plain else "", plain))
    return figures
