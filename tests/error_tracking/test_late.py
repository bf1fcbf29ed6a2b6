"""Frames that were there before their symbols are resolved anew when these come."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from appliance.blobs import Blobs
from appliance.catalog import reading
from appliance.catalog.error_tracking import symbol_set
from appliance.failures import Unavailable
from tests.error_tracking.build import SETS, Build, chunk, container
from tests.error_tracking.checkout import FRAMES, event, frame
from tests.error_tracking.road import UPLOADED, URL, Road
from tests.rest import Rest

MAPPING = b"""com.example.Cart -> a.b:
# {"id":"sourceFile","fileName":"Cart.kt"}
    1:1:int sum(int):10:10 -> c
    1:1:int total(int):20 -> c
"""


@pytest.fixture
def road(rest: Rest, tmp_path: Path) -> Iterator[Road]:
    road = Road(rest, tmp_path)
    yield road
    road.finder.close()


def is_waiting(road: Road, ref: str) -> bool:
    columns = symbol_set.c
    query = select(columns.upload_started_at).where(columns.ref == ref)
    with reading(road.rest.engine) as connection:
        return connection.execute(query).scalar_one() is not None


def other(kind: int, payload: bytes) -> bytes:
    head = b"posthog_error_tracking" + (1).to_bytes(4, "little") + kind.to_bytes(4, "little")
    return head + payload


def test_frames_that_waited_show_their_source_once_the_map_is_uploaded(rest: Rest, road: Road) -> None:
    id_ = chunk()
    sent = [frame(column, function, URL, chunk_id=id_) for function, column, *_ in FRAMES]
    [before] = road.resolve(event(*sent))
    assert not any(one["resolved"] for one in before)
    Build(rest).whole(id_, UPLOADED)
    assert is_waiting(road, id_)
    road.late.look()
    assert not is_waiting(road, id_)
    for old, (_, _, name, line, column) in zip(before, FRAMES, strict=True):
        kept = road.record(old["raw_id"])
        assert kept is not None
        found = kept["contents"]
        assert (found["resolved_name"], found["line"], found["column"]) == (name, line, column)
        assert kept["context"]["line"]["number"] == line + 1
        assert kept["symbol_set_ref"] == id_


def test_frames_of_an_older_upload_follow_the_newer_one(rest: Rest, road: Road) -> None:
    id_ = chunk()
    build = Build(rest)
    build.whole(id_, UPLOADED)
    [[before]] = road.resolve(event(frame(63, "n.total", chunk_id=id_)))
    kept = road.record(before["raw_id"])
    assert kept is not None
    assert kept["contents"]["resolved_name"] == "Cart.total"
    build.whole(id_, container(b"x", b"{}"))
    assert road.record(before["raw_id"]) is None
    road.late.look()
    kept = road.record(before["raw_id"])
    assert kept is not None
    assert not kept["resolved"]


def test_finishing_the_same_upload_again_changes_nothing_in_the_end(rest: Rest, road: Road) -> None:
    id_ = chunk()
    build = Build(rest)
    set_id = build.whole(id_, UPLOADED, "h")
    [[before]] = road.resolve(event(frame(63, "n.total", chunk_id=id_)))
    kept = road.record(before["raw_id"])
    assert build.finish(**{set_id: "h"}).status_code == 201
    assert road.record(before["raw_id"]) is None
    road.late.look()
    again = road.record(before["raw_id"])
    assert kept is not None
    assert again is not None
    assert again["contents"] == kept["contents"]


def test_one_frame_of_obfuscated_java_becomes_several(rest: Rest, road: Road) -> None:
    sent = {"platform": "java", "module": "a.b", "function": "c", "lineno": 1, "map_id": "mapping-1"}
    [[before]] = road.resolve(event(sent))
    Build(rest).whole("mapping-1", other(4, MAPPING))
    road.late.look()
    digest = before["raw_id"].partition("/")[0]
    names = [kept["contents"]["resolved_name"] for at in (0, 1) if (kept := road.record(f"{digest}/{at}"))]
    assert sorted(names) == ["sum", "total"]


def test_frames_wait_for_files_that_cannot_be_had_now(
    rest: Rest, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = chunk()
    Build(rest).whole(id_, UPLOADED)

    def away(*_: Any) -> Any:
        raise Unavailable("the bucket is away")

    with monkeypatch.context() as patch:
        patch.setattr(Blobs, "read", away)
        [[before]] = road.resolve(event(frame(63, "n.total", chunk_id=id_)))
        assert not before["resolved"]
        road.late.look()
        assert is_waiting(road, id_)
    found = road.set_of(id_)
    assert found is not None
    assert found["failure_reason"] is None
    road.finder.opener._away_until = 0.0
    road.late.look()
    kept = road.record(before["raw_id"])
    assert kept is not None
    assert kept["contents"]["resolved_name"] == "Cart.total"
    assert not is_waiting(road, id_)


def test_what_is_resolved_is_not_taken_back_while_its_file_cannot_be_had(
    rest: Rest, road: Road, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = chunk()
    Build(rest).whole(id_, UPLOADED)
    sent = event(frame(63, "n.total", chunk_id=id_))
    [[before]] = road.resolve(sent)

    def away(*_: Any) -> Any:
        raise Unavailable("the bucket is away")

    restarted = Road(rest, tmp_path / "other")
    monkeypatch.setattr(Blobs, "read", away)
    [[after]] = restarted.resolve(sent)
    assert not after["resolved"]
    kept = road.record(before["raw_id"])
    assert kept is not None
    assert kept["resolved"]
    restarted.finder.close()


def test_compiled_symbols_of_deleted_sets_go(rest: Rest, road: Road) -> None:
    kept, gone = chunk(), chunk()
    build = Build(rest)
    build.whole(kept, UPLOADED)
    gone_id = build.whole(gone, UPLOADED)
    road.resolve(event(frame(63, chunk_id=kept), frame(63, chunk_id=gone)))
    assert len(road.finder.opener.files.names()) == 2
    rest.delete(f"{SETS}{gone_id}/")
    road.finder.forget_removed()
    [name] = road.finder.opener.files.names()
    assert gone_id.replace("-", "") not in name
