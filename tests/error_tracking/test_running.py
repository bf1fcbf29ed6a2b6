"""A running appliance resolves frames, also those that were there before their symbols."""

import json
import time
from typing import Any
from uuid import uuid4

import httpx

from tests.conftest import Appliance
from tests.error_tracking.build import SETS
from tests.error_tracking.checkout import FRAMES, event, frame
from tests.error_tracking.road import UPLOADED, URL

_WAIT_S = 120
_POLL_S = 0.2


def throw(appliance: Appliance, chunk_id: str) -> list[str]:
    """Sends an exception of the bundle, and waits until it is stored: the ids of its frames."""
    distinct_id = uuid4().hex
    frames = [frame(column, function, URL, chunk_id=chunk_id) for function, column, *_ in FRAMES]
    sent = {
        "api_key": appliance.token,
        "event": "$exception",
        "distinct_id": distinct_id,
        "properties": json.loads(event(*frames)),
    }
    assert httpx.post(f"{appliance.url}/i/v0/e/", json=sent).status_code == 200
    (found,) = appliance.wait_for_event(distinct_id)
    stack = found["properties"]["$exception_list"][0]["stacktrace"]
    assert stack["type"] == "resolved"
    return [one["raw_id"] for one in stack["frames"]]


def frames_of(appliance: Appliance, raw_ids: list[str]) -> list[dict[str, Any]]:
    """As they are known now, in the order of the ids."""
    found = ask(appliance, "error_tracking/stack_frames/batch_get/", {"raw_ids": raw_ids})["results"]
    known = {one["raw_id"]: one["contents"] for one in found}
    return [known[raw_id] for raw_id in raw_ids if raw_id in known]


def upload(appliance: Appliance, chunk_id: str) -> None:
    asked = {"symbol_sets": [{"chunk_id": chunk_id, "release_id": None, "content_hash": "h"}]}
    address = ask(appliance, f"{SETS}bulk_start_upload/", asked)["id_map"][chunk_id]
    form = address["presigned_url"]
    assert httpx.post(form["url"], data=form["fields"], files={"file": ("f", UPLOADED)}).is_success
    ask(appliance, f"{SETS}bulk_finish_upload/", {"content_hashes": {address["symbol_set_id"]: "h"}})


def ask(appliance: Appliance, path: str, body: dict[str, Any]) -> Any:
    answer = httpx.post(
        f"{appliance.url}/api/projects/{appliance.project_id}/{path}",
        json=body,
        headers={"Authorization": f"Bearer {appliance.key}"},
        timeout=_WAIT_S,
    )
    assert answer.is_success, answer.text
    return answer.json()


def test_what_was_there_before_its_symbols_is_resolved_when_they_come(appliance: Appliance) -> None:
    chunk_id, names = str(uuid4()), [name for _, _, name, *_ in FRAMES]
    raw_ids = throw(appliance, chunk_id)
    assert not any(one["resolved"] for one in frames_of(appliance, raw_ids))
    upload(appliance, chunk_id)
    deadline = time.monotonic() + _WAIT_S
    while [one["resolved_name"] for one in frames_of(appliance, raw_ids)] != names:
        assert time.monotonic() < deadline, frames_of(appliance, raw_ids)
        time.sleep(_POLL_S)
    throw(appliance, chunk_id)
    assert [one["resolved_name"] for one in frames_of(appliance, raw_ids)] == names
