"""Whether a request comes from our own pages: cookies come along from everywhere, these two things do not.

- `Origin`, which browsers put on every request that changes something and no page can forge: it must be the
  public address, or the host that was asked. Where it is missing, no browser of today has sent it.
- `X-CSRFToken`, a word that only our own pages can read, for requests with a session.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from appliance.accounts.sessions import csrf_token
from appliance.config import Config
from appliance.failures import NotAuthorized

HEADER = "x-csrftoken"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_HERE = frozenset({"", "same-origin", "none"})


def require_same_origin(headers: Mapping[str, str], config: Config) -> None:
    origin = headers.get("origin", "")
    if origin:
        asked = headers.get("host", "").lower()
        if _host(origin) != asked and origin.lower() != _origin(config.public_url):
            raise NotAuthorized("CSRF Failed: the request comes from another site.")
    elif headers.get("sec-fetch-site", "") not in _HERE:
        raise NotAuthorized("CSRF Failed: the request comes from another site.")


def require_csrf_token(headers: Mapping[str, str], session_token: str) -> None:
    given = headers.get(HEADER, "")
    if not given.isascii() or not hmac.compare_digest(given, csrf_token(session_token)):
        raise NotAuthorized("CSRF Failed: the header X-CSRFToken is missing or not this session's.")


def _host(origin: str) -> str:
    """With its port; empty for what is no web page's."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return "?"
    return parts.netloc.lower() if parts.scheme in ("http", "https") and parts.netloc else "?"


def _origin(url: str) -> str:
    if not url:
        return "?"
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
