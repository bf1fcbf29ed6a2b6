"""A browser at a running appliance: cookies, limits and roles through the real server and all of its workers."""

import json
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from appliance import config
from appliance.catalog import connect, reading, writing
from appliance.catalog.accounts import sign_in_attempt
from appliance.catalog.model import membership, organization, user_account
from tests.accounts.desk import HASHED, PASSWORD
from tests.conftest import Appliance

_ASKED_TIMES = 20


class Visitor:
    """One browser, on a new connection for each request, so that any worker may answer."""

    def __init__(self, appliance: Appliance) -> None:
        self.appliance, self.cookies, self.token = appliance, dict[str, str](), ""

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        connection = HTTPConnection("127.0.0.1", self.appliance.port, timeout=20)
        headers = {
            "cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "x-csrftoken": self.token,
            "origin": self.appliance.url,
        }
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read()
        for line in answer.headers.get_all("set-cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, json.loads(told) if told else None


@pytest.fixture
def email(appliance: Appliance) -> str:
    """Somebody with a password and the role of a member."""
    catalog = connect(config.load({"HOGLET_DATA_DIR": str(appliance.data_dir)}))
    found = f"{time.time_ns()}@example.org"
    with writing(catalog) as connection:
        values = {"uuid": uuid4(), "email": found, "password_hash": HASHED, "created_at": 1}
        user_id = connection.execute(
            user_account.insert().values(values).returning(user_account.c.id)
        ).scalar_one()
        home = connection.execute(select(organization.c.id).limit(1)).scalar_one()
        row = {"organization_id": home, "user_id": user_id, "role": "member", "created_at": 1}
        connection.execute(membership.insert().values(row))
    catalog.dispose()
    return found


def test_a_session_holds_at_every_worker_until_it_is_ended(appliance: Appliance, email: str) -> None:
    visitor = Visitor(appliance)
    status, told = visitor.ask("POST", "/api/login/", {"email": email, "password": PASSWORD})
    assert (status, told["success"]) == (200, True)
    visitor.token = told["csrf_token"]
    for _ in range(_ASKED_TIMES):
        status, told = visitor.ask("GET", "/api/projects/")
        assert status == 200
        assert appliance.project_id in {one["id"] for one in told["results"]}
    assert (
        visitor.ask("POST", "/api/projects/@current/annotations/", {"content": "x", "scope": "project"})[0]
        == 201
    )
    assert visitor.ask("PATCH", "/api/organizations/@current/", {"name": "x"})[0] == 403
    assert visitor.ask("POST", "/api/logout/")[0] == 200
    assert {visitor.ask("GET", "/api/projects/")[0] for _ in range(_ASKED_TIMES)} == {401}


def test_workers_count_failures_together(appliance: Appliance, email: str) -> None:
    visitor = Visitor(appliance)
    tries = config.Config().sign_in_attempts_max + 2
    answers = [
        visitor.ask("POST", "/api/login/", {"email": email, "password": f"guess {number}"})[0]
        for number in range(tries)
    ]
    assert answers == [400] * (tries - 2) + [429] * 2
    catalog = connect(config.load({"HOGLET_DATA_DIR": str(appliance.data_dir)}))
    with writing(catalog) as connection:
        connection.execute(sign_in_attempt.delete())  # the address is that of all tests
    with reading(catalog) as connection:
        assert connection.execute(select(sign_in_attempt)).all() == []
    catalog.dispose()


def test_capture_answers_are_left_as_they_are(appliance: Appliance) -> None:
    request = urllib.request.Request(f"{appliance.url}/i/v0/e/", b"{}", {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as refused:
        headers = refused.headers
    assert "content-security-policy" not in headers
