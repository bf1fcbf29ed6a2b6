"""Files that only the appliance's own user may read: secrets, and copies of things that hold some.

Promises:
- The folder is made with mode 0700 and the file has mode 0600 before it has words.
- A reader sees the whole file or none, and what was written survives a power cut.
"""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def load_or_create_secret(folder: Path, name: str) -> str:
    """The secret of that name: 43 random characters, made once and kept in a file only we can read.

    Several processes may ask at once; the first file to be linked into place wins and all return its words.
    """
    path = folder / name
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32), replace=False)
    return path.read_text(encoding="ascii").strip()


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write the whole file or nothing. `replace=False` leaves an existing one as it is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(temporary).replace(path)
        else:
            with suppress(FileExistsError):
                os.link(temporary, path)
        _sync_folder(path.parent)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
