"""Issues over the API: rows 68 to 70 of the contract's table, and what is around them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from appliance.catalog import reading
from appliance.catalog.error_issues import error_fingerprint
from tests.error_tracking.exceptions import (
    MINUTE_US,
    NOW_US,
    alerts,
    fingerprints,
    issue_of,
    link,
    thrown,
)
from tests.rest import Rest

ISSUES = "error_tracking/issues/"


def made(rest: Rest, type_: str, value: str = "", **more: Any) -> str:
    """The id of an issue that an event has made."""
    return str(issue_of(link(rest, thrown(rest, type_, value, **more))[0]))


def seen(rest: Rest, id_: str) -> dict[str, Any]:
    answer = rest.get(f"{ISSUES}{id_}/")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def user_id(rest: Rest) -> int:
    found: int = rest.get("/api/users/@me/").json()["id"]
    return found


def happened(rest: Rest, id_: str) -> list[str]:
    return [one["activity"] for one in rest.results(f"{ISSUES}{id_}/activity/")]


def versions(rest: Rest) -> dict[str, int]:
    columns = error_fingerprint.c
    query = select(columns.fingerprint, columns.version).where(columns.project_id == rest.project_id)
    with reading(rest.engine) as connection:
        return {row.fingerprint: row.version for row in connection.execute(query)}


def test_an_issue_is_shown_with_all_that_is_known_of_it(rest: Rest) -> None:
    assert rest.get(f"{ISSUES}exists/").json() == {"exists": False}
    id_ = made(rest, "TypeError", "x is undefined")
    expected = {
        "id": id_,
        "status": "active",
        "severity": None,
        "name": "TypeError",
        "description": "x is undefined",
        "first_seen": "2026-09-21T14:13:20Z",
        "assignee": None,
        "external_issues": [],
        "cohort": None,
    }
    assert seen(rest, id_) == expected
    page = rest.get(ISSUES).json()
    assert (page["count"], page["results"]) == (1, [expected])
    assert rest.get(f"{ISSUES}exists/").json() == {"exists": True}


def test_what_people_may_change_is_changed_and_remembered(rest: Rest) -> None:
    id_ = made(rest, "TypeError")
    change = {"status": "resolved", "severity": "high", "name": "Pay", "description": None}
    answer = rest.patch(f"{ISSUES}{id_}/", change | {"first_seen": "2000-01-01T00:00:00Z"})
    assert answer.status_code == 200
    assert seen(rest, id_) == answer.json() == seen(rest, id_) | change
    assert rest.ask("PUT", f"{ISSUES}{id_}/", json={"status": "suppressed"}).json()["name"] == "Pay"
    assert happened(rest, id_) == ["updated", "updated"]
    told = rest.results(f"{ISSUES}activity/")[-1]["detail"]["changes"]
    assert {one["field"] for one in told} == set(change)


def test_statuses_of_old_and_other_words_are_refused(rest: Rest) -> None:
    id_ = made(rest, "TypeError")
    for change in (
        {"status": "archived"},
        {"status": "pending_release"},
        {"status": None},
        {"severity": "urgent"},
        {"name": "x" * 401},
    ):
        assert rest.patch(f"{ISSUES}{id_}/", change).status_code == 400, change
    assert seen(rest, id_)["status"] == "active"


def test_an_issue_cannot_be_deleted(rest: Rest) -> None:
    id_ = made(rest, "TypeError")
    assert rest.delete(f"{ISSUES}{id_}/").status_code == 405
    assert seen(rest, id_)["id"] == id_


def test_an_issue_is_assigned_to_a_user_a_role_or_nobody(rest: Rest) -> None:
    id_, role = made(rest, "TypeError"), str(uuid4())
    for assignee in ({"type": "user", "id": user_id(rest)}, {"type": "role", "id": role}, None):
        answer = rest.patch(f"{ISSUES}{id_}/assign/", {"assignee": assignee})
        assert (answer.status_code, answer.json()) == (200, {"success": True})
        assert seen(rest, id_)["assignee"] == assignee
    for wrong in ({"type": "user", "id": 2**40}, {"type": "role", "id": 3}, {"type": "team", "id": 1}, 7):
        assert rest.patch(f"{ISSUES}{id_}/assign/", {"assignee": wrong}).status_code == 400, wrong
    assert rest.patch(f"{ISSUES}{id_}/assign/", {}).status_code == 400
    assert happened(rest, id_) == ["assigned"] * 3


def test_many_are_changed_at_once(rest: Rest) -> None:
    ids = [made(rest, name) for name in ("A", "B", "C")]
    other = rest.other_project()
    theirs = made(other, "A")
    asked = {"action": "set_status", "status": "resolved", "ids": [*ids[:2], theirs, str(uuid4())]}
    assert rest.post(f"{ISSUES}bulk/", asked).json() == {"success": True}
    assert [seen(rest, one)["status"] for one in ids] == ["resolved", "resolved", "active"]
    assert seen(other, theirs)["status"] == "active"
    user = {"type": "user", "id": user_id(rest)}
    assert rest.post(f"{ISSUES}bulk/", {"action": "assign", "assignee": user, "ids": ids}).status_code == 200
    assert [seen(rest, one)["assignee"] for one in ids] == [user] * 3
    for wrong in (
        {"action": "set_status", "ids": ids},
        {"action": "set_status", "status": "archived", "ids": ids},
        {"action": "delete", "ids": ids},
        {"action": "assign", "ids": ["x"]},
        {"action": "assign", "ids": [str(uuid4())] * 1_001},
    ):
        assert rest.post(f"{ISSUES}bulk/", wrong).status_code == 400, wrong


def test_those_whom_it_affects_may_be_a_cohort(rest: Rest) -> None:
    id_ = made(rest, "TypeError")
    cohort = rest.made("cohorts/", name="unlucky", is_static=True)["id"]
    assert rest.ask("PUT", f"{ISSUES}{id_}/cohort/", json={"cohortId": cohort}).status_code == 200
    assert seen(rest, id_)["cohort"] == {"id": cohort, "name": "unlucky"}
    theirs = rest.other_project().made("cohorts/", name="theirs", is_static=True)["id"]
    assert rest.ask("PUT", f"{ISSUES}{id_}/cohort/", json={"cohortId": theirs}).status_code == 400


def test_names_and_descriptions_are_suggested(rest: Rest) -> None:
    for name, value in (("TypeError", "50% off"), ("ValueError", "bad"), ("ValueError", "worse")):
        made(rest, name, value)

    def values(key: str, value: str) -> list[str]:
        answer = rest.get(f"{ISSUES}values/", key=key, value=value)
        return [one["name"] for one in answer.json()]

    assert values("name", "ERROR") == ["TypeError", "ValueError"]
    assert values("issue_description", "%") == ["50% off"]
    assert values("status", "a") == values("name", "") == []


def test_merged_issues_are_one_and_their_fingerprints_lead_to_it(rest: Rest) -> None:
    target, source, third = (made(rest, name) for name in ("B", "A", "C"))
    event = thrown(rest, "A")
    fingerprint = event.fingerprints[0][0]
    answer = rest.post(f"{ISSUES}{target}/merge/", {"ids": [source, third]})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    assert set(fingerprints(rest).values()) == {UUID(target)}
    assert sorted(versions(rest).values()) == [0, 1, 1]
    assert str(issue_of(link(rest, event)[0])) == target
    assert rest.get(f"{ISSUES}{source}/").status_code == 404
    moved = rest.get(f"{ISSUES}{source}/", fingerprint=fingerprint)
    assert (moved.status_code, moved.json()) == (308, {"issue_id": target})
    assert rest.get(f"{ISSUES}{target}/", fingerprint=fingerprint).status_code == 200
    assert rest.get(f"{ISSUES}{target}/", fingerprint="nobody's").status_code == 200
    assert happened(rest, target) == ["merged"]
    assert alerts(rest) == ["created"] * 3


def test_a_merged_issue_was_first_seen_as_early_as_any_of_them(rest: Rest) -> None:
    target, event = made(rest, "B"), thrown(rest, "A")
    link(rest, replace(event, timestamp_us=NOW_US - MINUTE_US))
    source = next(one["id"] for one in rest.results(ISSUES) if one["id"] != target)
    before = seen(rest, source)["first_seen"]
    rest.post(f"{ISSUES}{target}/merge/", {"ids": [source]})
    assert seen(rest, target)["first_seen"] == before


def test_a_merge_with_an_unknown_issue_changes_nothing(rest: Rest) -> None:
    target, source = made(rest, "B"), made(rest, "A")
    theirs = made(rest.other_project(), "A")
    for ids in ([source, str(uuid4())], [source, theirs]):
        assert rest.post(f"{ISSUES}{target}/merge/", {"ids": ids}).status_code == 404
    assert rest.post(f"{ISSUES}{target}/merge/", {"ids": [target]}).status_code == 200
    assert rest.post(f"{ISSUES}{target}/merge/", {"ids": "x"}).status_code == 400
    assert len(rest.results(ISSUES)) == 2
    assert set(versions(rest).values()) == {0}


def test_a_fingerprint_that_is_split_off_takes_its_events_along(rest: Rest) -> None:
    target, source = made(rest, "B", "b"), made(rest, "A", "a")
    rest.post(f"{ISSUES}{target}/merge/", {"ids": [source]})
    event = thrown(rest, "A", "a")
    fingerprint = event.fingerprints[0][0]
    answer = rest.post(f"{ISSUES}{target}/split/", {"fingerprints": [{"fingerprint": fingerprint}]})
    assert answer.status_code == 200, answer.text
    (new,) = answer.json()["new_issue_ids"]
    assert answer.json()["success"] is True
    assert str(issue_of(link(rest, event)[0])) == new
    assert versions(rest)[fingerprint] == 2
    assert (seen(rest, new)["name"], seen(rest, new)["status"]) == ("B", "active")
    assert happened(rest, target) == ["split", "merged"]
    listed = rest.results("error_tracking/fingerprints/", issue_id=new)
    assert [one["fingerprint"] for one in listed] == [fingerprint]


def test_what_is_split_off_may_be_named(rest: Rest) -> None:
    ids = [made(rest, name) for name in ("A", "B", "C")]
    rest.post(f"{ISSUES}{ids[0]}/merge/", {"ids": ids[1:]})
    wanted = [thrown(rest, name).fingerprints[0][0] for name in ("C", "B")]
    parts = [{"fingerprint": one, "name": f"n{number}"} for number, one in enumerate(wanted)]
    new = rest.post(f"{ISSUES}{ids[0]}/split/", {"fingerprints": parts}).json()["new_issue_ids"]
    assert [seen(rest, one)["name"] for one in new] == ["n0", "n1"]
    assert fingerprints(rest)[wanted[0]] == UUID(new[0])


def test_nothing_is_split_off_that_is_not_there_or_all_there_is(rest: Rest) -> None:
    id_, other = made(rest, "A"), made(rest, "B")
    mine, theirs = (thrown(rest, name).fingerprints[0][0] for name in ("A", "B"))
    for wrong in ([mine], [theirs], [mine, mine], ["x"], [7], [None]):
        parts = [{"fingerprint": one} for one in wrong]
        assert rest.post(f"{ISSUES}{id_}/split/", {"fingerprints": parts}).status_code == 400, wrong
    assert {one["id"] for one in rest.results(ISSUES)} == {id_, other}


def test_events_beside_a_merge_leave_nothing_behind(rest: Rest) -> None:
    """An event gives an old issue its newest fingerprint, while that issue is merged into another."""
    target = made(rest, "Target")
    for number in range(6):
        event = thrown(rest, f"Error{chr(65 + number)}")
        old = replace(event, fingerprints=[event.fingerprints[1]])
        source = str(issue_of(link(rest, old)[0]))
        with ThreadPoolExecutor(1) as pool:
            linking = pool.submit(link, rest, event)
            assert rest.post(f"{ISSUES}{target}/merge/", {"ids": [source]}).status_code == 200
            linking.result()
    assert set(fingerprints(rest).values()) == {UUID(target)}
    assert len(rest.results(ISSUES)) == 1
