"""Says plainly which toolchain is missing and how to get it. Runs before anything is installed: plain Python."""

import shutil
import subprocess
import sys

PYTHON_MINIMUM = (3, 11)
RUST_MINIMUM = (1, 89)
NODE_MINIMUM = (20, 19)


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
        words = subprocess.run(
            [cargo, "--version"], capture_output=True, text=True, check=False
        ).stdout.split()
        version = tuple(int(part) for part in words[1].split(".")[:2]) if len(words) > 1 else (0, 0)
        if version < RUST_MINIMUM:
            found.append(f"Rust {words[1] if len(words) > 1 else '?'} is too old: run rustup update")
    if shutil.which("cc") is None:
        found.append("a C compiler is missing (Debian: apt install build-essential)")
    return found + _problems_of_node()


def _problems_of_node() -> list[str]:
    """Node fetches and packs posthog-js, which browsers load from the appliance. The appliance runs without Node."""
    least = ".".join(str(number) for number in NODE_MINIMUM)
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return [
            f"Node.js {least} or newer with npm is missing, which builds what browsers load "
            "(Debian: apt install nodejs npm)"
        ]
    told = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    numbers = told.removeprefix("v").split(".")
    version = tuple(int(part) if part.isdecimal() else 0 for part in numbers[:2])
    if version < NODE_MINIMUM:
        return [f"Node.js {told or '?'} is too old: install {least} or newer, see https://nodejs.org"]
    return []


def main() -> int:
    found = problems()
    for problem in found:
        print(f"hoglet: {problem}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
