"""The folder of compiled symbols: what lies there can be opened at once, and made anew from what was uploaded.

A file's name is `<project>/<set>.<upload>.<digest of its contents' hash>`. The folder has a size; what was used
longest ago goes first. A file that goes stays readable for whoever has it open.
"""

import hashlib
import os
import re
import tempfile
import threading
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import RowMapping

from appliance.failures import Unavailable

_INCOMING = "incoming"
_NAME = re.compile(r"[0-9a-f]{32}\.[0-9a-f]{32}\.[0-9a-f]{16}")
_USE_NOTED_EVERY_S = 3_600.0
_DIGEST_CHARACTERS = 16


def compiled_name(row: RowMapping) -> str:
    """Of an uploaded set: another one as soon as it was uploaded anew."""
    told = f"{row['content_hash']} {row['content_bytes']}"
    digest = hashlib.sha256(told.encode()).hexdigest()[:_DIGEST_CHARACTERS]
    return f"{row['project_id']:d}/{row['id'].hex}.{row['upload_id'].hex}.{digest}"


def set_of(name: str) -> uuid.UUID:
    return uuid.UUID(name.partition("/")[2].partition(".")[0])


class CompiledFiles:
    """Of one process; shared by its threads."""

    def __init__(self, folder: Path, bytes_max: int) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._lock = threading.Lock()
        self._incoming = folder / _INCOMING
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self._incoming.iterdir():
            left.unlink(missing_ok=True)
        # Bytes and when its use was noted, the one that was used longest ago first.
        self._files: OrderedDict[str, tuple[int, float]] = OrderedDict()
        found = ((path.stat(), path) for path in folder.glob("*/*") if _NAME.fullmatch(path.name))
        for stat, path in sorted(found, key=lambda one: one[0].st_mtime):
            self._files[f"{path.parent.name}/{path.name}"] = (stat.st_size, stat.st_mtime)
        self._bytes = sum(size for size, _ in self._files.values())
        with self._lock:
            self._shrink()

    @property
    def bytes_count(self) -> int:
        return self._bytes

    def find(self, name: str) -> Path | None:
        """A file to open, which counts as a use of it."""
        with self._lock:
            if name not in self._files:
                return None
            self._files.move_to_end(name)
            size, noted = self._files[name]
            now, path = time.time(), self._folder / name
            if now - noted > _USE_NOTED_EVERY_S:
                self._files[name] = (size, now)
                with suppress(OSError):
                    os.utime(path)
            return path

    def keep(self, path: Path, name: str) -> Path:
        """Gives a written file its name."""
        target = self._folder / name
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            size = path.stat().st_size
            path.replace(target)
        except OSError as error:
            raise Unavailable(f"compiled symbols cannot be kept: {error}") from error
        with self._lock:
            self._forget(name)
            self._files[name] = (size, time.time())
            self._bytes += size
            self._shrink()
        return target

    def remove(self, name: str) -> None:
        with self._lock:
            self._forget(name)
            (self._folder / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        with self._lock:
            return list(self._files)

    @contextmanager
    def temporary(self) -> Iterator[Path]:
        """A place for a file on its way in or out, which is gone afterwards."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        os.close(descriptor)
        try:
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    def _shrink(self) -> None:
        # One that is larger than the folder may be stays until the next one comes.
        while self._bytes > self._bytes_max and len(self._files) > 1:
            name = next(iter(self._files))
            self._forget(name)
            (self._folder / name).unlink(missing_ok=True)

    def _forget(self, name: str) -> None:
        size, _ = self._files.pop(name, (0, 0.0))
        self._bytes -= size
