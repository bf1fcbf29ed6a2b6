"""What filters of rules mean: as in queries."""

from typing import Any

import pytest

from appliance.error_tracking.rule_filters import Asked, RuleFailed, condition

PROPERTIES: dict[str, Any] = {
    "$exception_types": ["TypeError", "ValueError"],
    "$exception_values": ["x is undefined", "bad n"],
    "$exception_sources": [],
    "$current_url": "https://Example.com/Cart?id=7",
    "$app_version": "1.10.0",
    "count": 12,
    "text": "12",
    "is_on": True,
    "nothing": None,
    "at": "2026-03-01T12:00:00Z",
    "nested": {"a": 1},
}


def matches(key: str, operator: str | None, value: Any = None, **more: Any) -> bool:
    one = {"key": key, "type": "event", "operator": operator, "value": value} | more
    return condition({"type": "AND", "values": [one]})(Asked(PROPERTIES))


@pytest.mark.parametrize(
    ("key", "operator", "value"),
    [
        ("$exception_types", "exact", "ValueError"),
        ("$exception_types", None, ["Other", "TypeError"]),
        ("$exception_types", "icontains", "typee"),
        ("$exception_values", "regex", "^bad .$"),
        ("$exception_types", "is_not", "RangeError"),
        ("$exception_sources", "is_not", "a.js"),
        ("$current_url", "icontains", "EXAMPLE.com/cart"),
        ("$current_url", "starts_with", "HTTPS://"),
        ("$current_url", "ends_with", ["nothing", "?ID=7"]),
        ("$current_url", "not_icontains", "checkout"),
        ("$current_url", "icontains_multi", ["a", "zz"]),
        ("$app_version", "semver_gt", "1.9.0"),
        ("$app_version", "semver_wildcard", "1.10.*"),
        ("count", "gt", 11),
        ("count", "lte", "12"),
        ("count", "exact", "12"),
        ("count", "exact", 12.0),
        ("count", "between", [12, 13]),
        ("text", "gte", 12),
        ("text", "exact", 12),
        ("is_on", "exact", ["true"]),
        ("is_on", "exact", "1"),
        ("at", "is_date_before", "2026-03-02"),
        ("at", "is_date_after", "2026-02-28"),
        ("missing", "is_not_set", None),
        ("nothing", "is_not_set", None),
        ("missing", "is_not", "a"),
        ("missing", "not_regex", "a"),
        ("count", "is_set", None),
        ("nested", "icontains", '"a":1'),
        ("missing", "exact", None),
    ],
)
def test_what_matches(key: str, operator: str | None, value: Any) -> None:
    assert matches(key, operator, value)


@pytest.mark.parametrize(
    ("key", "operator", "value"),
    [
        ("$exception_types", "exact", "typeerror"),
        ("$exception_types", "is_not", "TypeError"),
        ("$exception_types", "not_icontains", "value"),
        ("$exception_sources", "exact", "a.js"),
        ("$current_url", "exact", "https://example.com/Cart?id=7"),
        ("$app_version", "semver_lt", "1.9.0"),
        ("count", "lt", 12),
        ("count", "gt", "abc"),
        ("count", "not_between", [12, 13]),
        ("is_on", "exact", "false"),
        ("missing", "exact", "a"),
        ("missing", "regex", ".*"),
        ("missing", "gt", 0),
        ("missing", "is_set", None),
    ],
)
def test_what_does_not_match(key: str, operator: str, value: Any) -> None:
    assert not matches(key, operator, value)


def test_groups_nest() -> None:
    yes = {"key": "count", "operator": "exact", "value": 12}
    no = {"key": "count", "operator": "exact", "value": 13}

    def group(kind: str, *values: Any) -> dict[str, Any]:
        return {"type": kind, "values": list(values)}

    def holds(one: dict[str, Any]) -> bool:
        return condition(one)(Asked(PROPERTIES))

    assert holds(group("AND"))
    assert holds(group("OR"))
    assert holds(group("OR", no, yes))
    assert not holds(group("AND", no, yes))
    assert holds(group("AND", yes, group("OR", no, group("AND", yes, yes))))
    assert not holds(group("AND", yes, group("OR", no, group("AND", yes, no))))


def test_issues_are_asked_where_there_is_one() -> None:
    one = condition(
        {"key": "name", "type": "error_tracking_issue", "operator": "exact", "value": "TypeError"}
    )
    issue = {"name": "TypeError", "status": "active", "description": ""}
    assert one(Asked({}, issue))
    assert not one(Asked({}, issue | {"name": "Other"}))
    with pytest.raises(RuleFailed):
        one(Asked({}))


@pytest.mark.parametrize(
    "given",
    [
        {"key": "a", "operator": "regex", "value": "("},
        {"key": "a", "operator": "semver_gt", "value": "x"},
        {"key": "a", "operator": "between", "value": [1]},
        {"key": "a", "operator": "is_cleaned_path_exact", "value": "/"},
        {"key": "a", "type": "person", "operator": "exact", "value": "x"},
        {"key": "1 = 1", "type": "hogql"},
        [],
    ],
)
def test_what_cannot_be_asked_says_so(given: Any) -> None:
    with pytest.raises(RuleFailed):
        condition(given)(Asked(PROPERTIES))


def test_nothing_nests_without_end() -> None:
    group: dict[str, Any] = {"type": "AND", "values": []}
    for _ in range(1_000):
        group = {"type": "AND", "values": [group]}
    with pytest.raises(RuleFailed):
        condition(group)


def test_a_hostile_pattern_takes_bounded_time() -> None:
    """The classic that takes years by trying: here it is searched for in one walk, or given up."""
    long = Asked({"a": "a" * 9_000 + "!"})
    for pattern in ("^(a+)+$", "(a|aa)+$", "(?=a)(a+)+$", "^(([a-z])+.)+[A-Z]([a-z])+$"):
        condition({"key": "a", "operator": "regex", "value": pattern})(long)
