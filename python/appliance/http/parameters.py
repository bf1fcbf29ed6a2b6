"""Numbers and addresses in the query part of a URL."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import Request

from appliance.failures import Invalid
from appliance.http.same_address import asked_path

_DIGITS_MAX = 9


def whole_number(given: Mapping[str, str], name: str, default: int, *, minimum: int = 0) -> int:
    """A parameter as a number of at least `minimum`; absent or empty: `default`."""
    text = given.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX and int(text) >= minimum):
        raise Invalid(f"{name} must be a whole number of at least {minimum}")
    return int(text)


def same_page(request: Request, public_url: str, **changed: str) -> str:
    """The request's address with some parameters changed, as the caller reaches it, without a key."""
    origin = public_url.rstrip("/") or str(request.base_url).rstrip("/")
    given = {name: value for name, value in request.query_params.items() if name != "personal_api_key"}
    return f"{origin}{asked_path(request)}?{urlencode(given | changed)}"
