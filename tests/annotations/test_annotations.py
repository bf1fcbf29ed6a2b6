"""Annotations over the API."""

import pytest

from tests.rest import Rest


def test_an_annotation_is_made_found_changed_and_hidden(rest: Rest) -> None:
    insight = rest.made("insights/", name="Views")
    made = rest.made(
        "annotations/", content="Launch", date_marker="2026-03-01T12:00:00+02:00",
        scope="dashboard_item", dashboard_item=insight["id"],
    )  # fmt: skip
    assert made["date_marker"] == "2026-03-01T10:00:00Z"
    assert (made["insight_short_id"], made["insight_name"]) == (insight["short_id"], "Views")
    assert made["creation_type"] == "USR"
    later = rest.made("annotations/", content="Release 2", scope="project", date_marker="2026-04-01")
    assert [one["id"] for one in rest.results("annotations/")] == [later["id"], made["id"]]
    assert [one["id"] for one in rest.results("annotations/", search="LAUN")] == [made["id"]]
    assert [one["id"] for one in rest.results("annotations/", scope="project")] == [later["id"]]
    before = rest.results("annotations/", date_to="2026-03-15T00:00:00Z")
    assert [one["id"] for one in before] == [made["id"]]
    assert rest.patch(f"annotations/{made['id']}/", {"emoji": "🚀"}).json()["emoji"] == "🚀"
    rest.patch(f"annotations/{made['id']}/", {"deleted": True})
    assert rest.get(f"annotations/{made['id']}/").status_code == 404


def test_a_note_of_the_organisation_is_seen_in_each_of_its_projects(rest: Rest) -> None:
    other = rest.other_project()
    shared = rest.made("annotations/", content="all", scope="organization", date_marker="2026-01-01")
    own = rest.made("annotations/", content="mine", scope="project", date_marker="2026-01-01")
    seen = {one["id"] for one in other.results("annotations/", limit=1000)}
    assert shared["id"] in seen
    assert own["id"] not in seen
    assert other.get(f"annotations/{own['id']}/").status_code == 404
    rest.patch(f"annotations/{shared['id']}/", {"deleted": True})


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"scope": "world"}, "scope"),
        ({"date_marker": "soon"}, "date_marker"),
        ({"creation_type": "X"}, "creation_type"),
        ({"dashboard_item": 2**40}, "dashboard_item"),
    ],
)
def test_a_bad_field_is_named(rest: Rest, body: dict[str, object], attr: str) -> None:
    answer = rest.post("annotations/", {"content": "x", **body})
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)
