"""Says plainly which toolchain is missing and how to get it. Runs before anything is installed: plain Python."""

import shutil
import subprocess
import sys

PYTHON_MINIMUM = (3, 11)
RUST_MINIMUM = (1, 89)


def problems() -> list[str]:
    found = []
    if sys.version_info < PYTHON_MINIMUM:
        found.append(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} is too old: install Python 3.11 or newer "
            "(Debian: apt install python3 python3-venv) and run make PYTHON=python3.11"
        )
    cargo = shutil.which("cargo")
    if cargo is None:
        found.append("cargo is missing: install Rust with rustup, see https://rustup.rs")
    else:
        words = subprocess.run([cargo, "--version"], capture_output=True, text=True, check=False).stdout.split()
        version = tuple(int(part) for part in words[1].split(".")[:2]) if len(words) > 1 else (0, 0)
        if version < RUST_MINIMUM:
            found.append(f"Rust {words[1] if len(words) > 1 else '?'} is too old: run rustup update")
    if shutil.which("cc") is None:
        found.append("a C compiler is missing (Debian: apt install build-essential)")
    return found


def main() -> int:
    found = problems()
    for problem in found:
        print(f"hoglet: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
