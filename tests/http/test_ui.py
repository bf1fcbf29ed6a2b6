"""How the built web application is handed out, and that it takes no address from anybody else."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from appliance.http.ui import Ui

_PAGE = {"accept": "text/html,application/xhtml+xml"}


def _client(folder: Path) -> TestClient:
    app = FastAPI()

    @app.get("/")
    def plain() -> str:
        return "plain"

    @app.get("/_health")
    def health() -> str:
        return "well"

    @app.post("/shared/x")
    def shared() -> str:
        return "posted"

    app.add_middleware(Ui, folder=folder)
    return TestClient(app)


@pytest.fixture
def built(tmp_path: Path) -> TestClient:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>the page")
    (tmp_path / "assets" / "index-3L6kBfjA.js").write_text("plain()")
    (tmp_path / "assets" / "index-3L6kBfjA.js.br").write_bytes(b"packed")
    (tmp_path / "assets" / "icon.svg").write_text("<svg/>")
    (tmp_path / "secret.js").write_text("secret")
    return _client(tmp_path)


@pytest.mark.parametrize("path", ["/", "/project/1/events", "/sign-in", "/a/b/c.d"])
def test_an_address_that_nobody_else_has_is_the_page_for_a_browser(built: TestClient, path: str) -> None:
    answer = built.get(path, headers=_PAGE)
    assert (answer.status_code, answer.text) == (200, "<!doctype html>the page")
    assert answer.headers["cache-control"] == "no-cache"


def test_other_programs_get_no_page(built: TestClient) -> None:
    assert built.get("/project/1/events", headers={"accept": "*/*"}).status_code == 404
    assert built.get("/", headers={"accept": "*/*"}).json() == "plain"


@pytest.mark.parametrize("path", ["/_health", "/api/nothing/"])
def test_what_the_server_answers_itself_stays_its_own(built: TestClient, path: str) -> None:
    assert "the page" not in built.get(path, headers=_PAGE).text


def test_only_what_is_read_is_a_page(built: TestClient) -> None:
    assert built.post("/project/1/events", headers=_PAGE).status_code == 404
    assert built.post("/shared/x", headers=_PAGE).json() == "posted"


def test_no_script_but_our_own_runs_and_no_other_site_frames_the_page(built: TestClient) -> None:
    answer = built.get("/", headers=_PAGE).headers
    policy = answer["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["x-frame-options"] == "DENY"


def test_what_is_shared_may_be_framed(built: TestClient) -> None:
    answer = built.get("/embedded/token", headers=_PAGE).headers
    assert "frame-ancestors *" in answer["content-security-policy"]
    assert "x-frame-options" not in answer


def test_a_file_with_its_hash_in_its_name_is_kept_for_ever_and_sent_packed(built: TestClient) -> None:
    request = built.build_request("GET", "/assets/index-3L6kBfjA.js", headers={"accept-encoding": "gzip, br"})
    answer = built.send(request, stream=True)
    assert b"".join(answer.iter_raw()) == b"packed"
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    plain = built.get("/assets/index-3L6kBfjA.js", headers={"accept-encoding": "identity"})
    assert plain.text == "plain()"
    assert plain.headers["content-type"].startswith("text/javascript")


def test_a_file_that_keeps_its_name_is_asked_for_anew(built: TestClient) -> None:
    assert built.get("/assets/icon.svg").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "name", ["none.js", "../secret.js", "..%2Fsecret.js", "%2e%2e/secret.js", "", "index-3L6kBfjA.js.br"]
)
def test_nothing_outside_of_the_folder_is_a_file(built: TestClient, name: str) -> None:
    answer = built.get(f"/assets/{name}")
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_the_built_files_nothing_changes(tmp_path: Path) -> None:
    client = _client(tmp_path)
    assert client.get("/", headers=_PAGE).json() == "plain"
    assert client.get("/project/1", headers=_PAGE).status_code == 404


def test_the_browser_asks_who_is_signed_in_along_with_the_scripts(built: TestClient) -> None:
    assert built.get("/project/1/events", headers=_PAGE).headers["link"].startswith("</api/session/>;")


@pytest.mark.parametrize("path", ["/shared/abc", "/embedded/abc"])
def test_what_is_shown_to_anybody_asks_for_no_session(built: TestClient, path: str) -> None:
    assert "link" not in built.get(path, headers=_PAGE).headers
