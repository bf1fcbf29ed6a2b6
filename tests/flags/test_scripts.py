"""posthog-js and its scripts, as browsers load them."""

import gzip
import json
import re
import zlib
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest

from appliance.flags.scripts import Scripts

_NPM = Path(__file__).parents[2] / "web" / "node_modules" / "posthog-js"
VERSION = "1.2.3"
CORE = b"/* the core */" * 500
PLACED = {"array.js": CORE, "lazy-recorder.js": b"recorder()", "array.js.map": b'{"version": 3}'}


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    files = {}
    for name, body in PLACED.items():
        (tmp_path / name).write_bytes(body)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(body))
        (tmp_path / f"{name}.br").write_bytes(b"brotli of " + body)
        files[name] = {"bytes": len(body), "sha384": b64encode(sha384(body).digest()).decode()}
    (tmp_path / "manifest.json").write_text(json.dumps({"version": VERSION, "files": files}))
    (tmp_path.parent / "secret.js").write_text("secret")
    (tmp_path / "unlisted.js").write_text("unlisted")
    return Scripts(tmp_path)


@pytest.fixture
def nothing(tmp_path: Path) -> Scripts:
    return Scripts(tmp_path / "missing")


def test_a_script_is_given_as_it_was_placed(scripts: Scripts) -> None:
    answer = scripts.answer("lazy-recorder.js", {})
    assert (answer.status_code, answer.body) == (200, b"recorder()")
    assert answer.headers["content-type"] == "application/javascript; charset=utf-8"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-encoding" not in answer.headers


def test_a_map_is_json(scripts: Scripts) -> None:
    assert scripts.answer("array.js.map", {}).headers["content-type"] == "application/json"


@pytest.mark.parametrize(
    ("accepted", "given"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0,gzip;q=0", None),
        ("identity", None),
        ("", None),
        ("gzipped, brotli", None),
    ],
)
def test_it_is_packed_as_the_browser_asks(scripts: Scripts, accepted: str, given: str | None) -> None:
    answer = scripts.answer("array.js", {"accept-encoding": accepted})
    assert answer.headers.get("content-encoding") == given
    assert answer.headers["vary"] == "Accept-Encoding"
    expected = {"br": b"brotli of " + CORE, "gzip": gzip.compress(CORE), None: CORE}[given]
    body = bytes(answer.body)
    assert (gzip.decompress(body) == CORE) if given == "gzip" else (body == expected)


def test_only_the_exact_version_may_be_kept_for_good(scripts: Scripts) -> None:
    exact = scripts.answer("array.js", {}, VERSION).headers["cache-control"]
    assert "immutable" in exact
    for version in (None, "1.2.2", "x"):
        found = scripts.answer("array.js", {}, version).headers["cache-control"]
        assert "immutable" not in found
        age = re.search(r"max-age=(\d+)", found)
        assert age is not None
        assert int(age[1]) <= 3_600


def test_who_has_it_gets_no_body(scripts: Scripts) -> None:
    tag = scripts.answer("array.js", {}).headers["etag"]
    again = scripts.answer("array.js", {"if-none-match": tag, "accept-encoding": "br"})
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["etag"] == tag
    assert scripts.answer("lazy-recorder.js", {"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "toolbar.js", "../secret.js", "..%2fsecret.js", "/etc/passwd", "manifest.json", "unlisted.js", "array.js.br",
        "array.js\0", "", ".", "..", "LICENSE",
    ],
)  # fmt: skip
def test_what_is_no_script_is_not_found(scripts: Scripts, name: str) -> None:
    for version in (None, VERSION, ".."):
        answer = scripts.answer(name, {}, version)
        assert answer.status_code == 404
        assert answer.headers["access-control-allow-origin"] == "*"


def test_without_scripts_it_is_said_how_to_get_them(nothing: Scripts) -> None:
    assert nothing.version is None
    for answer in (nothing.answer("array.js", {}), nothing.with_config(b"config", {}, {})):
        assert answer.status_code == 404
        assert b"make scripts" in answer.body


class TestWithConfig:
    def test_the_configuration_stands_in_front(self, scripts: Scripts) -> None:
        answer = scripts.with_config(b"config();", {}, {"cache-control": "no-cache"})
        assert answer.body == b"config();" + CORE
        assert answer.headers["cache-control"] == "no-cache"

    @pytest.mark.parametrize("config", [b"", b"config();", bytes(range(256)) * 1_000])
    def test_it_is_one_gzip_stream(self, scripts: Scripts, config: bytes) -> None:
        answer = scripts.with_config(config, {"accept-encoding": "gzip"}, {})
        assert answer.headers["content-encoding"] == "gzip"
        unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
        assert unpacker.decompress(bytes(answer.body)) == config + CORE
        assert unpacker.eof
        assert unpacker.unused_data == b""

    @pytest.mark.parametrize(
        ("told", "vary"),
        [({}, "Accept-Encoding"), ({"vary": "Origin, Referer"}, "Origin, Referer, Accept-Encoding")],
    )
    def test_a_cache_between_knows_that_some_get_it_packed(
        self, scripts: Scripts, told: dict[str, str], vary: str
    ) -> None:
        first = scripts.with_config(b"one", {"accept-encoding": "gzip"}, told)
        again = scripts.with_config(b"one", {"if-none-match": first.headers["etag"]}, told)
        assert (first.status_code, again.status_code) == (200, 304)
        assert first.headers["vary"] == again.headers["vary"] == vary

    def test_another_configuration_is_another_body(self, scripts: Scripts) -> None:
        tag = scripts.with_config(b"one", {}, {}).headers["etag"]
        assert scripts.with_config(b"one", {"if-none-match": tag}, {}).status_code == 304
        assert scripts.with_config(b"two", {"if-none-match": tag}, {}).status_code == 200


@pytest.mark.skipif(Scripts().version is None, reason="`make scripts` has not run")
class TestPlacedByTheBuild:
    def test_the_version_is_the_pinned_one(self) -> None:
        pinned = json.loads((_NPM.parents[1] / "package.json").read_text())["dependencies"]["posthog-js"]
        assert Scripts().version == pinned

    @pytest.mark.parametrize(
        "name",
        [
            "array.js", "array.full.js", "lazy-recorder.js", "recorder.js", "recorder-v2.js", "posthog-recorder.js",
            "exception-autocapture.js", "surveys.js", "surveys-preview.js", "dead-clicks-autocapture.js",
            "web-vitals.js", "web-vitals-with-attribution.js", "web-vitals-soft-navs.js",
            "web-vitals-with-attribution-soft-navs.js", "tracing-headers.js", "logs.js", "conversations.js",
            "product-tours.js", "intercom-integration.js", "crisp-chat-integration.js", "loader.js",
        ],
    )  # fmt: skip
    def test_each_script_that_the_sdk_asks_for_is_there_as_published(self, name: str) -> None:
        published = (_NPM / "dist" / name).read_bytes()
        scripts = Scripts()
        assert scripts.answer(name, {}).body == published
        assert gzip.decompress(bytes(scripts.answer(name, {"accept-encoding": "gzip"}).body)) == published
        assert len(bytes(scripts.answer(name, {"accept-encoding": "br"}).body)) < len(published)
        assert scripts.answer(f"{name}.map", {}).status_code == 200

    def test_the_license_goes_along(self) -> None:
        folder = Path(__file__).parents[2] / "python" / "appliance" / "flags" / "posthog_js"
        assert (folder / "LICENSE").read_bytes() == (_NPM / "LICENSE").read_bytes()
