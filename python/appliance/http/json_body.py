"""Bodies that must be a JSON object, for routes that run in threads."""

from typing import Annotated, Any

import orjson
from fastapi import Depends, Request

from appliance.failures import Invalid


async def _object(request: Request) -> dict[str, Any]:
    """The body, whose size the bridge has bounded; an empty one is an empty object."""
    body = await request.body()
    if not body.strip():
        return {}
    try:
        found = orjson.loads(body)
    except ValueError as failure:
        raise Invalid(f"JSON parse error - {failure}", code="parse_error") from None
    if not isinstance(found, dict):
        raise Invalid("The body must be a JSON object.", code="parse_error")
    return found


JSON_READERS = (_object,)
"""The dependencies that read a body, for the OpenAPI document."""
JsonObject = Annotated[dict[str, Any], Depends(_object)]
