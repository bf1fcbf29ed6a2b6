"""The cookies of signing in: for our own site only, out of reach of scripts, and over TLS where there is TLS."""

from collections.abc import Mapping
from typing import Literal

from fastapi import Response

from appliance.config import Config

_SAME_SITE: Literal["lax"] = (
    "lax"  # a link from elsewhere finds one signed in; a form from elsewhere does not
)


class Cookies:
    def __init__(self, config: Config) -> None:
        self._is_secure = config.public_url.startswith("https://")
        # Browsers take a name with this prefix only from the host itself, over TLS: no neighbour can plant one.
        self._prefix = "__Host-" if self._is_secure else ""
        self._session_s = round(config.session_s)

    def session(self, given: Mapping[str, str]) -> str:
        """The session's token, empty where there is none."""
        return given.get(f"{self._prefix}hoglet_session", "")

    def set_session(self, response: Response, token: str) -> None:
        self._set(response, "hoglet_session", token, self._session_s)

    def drop_session(self, response: Response) -> None:
        self._set(response, "hoglet_session", "", 0)

    def pending(self, given: Mapping[str, str], name: str) -> str:
        """What a sign-in that is under way has put down: `second_factor` or `oidc`."""
        return given.get(f"{self._prefix}hoglet_{name}", "")

    def set_pending(self, response: Response, name: str, sealed: str, seconds: int) -> None:
        self._set(response, f"hoglet_{name}", sealed, seconds)

    def drop_pending(self, response: Response, name: str) -> None:
        self._set(response, f"hoglet_{name}", "", 0)

    def _set(self, response: Response, name: str, value: str, seconds: int) -> None:
        response.set_cookie(
            f"{self._prefix}{name}",
            value,
            max_age=seconds,
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite=_SAME_SITE,
        )
