"""A missing toolchain is named, with what to install."""

import subprocess
import sys
from pathlib import Path

import pytest

_SCRIPT = Path(__file__).parents[2] / "config" / "toolchains.py"


def _told(path: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, _SCRIPT],
        env={"PATH": str(path)},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr


def _program(folder: Path, name: str, says: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\necho '{says}'\n")
    program.chmod(0o755)


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """A machine that has everything."""
    for name, says in {
        "cargo": "cargo 1.95.0 (abc 2026-01-01)",
        "cc": "",
        "node": "v20.20.2",
        "npm": "11",
    }.items():
        _program(tmp_path, name, says)
    return tmp_path


def test_a_complete_machine_has_nothing_to_install(complete: Path) -> None:
    assert _told(complete) == (0, "")


@pytest.mark.parametrize(
    ("missing", "advice"),
    [("cargo", "rustup.rs"), ("cc", "build-essential"), ("node", "nodejs npm"), ("npm", "nodejs npm")],
)
def test_what_is_missing_is_named_with_what_to_install(complete: Path, missing: str, advice: str) -> None:
    (complete / missing).unlink()
    code, told = _told(complete)
    assert code == 1
    assert advice in told


@pytest.mark.parametrize(
    ("name", "says"), [("node", "v16.20.0"), ("node", "what?"), ("cargo", "cargo 1.70.0"), ("cargo", "")]
)
def test_what_is_too_old_is_named(complete: Path, name: str, says: str) -> None:
    _program(complete, name, says)
    code, told = _told(complete)
    assert code == 1
    assert "too old" in told
