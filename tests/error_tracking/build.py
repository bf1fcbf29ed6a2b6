"""A build that uploads its source maps, step by step, as posthog-cli does."""

import hashlib
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from httpx import Response

from tests.rest import Rest

SETS = "error_tracking/symbol_sets/"
RELEASES = "error_tracking/releases/"


def container(script: bytes = b"a", source_map: bytes = b"{}") -> bytes:
    """Contract 7.6, version 1: a script and its map."""
    head = b"posthog_error_tracking" + (1).to_bytes(4, "little") + (2).to_bytes(4, "little")
    parts = (len(one).to_bytes(8, "little") + one for one in (script, source_map))
    return head + b"".join(parts)


def chunk() -> str:
    return str(uuid4())


@dataclass(frozen=True)
class Build:
    rest: Rest
    headers: dict[str, str] = field(default_factory=dict)

    def start(self, *sets: dict[str, Any], **more: Any) -> Response:
        return self.rest.post(f"{SETS}bulk_start_upload", {"symbol_sets": list(sets), **more})

    def check(self, *sets: dict[str, Any], **more: Any) -> Response:
        return self.rest.post(f"{SETS}bulk_check_upload", {"symbol_sets": list(sets), **more})

    def started(self, *sets: dict[str, Any], **more: Any) -> dict[str, Any]:
        answer = self.start(*sets, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["id_map"]
        return found

    def upload(self, address: dict[str, Any], content: bytes) -> Response:
        """Without a key, as to a bucket."""
        posted = address["presigned_url"]
        return self.rest.client.post(posted["url"], data=posted["fields"], files={"file": ("file", content)})

    def finish(self, **hashes: str) -> Response:
        return self.rest.post(f"{SETS}bulk_finish_upload", {"content_hashes": hashes})

    def whole(self, chunk_id: str, content: bytes, hash_: str = "", **more: Any) -> str:
        """The id of a set that is uploaded."""
        hash_ = hash_ or hashlib.sha512(content).hexdigest()
        asked = {"chunk_id": chunk_id, "release_id": None, "content_hash": hash_}
        address = self.started(asked | more, force=True)[chunk_id]
        uploaded = self.upload(address, content)
        assert uploaded.status_code == 204, uploaded.text
        finished = self.finish(**{address["symbol_set_id"]: hash_})
        assert finished.status_code == 201, finished.text
        assert finished.json() == {"success": True}
        found: str = address["symbol_set_id"]
        return found

    def content(self, set_id: str) -> bytes:
        told = self.rest.get(f"{SETS}{set_id}/download/")
        assert told.status_code == 200, told.text
        found = self.rest.client.get(told.json()["url"])
        assert found.status_code == 200
        return found.content
