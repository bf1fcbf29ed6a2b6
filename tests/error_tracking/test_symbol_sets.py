"""Symbol sets as they are listed, read, downloaded and deleted; stack frames, rows 63 and 64 of the table."""

from typing import Any
from uuid import UUID, uuid4

from appliance.catalog import writing
from appliance.catalog.error_tracking import stack_frame, symbol_set
from tests.error_tracking.build import RELEASES, SETS, Build, chunk, container
from tests.rest import Rest

FRAMES = "error_tracking/stack_frames/"


def frame(rest: Rest, raw_id: str, part: int = 0, set_id: str | None = None, **values: Any) -> None:
    """As ingest would have written it."""
    with writing(rest.engine) as connection:
        row = {
            "contents": {"mangled_name": "n"},
            "is_resolved": True,
            "context": None,
            "created_at": 1,
        } | values
        used = UUID(set_id) if set_id else None
        row |= {"id": uuid4(), "project_id": rest.project_id, "symbol_set_id": used}
        connection.execute(stack_frame.insert().values(raw_id=raw_id, part=part, **row))


def failed(rest: Rest, ref: str) -> None:
    """What ingest keeps of a script that it could not fetch."""
    with writing(rest.engine) as connection:
        row = {"id": uuid4(), "project_id": rest.project_id, "ref": ref, "created_at": 1}
        reason = '{"JavaScript":{"NoSourcemap":"https://example.com/a.js"}}'
        connection.execute(symbol_set.insert().values(failure_reason=reason, **row))


def refs(rest: Rest, **parameters: Any) -> list[str]:
    return [one["ref"] for one in rest.results(SETS, **parameters)]


def test_the_list_is_narrowed_and_ordered(rest: Rest) -> None:
    build = Build(rest)
    git = {"git": {"commit_id": "c0ffee"}}
    release = rest.made(RELEASES, version="9.8.7", project="shop", metadata=git)
    build.whole("chunk-b", container(), release_id=release["id"])
    build.whole("chunk-a", container())
    failed(rest, "https://example.com/a.js")
    build.started({"chunk_id": "chunk-c"})
    assert refs(rest) == ["chunk-c", "chunk-a", "chunk-b", "https://example.com/a.js"]
    assert refs(rest, order_by="ref") == ["chunk-a", "chunk-b", "chunk-c", "https://example.com/a.js"]
    assert refs(rest, order_by="-ref")[0] == "https://example.com/a.js"
    assert refs(rest, order_by="created_at")[0] == "https://example.com/a.js"
    assert refs(rest, order_by="-last_used")[-1] == "https://example.com/a.js"
    assert refs(rest, status="valid") == ["chunk-a", "chunk-b"]
    assert refs(rest, status="invalid") == ["chunk-c", "https://example.com/a.js"]
    assert refs(rest, ref="chunk-a") == ["chunk-a"]
    assert refs(rest, search="CHUNK-A") == ["chunk-a"]
    for told in ("9.8", "SHOP", "c0ff"):
        assert refs(rest, search=told) == ["chunk-b"], told
    assert refs(rest, search="%") == []
    page = rest.get(SETS, limit=1000).json()
    assert page["count"] == 4
    assert refs(rest, limit=1, offset=1) == ["chunk-a"]
    assert rest.get(SETS, status="x").status_code == rest.get(SETS, order_by="id").status_code == 400


def test_one_is_told_with_its_failure_or_its_release(rest: Rest) -> None:
    release = rest.made(RELEASES, version="1", project="shop")
    set_id = Build(rest).whole("chunk", container(), release_id=release["id"])
    one = rest.get(f"{SETS}{set_id}/").json()
    assert one | {"created_at": "", "last_used": ""} == {
        "id": set_id,
        "ref": "chunk",
        "team_id": rest.project_id,
        "created_at": "",
        "last_used": "",
        "failure_reason": None,
        "has_uploaded_file": True,
        "release": release,
    }
    failed(rest, "https://example.com/a.js")
    [other] = rest.results(SETS, status="invalid")
    assert other["failure_reason"] == '{"JavaScript":{"NoSourcemap":"https://example.com/a.js"}}'
    assert other["has_uploaded_file"] is False
    assert rest.get(f"{SETS}{other['id']}/download/").status_code == 404


def test_an_upload_in_place_of_a_failure_ends_it(rest: Rest) -> None:
    failed(rest, "chunk")
    set_id = Build(rest).whole("chunk", container())
    assert rest.get(f"{SETS}{set_id}/").json()["failure_reason"] is None


def test_nothing_of_a_set_is_for_people_to_change(rest: Rest) -> None:
    set_id = Build(rest).whole("chunk", container())
    before = rest.get(f"{SETS}{set_id}/").json()
    for method in ("PUT", "PATCH"):
        answer = rest.ask(method, f"{SETS}{set_id}/", json={"ref": "other"})
        assert (answer.status_code, answer.json()) == (200, before)


def test_several_are_deleted_at_once_those_of_others_are_not(rest: Rest) -> None:
    build = Build(rest)
    mine = [build.whole(chunk(), container()) for _ in range(3)]
    other = Build(rest.other_project())
    theirs = other.whole(chunk(), container())
    answer = rest.post(f"{SETS}bulk_delete", {"ids": [*mine[:2], theirs, str(uuid4())]})
    assert (answer.status_code, answer.json()) == (200, {"deleted": 2})
    assert [one["id"] for one in rest.results(SETS)] == mine[2:]
    assert other.content(theirs) == container()
    assert len(rest.results(f"{SETS}activity/")) == 2
    for wrong in ({}, {"ids": []}, {"ids": "x"}, {"ids": ["x"]}):
        assert rest.post(f"{SETS}bulk_delete/", wrong).status_code == 400


def test_63_finishing_again_forgets_the_frames_that_were_resolved_with_it(rest: Rest) -> None:
    build = Build(rest)
    name = chunk()
    set_id = build.whole(name, container(), "h1")
    frame(rest, "a" * 128, set_id=set_id)
    frame(rest, "b" * 128)
    build.whole(name, container(b"other"), "h2")
    assert [one["raw_id"] for one in rest.results(FRAMES)] == ["b" * 128 + "/0"]
    frame(rest, "c" * 128, set_id=set_id)
    assert build.finish(**{set_id: "h2"}).status_code == 201
    assert len(rest.results(FRAMES)) == 1


def test_a_deleted_set_takes_its_frames_along(rest: Rest) -> None:
    set_id = Build(rest).whole(chunk(), container())
    frame(rest, "a" * 128, set_id=set_id)
    rest.delete(f"{SETS}{set_id}/")
    assert rest.results(FRAMES) == []


def test_64_frames_are_found_by_hash_and_part(rest: Rest) -> None:
    release = rest.made(RELEASES, version="1", project="shop")
    set_id = Build(rest).whole("chunk", container(), release_id=release["id"])
    first, second = "1" * 128, "2" * 128
    context = {"before": [], "line": {"number": 4, "line": "x"}, "after": []}
    frame(rest, first, set_id=set_id, context=context)
    frame(rest, first, 1)
    frame(rest, second, is_resolved=False)
    frame(rest.other_project(), "3" * 128)

    def got(*raw_ids: str, **more: Any) -> list[Any]:
        answer = rest.post(f"{FRAMES}batch_get", {"raw_ids": list(raw_ids), **more})
        assert answer.status_code == 200, answer.text
        assert answer.json().keys() == {"results"}
        found: list[Any] = answer.json()["results"]
        return found

    [found] = got(f"{first}/0", first)
    assert found == rest.get(f"{FRAMES}{found['id']}").json()
    assert found.pop("id")
    assert found.pop("created_at")
    assert found == {
        "raw_id": f"{first}/0",
        "contents": {"mangled_name": "n"},
        "resolved": True,
        "context": context,
        "symbol_set_ref": "chunk",
        "release": release,
    }
    ids = [one["raw_id"] for one in got(f"{second}/0", f"{first}/1", "3" * 128, "x/y/z", "")]
    assert ids == [f"{second}/0", f"{first}/1"]
    assert [one["raw_id"] for one in got(first, second, symbol_set=set_id)] == [f"{first}/0"]
    assert got() == []
    assert rest.post(f"{FRAMES}batch_get/", {"raw_ids": "x"}).status_code == 400
    assert rest.post(f"{FRAMES}batch_get/", {"raw_ids": [], "symbol_set": "x"}).status_code == 400
