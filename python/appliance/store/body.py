"""Bodies on the wire: read with a limit on what is held, whatever their framing and compression.

Promise: a body is streamed. At most one chunk of it is in memory here, so a small body that expands to
gigabytes costs only time.
"""

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Mapping
from typing import IO, Any, Protocol, cast

import lz4.frame  # type: ignore[import-untyped]
import zstandard

CHUNK_BYTES = 1 << 20
_LINE_BYTES_MAX = 8192


class BadBody(Exception):
    """The body breaks HTTP's framing or is not what its Content-Encoding says."""


class Framed(io.RawIOBase):
    """A request body: `Content-Length` bytes, or HTTP chunks."""

    def __init__(self, source: IO[bytes], length: int | None) -> None:
        super().__init__()
        self._source = source
        self._chunked = length is None
        self._left = length or 0
        self._ended = length == 0
        self._in_chunk = False

    @property
    def ended(self) -> bool:
        """Whether the connection stands at the next request."""
        return self._ended

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        if self._chunked and self._left == 0 and not self._ended:
            self._next_chunk()
        if self._ended or not len(view):
            return 0
        count = self._source.readinto(view[: self._left])  # type: ignore[attr-defined]
        if not count:
            raise BadBody("the body ended early")
        self._left -= count
        if not self._chunked:
            self._ended = self._left == 0
        return int(count)

    def _next_chunk(self) -> None:
        if self._in_chunk and self._source.readline(_LINE_BYTES_MAX) not in (b"\r\n", b"\n"):
            raise BadBody("a chunk is longer than it says")
        line = self._source.readline(_LINE_BYTES_MAX)
        try:
            self._left = int(line.split(b";")[0].strip(), 16)
        except ValueError as problem:
            raise BadBody("a chunk has no size") from problem
        self._in_chunk = True
        if self._left < 0:
            raise BadBody("a chunk has a negative size")
        if self._left == 0:
            while self._source.readline(_LINE_BYTES_MAX) not in (b"\r\n", b"\n", b""):
                pass
            self._ended = True


class _Inflated(io.RawIOBase):
    """zlib-wrapped deflate, the one encoding without a reader in the libraries."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source = source
        self._inflate = zlib.decompressobj()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        while not self._inflate.eof:
            piece = self._inflate.unconsumed_tail or self._source.read(1 << 16)
            if not piece:
                raise EOFError("the body ended early")
            out = self._inflate.decompress(piece, len(view))
            if out:
                view[: len(out)] = out
                return len(out)
        return 0


_DECODERS: Mapping[str, Callable[[IO[bytes]], Any]] = {
    "gzip": lambda source: gzip.GzipFile(fileobj=source),
    "deflate": lambda source: io.BufferedReader(_Inflated(source), CHUNK_BYTES),
    "lz4": lz4.frame.LZ4FrameFile,
    "zstd": lambda source: zstandard.ZstdDecompressor().stream_reader(source, read_across_frames=True),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}


def decoded(source: IO[bytes], encoding: str) -> IO[bytes]:
    """A reader of the plain bytes. Its `read` may raise any of `DECODING_FAILURES`."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return source
    opener = _DECODERS.get(encoding)
    if opener is not None:
        return cast("IO[bytes]", opener(source))
    raise BadBody(f"Unknown compression method: {encoding}")


DECODING_FAILURES = (
    BadBody,
    EOFError,
    OSError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
)


class Encoder(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Lz4:
    """One LZ4 frame, its header before the first bytes."""

    def __init__(self) -> None:
        self._frame = lz4.frame.LZ4FrameCompressor()
        self._begun = False

    def compress(self, data: bytes, /) -> bytes:
        head = b"" if self._begun else self._frame.begin()
        self._begun = True
        return bytes(head + self._frame.compress(data))

    def flush(self) -> bytes:
        head = b"" if self._begun else self._frame.begin()
        return bytes(head + self._frame.flush())


def encoder(accepted: str) -> tuple[str, Encoder] | None:
    """The cheapest encoding that the client accepts, or None."""
    offered = {part.split(";")[0].strip().lower() for part in accepted.split(",")}
    if "lz4" in offered:
        return "lz4", _Lz4()
    if "zstd" in offered:
        return "zstd", zstandard.ZstdCompressor(level=1).compressobj()
    if "gzip" in offered:
        return "gzip", cast("Encoder", zlib.compressobj(level=1, wbits=31))
    if "deflate" in offered:
        return "deflate", cast("Encoder", zlib.compressobj(level=1))
    return None


def read_up_to(body: IO[bytes], limit: int) -> bytes:
    """`limit` bytes, fewer only at the end: decoders and sockets may give less at a time."""
    first = body.read(limit)
    if not first or len(first) == limit:
        return first or b""
    pieces = [first]
    left = limit - len(first)
    while left > 0:
        piece = body.read(left)
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)
