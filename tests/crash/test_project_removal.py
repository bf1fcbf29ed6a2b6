"""A deleted project, as a whole appliance takes it away: in front of it, behind it, and through crashes."""

import json
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any
from uuid import uuid4

from appliance.failures import HogletError
from tests.crash.conftest import Serve
from tests.crash.serving import Serving, is_dead, wait_until

_GONE_S = 120.0
_REFUSED_IN_A_ROW = 20
_TABLES = ("events", "person", "person_distinct_id2", "groups", "ingestion_warnings")


class Owner:
    """The first user, by their key."""

    def __init__(self, serving: Serving) -> None:
        self.serving = serving
        secrets = json.loads((serving.config.secrets_dir / "bootstrap.json").read_text())
        self.key = secrets["personal_api_key"]

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        with closing(HTTPConnection("127.0.0.1", self.serving.config.port, timeout=60)) as connection:
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            told = answer.read()
            return answer.status, json.loads(told) if told else None

    def removal(self, project_id: int) -> dict[str, Any]:
        with suppress(OSError, HTTPException):
            status, told = self.ask("GET", "/api/organizations/@current/deleted_projects/")
            if status == 200:
                return next((one for one in told["results"] if one["id"] == project_id), {})
        return {}


def made(owner: Owner, name: str) -> tuple[int, str]:
    """A project's number and token, once every worker takes its events."""
    status, told = owner.ask("POST", "/api/projects/", {"name": name})
    assert status == 201, told
    token = told["api_token"]
    in_a_row(lambda: send(owner.serving, token, "early") == 200, "the new project is known")
    return told["id"], token


def send(serving: Serving, token: str, distinct_id: str) -> int:
    return answered(serving, token, distinct_id)[0]


def answered(serving: Serving, token: str, distinct_id: str) -> tuple[int, bytes]:
    properties = {"$set": {"plan": "free"}, "$groups": {"company": distinct_id}}
    event = {"uuid": str(uuid4()), "event": "seen", "distinct_id": distinct_id, "properties": properties}
    return posted(serving, "/batch/", {"api_key": token, "batch": [event]})


def posted(serving: Serving, path: str, body: Any) -> tuple[int, bytes]:
    with closing(HTTPConnection("127.0.0.1", serving.config.port, timeout=60)) as connection:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read()


def in_a_row(condition: Callable[[], bool], what: str) -> None:
    """Each connection meets any of the workers: true of all of them once it is true often enough."""
    count = 0

    def often() -> bool:
        nonlocal count
        count = count + 1 if condition() else 0
        return count >= _REFUSED_IN_A_ROW

    wait_until(often, _GONE_S, what)


def rows(serving: Serving, project_id: int) -> int:
    with suppress(HogletError, OSError):
        return sum(
            int(serving.ask(f"SELECT count() FROM {table} WHERE team_id = {project_id}")[0][0])
            for table in _TABLES
        )
    return -1


def catalog_rows(serving: Serving, project_id: int) -> int:
    tables = ("person", "person_distinct_id", "group_type", "group_row", "event_definition", "usage")
    with suppress(sqlite3.OperationalError):
        return sum(
            serving.catalog(f"SELECT count(*) FROM {table} WHERE project_id = {project_id}")[0][0]
            for table in tables
        )
    return -1


def test_a_deleted_project_leaves_nothing_behind_whatever_crashes(serve: Serve) -> None:
    serving = serve()
    owner = Owner(serving)
    project_id, token = made(owner, "Goes")
    kept_id, kept_token = made(owner, "Stays")
    for number in range(40):
        assert send(serving, token, f"somebody {number}") == 200
        assert send(serving, kept_token, f"somebody {number}") == 200
    serving.wait_until_drained()
    kept = rows(serving, kept_id)
    assert rows(serving, project_id) > 40
    assert catalog_rows(serving, project_id) > 40
    refused = answered(serving, "phc_nobody", "nobody")
    assert owner.ask("DELETE", f"/api/projects/{project_id}/") == (204, None)
    for _ in range(3):
        engine = serving.engine()
        os.kill(engine, signal.SIGKILL)
        wait_until(lambda gone=engine: is_dead(gone), _GONE_S, "the engine is dead")  # type: ignore[misc]
        wait_until(lambda: len(serving.processes("appliance.engine")) == 1, _GONE_S, "another engine")
    in_a_row(lambda: answered(serving, token, "late") == refused, "the token is refused")
    flags = "/flags/?v=2"
    unknown = posted(serving, flags, {"token": "phc_nobody", "distinct_id": "late"})
    in_a_row(
        lambda: posted(serving, flags, {"token": token, "distinct_id": "late"}) == unknown,
        "flags are refused to the token",
    )
    wait_until(lambda: owner.removal(project_id).get("state") == "done", _GONE_S, "it is told as removed")
    assert (rows(serving, project_id), catalog_rows(serving, project_id)) == (0, 0)
    assert owner.removal(project_id)["rows_left"] == 0
    assert rows(serving, kept_id) == kept
    assert send(serving, kept_token, "afterwards") == 200


def test_what_was_taken_before_and_comes_late_is_dropped_and_counted(serve: Serve) -> None:
    serving = serve()
    owner = Owner(serving)
    project_id, token = made(owner, "Goes")
    serving.wait_until_drained()
    engine = serving.engine()

    def deleted_behind_its_back() -> bool:
        os.kill(engine, signal.SIGSTOP)
        # It may have been stopped while it wrote to the catalog, which nobody else can then.
        if all(send(serving, token, f"late {number}") == 200 for number in range(10)):
            status, _ = owner.ask("DELETE", f"/api/projects/{project_id}/")
            if status == 204:
                return True
        os.kill(engine, signal.SIGCONT)
        serving.wait_until_drained()
        return False

    try:
        wait_until(deleted_behind_its_back, _GONE_S, "the project is deleted")
    finally:
        os.kill(engine, signal.SIGCONT)
    wait_until(lambda: owner.removal(project_id).get("state") == "done", _GONE_S, "it is told as removed")
    serving.wait_until_drained()
    assert serving.metric('hoglet_dropped_total{reason="unknown_project"') >= 10
    assert (rows(serving, project_id), catalog_rows(serving, project_id)) == (0, 0)
