"""Flags that SDKs evaluate by themselves are known to be in use."""

import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from appliance import catalog, config
from appliance.query.flag_calls import FlagCalls
from appliance.store import connect
from appliance.store.address import address
from tests.conftest import Appliance

# The engine looks four times a minute.
WAIT_S = 90


def test_a_flag_that_only_events_tell_of_is_not_stale(appliance: Appliance) -> None:
    key = f"local-{uuid4().hex}"
    headers = {"authorization": f"Bearer {appliance.key}"}
    flags = f"{appliance.url}/api/projects/{appliance.project_id}/feature_flags/"
    made = httpx.post(flags, json={"key": key, "filters": {"groups": []}}, headers=headers).json()
    assert made["last_called_at"] is None
    event = {"api_key": appliance.token, "event": "$feature_flag_called", "distinct_id": "sdk",
             "properties": {"$feature_flag": key, "locally_evaluated": True}}  # fmt: skip
    assert httpx.post(f"{appliance.url}/capture/", json=event).status_code == 200
    deadline = time.monotonic() + WAIT_S
    while httpx.get(f"{flags}{made['id']}/", headers=headers).json()["last_called_at"] is None:
        assert time.monotonic() < deadline
        time.sleep(0.5)


def test_a_call_that_comes_days_late_is_noted_too(appliance: Appliance) -> None:
    settings = config.load({"HOGLET_DATA_DIR": str(appliance.data_dir)})
    found = address(settings)
    facts = catalog.connect(settings)
    with closing(connect(found.url, user=found.user, password=found.password)) as store:
        calls = FlagCalls(facts, store, 30)
        calls.look()
        key, who = f"late-{uuid4().hex}", f"late-{uuid4().hex}"
        headers = {"authorization": f"Bearer {appliance.key}"}
        flags = f"{appliance.url}/api/projects/{appliance.project_id}/feature_flags/"
        made = httpx.post(flags, json={"key": key, "filters": {"groups": []}}, headers=headers).json()
        then = datetime.now(UTC) - timedelta(days=2)
        event = {"api_key": appliance.token, "event": "$feature_flag_called", "distinct_id": who,
                 "timestamp": then.isoformat(), "properties": {"$feature_flag": key}}  # fmt: skip
        assert httpx.post(f"{appliance.url}/capture/", json=event).status_code == 200
        appliance.wait_for_event(who)
        calls.look(time.time() + 600)
        told = httpx.get(f"{flags}{made['id']}/", headers=headers).json()["last_called_at"]
    facts.dispose()
    assert datetime.fromisoformat(told) == then
