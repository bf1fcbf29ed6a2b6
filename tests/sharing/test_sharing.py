"""Sharing insights and dashboards."""

import pytest

from tests.rest import Rest


@pytest.mark.parametrize("kind", ["insights", "dashboards"])
def test_turning_sharing_on_makes_a_link_and_off_takes_it_away(rest: Rest, kind: str) -> None:
    made = rest.made(f"{kind}/", name="shared")
    path = f"{kind}/{made['id']}/sharing/"
    assert rest.get(path).json()["enabled"] is False
    assert rest.get(path).json()["access_token"] is None
    on = rest.patch(path, {"enabled": True, "settings": {"whitelabel": True}}).json()
    assert on["enabled"] is True
    assert len(on["access_token"]) == 32
    assert on["settings"] == {"whitelabel": True}
    assert rest.patch(path, {"enabled": False}).json()["access_token"] is None
    assert rest.patch(path, {"enabled": True}).json()["access_token"] == on["access_token"]
    renewed = rest.post(f"{path}refresh/").json()
    assert renewed["access_token"] not in (None, on["access_token"])
    log = [one["activity"] for one in rest.results(f"{kind}/{made['id']}/activity/")]
    assert log[:2] == ["access token refreshed", "sharing enabled"]


def test_a_dashboard_tells_that_it_is_shared(rest: Rest) -> None:
    made = rest.made("dashboards/", name="shared")
    assert made["is_shared"] is False
    rest.patch(f"dashboards/{made['id']}/sharing/", {"enabled": True})
    assert rest.get(f"dashboards/{made['id']}/").json()["is_shared"] is True
