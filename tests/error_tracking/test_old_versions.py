"""What old versions of posthog-cli still ask for: contract 7.3."""

import hashlib
from typing import Any

import pytest

from tests.error_tracking.build import RELEASES, SETS, Build, chunk, container
from tests.rest import Rest


def started(rest: Rest, **parameters: str) -> Any:
    answer = rest.ask("POST", f"{SETS}start_upload", params=parameters)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_one_set_is_started_uploaded_and_finished(rest: Rest) -> None:
    build = Build(rest)
    release = rest.made(RELEASES, version="1", project="app")
    address = started(rest, chunk_id="chunk", release_id=release["id"])
    assert address.keys() == {"presigned_url", "symbol_set_id"}
    assert address["presigned_url"].keys() == {"url", "fields"}
    assert build.upload(address, container()).status_code == 204
    finish = f"{SETS}{address['symbol_set_id']}/finish_upload"
    answer = rest.ask("PUT", finish, json={"content_hash": "h"})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert build.content(address["symbol_set_id"]) == container()
    assert rest.get(f"{SETS}{address['symbol_set_id']}/").json()["release"] == release


def test_what_is_missing_is_told_by_its_code_and_the_set_stays(rest: Rest) -> None:
    set_id = started(rest, chunk_id="chunk")["symbol_set_id"]
    for body, code in (({}, "content_hash_required"), ({"content_hash": "h"}, "file_not_found")):
        answer = rest.ask("PUT", f"{SETS}{set_id}/finish_upload/", json=body)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert rest.get(f"{SETS}{set_id}/").status_code == 200
    other = rest.other_project().ask("PUT", f"{SETS}{set_id}/finish_upload/", json={"content_hash": "h"})
    assert other.status_code == 404


def test_starting_again_replaces_what_is_there(rest: Rest) -> None:
    build = Build(rest)
    set_id = build.whole("chunk", container(), "h1")
    assert started(rest, chunk_id="chunk")["symbol_set_id"] == set_id
    assert rest.get(f"{SETS}{set_id}/").json()["has_uploaded_file"] is False


@pytest.mark.parametrize("is_form", [True, False])
def test_the_oldest_upload_all_at_once(rest: Rest, is_form: bool) -> None:
    body: dict[str, Any] = {"files": {"file": ("file", container())}} if is_form else {"content": container()}
    name = chunk()
    parameters = {"chunk_id": name, **({"multipart": "true"} if is_form else {})}
    answer = rest.ask("POST", SETS.rstrip("/"), params=parameters, **body)
    assert (answer.status_code, answer.json()) == (201, {"ok": True})
    [one] = rest.results(SETS)
    assert Build(rest).content(one["id"]) == container()
    # The hash is that of the file, so that whoever knows it need not upload once more.
    asked = {"chunk_id": name, "content_hash": hashlib.sha512(container()).hexdigest()}
    assert Build(rest).started(asked) == {}


def test_what_names_no_chunk_or_no_release_or_another_is_refused(rest: Rest) -> None:
    first, second = (rest.made(RELEASES, version=one, project="app")["id"] for one in "ab")
    Build(rest).whole("chunk", container(), release_id=first)
    for path in ("", "start_upload/"):
        for parameters in (
            {},
            {"chunk_id": ""},
            {"chunk_id": "x", "release_id": "y"},
            {"chunk_id": "x" * 2_049},
        ):
            answer = rest.ask("POST", f"{SETS}{path}", params=parameters, content=b"x")
            assert answer.status_code == 400, (path, parameters)
        answer = rest.ask(
            "POST", f"{SETS}{path}", params={"chunk_id": "chunk", "release_id": second}, content=b"x"
        )
        assert answer.json()["code"] == "release_id_mismatch"
    assert rest.ask("POST", SETS, params={"chunk_id": "empty"}).status_code == 400
    assert [one["ref"] for one in rest.results(SETS)] == ["chunk"]
