"""The body of an upload on its way in: on disk, within bounds, never whole in memory.

The file has no name, so that nothing is left of it whatever happens.
"""

import asyncio
import hashlib
import mmap
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from appliance.config import Config
from appliance.failures import Invalid, Unavailable
from appliance.http.multipart import find_part, is_multipart

_PIECE_BYTES = 1 << 20
# What a form has beside the file.
_FORM_BYTES_MAX = 1 << 20
_LENGTH_DIGITS_MAX = 15
FILE = "file"


@dataclass(frozen=True, slots=True)
class Content:
    """What was uploaded: a part of a file that is open as long as the request is answered."""

    file: BinaryIO
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    def sha512(self) -> str:
        digest = hashlib.sha512()
        for piece in self._pieces():
            digest.update(piece)
        return digest.hexdigest()

    def _pieces(self) -> Iterator[bytes]:
        self.file.seek(self.start)
        for start in range(self.start, self.end, _PIECE_BYTES):
            yield self.file.read(min(_PIECE_BYTES, self.end - start))


class Incoming:
    """For the event loop of one worker."""

    def __init__(self, config: Config) -> None:
        self._folder = config.incoming_dir
        self._bytes_max = config.symbol_set_bytes_max
        self._free_bytes_min = config.journal_minimum_free_bytes
        self._turns = asyncio.Semaphore(config.symbol_set_uploads_max)

    @asynccontextmanager
    async def content(self, request: Request, *, is_form: bool) -> AsyncIterator[Content]:
        """`is_form`: it may be the part `file` of a form; otherwise it is the body, whatever that says."""
        content_type = request.headers.get("content-type", "")
        is_form = is_form and is_multipart(content_type)
        bytes_max = self._bytes_max + (_FORM_BYTES_MAX if is_form else 0)
        async with self._turns:
            with await run_in_threadpool(self._open, _announced(request), bytes_max) as file:
                size = await self._write(request, file, bytes_max)
                found = Content(file, 0, size)
                if is_form:
                    found = await run_in_threadpool(_file_of_form, file, size, content_type)
                if found.size > self._bytes_max:
                    raise self._too_large()
                yield found

    def _open(self, announced: int, bytes_max: int) -> BinaryIO:
        if announced > bytes_max:
            raise self._too_large()
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._folder).free - announced < self._free_bytes_min:
            raise Unavailable("There is no room on the disk for this file.", 60)
        return tempfile.TemporaryFile(dir=self._folder, buffering=0)

    async def _write(self, request: Request, file: BinaryIO, bytes_max: int) -> int:
        size, waiting = 0, bytearray()
        try:
            async for piece in request.stream():
                size += len(piece)
                if size > bytes_max:
                    raise self._too_large()
                waiting += piece
                if len(waiting) >= _PIECE_BYTES:
                    await run_in_threadpool(file.write, bytes(waiting))
                    waiting.clear()
        except ClientDisconnect:
            raise Invalid("The upload ended before it was whole.", code="incomplete") from None
        await run_in_threadpool(file.write, bytes(waiting))
        return size

    def _too_large(self) -> Invalid:
        return Invalid(f"A symbol set has at most {self._bytes_max} bytes.", FILE, "file_too_large")


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdigit() and len(length) <= _LENGTH_DIGITS_MAX else 0


def _file_of_form(file: BinaryIO, size: int, content_type: str) -> Content:
    found = None
    if size:
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as body:
            found = find_part(body, content_type, FILE)
    if found is None:
        raise Invalid("The form has no file.", FILE, "required")
    return Content(file, *found)
