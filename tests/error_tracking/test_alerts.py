"""What issues did is told, and forgotten after a while."""

from uuid import UUID, uuid4

from sqlalchemy import func, insert, select, update

from appliance.catalog import reading, writing
from appliance.catalog.error_issues import error_alert, error_spike
from appliance.error_tracking.alerts import CREATED, KEPT_US, forget_old
from tests.error_tracking.exceptions import MINUTE_US, NOW_US, alerts, issue_of, link, thrown
from tests.error_tracking.test_issues import ISSUES, made
from tests.rest import Rest

ALERTS = "error_tracking/alerts/"


def test_what_issues_did_is_listed_the_newest_first(rest: Rest) -> None:
    event = thrown(rest, "TypeError", "x is undefined")
    id_ = str(issue_of(link(rest, event)[0]))
    link(rest, thrown(rest, "Other"), now_us=NOW_US + MINUTE_US)
    rest.patch(f"{ISSUES}{id_}/", {"status": "resolved", "name": "Renamed"})
    link(rest, event, now_us=NOW_US + 2 * MINUTE_US)
    listed = rest.results(ALERTS)
    assert [one["event"].rpartition("_")[2] for one in listed] == ["reopened", "created", "created"]
    assert [one["issue"]["name"] for one in listed] == ["Renamed", "Other", "Renamed"]
    assert listed[2]["details"]["name"] == "TypeError"
    assert listed[0]["issue"] == {
        "id": id_,
        "name": "Renamed",
        "description": "x is undefined",
        "status": "active",
        "severity": None,
    }
    assert len(rest.results(ALERTS, issue_id=id_)) == 2
    assert len(rest.results(ALERTS, after=listed[1]["happened_at"])) == 1
    assert len(rest.results(ALERTS, event="$error_tracking_issue_created")) == 2
    assert rest.get(ALERTS, event="x").status_code == 400
    assert rest.get(ALERTS, issue_id="x").status_code == 404
    assert rest.other_project().results(ALERTS) == []


def test_alerts_of_long_ago_are_forgotten(rest: Rest) -> None:
    made(rest, "A")
    made(rest, "B")
    first = UUID(rest.results(ALERTS)[0]["id"])
    old = update(error_alert).where(error_alert.c.project_id == rest.project_id)
    with writing(rest.engine) as connection:
        connection.execute(old.values(happened_at=NOW_US))
        connection.execute(old.where(error_alert.c.id == first).values(happened_at=NOW_US - KEPT_US - 1))
    forget_old(rest.engine, NOW_US)
    assert alerts(rest) == ["created"]


def test_however_many_are_old_they_are_forgotten(rest: Rest) -> None:
    made(rest, "A")
    issue_id = UUID(rest.results(ALERTS)[0]["issue"]["id"])
    theirs = {"project_id": rest.project_id, "issue_id": issue_id}
    old_us = NOW_US - KEPT_US - 1
    alert = theirs | {"event": CREATED, "details": {}, "happened_at": old_us}
    spike = theirs | {"detected_at": old_us, "computed_baseline": 1.0, "current_bucket_value": 9}
    with writing(rest.engine) as connection:
        for table, row in ((error_alert, alert), (error_spike, spike)):
            connection.execute(insert(table), [{"id": uuid4(), **row} for _ in range(2_500)])
    forget_old(rest.engine, NOW_US)
    assert alerts(rest) == ["created"]
    with reading(rest.engine) as connection:
        spikes = select(func.count()).where(error_spike.c.project_id == rest.project_id)
        assert connection.execute(spikes).scalar_one() == 0
