"""The rules of ARCHITECTURE.md, read from imports and manifests."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "python/appliance"
# Room → rooms it must never import.
FORBIDDEN = {
    "capture": {"store", "query", "ingest", "catalog", "persons"},
    "http": {"capture", "ingest", "persons", "store", "catalog", "query", "accounts", "operations"},
    "query": {"ingest", "capture"},
    "promotion": {"capture", "ingest", "query", "persons"},
    "store": {"capture", "ingest", "query", "persons", "catalog", "accounts"},
    "catalog": {"capture", "ingest", "query", "persons", "store"},
    "persons": {"capture", "ingest", "query"},
    "resources": {"capture", "ingest", "persons", "query", "store"},
    "insights": {"capture", "ingest", "query", "store"},
    "dashboards": {"capture", "ingest", "query", "store"},
    "cohorts": {"capture", "ingest", "query"},
    "flags": {"capture", "ingest", "query", "store"},
    "groups": {"capture", "ingest", "query"},
    "error_tracking": {"capture", "ingest", "query"},
}
FOUNDATIONS = {"json", "record"}
KERNELS = {"wire", "journal", "persons", "columns", "hog", "funnels", "flags"}


def rooms_imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names if node.module == "appliance")
        elif isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
    return {name.split(".")[1] for name in names if name.startswith("appliance.")}


def test_rooms_import_only_downwards() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} imports {room}"
        for owner, forbidden in FORBIDDEN.items()
        for path in (PACKAGE / owner).rglob("*.py")
        for room in rooms_imported(path) & forbidden
    ]
    assert wrong == []


def test_only_embedded_knows_chdb() -> None:
    knowing = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
        )
        if name.split(".")[0] == "chdb"
    }
    assert knowing <= {"store/embedded.py"}


def test_kernels_know_foundations_only_and_pyo3_has_one_home() -> None:
    ours = {path.parent.name for path in (ROOT / "native").glob("*/Cargo.toml")}
    for path in (ROOT / "native").glob("*/Cargo.toml"):
        dependencies = set(tomllib.loads(path.read_text()).get("dependencies", {}))
        crate = path.parent.name
        if crate in FOUNDATIONS:
            assert not dependencies & ours, crate
        if crate in KERNELS:
            assert dependencies & ours <= FOUNDATIONS, crate
        assert ("pyo3" in dependencies) == (crate == "bindings"), crate


def test_no_room_reads_the_environment_but_config() -> None:
    readers = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if "os.environ" in path.read_text() or "os.getenv" in path.read_text()
    }
    # The supervisor passes pipes to its children that way; app and cli start processes with it.
    assert readers <= {"config.py", "supervisor.py", "app.py", "cli.py", "operations/doctor.py"}


def test_nothing_is_left_unfinished_and_no_file_is_endless() -> None:
    words = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "todo" + "!(", "unimplemented" + "!")
    for path in [*PACKAGE.rglob("*.py"), *(ROOT / "native").glob("*/src/**/*.rs")]:
        text = path.read_text()
        assert not [word for word in words if word in text], path
        assert text.count("\n") <= 700, path
