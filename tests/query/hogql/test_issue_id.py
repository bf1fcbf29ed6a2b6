"""`issue_id`: the issue an exception was stored with, unless its fingerprint was moved since."""

import uuid

import pytest

from appliance.query.hogql.execute import printed_for
from appliance.query.hogql.parse import parse_select
from appliance.query.hogql.schema.error_tracking import OVERRIDES
from tests.query.hogql.conftest import OURS, event

FIRST, SECOND, THIRD = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
MOVED, AGAIN, BACK = 31, 32, 33
ASKED = "select properties.name, toString(issue_id) from events where event = '$exception' order by 1"


def exception(name, project, issue=None, fingerprint=None):
    properties = {"name": name, "$exception_issue_id": issue, "$exception_fingerprint": fingerprint}
    given = {key: value for key, value in properties.items() if value is not None}
    return event("$exception", "2020-01-10 12:00:00", "whoever fails", given, project)


def override(project, fingerprint, issue, version, is_deleted=0):
    return {
        "team_id": project,
        "fingerprint": fingerprint,
        "issue_id": issue,
        "version": version,
        "is_deleted": is_deleted,
    }


@pytest.fixture(scope="module", autouse=True)
def _filled(insert):
    for project in (OURS, MOVED, AGAIN, BACK):
        insert(
            "events",
            exception("a", project, FIRST, "fa"),
            exception("b", project, SECOND, "fb"),
            exception("c", project, None, "fb"),  # was not grouped, though its client chose a fingerprint
            exception("d", project, "not a uuid", "fd"),
        )
    insert(OVERRIDES, override(MOVED, "fb", FIRST, 1))
    insert(OVERRIDES, override(AGAIN, "fb", FIRST, 1), override(AGAIN, "fb", THIRD, 2))
    insert(OVERRIDES, override(BACK, "fb", FIRST, 1), override(BACK, "fb", FIRST, 2, is_deleted=1))


@pytest.mark.parametrize(
    ("project", "second"), [(OURS, SECOND), (MOVED, FIRST), (AGAIN, THIRD), (BACK, SECOND)]
)
def test_events_follow_their_fingerprint_to_the_issue_it_belongs_to_now(rows, project, second):
    assert rows(ASKED, project=project) == [("a", FIRST), ("b", second), ("c", None), ("d", None)]


@pytest.mark.parametrize("project", [OURS, MOVED])
def test_an_issue_s_events_are_found_grouped_and_joined(rows, project):
    wanted = 2 if project == MOVED else 1
    text = f"select count() from events where issue_id = '{FIRST}'"
    assert rows(text, project=project) == [(wanted,)]
    inside = (
        f"select count() from events where uuid in (select e.uuid from events e where e.issue_id = '{FIRST}')"
    )
    assert rows(inside, project=project) == [(wanted,)]
    joined = (
        "select count() from persons p join events e on e.distinct_id != toString(p.id)"
        f" where e.issue_id = '{FIRST}' and p.id is not null"
    )
    both = rows(joined, project=project)
    assert both == [(0 if project != OURS else wanted * rows("select count() from persons")[0][0],)]
    grouped = "select toString(issue_id), count() from events where isNotNull(issue_id) group by 1 order by 1"
    assert rows(grouped, project=project) == ([(FIRST, 2)] if project == MOVED else [(FIRST, 1), (SECOND, 1)])


def test_the_join_is_left_out_where_nothing_was_ever_moved(context, reader):
    text = "select issue_id, person_id from events"
    for project, is_joined in ((OURS, False), (MOVED, True)):
        printed, _ = printed_for(parse_select(text), context(project), reader)
        assert (OVERRIDES in printed.sql) is is_joined
        assert project == OURS or "person_distinct_id_overrides" not in printed.sql


def test_the_table_of_overrides_shows_the_newest_of_the_own_project(rows):
    text = f"select fingerprint, toString(issue_id), team_id from {OVERRIDES}"
    assert rows(text, project=AGAIN) == [("fb", THIRD, AGAIN)]
    assert rows(text, project=BACK) == []
    assert rows(f"select count() from raw_{OVERRIDES} where team_id = {AGAIN}", project=BACK) == [(0,)]
    (raw,) = rows(f"select * from raw_{OVERRIDES} order by version desc limit 1", project=BACK)
    assert raw == (BACK, "fb", uuid.UUID(FIRST), True, 2)
