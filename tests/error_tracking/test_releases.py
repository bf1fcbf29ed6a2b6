"""Row 52 of the contract's table: releases, as posthog-cli finds and makes them."""

import hashlib
from uuid import uuid4

import pytest

from appliance.error_tracking.releases import Releases
from tests.error_tracking.build import RELEASES, Build, chunk, container
from tests.rest import Rest

# Contract 7.1: of `my-app` and `1.2.3`.
HASH = (
    "00f2061f3f0121bb0e4e2881e9db99b62adb51712f2b2414ec2a0687a7ea1f66"
    "c5b3d6715d549a2ae13a29565cc8d1e10b7c9f26e69ee72e400698958aafa7c0"
)
BODY = {"hash_id": HASH, "version": "1.2.3", "project": "my-app", "metadata": {"git": {"commit_id": "abc"}}}


def test_52_an_unknown_hash_is_not_found_and_a_release_is_made_once(rest: Rest) -> None:
    assert rest.get(f"{RELEASES}hash/{HASH}").status_code == 404
    made = rest.post(RELEASES.rstrip("/"), BODY)
    assert made.status_code == 201
    release = made.json()
    assert release.keys() == {"id", "hash_id", "team_id", "created_at", "metadata", "version", "project"}
    assert {name: release[name] for name in BODY} == BODY
    assert release["team_id"] == rest.project_id
    again = rest.post(RELEASES, BODY)
    assert again.status_code == 400
    assert (again.json()["type"], again.json()["code"]) == ("validation_error", "release_hash_in_use")
    assert rest.get(f"{RELEASES}hash/{HASH}").json() == release
    assert rest.get(f"{RELEASES}{release['id']}/").json() == release
    assert rest.results(RELEASES) == [release]


def test_two_builds_that_make_one_release_at_once_hear_of_each_other(
    rest: Rest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has looked before the first was done."""
    rest.made(RELEASES, **BODY)
    monkeypatch.setattr(Releases, "prepared", lambda *arguments: {"id": uuid4(), **arguments[3]})
    answer = rest.post(RELEASES, BODY)
    assert (answer.status_code, answer.json()["code"]) == (400, "release_hash_in_use")
    assert len(rest.results(RELEASES)) == 1


def test_the_same_hash_may_be_in_another_project(rest: Rest) -> None:
    rest.made(RELEASES, **BODY)
    other = rest.other_project()
    assert other.get(f"{RELEASES}hash/{HASH}").status_code == 404
    assert other.made(RELEASES, **BODY)["team_id"] == other.project_id


def test_a_release_without_a_hash_gets_the_one_that_the_cli_would_make(rest: Rest) -> None:
    assert rest.made(RELEASES, version="1.2.3", project="my-app")["hash_id"] == HASH
    assert hashlib.sha512(b"my-app1.2.3").hexdigest() == HASH


def test_what_makes_no_release_is_refused(rest: Rest) -> None:
    for wrong in (
        {"project": "a"},
        {"version": "1"},
        {"version": "", "project": "a"},
        {"version": "1", "project": "a", "hash_id": "x" * 129},
        {"version": "1", "project": "a", "metadata": []},
    ):
        assert rest.post(RELEASES, wrong).status_code == 400, wrong
    assert rest.results(RELEASES) == []


def test_a_release_is_changed_by_what_is_named_and_not_null(rest: Rest) -> None:
    release = rest.made(RELEASES, **BODY)
    address = f"{RELEASES}{release['id']}/"
    for method in ("PUT", "PATCH"):
        body = {"version": method, "project": None}
        assert rest.ask(method, address, json=body).status_code == 204
        assert rest.get(address).json() == release | {"version": method}
    taken = rest.made(RELEASES, version="2", project="my-app")["hash_id"]
    assert rest.patch(address, {"hash_id": taken}).status_code == 400
    assert rest.patch(address, {"hash_id": HASH}).status_code == 204


def test_a_release_that_goes_leaves_its_symbol_sets(rest: Rest) -> None:
    release = rest.made(RELEASES, **BODY)
    set_id = Build(rest).whole(chunk(), container(), release_id=release["id"])
    address = f"error_tracking/symbol_sets/{set_id}/"
    assert rest.get(address).json()["release"] == release
    assert rest.delete(f"{RELEASES}{release['id']}/").status_code == 204
    assert rest.get(f"{RELEASES}{release['id']}/").status_code == 404
    assert rest.get(address).json()["release"] is None


def test_who_changed_a_release_is_told(rest: Rest) -> None:
    release = rest.made(RELEASES, **BODY)
    rest.patch(f"{RELEASES}{release['id']}/", {"version": "2"})
    rest.delete(f"{RELEASES}{release['id']}/")
    happened = [one["activity"] for one in rest.results(f"{RELEASES}activity/")]
    assert happened == ["deleted", "updated", "created"]
