"""How long after its answer is an event visible to a query?"""

from __future__ import annotations

import json
import tempfile
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from uuid import uuid4

from appliance import config
from appliance.store import ClickHouseStore
from appliance.store.address import reader
from bench.events import body
from bench.figure import Figure
from bench.serving import Appliance, appliance

PROBES, PAUSE_S, POLL_S, LIMIT_S = 150, 0.05, 0.02, 30
LOAD_EVENTS, LOAD_PAUSE_S = 200, 0.05


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, appliance(folder, 2) as served:
        settings = config.load({"HOGLET_DATA_DIR": folder})
        with closing(reader(settings)) as store:
            quiet = _delays_ms(served, store)
            stopping = threading.Event()
            load = threading.Thread(target=_load, args=(served, stopping))
            load.start()
            loaded = _delays_ms(served, store)
            stopping.set()
            load.join()
    rate = round(LOAD_EVENTS / LOAD_PAUSE_S)
    return [
        Figure(f"visible after its answer, {what}, {name}", _percentile(delays, share), "ms", goal=goal)
        for what, delays in (("alone", quiet), (f"beside about {rate:,} events/s", loaded))
        for name, share, goal in (("p50", 0.5, ""), ("p99", 0.99, "< 2,000"))
    ]


def _delays_ms(served: Appliance, store: ClickHouseStore) -> list[float]:
    name, answered = f"probe {uuid4().hex}", dict[str, float]()
    delays: dict[str, float] = {}

    def send() -> None:
        with closing(HTTPConnection("127.0.0.1", served.port)) as connection:
            for _ in range(PROBES):
                one = {"api_key": served.token, "event": name, "distinct_id": "probe", "uuid": str(uuid4())}
                connection.request("POST", "/e/", json.dumps(one), {"Content-Type": "application/json"})
                connection.getresponse().read()
                answered[one["uuid"]] = time.perf_counter()
                time.sleep(PAUSE_S)

    sending = threading.Thread(target=send)
    sending.start()
    deadline = time.perf_counter() + LIMIT_S
    while len(delays) < PROBES and time.perf_counter() < deadline:
        asked_at = time.perf_counter()
        rows = store.query(
            "SELECT toString(uuid) FROM events WHERE event = {name:String}", {"name": name}
        ).rows
        for (uuid,) in rows:
            if uuid in answered:
                # As of the question: what its answer took is the query's own time.
                delays.setdefault(uuid, max(0.0, asked_at - answered[uuid]) * 1000)
        time.sleep(POLL_S)
    sending.join()
    if len(delays) < PROBES:
        raise RuntimeError(f"{PROBES - len(delays)} events were not visible within {LIMIT_S} s")
    return list(delays.values())


def _load(served: Appliance, stopping: threading.Event) -> None:
    payload = body(served.token, LOAD_EVENTS)
    with closing(HTTPConnection("127.0.0.1", served.port)) as connection:
        while not stopping.wait(LOAD_PAUSE_S):
            connection.request("POST", "/batch/", payload, {"Content-Type": "application/json"})
            connection.getresponse().read()


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
