"""Insight variables over the API."""

import pytest

from tests.rest import Rest


def test_a_variable_keeps_its_code_name_when_it_is_renamed(rest: Rest) -> None:
    made = rest.made("insight_variables/", name="Start Date!", type="Date", default_value="2026-01-01")
    assert made["code_name"] == "start_date"
    renamed = rest.patch(f"insight_variables/{made['id']}/", {"name": "Begin"}).json()
    assert (renamed["name"], renamed["code_name"]) == ("Begin", "start_date")
    again = rest.post("insight_variables/", {"name": "start date", "type": "String"})
    assert (again.status_code, again.json()["code"]) == (400, "unique")
    assert [one["id"] for one in rest.results("insight_variables/")] == [made["id"]]
    assert rest.delete(f"insight_variables/{made['id']}/").status_code == 204
    assert rest.results("insight_variables/") == []
    assert rest.get(f"insight_variables/{made['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("body", "attr"),
    [
        ({"name": "n", "type": "Colour"}, "type"),
        ({"type": "String"}, "name"),
        ({"name": "!", "type": "String"}, "name"),
        ({"name": "n", "type": "Number", "default_value": "many"}, "default_value"),
        ({"name": "n", "type": "Boolean", "default_value": 1}, "default_value"),
        ({"name": "n", "type": "List", "values": ["a"], "default_value": "b"}, "default_value"),
        ({"name": "n", "type": "List", "values": "a"}, "values"),
    ],
)
def test_a_bad_field_is_named(rest: Rest, body: dict[str, object], attr: str) -> None:
    answer = rest.post("insight_variables/", body)
    assert (answer.status_code, answer.json()["attr"]) == (400, attr)
