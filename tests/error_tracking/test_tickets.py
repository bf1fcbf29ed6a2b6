"""Addresses to upload to and download from: they need no key, so they let nobody do anything else."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from appliance.config import Config
from appliance.error_tracking import tickets
from tests.error_tracking.build import SETS, Build, chunk, container
from tests.rest import Rest


@pytest.fixture
def build(rest: Rest) -> Build:
    return Build(rest)


def address(build: Build, **more: Any) -> Any:
    name = chunk()
    return build.started({"chunk_id": name, "content_hash": "h", **more})[name]


def test_a_ticket_is_good_for_five_minutes_and_a_download_for_an_hour() -> None:
    assert (tickets.UPLOAD_S, tickets.DOWNLOAD_S) == (300, 3_600)


def test_an_address_whose_time_is_over_takes_nothing(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, done = address(build), build.whole(chunk(), container())
    url = build.rest.get(f"{SETS}{done}/download/").json()["url"]
    monkeypatch.setattr(tickets, "UPLOAD_S", -1)
    monkeypatch.setattr(tickets, "DOWNLOAD_S", -1)
    assert build.upload(begun, container()).status_code == 403
    assert build.rest.client.get(url).status_code == 403


def test_no_ticket_or_one_of_somebody_else_s_making_is_refused(build: Build, tmp_path: Any) -> None:
    begun = address(build)
    upload = begun["presigned_url"]["url"]
    done = build.whole(chunk(), container())
    download = build.rest.get(f"{SETS}{done}/download/").json()["url"]
    foreign = tickets.Tickets(Config(data_dir=tmp_path))
    sealed = parse_qs(urlsplit(upload).query)["ticket"][0]
    known = tickets.Tickets(Config(data_dir=build.rest.data_dir)).read_upload(sealed)
    for wrong in (
        upload.partition("?")[0],
        upload[:-4] + "AAAA",
        foreign.upload_url("http://testserver", known),
        # What lets somebody read lets nobody write.
        download.replace("download", "upload"),
    ):
        for method in ("POST", "PUT"):
            answer = build.rest.client.request(method, wrong, content=b"x")
            assert answer.status_code == 403, (method, wrong)
    assert build.rest.client.get(upload.replace("upload", "download")).status_code == 403
    assert build.rest.client.get(upload).status_code == 405


def test_a_file_may_be_put_by_those_who_say_how_long_it_is(build: Build) -> None:
    content = container()
    begun = address(build, content_length=len(content))
    assert "presigned_put_url" not in address(build)
    url = begun["presigned_put_url"]
    wrong = build.rest.client.put(url, content=content + b"x")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "content_length_mismatch")
    # A body is the file whatever it says of itself.
    headers = {"content-type": "multipart/form-data; boundary=x"}
    assert build.rest.client.put(url, content=content, headers=headers).status_code == 204
    assert build.finish(**{begun["symbol_set_id"]: "h"}).status_code == 201
    assert build.content(begun["symbol_set_id"]) == content


def test_the_address_of_a_deleted_set_takes_nothing(build: Build) -> None:
    begun = address(build)
    assert build.rest.delete(f"{SETS}{begun['symbol_set_id']}/").status_code == 204
    assert build.upload(begun, container()).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"data": {"key": "value"}, "files": {"other": ("file", b"x")}},
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"--x\r\n", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"--x--", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"x", "headers": {"content-type": "multipart/form-data"}},
    ],
)
def test_a_form_without_a_file_is_refused(build: Build, body: dict[str, Any]) -> None:
    begun = address(build)
    assert build.rest.client.post(begun["presigned_url"]["url"], **body).status_code == 400
    assert build.finish(**{begun["symbol_set_id"]: "h"}).json()["code"] == "file_not_found"


def test_an_empty_file_ends_in_nothing(build: Build) -> None:
    begun = address(build)
    assert build.upload(begun, b"").status_code == 204
    assert build.finish(**{begun["symbol_set_id"]: "h"}).json()["code"] == "file_too_large"
    assert build.rest.get(f"{SETS}{begun['symbol_set_id']}/").status_code == 404


def test_what_is_said_to_be_too_large_is_refused_before_it_is_sent(build: Build) -> None:
    asked = {"chunk_id": chunk(), "content_hash": "h", "content_length": 104_857_601}
    for answer in (build.start(asked), build.check(asked)):
        assert (answer.status_code, answer.json()["code"]) == (400, "file_too_large")
    assert build.rest.results(SETS) == []
    asked["content_length"] = 104_857_600
    assert build.start(asked).status_code == 201


def test_a_name_from_outside_becomes_no_path(build: Build) -> None:
    for name in ("../../etc/passwd", "a/b", "..", "C:\\x", "é" * 100):
        set_id = build.whole(name, container(name.encode()))
        assert build.content(set_id) == container(name.encode())
        assert build.rest.get(f"{SETS}{set_id}/").json()["ref"] == name
    folder = build.rest.data_dir / "files" / str(build.rest.project_id)
    assert {path.parent for path in folder.rglob("*") if path.is_file()} == {folder / "symbol_sets"}
