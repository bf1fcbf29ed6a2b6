"""Events for pages to show."""

import json
from contextlib import closing
from http.client import HTTPConnection

from tests.conftest import Appliance


def capture(appliance: Appliance, event: str, distinct_id: str, **properties: object) -> None:
    """Sends it through the public door, and waits until it can be read."""
    send(appliance, event, distinct_id, **properties)
    appliance.wait_for_event(distinct_id)


def send(appliance: Appliance, event: str, distinct_id: str, **properties: object) -> None:
    body = {"api_key": appliance.token, "event": event, "distinct_id": distinct_id, "properties": properties}
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=20)) as connection:
        connection.request("POST", "/capture/", json.dumps(body), {"content-type": "application/json"})
        assert connection.getresponse().status == 200
