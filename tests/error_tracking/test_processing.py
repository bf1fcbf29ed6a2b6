"""A batch of exceptions on its way into the store."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest

from appliance._native import ingest, stacks
from appliance.blobs import Blobs
from appliance.config import Config
from appliance.error_tracking.grouped import SUPPRESSED_ISSUE, Dropped
from appliance.error_tracking.linking import Linker
from appliance.error_tracking.processing import Processing
from appliance.error_tracking.symbols import SymbolFinder
from appliance.failures import CatalogUnavailable
from appliance.operations.counters import Counters
from tests.error_tracking.build import Build, chunk, container
from tests.error_tracking.checkout import MAP, SCRIPT, event, frame
from tests.rest import Rest

NOW_US = 1_790_000_000_000_000


@pytest.fixture
def finder(rest: Rest, tmp_path: Path) -> Iterator[SymbolFinder]:
    config = Config(data_dir=tmp_path)
    counters = Counters(config.counters_dir, "engine")
    finder = SymbolFinder(config, rest.engine, Blobs(Config(data_dir=rest.data_dir)), counters)
    yield finder
    finder.close()


@pytest.fixture
def processing(rest: Rest, finder: SymbolFinder) -> Processing:
    return Processing(rest.engine, finder, Linker(rest.engine, Config(data_dir=rest.data_dir)))


def waiting(rest: Rest, properties: str) -> ingest.WaitingException:
    return rest.project_id, uuid4().bytes, NOW_US, "somebody", properties


def thrown(type_: str = "E", **more: Any) -> str:
    return json.dumps({"$exception_list": [{"type": type_, "value": "v"}], **more})


def stored(processing: Processing, rest: Rest, *events: str) -> list[dict[str, Any]]:
    done = processing.process([waiting(rest, one) for one in events], NOW_US)
    assert all(isinstance(one, str) for one in done), done
    return [json.loads(one) for one in done if isinstance(one, str)]


def test_each_gets_its_issue_and_what_is_invalid_gets_the_reason(processing: Processing, rest: Rest) -> None:
    first, invalid, other, again = stored(processing, rest, thrown("A"), "{}", thrown("B"), thrown("A"))
    assert first["$exception_issue_id"] == again["$exception_issue_id"] != other["$exception_issue_id"]
    assert UUID(first["$exception_issue_id"])
    assert [one["$exception_types"] for one in (first, other)] == [["A"], ["B"]]
    assert list(invalid) == ["$cymbal_errors"]


def test_an_uploaded_map_resolves_frames_and_they_are_kept(processing: Processing, rest: Rest) -> None:
    id_ = chunk()
    Build(rest).whole(id_, container(SCRIPT.encode(), MAP.encode()))
    (found,) = stored(processing, rest, event(frame(63, "n.total", chunk_id=id_)))
    (one,) = found["$exception_list"][0]["stacktrace"]["frames"]
    assert (one["resolved_name"], found["$exception_functions"]) == ("Cart.total", ["Cart.total"])
    answer = rest.post("error_tracking/stack_frames/batch_get", {"raw_ids": [one["raw_id"]]})
    assert answer.json()["results"][0]["context"]["line"]["number"] == 4


def test_the_release_is_the_one_that_the_event_names(processing: Processing, rest: Rest) -> None:
    url = "https://me:secret@example.com/repository.git?token=x#main"
    made = rest.made(
        "error_tracking/releases/", project="shop", version="1.2+7", metadata={"git": {"remote_url": url}}
    )
    said: Sequence[dict[str, Any]] = (
        {"$release_id": made["id"]},
        {"$app_namespace": "shop", "$app_version": "1.2", "$app_build": 7},
        {"$release_id": str(uuid4()), "$app_namespace": "shop", "$app_version": "1.2", "$app_build": "7"},
    )
    for one in stored(processing, rest, *(thrown(**properties) for properties in said)):
        release = one["$exception_release"]
        assert (release["id"], release["version"], release["project"]) == (made["id"], "1.2+7", "shop")
        assert release["metadata"]["git"]["remote_url"] == "https://example.com/repository.git"
    unknown = stored(
        processing, rest, thrown(**{"$release_id": str(uuid4())}), thrown(**{"$release_id": 5}), thrown()
    )
    assert not [one for one in unknown if "$exception_release" in one]
    assert "$exception_release" not in stored(processing, rest.other_project(), thrown(**said[0]))[0]


def test_a_release_may_be_that_of_the_symbols(processing: Processing, rest: Rest) -> None:
    made = rest.made("error_tracking/releases/", project="shop", version="3")
    id_ = chunk()
    Build(rest).whole(id_, container(SCRIPT.encode(), MAP.encode()), release_id=made["id"])
    (found,) = stored(processing, rest, event(frame(63, chunk_id=id_)))
    assert found["$exception_release"]["version"] == "3"


def test_exceptions_of_suppressed_issues_are_dropped_in_their_place(
    processing: Processing, rest: Rest
) -> None:
    (first,) = stored(processing, rest, thrown("A"))
    answer = rest.patch(f"error_tracking/issues/{first['$exception_issue_id']}/", {"status": "suppressed"})
    assert answer.status_code == 200, answer.text
    events = [waiting(rest, one) for one in (thrown("B"), thrown("A"), thrown("C"))]
    before, dropped, after = processing.process(events, NOW_US)
    assert dropped == Dropped(SUPPRESSED_ISSUE)
    assert [json.loads(str(one))["$exception_types"] for one in (before, after)] == [["B"], ["C"]]


class PanicException(BaseException):
    """What a panic of the kernel looks like."""


@pytest.mark.parametrize("mistake", [RuntimeError, PanicException])
def test_one_that_we_fail_at_is_stored_with_the_reason_and_stops_no_other(
    processing: Processing, rest: Rest, mistake: type[BaseException]
) -> None:
    complete = stacks.complete

    def fails_at_b(properties: str, *more: Any) -> str:
        if '"B"' in properties:
            raise mistake("a mistake of ours")
        return complete(properties, *more)

    with patch.object(stacks, "complete", fails_at_b):
        first, broken, last = stored(processing, rest, thrown("A"), thrown("B"), thrown("C"))
    assert broken["$cymbal_errors"]
    assert broken["$exception_list"] == [{"type": "B", "value": "v"}]
    assert first["$exception_issue_id"]
    assert last["$exception_issue_id"]


def test_a_catalog_that_is_away_is_waited_for(processing: Processing, rest: Rest) -> None:
    away = CatalogUnavailable("away")
    with patch.object(SymbolFinder, "find", side_effect=away), pytest.raises(CatalogUnavailable):
        processing.process([waiting(rest, thrown())], NOW_US)
