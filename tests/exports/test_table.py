"""What a spreadsheet of an answer looks like."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.exports.kept import Content
from appliance.exports.table import table_of
from appliance.exports.write import as_csv
from appliance.failures import Invalid


def _table(**response: Any) -> list[list[Any]]:
    names, rows = table_of(response)
    return [list(names), *(list(row) for row in rows)]


def _csv(tmp_path: Path, bytes_max: int = 1_000, **response: Any) -> str:
    path = tmp_path / "export"
    with Content(path, bytes_max) as content:
        as_csv(response, content)
        content.publish()
    return path.read_text()


def test_rows_with_columns_stay_as_they_are_and_objects_become_columns() -> None:
    found = _table(columns=["event", "person"], results=[["a", {"id": 1}], ["b", {"name": "x"}], ["c", None]])
    assert found == [
        ["event", "person.id", "person.name"],
        ["a", 1, None],
        ["b", None, "x"],
        ["c", None, None],
    ]


def test_a_series_is_a_row_and_a_day_a_column() -> None:
    one = {
        "label": "a",
        "labels": ["1-Jan", "2-Jan"],
        "days": [],
        "data": [1, 2],
        "action": {"custom_name": "A"},
    }
    two = {"label": "b", "labels": ["1-Jan", "2-Jan"], "days": [], "data": [3, 4], "action": None}
    assert _table(results=[one, two]) == [["series", "1-Jan", "2-Jan"], ["A", 1, 2], ["b", 3, 4]]
    total = {"label": "t", "labels": [], "data": [], "aggregated_value": 7}
    assert _table(results=[total]) == [["series", "total count"], ["t", 7]]


def test_steps_of_a_funnel_are_rows() -> None:
    step = {"action_id": "a", "name": "a", "order": 0, "count": 5, "median_conversion_time": None}
    assert _table(results=[step])[1][:3] == ["a", "a", 5]
    broken = {**step, "breakdown_value": ["x", "y"]}
    assert _table(results=[[broken], [broken]])[2][:2] == ["a", "x::y"]


def test_a_cohort_of_retention_is_a_row() -> None:
    item = {"date": "2026-01-01", "label": "Week 0", "values": [{"count": 5}, {"count": 2}]}
    assert _table(results=[item]) == [["cohort", "cohort size", "Week 0", "Week 1"], ["2026-01-01", 5, 5, 2]]


@pytest.mark.parametrize("results", [None, [], {}, {"events": []}, [None, 1], [[]], [{}]])
def test_an_answer_of_any_shape_has_a_table(results: Any) -> None:
    assert _table(results=results)


def test_no_text_is_taken_for_a_formula(tmp_path: Path) -> None:
    rows = [["=1+1", -1, "a\nb", float("nan")], [None, True, [1], datetime(2026, 1, 1, tzinfo=UTC)]]
    assert _csv(tmp_path, columns=["@a", "b", "c", "d"], results=rows) == (
        "'@a,b,c,d\n'=1+1,-1,\"a\nb\",\n,true,[1],2026-01-01T00:00:00Z\n"
    )


def test_a_file_that_is_too_large_is_not_left_behind(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="larger"):
        _csv(tmp_path, 10, columns=["a"], results=[["x" * 20]])
    assert list(tmp_path.iterdir()) == []
