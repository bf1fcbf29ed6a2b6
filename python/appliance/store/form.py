"""Statements sent as a multipart form: what clients do when parameters are too long for a URL.

Only the statement and its parameters are read from it; external data is not served.
"""

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import IO

from appliance.store.body import BadBody, read_up_to

MEDIA_TYPE = "multipart/form-data"
_PARTS_MAX = 1000


def is_form(content_type: str) -> bool:
    return content_type.split(";", 1)[0].strip().lower() == MEDIA_TYPE


def read_form(body: IO[bytes], content_type: str, bytes_max: int) -> dict[str, str]:
    """The `query` and `param_…` fields. Raises `BadBody` for anything longer, or that is no form."""
    data = read_up_to(body, bytes_max + 1)
    if len(data) > bytes_max:
        raise BadBody("the form is too long")
    head = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    message: EmailMessage = BytesParser(policy=HTTP).parsebytes(head + data)
    if not message.is_multipart() or message.defects:
        raise BadBody("the form has no parts, or they are cut short")
    parts = list(message.iter_parts())
    if len(parts) > _PARTS_MAX:
        raise BadBody(f"a form has at most {_PARTS_MAX} parts")
    fields: dict[str, str] = {}
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(value, bytes):
            raise BadBody("a part of the form has no name")
        if name != "query" and not name.startswith("param_"):
            raise BadBody(f"the form's field {name} is not served")
        fields[name] = value.decode("utf-8", "surrogateescape")
    return fields
