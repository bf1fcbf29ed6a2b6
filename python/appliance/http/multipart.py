"""Fields and files of a `multipart/form-data` body."""

import mmap
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import cast

from appliance.failures import Invalid

PARTS_MAX = 100
_HEAD_BYTES_MAX = 16_384
_LINE, _HEAD_END = b"\r\n", b"\r\n\r\n"


def is_multipart(content_type: str) -> bool:
    return content_type.lower().startswith("multipart/form-data")


def parts_of(body: bytes, content_type: str) -> dict[str, bytes]:
    """By name; of several parts with one name the last."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise Invalid("Multipart form parse error.", code="parse_error")
    found: dict[str, bytes] = {}
    for part in cast("list[EmailMessage]", message.get_payload())[:PARTS_MAX]:
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


def find_part(body: mmap.mmap, content_type: str, name: str) -> tuple[int, int] | None:
    """Where the first part of that name begins and ends, in a body that is too long to be taken apart in memory."""
    delimiter = b"--" + _boundary(content_type)
    at = 0 if body[: len(delimiter)] == delimiter else _next(body, delimiter, 0)
    for _ in range(PARTS_MAX):
        head_at = at + len(delimiter)
        if body[head_at : head_at + 2] != _LINE:
            return None
        head_end = body.find(_HEAD_END, head_at, head_at + _HEAD_BYTES_MAX)
        if head_end < 0:
            raise Invalid("Multipart form parse error.", code="parse_error")
        start = head_end + len(_HEAD_END)
        at = _next(body, delimiter, start - len(_LINE))
        if _name(body[head_at + len(_LINE) : start]) == name:
            return start, max(start, at - len(_LINE))
    return None


def _next(body: mmap.mmap, delimiter: bytes, start: int) -> int:
    """Where the next delimiter is, behind the end of a line."""
    while True:
        at = body.find(_LINE + delimiter, start)
        if at < 0:
            raise Invalid("Multipart form parse error.", code="parse_error")
        at += len(_LINE)
        end = at + len(delimiter)
        if body[end : end + 2] in (_LINE, b"--"):
            return at
        start = at


def _boundary(content_type: str) -> bytes:
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    boundary = BytesParser(policy=HTTP).parsebytes(head, headersonly=True).get_boundary()
    if not boundary or not boundary.isascii():
        raise Invalid("Multipart form parse error - Invalid boundary.", code="parse_error")
    return boundary.encode()


def _name(head: bytes) -> str | None:
    part = BytesParser(policy=HTTP).parsebytes(head, headersonly=True)
    name = part.get_param("name", header="content-disposition")
    return name if isinstance(name, str) else None
