"""Fetches a script and its map from a site, by the contract's rules."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx

from appliance._native import stacks
from appliance.error_tracking import failed
from appliance.outgoing import (
    Answer,
    BadUrl,
    Blocked,
    Exchange,
    Outgoing,
    OutgoingFailed,
    TimedOut,
    TooManyRedirects,
)

_HEADERS = ("sourcemap", "x-sourcemap")
_COMMENT = "//# sourceMappingURL="


class FetchFailed(Exception):
    """Why nothing could be fetched, as it is stored."""

    def __init__(self, failure: str) -> None:
        self.failure = failure
        super().__init__(failure)


@dataclass(frozen=True, slots=True)
class Script:
    url: str
    """The one that answered, after redirects."""
    code: str
    map_header: str | None

    @property
    def chunk_id(self) -> str | None:
        """What stands in it, by which its symbols may have been uploaded."""
        return stacks.chunk_id(self.code)


class Fetch:
    """Of one script. Raises `FetchFailed`."""

    def __init__(self, exchange: Exchange, url: str) -> None:
        self._exchange = exchange
        self._url = url

    def script(self) -> Script:
        answer = self._get(self._url, "InvalidSourceUrl")
        said = next((answer.headers[name] for name in _HEADERS if answer.headers.get(name)), None)
        return Script(answer.url, _text(answer.body), said)

    def map(self, script: Script) -> str:
        where = self._map_url(script)
        if where is None:
            return self._beside(script)
        url, is_inline = where
        if not is_inline:
            return _text(self._get(url, "InvalidSourceMapUrl").body)
        try:
            return stacks.data_url(url)
        except ValueError as error:
            raise FetchFailed(failed.script("InvalidDataUrl", self._url, str(error))) from error

    def _map_url(self, script: Script) -> tuple[str, bool] | None:
        said = script.map_header
        if said is None:
            return stacks.script_map_url(script.url, script.code)
        if not said.startswith(("http", "data:")):
            # What a header names replaces the whole path, as a comment with a slash does.
            said = "/" + said.lstrip("/")
        found = stacks.script_map_url(script.url, _COMMENT + said)
        if found is None:
            raise FetchFailed(failed.script("InvalidSourceMapHeader", self._url))
        return found

    def _beside(self, script: Script) -> str:
        """A script that names no map may have one all the same."""
        url = httpx.URL(script.url)
        beside = str(url.copy_with(path=url.path + ".map"))
        with self._told(beside, "InvalidSourceMapUrl"):
            is_there = self._exchange.head(beside).is_success
        if not is_there:
            raise FetchFailed(failed.script("NoSourcemap", self._url))
        return _text(self._get(beside, "InvalidSourceMapUrl").body)

    def _get(self, url: str, if_bad: str) -> Answer:
        with self._told(url, if_bad):
            answer = self._exchange.get(url)
        if not answer.is_success:
            raise FetchFailed(failed.script("HttpStatus", answer.status, url))
        return answer

    @contextmanager
    def _told(self, url: str, if_bad: str) -> Iterator[None]:
        try:
            yield
        except BadUrl as error:
            raise FetchFailed(failed.script(if_bad, url)) from error
        except Blocked as error:
            raise FetchFailed(failed.script("BlockedUrl", url)) from error
        except TimedOut as error:
            raise FetchFailed(failed.script("Timeout", url)) from error
        except TooManyRedirects as error:
            raise FetchFailed(failed.script("RedirectError", url)) from error
        except OutgoingFailed as error:
            raise FetchFailed(failed.script("NetworkError", f"{url}: {error}")) from error


@contextmanager
def fetching(outgoing: Outgoing, url: str) -> Iterator[Fetch]:
    with outgoing.exchange() as exchange:
        yield Fetch(exchange, url)


def _text(body: bytes) -> str:
    return body.decode("utf-8-sig", errors="replace")
