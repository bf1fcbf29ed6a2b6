"""posthog-js and the scripts that it loads from its host, as the build placed them beside this file.

Promises:
- Only what the manifest names is ever read: no address leads anywhere else.
- The server runs without them, and then says how to get them.
- A script that is asked for by its exact version may be kept for good; by any other name it is looked for again.
"""

import json
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastapi import Response

from appliance.flags.bodies import is_known, takes

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "posthog_js"
CORE = "array.js"
_MISSING = (
    "The scripts for browsers are not here. Run `make scripts` where Hoglet was built, then start it again."
)
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_JAVASCRIPT = "application/javascript; charset=utf-8"
_JSON = "application/json"
_TEXT = "text/plain; charset=utf-8"
_FOR_GOOD = "public, max-age=31536000, immutable"
_FOR_A_WHILE = "public, max-age=3600, stale-while-revalidate=86400"
# Scripts hold no secrets, and the pages that load them ask by CORS (`crossorigin="anonymous"`).
_HEADERS = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
_GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_RAW_DEFLATE = -zlib.MAX_WBITS


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the build placed."""

    version: str
    checksums: Mapping[str, str]
    """SHA-384 in Base64, by file name."""


class Scripts:
    """The scripts in `folder`, which may be missing."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._manifest = _read(folder / "manifest.json")

    @property
    def version(self) -> str | None:
        """Of posthog-js; None where it was not placed."""
        return None if self._manifest is None else self._manifest.version

    def answer(self, name: str, asked: Mapping[str, str], version: str | None = None) -> Response:
        """The file `name`; `version` is the one in the address.

        A version that is not ours gets our script too, as PostHog's own address without a version does: the newest.
        """
        if self._manifest is None:
            return _not_found(_MISSING)
        checksum = self._manifest.checksums.get(name)
        if checksum is None:
            return _not_found(f"posthog-js {self._manifest.version} has no script of this name.")
        headers = {
            **_HEADERS,
            "etag": f'W/"{checksum}"',
            "vary": "Accept-Encoding",
            "cache-control": _FOR_GOOD if version == self._manifest.version else _FOR_A_WHILE,
        }
        if is_known(asked.get("if-none-match"), headers["etag"]):
            return Response(status_code=304, headers=headers)
        media_type = _JSON if name.endswith(".map") else _JAVASCRIPT
        for encoding, suffix in _ENCODINGS:
            if takes(asked, encoding):
                body = (self._folder / f"{name}{suffix}").read_bytes()
                return Response(
                    body, media_type=media_type, headers={**headers, "content-encoding": encoding}
                )
        return Response((self._folder / name).read_bytes(), media_type=media_type, headers=headers)

    def with_config(self, config: bytes, asked: Mapping[str, str], headers: Mapping[str, str]) -> Response:
        """`array.js` with a project's configuration in front, where it finds it as it starts."""
        if self._manifest is None:
            return _not_found(_MISSING)
        tag = f'W/"{self._manifest.checksums[CORE][:32]}{zlib.crc32(config):08x}"'
        vary = ", ".join(filter(None, [headers.get("vary"), "Accept-Encoding"]))
        told = {**_HEADERS, **headers, "etag": tag, "vary": vary}
        if is_known(asked.get("if-none-match"), tag):
            return Response(status_code=304, headers=told)
        if not takes(asked, "gzip"):
            return Response(config + self._core, media_type=_JAVASCRIPT, headers=told)
        body = _compressed(config, self._core, self._core_deflated)
        return Response(body, media_type=_JAVASCRIPT, headers={**told, "content-encoding": "gzip"})

    @cached_property
    def _core(self) -> bytes:
        return (self._folder / CORE).read_bytes()

    @cached_property
    def _core_deflated(self) -> bytes:
        packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
        return packer.compress(self._core) + packer.flush()


def _compressed(first: bytes, last: bytes, last_deflated: bytes) -> bytes:
    """Both as one gzip stream, of which only the small first part has to be compressed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE)
    first_deflated = packer.compress(first) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = zlib.crc32(last, zlib.crc32(first))
    length = (len(first) + len(last)) & 0xFFFF_FFFF
    return (
        _GZIP_HEADER
        + first_deflated
        + last_deflated
        + checksum.to_bytes(4, "little")
        + length.to_bytes(4, "little")
    )


def _read(path: Path) -> Manifest | None:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(found["version"], {name: one["sha384"] for name, one in found["files"].items()})
    except (OSError, ValueError, KeyError) as error:
        log.warning("there are no scripts for browsers: %s", error)
        return None


def _not_found(why: str) -> Response:
    return Response(f"{why}\n", 404, _HEADERS, _TEXT)
