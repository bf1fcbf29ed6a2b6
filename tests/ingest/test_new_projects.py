"""Projects that came into being a moment ago."""

import json
from contextlib import closing
from http.client import HTTPConnection

from tests.conftest import Appliance


def test_the_first_event_of_a_project_is_kept_however_new_the_project_is(appliance: Appliance) -> None:
    for number in range(4):
        project = appliance.with_project(f"new {number}")
        body = json.dumps({"api_key": project.token, "event": "first", "distinct_id": "somebody"})
        with closing(HTTPConnection("127.0.0.1", project.port, timeout=20)) as connection:
            connection.request("POST", "/capture/", body, {"content-type": "application/json"})
            assert connection.getresponse().status == 200
        project.wait_for_event("somebody")
