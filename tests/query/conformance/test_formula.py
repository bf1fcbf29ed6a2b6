"""The contract's rows F1 to F11, on its dataset SF."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.failures import Invalid
from appliance.query.insights.formula import parse_formula
from tests.query.conformance.asking import Person

EVENTS = (
    ("2020-01-02T13:01", 200, "Paris"),
    ("2020-01-02T13:01", 300, "Paris"),
    ("2020-01-02T13:01", 400, "London"),
    ("2020-01-03T13:01", 400, "London"),
    ("2020-01-03T13:04", 500, "London"),
)
START = {"kind": "EventsNode", "event": "session start"}
SUM = START | {"math": "sum", "math_property": "xyz"}
AVG = START | {"math": "avg", "math_property": "xyz"}
LATE, EARLY = "2020-01-04T13:05", "2020-01-03T13:05"


@pytest.fixture(scope="module")
def sf(warehouse):
    def make(warehouse):
        events = [
            {
                "event": "session start",
                "at": time,
                "person": "p",
                "properties": {"xyz": xyz, "location": location},
            }
            for time, xyz, location in EVENTS
        ]
        return warehouse.dataset([Person("p")], events, LATE)

    return warehouse.kept("SF", make)


def ask(sf, text, now=LATE, series=(SUM, AVG), **more):
    trends = {"formula": text} | more.pop("trendsFilter", {})
    query = {"kind": "TrendsQuery", "series": list(series), "trendsFilter": trends, **more}
    (item,) = sf.given(now=now).results(query)
    return item


@pytest.mark.parametrize(
    ("row", "text", "data"),
    [
        ("F1", "A-B", [0, 0, 0, 0, 0, 600, 450, 0]),
        ("F2", "A*B", [0, 0, 0, 0, 0, 270_000, 405_000, 0]),
        ("F3", "A/B", [0, 0, 0, 0, 0, 3, 2, 0]),
        ("F4", "(A/3600)/B", [0, 0, 0, 0, 0, 1 / 1200, 1 / 1800, 0]),
        ("F5", "A/0", [0, 0, 0, 0, 0, 0, 0, 0]),
    ],
)
def test_f1_to_f5_over_the_default_range(sf, row, text, data):
    item = ask(sf, text)
    assert item["data"] == pytest.approx(data), row
    assert item["count"] == pytest.approx(sum(data))


def test_f6_f7_f8_over_other_ranges(sf):
    assert ask(sf, "A+B", EARLY, dateRange={"date_from": "-3d"})["data"] == [0, 0, 1200, 1350]
    assert ask(sf, "A+B", dateRange={"date_from": "-2w"}, interval="week")["data"] == [0, 0, 2160]
    assert ask(sf, "A+B", dateRange={"date_from": "-2m"}, interval="month")["data"] == [0, 0, 2160]
    hours = ask(sf, "A+B", EARLY, dateRange={"date_from": "-24h"}, interval="hour")["data"]
    assert (len(hours), hours[0], hours[-1], sum(hours)) == (25, 1200, 1350, 2550)


def test_f9_f10_of_totals(sf):
    bold = {"display": "BoldNumber"}
    assert ask(sf, "B+A", trendsFilter=bold)["aggregated_value"] == 2160
    never = AVG | {"event": "session end"}
    assert ask(sf, "A+B", series=(SUM, never), trendsFilter=bold)["aggregated_value"] == 1800


@pytest.mark.parametrize("math", ["unique_session", "dau"])
def test_f11_one_person_in_one_session(sf, math):
    (item,) = sf.results({"kind": "TrendsQuery", "series": [START | {"math": math}]})
    assert item["data"] == [0, 0, 0, 0, 0, 1, 1, 0]


def test_several_formulas_are_several_items(sf):
    nodes = [{"formula": "A", "custom_name": "all of it"}, {"formula": "B - A"}]
    query = {"kind": "TrendsQuery", "series": [SUM, AVG], "trendsFilter": {"formulaNodes": nodes}}
    assert [(item["label"], item["count"]) for item in sf.results(query)] == [
        ("all of it", 1800),
        ("Formula (B - A)", -1050),
    ]


@pytest.mark.parametrize(
    "text", ["A+", "(A", "A)", "A B", "A^2", "C", "1e5", "__import__", "A//B", "", "(" * 60 + "A" + ")" * 60]
)
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(Invalid):
        parse_formula(text, 2)


_numbers = st.integers(0, 99).map(str)
_formulas = st.recursive(
    st.one_of(_numbers, st.sampled_from(["A", "B"])),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map("".join),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"-({text})"),
    ),
    max_leaves=12,
)


@given(_formulas, st.integers(-50, 50), st.integers(-50, 50))
def test_a_formula_means_what_arithmetic_says(text, a, b):
    expected = eval(text.replace(" ", ""), {"A": a, "B": b})
    assert parse_formula(text, 2).value({"A": a, "B": b}) == pytest.approx(expected)
