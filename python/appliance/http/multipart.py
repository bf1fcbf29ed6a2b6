"""Fields and files of a `multipart/form-data` body."""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import cast

from appliance.failures import Invalid

PARTS_MAX = 100


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
