"""`posthog-cli sourcemap process`, its HTTP calls one by one, against a running appliance: contract 7.1.

Bodies are written byte by byte as reqwest writes them, so that nothing here smooths over what it does. Versions from
0.19 on say how long a file is, and put it; those before post a form.
"""

import hashlib
import json
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.conftest import Appliance
from tests.error_tracking.build import container

ANSWER_S = 120
PIECE_BYTES = 300_000


@dataclass(frozen=True)
class Cli:
    appliance: Appliance
    project: str = "projects"
    is_putting: bool = True

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {self.appliance.key}", "user-agent": "posthog-cli"}
        headers["content-type"] = "application/json"
        sent = None if body is None else json.dumps(body).encode()
        address = f"/api/{self.project}/{self.appliance.project_id}/error_tracking/{path}"
        return self.raw(method, address, sent, headers)

    def raw(self, method: str, address: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        with closing(HTTPConnection("127.0.0.1", self.appliance.port, timeout=ANSWER_S)) as connection:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, json.loads(content) if is_json else content

    def upload(self, data: dict[str, Any], content: bytes) -> int:
        address = data.get("presigned_put_url") if self.is_putting else None
        if address is not None:
            return self.put(address, content)
        return self.post(data["presigned_url"], content)

    def put(self, address: str, body: Any) -> int:
        target = urlsplit(address)
        assert target.port == self.appliance.port
        return self.raw("PUT", f"{target.path}?{target.query}", body, {})[0]

    def post(self, posted: dict[str, Any], content: bytes) -> int:
        """reqwest's form: fields first, then `file` with a name and without a type."""
        boundary = f"{uuid4().hex[:16]}-{uuid4().hex[:16]}"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in posted["fields"].items()
        ]
        named = 'Content-Disposition: form-data; name="file"; filename="file"'
        parts += [f"--{boundary}\r\n{named}\r\n\r\n".encode(), content, f"\r\n--{boundary}--\r\n".encode()]
        target = urlsplit(posted["url"])
        assert target.port == self.appliance.port
        headers = {"content-type": f"multipart/form-data; boundary={boundary}"}
        return self.raw("POST", f"{target.path}?{target.query}", b"".join(parts), headers)[0]

    def process(
        self, name: str, version: str, chunks: dict[str, bytes], *, is_event_mode: bool = True
    ) -> int:
        """As the command does it; how many files were uploaded."""
        hash_id = hashlib.sha512(f"{name}{version}".encode()).hexdigest()
        status, release = self.ask("GET", f"releases/hash/{hash_id}")
        if status == 404:
            git = {"git": {"remote_url": "git@example.com:a/b.git", "branch": "main", "commit_id": "abc"}}
            body = {"metadata": git, "hash_id": hash_id, "version": version, "project": name}
            status, release = self.ask("POST", "releases", body)
            assert status == 201, release
        assert release["hash_id"] == hash_id
        release_id = None if is_event_mode else release["id"]
        hashes = {one: hashlib.sha512(content).hexdigest() for one, content in chunks.items()}
        sets: list[dict[str, Any]] = [
            {"chunk_id": one, "release_id": release_id, "content_hash": hashes[one]} for one in chunks
        ]
        for one in sets if self.is_putting else ():
            one["content_length"] = len(chunks[one["chunk_id"]])
        body: dict[str, Any] = {"symbol_sets": sets, "force": False, "skip_on_conflict": False}
        status, checked = self.ask("POST", "symbol_sets/bulk_check_upload", body)
        assert status == 200, checked
        body["symbol_sets"] = [one for one in sets if one["chunk_id"] in checked["chunk_ids_to_upload"]]
        run = {"upload_attempt_id": str(uuid4()), "upload_run_id": str(uuid4())} if self.is_putting else {}
        status, started = self.ask("POST", "symbol_sets/bulk_start_upload", body | run)
        assert status == 201, started
        for chunk_id, data in started["id_map"].items():
            assert ("presigned_put_url" in data) == self.is_putting
            assert self.upload(data, chunks[chunk_id]) // 100 == 2
        done = {data["symbol_set_id"]: hashes[chunk_id] for chunk_id, data in started["id_map"].items()}
        status, finished = self.ask("POST", "symbol_sets/bulk_finish_upload", {"content_hashes": done} | run)
        assert (status, finished) == (201, {"success": True})
        return len(done)

    def download(self, chunk_id: str) -> bytes:
        """`posthog-cli symbol-sets download --ref`."""
        _, page = self.ask("GET", f"symbol_sets/?ref={chunk_id}&limit=1")
        status, told = self.ask("GET", f"symbol_sets/{page['results'][0]['id']}/download/")
        assert status == 200, told
        address = urlsplit(told["url"])
        status, content = self.raw("GET", f"{address.path}?{address.query}", None, {})
        assert status == 200
        found: bytes = content
        return found


@pytest.mark.parametrize("is_putting", [True, False], ids=["0.19", "before"])
def test_a_build_is_uploaded_and_the_same_build_once_more_uploads_nothing(
    appliance: Appliance, is_putting: bool
) -> None:
    cli = Cli(appliance, is_putting=is_putting)
    chunks = {str(uuid4()): container(str(number).encode()) for number in range(5)}
    # Larger than any other body of the API may be.
    large = str(uuid4())
    chunks[large] = container(b"0123456789abcdef" * (12 << 16))
    name = f"shop-{uuid4().hex[:8]}"
    assert cli.process(name, "1.2.3", chunks) == 6
    assert cli.process(name, "1.2.3", chunks) == 0
    assert cli.process(name, "1.2.4", chunks | {str(uuid4()): container(b"new")}) == 1
    assert all(cli.download(one) == content for one, content in chunks.items())


def test_symbol_sets_of_a_release_by_the_other_name_of_a_project(appliance: Appliance) -> None:
    cli = Cli(appliance, "environments")
    chunks = {str(uuid4()): container(b"of a release")}
    name = f"shop-{uuid4().hex[:8]}"
    assert cli.process(name, "1", chunks, is_event_mode=False) == 1
    [chunk_id] = chunks
    _, page = cli.ask("GET", f"symbol_sets?ref={chunk_id}")
    assert page["results"][0]["release"]["version"] == "1"
    hash_id = hashlib.sha512(f"{name}2".encode()).hexdigest()
    _, other = cli.ask("POST", "releases/", {"hash_id": hash_id, "version": "2", "project": name})
    asked = {"chunk_id": chunk_id, "release_id": other["id"], "content_hash": "h"}
    status, refused = cli.ask("POST", "symbol_sets/bulk_start_upload/", {"symbol_sets": [asked]})
    assert (status, refused["code"]) == (400, "release_id_mismatch")


def test_a_put_in_pieces_and_the_oldest_version_s_upload(appliance: Appliance) -> None:
    cli = Cli(appliance)
    content = container(b"0123456789abcdef" * (12 << 16))
    first, second = str(uuid4()), str(uuid4())
    asked = {"chunk_id": first, "content_hash": "h", "content_length": len(content)}
    _, started = cli.ask("POST", "symbol_sets/bulk_start_upload", {"symbol_sets": [asked]})
    data = started["id_map"][first]
    pieces = (content[start : start + PIECE_BYTES] for start in range(0, len(content), PIECE_BYTES))
    assert cli.put(data["presigned_put_url"], pieces) == 204
    cli.ask("POST", "symbol_sets/bulk_finish_upload", {"content_hashes": {data["symbol_set_id"]: "h"}})
    headers = {"authorization": f"Bearer {appliance.key}", "user-agent": "posthog-cli"}
    path = f"/api/projects/{appliance.project_id}/error_tracking/symbol_sets?chunk_id={second}"
    assert cli.raw("POST", path, content, headers) == (201, {"ok": True})
    assert cli.download(first) == cli.download(second) == content


def test_a_key_without_the_scope_uploads_nothing(appliance: Appliance) -> None:
    cli = Cli(appliance)
    path = f"/api/projects/{appliance.project_id}/error_tracking/symbol_sets?chunk_id=x"
    status, refused = cli.raw("POST", path, b"x", {"authorization": "Bearer phx_nobody"})
    assert (status, refused["type"]) == (401, "authentication_error")
    status, _ = cli.raw("POST", "/api/symbol_set_upload/?ticket=x", b"x", {})
    assert status == 403
