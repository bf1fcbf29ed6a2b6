"""What belongs to another project does not exist; who may only read changes nothing."""

from uuid import uuid4

from appliance.catalog import writing
from appliance.catalog.error_tracking import stack_frame
from tests.error_tracking.build import RELEASES, SETS, Build, chunk, container
from tests.error_tracking.exceptions import issue_of, link, stored
from tests.error_tracking.test_rules import KINDS, needed, rule, typed
from tests.resources.test_every_route import routes_of
from tests.rest import Rest

ROOM = "error_tracking/"


def test_nothing_is_found_from_another_project(rest: Rest) -> None:
    release = rest.made(RELEASES, version="1", project="app")
    set_id = Build(rest).whole(chunk(), container(), release_id=release["id"])
    frame_id = uuid4()
    with writing(rest.engine) as connection:
        row = {"raw_id": "a", "part": 0, "contents": {}, "is_resolved": True, "created_at": 1}
        connection.execute(stack_frame.insert().values(id=frame_id, project_id=rest.project_id, **row))
    ids = {"releases": release["id"], "symbol_sets": set_id, "stack_frames": str(frame_id)}
    ids["issues"] = str(issue_of(link(rest, stored(rest))[0]))
    for kind in KINDS:
        ids[f"{kind}_rules"] = rule(rest, kind, typed("A"), **needed(rest, kind))["id"]
    ids["webhooks"] = rest.made(f"{ROOM}webhooks/", url="https://example.com/a")["id"]
    other, walked = rest.other_project(), set()
    body = {"content_hash": "h", "version": "2"}
    for method, path in routes_of(rest):
        if path.startswith(ROOM) and "{" in path:
            kind = path.split("/")[1]
            address = path.replace("{id_}", ids[kind]).replace("{hash_id}", release["hash_id"])
            assert other.ask(method, address, json=body).status_code == 404, (method, path)
            walked.add(kind)
    assert walked == ids.keys()
    for kind, id_ in ids.items():
        assert rest.get(f"{ROOM}{kind}/{id_}/").status_code == 200
        assert other.results(f"{ROOM}{kind}/") == []
        for nobody in ("0", "-1", "x'--", "9" * 40, "%00", "{" + id_ + "}", f"urn:uuid:{id_}"):
            assert rest.get(f"{ROOM}{kind}/{nobody}/").status_code == 404, (kind, nobody)
    assert Build(rest).content(set_id) == container()


def test_a_chunk_is_a_project_s_own(rest: Rest) -> None:
    name, other = chunk(), Build(rest.other_project())
    mine = Build(rest).whole(name, container(b"mine"), "h1")
    theirs = other.whole(name, container(b"theirs"), "h2")
    assert Build(rest).content(mine) == container(b"mine")
    assert other.content(theirs) == container(b"theirs")
    assert rest.delete(f"{SETS}{mine}/").status_code == 204
    assert other.content(theirs) == container(b"theirs")


def test_a_key_that_may_read_lists_and_downloads_and_uploads_nothing(rest: Rest) -> None:
    name = chunk()
    set_id = Build(rest).whole(name, container(), "h1")
    reader = rest.with_key("error_tracking:read")
    assert Build(reader).content(set_id) == container()
    assert [one["id"] for one in reader.results(SETS)] == [set_id]
    for answer in (
        Build(reader).start({"chunk_id": name, "content_hash": "h2"}, force=True),
        Build(reader).check({"chunk_id": name}),
        Build(reader).finish(**{set_id: "h2"}),
        reader.ask("POST", SETS, params={"chunk_id": name}, content=b"x"),
        reader.ask("POST", f"{SETS}start_upload/", params={"chunk_id": name}),
        reader.ask("PUT", f"{SETS}{set_id}/finish_upload/", json={"content_hash": "h"}),
        reader.post(RELEASES, {"version": "1", "project": "a"}),
        reader.delete(f"{SETS}{set_id}/"),
    ):
        assert answer.status_code == 403, answer.request.url
    assert Build(rest).started({"chunk_id": name, "content_hash": "h1"}) == {}
