"""Persons as lists over the API."""

import csv
import io

from tests.rest import Rest


def test_persons_are_found_by_e_mail_and_given_as_a_table(rest: Rest) -> None:
    rest.person("ada", email="ada@example.org", plan="=1+1", seats=5)
    rest.person("bob", email="bob@example.org")
    found = rest.results("persons/", email="ada@example.org")
    assert [one["distinct_ids"] for one in found] == [["ada"]]
    answer = rest.get("persons/", format="csv")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(answer.text))}
    assert rows["ada@example.org"]["properties.seats"] == "5"
    assert rows["ada@example.org"]["properties.plan"] == "'=1+1"
    assert rows["bob@example.org"]["properties.plan"] == ""
    assert rows["bob@example.org"]["distinct_ids"] == '["bob"]'


def test_without_a_journal_nothing_is_said_to_have_been_done(rest: Rest) -> None:
    id_ = rest.person("ada", plan="free")
    answer = rest.post(f"persons/{id_}/update_property/", {"key": "plan", "value": "pro"})
    assert answer.status_code == 503
    assert rest.results(f"persons/{id_}/activity/") == []
