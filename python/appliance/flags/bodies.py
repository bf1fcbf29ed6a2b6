"""Bodies that are asked for again and again: with a tag, by which a client says that it has this one, packed once."""

import gzip
import hashlib
import re
from collections.abc import Mapping
from functools import cached_property

from fastapi import Response

# Less is not worth a client's unpacking.
_COMPRESSED_FROM_BYTES = 1_000
_GZIP_LEVEL = 6
_TAG = re.compile(r'(?:W/)?"([^"]*)"|([^\s,"]+)')


class Body:
    """Immutable."""

    def __init__(self, plain: bytes) -> None:
        self.plain = plain

    @cached_property
    def tag(self) -> str:
        """An ETag. Weak, because the same stands for the compressed form."""
        return f'W/"{hashlib.sha256(self.plain).hexdigest()[:32]}"'

    @cached_property
    def _gzip(self) -> bytes:
        return gzip.compress(self.plain, _GZIP_LEVEL, mtime=0)

    def answer(self, asked: Mapping[str, str], media_type: str, headers: Mapping[str, str]) -> Response:
        """200 with the body, or 304 where the client has it already."""
        told = {**headers, "etag": self.tag}
        if is_known(asked.get("if-none-match"), self.tag):
            return Response(status_code=304, headers=told)
        if len(self.plain) < _COMPRESSED_FROM_BYTES:
            return Response(self.plain, media_type=media_type, headers=told)
        told["vary"] = ", ".join(filter(None, [told.get("vary"), "Accept-Encoding"]))
        if not takes(asked, "gzip"):
            return Response(self.plain, media_type=media_type, headers=told)
        return Response(self._gzip, media_type=media_type, headers={**told, "content-encoding": "gzip"})


def is_known(given: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names the tag: weak, strong, or bare as some clients send it."""
    if not given:
        return False
    bare = tag.removeprefix("W/").strip('"')
    return given.strip() == "*" or any(bare in found for found in _TAG.findall(given))


def takes(asked: Mapping[str, str], encoding: str) -> bool:
    """Whether the client unpacks this encoding, by its Accept-Encoding."""
    for one in asked.get("accept-encoding", "").lower().split(","):
        name, _, parameters = one.partition(";")
        if name.strip() == encoding:
            return re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", parameters) is None
    return False
