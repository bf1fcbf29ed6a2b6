"""Files of projects, in a folder and in a bucket: one behaviour. The bucket is a few lines that speak enough S3."""

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from appliance.blobs import Blobs
from appliance.config import Config
from appliance.failures import ConfigurationError, NotFound, Unavailable
from appliance.setting import MIB

MOMENT = "2026-01-01T00:00:00Z"


class Bucket(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]
    parts: dict[str, dict[int, bytes]]
    seen: set[str]
    url: str

    def __getattr__(self, name: str) -> Any:
        """`do_GET` and the like."""
        if name.startswith("do_"):
            return self._handle
        raise AttributeError(name)

    def _handle(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        key = unquote(address.path).removeprefix("/bucket").lstrip("/")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.seen.add(self.headers.get("authorization", "").partition("/")[0])
        getattr(self, f"_{self.command.lower()}")(key, query, body)

    def _put(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploadId" in query:
            self.parts[key][int(query["partNumber"])] = body
        else:
            self.files[key] = body
        self._answer(200, etag='"e"')

    def _post(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploads" in query:
            self.parts[key] = {}
            self._answer(
                200, b"<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>"
            )
        elif "delete" in query:
            gone = [one.partition("<")[0] for one in body.decode().split("<Key>")[1:]]
            for one in gone:
                self.files.pop(one, None)
            told = "".join(f"<Deleted><Key>{one}</Key></Deleted>" for one in gone)
            self._answer(200, f"<DeleteResult>{told}</DeleteResult>".encode())
        else:
            self.files[key] = b"".join(part for _, part in sorted(self.parts.pop(key).items()))
            self._answer(
                200, b"<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>"
            )

    def _get(self, key: str, query: dict[str, str], _body: bytes) -> None:
        if not key:
            found = "".join(
                f"<Contents><Key>{escape(name)}</Key><LastModified>{MOMENT}</LastModified><ETag>e</ETag>"
                f"<Size>{len(content)}</Size></Contents>"
                for name, content in sorted(self.files.items())
                if name.startswith(query.get("prefix", ""))
            )
            self._answer(200, f"<ListBucketResult>{found}</ListBucketResult>".encode())
        else:
            self._head(key, query, b"")

    def _head(self, key: str, _query: dict[str, str], _body: bytes) -> None:
        if key not in self.files:
            self._answer(404)
        else:
            self._answer(200, self.files[key], etag='"e"')

    def _delete(self, key: str, _query: dict[str, str], _body: bytes) -> None:
        self.files.pop(key, None)
        self._answer(204)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"last-modified": "Thu, 01 Jan 2026 00:00:00 GMT", **headers}.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def bucket() -> Iterator[type[Bucket]]:
    mine: Any = type("Mine", (Bucket,), {"files": {}, "parts": {}, "seen": set()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), mine)
    mine.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield mine
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["folder", "bucket"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    if request.param == "folder":
        return Blobs(Config(data_dir=tmp_path))
    return Blobs(in_bucket(request.getfixturevalue("bucket"), tmp_path))


def in_bucket(bucket: Any, folder: Path) -> Config:
    return Config(
        data_dir=folder,
        files_url="s3://bucket/hoglet",
        files_s3_endpoint=bucket.url,
        files_s3_access_key="mine",
        files_s3_secret_key="secret",
    )


def put(blobs: Blobs, key: str, content: bytes) -> None:
    blobs.put(key, io.BytesIO(b"before" + content + b"after"), 6, 6 + len(content))


@pytest.mark.parametrize("size", [0, 1, 5 * MIB, 5 * MIB + 1, 11 * MIB])
def test_a_part_of_a_file_is_kept_and_read_again(blobs: Blobs, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    put(blobs, "7/room/a", content[:size])
    assert blobs.size("7/room/a") == size
    assert b"".join(blobs.read("7/room/a")) == content[:size]


def test_the_last_that_was_kept_counts(blobs: Blobs) -> None:
    put(blobs, "7/room/a", b"first")
    put(blobs, "7/room/a", b"second")
    assert b"".join(blobs.read("7/room/a")) == b"second"


def test_what_is_not_there_is_told(blobs: Blobs) -> None:
    put(blobs, "7/room/a", b"x")
    names = ["7/room/a", *(f"7/room/none{number}" for number in range(40))]
    assert blobs.sizes(names) == {name: 1 if name.endswith("a") else None for name in names}
    with pytest.raises(NotFound):
        blobs.read("7/room/b")
    blobs.remove(["7/room/b"])


def test_a_project_goes_with_its_files_and_no_other(blobs: Blobs) -> None:
    for key in ("7/room/a", "7/other/b", "77/room/c"):
        put(blobs, key, b"x")
    assert {one.key: one.bytes_count for one in blobs.all("7/")} == {"7/room/a": 1, "7/other/b": 1}
    blobs.remove_project(7)
    assert [one.key for one in blobs.all()] == ["77/room/c"]


def test_what_was_begun_to_be_kept_is_taken_away_once_it_is_old(tmp_path: Path) -> None:
    blobs, config = Blobs(Config(data_dir=tmp_path)), Config(data_dir=tmp_path)
    put(blobs, "7/room/a", b"x")
    begun = config.files_dir / "7/room/a#1"
    begun.write_bytes(b"y")
    blobs.remove_unfinished(3_600)
    assert begun.exists()
    assert [one.key for one in blobs.all()] == ["7/room/a"]
    blobs.remove_unfinished(-3_600)
    assert not begun.exists()
    assert blobs.size("7/room/a") == 1
    assert config.files_dir.stat().st_mode & 0o777 == 0o700


def test_a_bucket_gets_signed_requests_below_the_folder_it_was_named(bucket: Any, tmp_path: Path) -> None:
    put(Blobs(in_bucket(bucket, tmp_path)), "7/room/a", b"x")
    assert bucket.files == {"hoglet/7/room/a": b"x"}
    assert bucket.seen == {"AWS4-HMAC-SHA256 Credential=mine"}


def test_a_bucket_that_is_away_is_unavailable_and_what_goes_later_waits(bucket: Any, tmp_path: Path) -> None:
    config = in_bucket(bucket, tmp_path)
    away = Blobs(Config(**{**vars(config), "files_s3_endpoint": "http://127.0.0.1:1"}))
    with pytest.raises(Unavailable):
        away.size("7/room/a")
    away.remove_later(["7/room/a"])


@pytest.mark.parametrize("url", ["http://bucket", "s3://", "s3://UPPER", "s3://bucket/../x y", "/folder"])
def test_an_address_that_is_no_bucket_starts_nothing(url: str) -> None:
    with pytest.raises(ConfigurationError):
        Config(files_url=url)
