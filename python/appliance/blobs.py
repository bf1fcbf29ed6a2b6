"""Files that belong to projects: a folder beside the data, or a bucket that speaks S3.

Promises:
- A file is there whole or not at all, and in the folder it survives a power cut once `put` returns.
- Its name is made of our own numbers and ids: `<project>/<room>/<id>…`. No name from outside becomes a path.
- What does not answer is an `Unavailable`. A file that is not there is `NotFound`, or None where that is an answer.

All of it blocks, so it is not for the event loop.
"""

import logging
import os
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, S3Store

from appliance.config import Config
from appliance.failures import NotFound, Unavailable

if TYPE_CHECKING:
    from obstore.store import RetryConfig, S3Config

log = logging.getLogger(__name__)

# Somebody waits for the answer.
_RETRIES: "RetryConfig" = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
_PIECE_BYTES = 1 << 20
# S3 takes parts of at least this; what is smaller goes in one request.
_PART_BYTES = 5 << 20
_AT_A_TIME = 16
_KEYS_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Blob:
    key: str
    bytes_count: int
    changed_at: datetime


class Blobs:
    """Shared by all threads of a process."""

    def __init__(self, config: Config) -> None:
        self._folder = None if config.files_url else config.files_dir
        if self._folder is not None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._store = _bucket(config) if self._folder is None else LocalStore(self._folder)

    def put(self, key: str, file: BinaryIO, start: int, end: int) -> None:
        """Keeps a part of a file."""
        with _translated():
            if end - start <= _PART_BYTES:
                self._store.put(key, b"".join(_pieces(file, start, end)))
            else:
                self._store.put(key, _pieces(file, start, end), chunk_size=_PART_BYTES, max_concurrency=2)
        if self._folder is not None:
            _sync(self._folder, key)

    def size(self, key: str) -> int | None:
        """In bytes; None for what is not there."""
        with _translated(), suppress(NotFoundError, FileNotFoundError):
            return self._store.head(key)["size"]
        return None

    def sizes(self, keys: Sequence[str]) -> Mapping[str, int | None]:
        """Of many: what is far away is asked for several at a time."""
        if self._folder is not None or len(keys) < _AT_A_TIME:
            return {key: self.size(key) for key in keys}
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            return dict(zip(keys, pool.map(self.size, keys), strict=True))

    def read(self, key: str) -> Iterator[bytes]:
        """Its pieces. Raises `NotFound` before the first."""
        with _translated():
            try:
                found = self._store.get(key)
            except (NotFoundError, FileNotFoundError):
                raise NotFound("The file is not there any more.") from None
        return (bytes(piece) for piece in found.stream(min_chunk_size=_PIECE_BYTES))

    def remove(self, keys: Iterable[str]) -> None:
        """What is not there is removed already."""
        # A bucket takes many at once and does not mind what is missing; a folder stops there.
        at_a_time = _KEYS_MAX if self._folder is None else 1
        gone = list(keys)
        with _translated():
            for start in range(0, len(gone), at_a_time):
                with suppress(NotFoundError, FileNotFoundError):
                    self._store.delete(gone[start : start + at_a_time])

    def remove_later(self, keys: Iterable[str]) -> None:
        """Now if possible: whoever took away what named them need not wait for a bucket that is away."""
        with suppress(Unavailable):
            self.remove(keys)

    def all(self, prefix: str = "") -> Iterator[Blob]:
        """Those whose key begins with whole words: `7/`, `7/symbol_sets/`."""
        with _translated():
            for some in self._store.list(prefix or None):
                for one in some:
                    yield Blob(one["path"], one["size"], one["last_modified"])

    def remove_unfinished(self, older_than_s: float) -> None:
        """What a process that died had begun to keep, beside its place. A bucket forgets that by rules of its own."""
        if self._folder is None:
            return
        with _translated():
            for path in self._folder.rglob("*#*"):
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < time.time() - older_than_s:
                        path.unlink()

    def remove_project(self, project_id: int) -> None:
        self.remove([one.key for one in self.all(f"{project_id:d}/")])


def _bucket(config: Config) -> S3Store:
    said: S3Config = {"region": config.files_s3_region}
    if config.files_s3_endpoint:
        said["endpoint"] = config.files_s3_endpoint
    if config.files_s3_access_key:
        said["access_key_id"] = config.files_s3_access_key
        said["secret_access_key"] = config.files_s3_secret_key
    is_plain = config.files_s3_endpoint.startswith("http://")
    found: S3Store = S3Store.from_url(
        config.files_url, config=said, client_options={"allow_http": is_plain}, retry_config=_RETRIES
    )
    return found


def _pieces(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    while start < end:
        piece = file.read(min(_PIECE_BYTES, end - start))
        if not piece:
            raise OSError("a file that is being kept has become shorter")
        start += len(piece)
        yield piece


def _sync(folder: Path, key: str) -> None:
    """The file, and every folder on the way to it, since they may be new."""
    path = folder / key
    while True:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if path == folder:
            return
        path = path.parent


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise
    except (BaseError, OSError) as error:
        raise Unavailable(
            f"the files' store does not answer: {' '.join(str(error).split())[:300]}"
        ) from error
