"""How long does /flags take at 2,000 requests/s with 100 flags while ingest is loaded, beside a bare Granian 200?

The person who asks is stored, and some of the flags aim at properties that only the catalog knows: each request is a
look-up and a hundred evaluations.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from typing import Any

from bench import http_load
from bench.events import body
from bench.figure import Figure
from bench.flag_definitions import COHORTS, PERSON, flags
from bench.serving import Appliance, appliance, bare_granian

A_SECOND, SECONDS, TURNS = 2000, 3.0, 3
LOAD_EVENTS, LOAD_A_SECOND = 100, 40
WORKERS = min(2, os.cpu_count() or 1)
TOLD = b'"errorsWhileComputingFlags":false'
_PATH = "/flags/?v=2"


def measure() -> list[Figure]:
    with (
        tempfile.TemporaryDirectory() as folder,
        appliance(folder, WORKERS) as ours,
        bare_granian(WORKERS) as bare,
    ):
        _define(ours)
        _know(ours, "user-1")
        request = json.dumps({"token": ours.token, "distinct_id": "user-1"}).encode()
        rates = {"ours": 0.0, "bare": 0.0}
        for _ in range(TURNS):
            rates["ours"] += http_load.saturate(ours.port, _PATH, request, told=TOLD) / TURNS
            rates["bare"] += http_load.saturate(bare, _PATH, request) / TURNS
        figures = [
            Figure(
                "/flags, 100 flags, as many as fit", rates["ours"], "a second", "bare Granian", rates["bare"]
            )
        ]
        with _ingest_loaded(ours):
            taken: dict[str, list[float]] = {"ours": [], "bare": []}
            for _ in range(TURNS):
                paced = {"a_second": A_SECOND, "seconds": SECONDS}
                taken["ours"] += http_load.pace(ours.port, _PATH, request, told=TOLD, **paced)  # type: ignore[arg-type]
                taken["bare"] += http_load.pace(bare, _PATH, request, **paced)  # type: ignore[arg-type]
    for name, share, goal in (("p50", 0.5, ""), ("p99", 0.99, "< 5 ms")):
        answer, floor = (_share(taken[who], share) for who in ("ours", "bare"))
        question = f"{name} at {A_SECOND:,} requests/s beside {LOAD_EVENTS * LOAD_A_SECOND:,} events/s"
        figures.append(Figure(question, answer, "ms", "bare Granian", floor, goal))
    return figures


def _define(served: Appliance) -> None:
    """The flags through the API, as people make them; ids are as the API gives them."""
    cohort = _ask(served, "cohorts/", {"name": "customers", "filters": COHORTS[0]["filters"]})["id"]
    ids: dict[str, int] = {}
    for number, one in enumerate(flags()):
        filters: dict[str, Any] = one["filters"]
        for condition in filters["groups"]:
            for prop in condition["properties"]:
                if prop["type"] == "cohort":
                    prop["value"] = cohort
                if prop["type"] == "flag":
                    prop["key"] = str(ids[prop["key"]])
        made = _ask(served, "feature_flags/", {"key": one["key"], "name": one["name"], "filters": filters})
        ids[str(number + 1)] = made["id"]
    time.sleep(1.5)  # until every worker has them


def _know(served: Appliance, distinct_id: str) -> None:
    """A stored person with properties, and as many others as make the tables real."""
    one = {"event": "$set", "distinct_id": distinct_id, "properties": {"$set": PERSON}}
    others = [{**one, "distinct_id": f"user-{number}"} for number in range(2, 1000)]
    batch = json.dumps({"api_key": served.token, "batch": [one, *others]}).encode()
    http_load.send(served.port, "/batch/", batch, requests=1, connections=1)
    deadline = time.monotonic() + 20
    while not _ask(served, f"persons/?distinct_id={distinct_id}")["results"]:
        if time.monotonic() > deadline:
            raise RuntimeError("the person was not stored")
        time.sleep(0.1)


def _ask(served: Appliance, path: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    with closing(HTTPConnection("127.0.0.1", served.port, timeout=10)) as connection:
        headers = {"Authorization": f"Bearer {served.key}", "Content-Type": "application/json"}
        method = "GET" if given is None else "POST"
        sent = None if given is None else json.dumps(given)
        connection.request(method, f"/api/projects/@current/{path}", sent, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{path} answered {answer.status}: {told[:500]!r}")
        found: dict[str, Any] = json.loads(told)
        return found


_LOAD = """
import sys
from bench import http_load
http_load.pace(int(sys.argv[1]), "/batch/", sys.stdin.buffer.read(), a_second=int(sys.argv[2]), seconds=60,
               connections=4)
"""


@contextmanager
def _ingest_loaded(served: Appliance) -> Iterator[None]:
    """Events arrive and are stored all the while, sent by a process of its own."""
    command = [sys.executable, "-c", _LOAD, str(served.port), str(LOAD_A_SECOND)]
    sending = subprocess.Popen(command, stdin=subprocess.PIPE)
    try:
        assert sending.stdin is not None
        sending.stdin.write(body(served.token, LOAD_EVENTS))
        sending.stdin.close()
        time.sleep(2)
        yield
    finally:
        sending.terminate()
        sending.wait(10)


def _share(latencies: list[float], share: float) -> float:
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000
