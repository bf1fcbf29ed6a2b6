"""Stored exceptions follow their fingerprints: rows 68, 69, 71 and 72 of the contract's table."""

import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from appliance.catalog import writing
from appliance.catalog.error_issues import error_fingerprint, error_issue
from appliance.error_tracking.mirror import IssueMirror
from tests.query.conformance.asking import text_of

BASE = "/api/projects/@current"
A, B = (uuid.UUID(int=0x0195_EF00_0000_7000_8000_0000_0000_0200 + number) for number in range(2))
NOW = datetime.now(UTC).replace(microsecond=0)
TWICE = uuid.uuid4()
# Suppressed issues, which nothing else here asks for.
ROWS = (
    (A, "merged a", TWICE, 3, "bad n: 3"),
    (A, "merged a", TWICE, 2, "bad n: 3"),
    (A, "merged a", uuid.uuid4(), 1, "bad n: 4"),
    (B, "merged b", uuid.uuid4(), 1, "Bad m: 3"),
)


@pytest.fixture(scope="module", autouse=True)
def _issues(api):
    for issue, fingerprint, id_, hours, value in ROWS:
        properties = {
            "$exception_issue_id": str(issue),
            "$exception_fingerprint": fingerprint,
            "$exception_types": ["ValueError"],
            "$exception_values": [value],
        }
        row = {
            "uuid": str(id_),
            "event": "$exception",
            "properties": json.dumps(properties),
            "timestamp": f"{NOW - timedelta(hours=hours):%Y-%m-%d %H:%M:%S}",
            "team_id": str(api.first.project_id),
            "distinct_id": "someone",
            **{f"mat_{name}": text_of(given) for name, given in properties.items()},
        }
        names = ", ".join(f"`{name}`" for name in row)
        values = ", ".join(f"'{given}'" for given in row.values())
        api.store.execute(f"INSERT INTO events ({names}) VALUES ({values})")
    at = int(NOW.timestamp()) * 1_000_000
    with writing(api.engine) as connection:
        for id_, name in ((A, "A"), (B, "B")):
            row = {"id": id_, "project_id": api.first.project_id, "status": "suppressed", "name": name}
            connection.execute(error_issue.insert().values(**row, first_seen_at=at, created_at=at))
            fingerprint = {"project_id": api.first.project_id, "fingerprint": f"merged {name.lower()}"}
            connection.execute(
                error_fingerprint.insert().values(**fingerprint, issue_id=id_, first_seen_at=at)
            )


def occurrences(api, **more):
    query = {"kind": "ErrorTrackingQuery", "dateRange": {"date_from": "-1d"}, **more}
    body = {"query": query, "refresh": "force_blocking"}
    answer = api.client.post(f"{BASE}/query/", json=body, headers=api.headers)
    assert answer.status_code == 200, answer.text
    mine = {str(A), str(B)}
    return {
        one["id"]: one["aggregations"]["occurrences"]
        for one in answer.json()["results"]
        if one["id"] in mine or one["status"] == "suppressed" or one["name"] == "apart"
    }


def post(api, path, body):
    answer = api.client.post(f"{BASE}/error_tracking/issues/{path}/", json=body, headers=api.headers)
    assert answer.status_code == 200, answer.text
    IssueMirror(api.engine, api.store).look()
    return answer.json()


def test_an_event_counts_once_and_events_follow_a_merge_and_a_split(api):
    assert occurrences(api) == {str(A): 2, str(B): 1}
    assert occurrences(api, searchQuery='"BAD n" valueerror') == {str(A): 2}
    assert post(api, f"{B}/merge", {"ids": [str(A)]}) == {"success": True}
    assert occurrences(api) == {str(B): 3}
    assert occurrences(api, issueId=str(A)) == {}
    split = {"fingerprints": [{"fingerprint": "merged a", "name": "apart"}]}
    (apart,) = post(api, f"{B}/split", split)["new_issue_ids"]
    assert occurrences(api) == {str(B): 1, apart: 2}
    assert occurrences(api, issueId=apart) == {apart: 2}
    # Out of the way of other tests here.
    headers, path = api.headers, f"{BASE}/error_tracking/issues/{apart}/"
    assert api.client.patch(path, json={"status": "suppressed"}, headers=headers).status_code == 200
