"""A flag made by hand is what SDKs get a moment later."""

import json
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect
from posthog import Posthog

from tests.conftest import Appliance
from tests.web.screen import Screen

_KNOWN_S = 20
_POLL_S = 0.02


def flags(appliance: Appliance) -> dict[str, Any]:
    """As a browser's SDK asks; each time anew, so that every worker is asked."""
    body = json.dumps({"token": appliance.token, "distinct_id": "who asks"})
    with closing(HTTPConnection("127.0.0.1", appliance.port, timeout=20)) as connection:
        connection.request("POST", "/flags/?v=2", body, {"content-type": "application/json"})
        answer = connection.getresponse()
        assert answer.status == 200
        told: dict[str, Any] = json.loads(answer.read())["flags"]
    return told


def wait_until_known(is_so: Any) -> None:
    """Ten answers in a row, since each worker learns by itself. How soon it must be is for `tests/flags` to say."""
    deadline, found = time.monotonic() + _KNOWN_S, 0
    while found < 10:
        found = found + 1 if is_so() else 0
        assert found or time.monotonic() < deadline, "it is not known"
        if not found:
            time.sleep(_POLL_S)


def test_a_flag_is_made_and_seen_by_sdks(inside: Screen) -> None:
    key = f"of-the-page-{uuid4().hex[:8]}"
    inside.in_project("flags")
    page = inside.page
    page.get_by_role("link", name="New flag").first.click()
    page.get_by_role("textbox", name="Key", exact=True).fill(key)
    page.get_by_role("textbox", name="Description").fill("Made by hand")
    page.get_by_role("textbox", name="Roll-out of set 1, in percent").fill("100")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and answer.url.endswith("/feature_flags/")
    ) as made:
        page.get_by_role("button", name="Create flag").click()
    assert made.value.status == 201, made.value.text()
    wait_until_known(lambda: flags(inside.appliance).get(key, {}).get("enabled") is True)
    sdk = Posthog(inside.appliance.token, host=inside.appliance.url, sync_mode=True, send=False)
    assert sdk.feature_enabled(key, "who asks", send_feature_flag_events=False) is True
    expect(page.get_by_role("heading", name=key, level=1)).to_be_visible()

    inside.settle()
    page.get_by_role("switch", name="On", exact=True).press("Space")
    page.get_by_role("dialog").get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_until_known(lambda: not flags(inside.appliance).get(key, {}).get("enabled"))
