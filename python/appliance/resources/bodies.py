"""The JSON object that a request brings.

Promise: what passes can be kept in either catalog and shown again: no half characters, no NULs, no NaN,
nothing nested deeper than any reader goes.
"""

import json
from typing import Annotated, Any

from fastapi import Depends, Request

from appliance.failures import Invalid

DEPTH_MAX = 100


async def _raw(request: Request) -> bytes:
    return await request.body()


RAW_READERS = (_raw,)
"""The dependencies that read a body, for the OpenAPI document."""
Raw = Annotated[bytes, Depends(_raw)]
"""The body of a request, for endpoints that run in threads."""


def json_object(body: bytes) -> dict[str, Any]:
    """An empty body is an empty object."""
    given = json_value(body) if body.strip() else {}
    if not isinstance(given, dict):
        raise Invalid("Invalid data. Expected a dictionary.")
    return given


def json_value(body: bytes | str) -> Any:
    try:
        given = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"JSON parse error - {error}", code="parse_error") from None
    _check(given, DEPTH_MAX)
    return given


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _check(value: Any, depth: int) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, float):
        if value in (float("inf"), float("-inf")):
            raise Invalid("A number is too large.")
    elif isinstance(value, list | dict):
        if depth == 0:
            raise Invalid(f"JSON may be nested {DEPTH_MAX} deep.")
        for one in value:
            _check(one, depth - 1)
        if isinstance(value, dict):
            for one in value.values():
                _check(one, depth - 1)


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Invalid("Null characters are not allowed.", code="null_characters_not_allowed")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Invalid(
                "Half a character is not allowed.", code="surrogate_characters_not_allowed"
            ) from None
