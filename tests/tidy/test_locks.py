"""What is installed is pinned, and from wherever a machine is set up to fetch: no lock file names a host."""

import json
from pathlib import Path
from typing import Any

import pytest

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "name",
    ["config/requirements.lock", "config/cargo.lock", "tests/sdk/package-lock.json", "web/package-lock.json"],
)
def test_no_lock_file_names_a_host(name: str) -> None:
    text = (_ROOT / name).read_text("utf-8")
    assert text
    assert "://" not in text


def test_every_python_package_that_is_asked_for_is_pinned() -> None:
    asked = (_ROOT / "config" / "requirements.in").read_text("utf-8")
    pinned = {
        line.partition("==")[0] for line in (_ROOT / "config" / "requirements.lock").read_text().split()
    }
    names = {line.partition("[")[0] for line in asked.splitlines() if line and not line.startswith("#")}
    assert {_plain(name) for name in names} <= {_plain(name) for name in pinned}


@pytest.mark.parametrize("folder", ["tests/sdk", "web"])
def test_every_npm_package_is_pinned_to_one_version_by_its_checksum(folder: str) -> None:
    asked = json.loads((_ROOT / folder / "package.json").read_text("utf-8"))["dependencies"]
    packages = json.loads((_ROOT / folder / "package-lock.json").read_text("utf-8"))["packages"]
    for name, version in asked.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    unchecked = [path for path, package in packages.items() if path and "integrity" not in package]
    # Some registries do not carry the programs of every platform; those of the machines we test on are checked.
    assert not [path for path in unchecked if not _is_of_another_platform(packages[path])]


def _is_of_another_platform(package: dict[str, Any]) -> bool:
    return bool(package.get("optional")) and (
        package.get("os") != ["linux"] or package.get("libc") == ["musl"]
    )


def _plain(name: str) -> str:
    return name.lower().replace("_", "-")
