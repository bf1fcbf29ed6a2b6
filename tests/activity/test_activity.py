"""The activity log of a project."""

from tests.rest import Rest


def test_the_log_holds_all_kinds_of_things_newest_first(rest: Rest) -> None:
    insight = rest.made("insights/", name="i")
    rest.made("annotations/", content="a", scope="project")
    rest.patch(f"insights/{insight['id']}/", {"name": "j"})
    rest.patch(f"/api/projects/{rest.project_id}/", {"timezone": "Asia/Tokyo"})
    log = rest.results("activity_log/")
    assert [(one["scope"], one["activity"]) for one in log] == [
        ("Team", "updated"), ("Insight", "updated"), ("Annotation", "created"), ("Insight", "created")
    ]  # fmt: skip
    assert log[0]["user"]["email"] == rest.first.email
    assert len(rest.results("activity_log/", scope="Insight")) == 2
    assert len(rest.results("activity_log/", scopes="Insight,Annotation")) == 3
    assert len(rest.results("activity_log/", item_id=insight["id"], scope="Insight")) == 2
    assert rest.results("activity_log/", user=2**40) == []
    assert rest.other_project().results("activity_log/") == []


def test_tags_are_those_in_use(rest: Rest) -> None:
    rest.made("insights/", name="i", tags=["b", "A"])
    rest.made("dashboards/", name="d", tags=["b"])
    assert rest.get("tags/").json() == ["a", "b"]
    assert rest.other_project().get("tags/").json() == []
