"""The store hears of every fingerprint that was moved: rows 68 and 69 of the contract's table."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from appliance.error_tracking.mirror import IssueMirror
from appliance.failures import StoreUnavailable
from appliance.store import ClickHouseStore
from tests.error_tracking.exceptions import fingerprints, issue_of, link, thrown
from tests.error_tracking.test_issues import ISSUES, made
from tests.rest import Rest


def overrides(store: ClickHouseStore, rest: Rest) -> dict[str, tuple[str, int]]:
    rows = store.query(
        "SELECT fingerprint, toString(issue_id), version FROM error_tracking_issue_fingerprint_overrides FINAL "
        "WHERE team_id = {project:Int64} AND is_deleted = 0",
        {"project": rest.project_id},
    ).rows
    mine = fingerprints(rest)
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in mine}


def merged(rest: Rest) -> tuple[str, str]:
    """An issue and the fingerprint that it got from another. The store is shared by catalogs, so it is new."""
    name = f"Error{uuid4().hex}"
    target, source = made(rest, "B"), made(rest, name)
    rest.post(f"{ISSUES}{target}/merge/", {"ids": [source]})
    return target, thrown(rest, name).fingerprints[0][0]


def test_only_what_was_moved_is_told_and_each_move_counts(rest: Rest, store: ClickHouseStore) -> None:
    mirror = IssueMirror(rest.engine, store)
    target, fingerprint = merged(rest)
    mirror.look()
    assert overrides(store, rest) == {fingerprint: (target, 1)}
    answer = rest.post(f"{ISSUES}{target}/split/", {"fingerprints": [{"fingerprint": fingerprint}]})
    mirror.look()
    mirror.look()
    assert overrides(store, rest) == {fingerprint: (answer.json()["new_issue_ids"][0], 2)}


def test_what_the_store_did_not_take_is_told_again(rest: Rest, store: ClickHouseStore) -> None:
    class Away:
        def command(self, *_: Any) -> str:
            raise StoreUnavailable("away")

    target, fingerprint = merged(rest)
    with pytest.raises(StoreUnavailable):
        IssueMirror(rest.engine, Away()).look()  # type: ignore[arg-type]
    IssueMirror(rest.engine, store).look()
    assert overrides(store, rest) == {fingerprint: (target, 1)}


def test_what_is_moved_while_it_is_told_is_told_again(rest: Rest, store: ClickHouseStore) -> None:
    target, fingerprint = merged(rest)

    class Slow:
        def command(self, sql: str, values: Any) -> str:
            if len(set(fingerprints(rest).values())) == 1:
                rest.post(f"{ISSUES}{target}/split/", {"fingerprints": [{"fingerprint": fingerprint}]})
            return store.command(sql, values)

    IssueMirror(rest.engine, Slow()).look()  # type: ignore[arg-type]
    assert overrides(store, rest)[fingerprint] == (target, 1)
    IssueMirror(rest.engine, store).look()
    issue_id, version = overrides(store, rest)[fingerprint]
    assert (UUID(issue_id), version) == (fingerprints(rest)[fingerprint], 2)


def test_many_are_told_in_parts(rest: Rest, store: ClickHouseStore) -> None:
    word = uuid4().hex[:4]
    events = [
        thrown(rest, "E", **{"$exception_fingerprint": f"{word}{number}'\\{{é\t" + "&" * 40})
        for number in range(220)
    ]
    target, *others = [str(issue_of(one)) for one in link(rest, *events)]
    answer = rest.post(f"{ISSUES}{target}/merge/", {"ids": others})
    assert answer.status_code == 200, answer.text
    IssueMirror(rest.engine, store).look()
    moved = {value: str(id_) for value, id_ in fingerprints(rest).items()}
    del moved[events[0].fingerprints[0][0]]
    assert {value: id_ for value, (id_, _) in overrides(store, rest).items()} == moved
