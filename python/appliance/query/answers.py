"""Answers kept on disk, so that all workers of the machine share them.

Promises:
- An answer is read whole or not at all: it is written beside its place and renamed into it.
- Kept answers are copies. Any of them may be missing at any time, after a crash too, and is then computed anew.
- They take at most `bytes_max` of disk, give or take what the other workers write between two sweeps; the oldest
  go first.

Layout: `DATA/queries/answers/<project>/<key>.json`, the JSON of the answer; its time of change is when it was
computed.
"""

import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

_SWEEP_EVERY = 32
_KEPT_AFTER_SWEEP = 0.8


@dataclass(frozen=True, slots=True)
class Kept:
    response: dict[str, Any]
    computed_at: float
    """Seconds since 1970."""

    @property
    def age_s(self) -> float:
        return time.time() - self.computed_at


class Answers:
    """Shared by all threads."""

    def __init__(self, folder: Path, bytes_max: int, answer_bytes_max: int) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._answer_bytes_max = answer_bytes_max
        self._written = 0

    def get(self, project_id: int, key: str) -> Kept | None:
        path = self._path(project_id, key)
        try:
            with path.open("rb") as file:
                computed_at = os.fstat(file.fileno()).st_mtime
                response = orjson.loads(file.read())
        except (OSError, ValueError):
            return None
        return Kept(response, computed_at) if isinstance(response, dict) else None

    def put(self, project_id: int, key: str, encoded: bytes, computed_at: float) -> None:
        """Keeps it if it is not too large. A full disk only means that nothing is kept."""
        if len(encoded) > self._answer_bytes_max:
            return
        path = self._path(project_id, key)
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(encoded)
                os.utime(temporary, (computed_at, computed_at))
                Path(temporary).replace(path)
            finally:
                Path(temporary).unlink(missing_ok=True)
        except OSError:
            return
        self._written += 1
        if self._written % _SWEEP_EVERY == 1:
            self.sweep()

    def sweep(self) -> None:
        """Deletes the oldest until the rest is well within bounds."""
        found = sorted(_files(self._folder))
        total = sum(size for _, size, _ in found)
        if total <= self._bytes_max:
            return
        for _, size, path in found:
            if total <= self._bytes_max * _KEPT_AFTER_SWEEP:
                break
            path.unlink(missing_ok=True)
            total -= size

    def _path(self, project_id: int, key: str) -> Path:
        return self._folder / str(project_id) / f"{key}.json"


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    found = []
    for path in folder.glob("*/*"):
        try:
            about = path.stat()
        except OSError:
            continue
        found.append((about.st_mtime, about.st_size, path))
    return found
