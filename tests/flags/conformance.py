"""The rows of the contract's conformance table that ask for one flag and look at how it is answered.

A row is its number, the flag, what the request says, and the result as the contract writes it: `value reason@index`.
Rows of one key but different definitions are in different projects.
"""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    project: str
    key: str
    expected: str
    person_properties: Json = field(default_factory=dict)
    distinct_id: Any = "someone"
    more: Json = field(default_factory=dict)
    payload: Any = "not looked at"


def person(key: str, operator: str | None, value: Any, **more: Any) -> Json:
    made = {"key": key, "type": "person", "value": value, **more}
    return made if operator is None else {**made, "operator": operator}


def on_flag(key: str, value: Any) -> Json:
    return {"key": f"${key}", "type": "flag", "operator": "flag_evaluates_to", "value": value}


def in_group(key: str, value: Any) -> Json:
    return {"key": key, "type": "group", "group_type_index": 0, "operator": "exact", "value": value}


def in_cohort(value: Any, operator: str = "in") -> Json:
    return {"key": "id", "type": "cohort", "operator": operator, "value": value}


def condition(*properties: Json, r: Any = 100, v: str | None = None, **more: Any) -> Json:
    return {"properties": list(properties), "rollout_percentage": r, "variant": v, **more}


def flag(key: str, *groups: Json, **more: Any) -> Json:
    """`columns` are those of the catalog's row, the rest is in its filters."""
    columns = more.pop("columns", {})
    return {"key": key, "filters": {"groups": list(groups), **more}, **columns}


def variants(**shares: float) -> Json:
    return {"variants": [{"key": key, "rollout_percentage": share} for key, share in shares.items()]}


ENTERPRISE = person("plan", "exact", "enterprise")
STAGED = (condition(r=10), condition(ENTERPRISE))
LAYOUTS = variants(control=50, compact=25, spacious=25)
LAYOUT = (condition(ENTERPRISE, v="spacious"), condition())
HALVES = variants(control=50, test=50)
ROLLOUT = condition(r=25.5)
GROUP_TYPES = {"organization": 0}
ONE = {"beta-search": flag("beta-search", condition(ENTERPRISE), payloads={"true": '{"cta":"x"}'})}

# A filter a row: (number, property filter, [(what x is, whether it matches)]); ABSENT for none.
ABSENT = "absent"
FILTERS: list[tuple[int, Json, list[tuple[Any, bool]]]] = [
    (48, person("x", "exact", "false"), [("hello", True), (0, True), (True, False)]),
    (49, person("x", "exact", "TRUE"), [(True, True), ("true", True), (1, False)]),
    (50, person("x", "exact", []), [("us", False), (True, True)]),
    (51, person("x", "exact", ["US", "CA"]), [("us", True)]),
    (52, person("x", "exact", "1"), [(1, True), (1.0, False)]),
    (53, person("x", "is_not", "a"), [(ABSENT, True), (None, True)]),
    (54, person("x", "is_set", "is_set"), [(None, True)]),
    (55, person("x", "icontains", "É"), [("é", False)]),
    (56, person("x", "exact", "É"), [("é", True)]),
    (57, person("x", "icontains_multi", ["foo", "bar"]), [("xBARx", True)]),
    (58, person("x", "regex", "["), [("a", False)]),
    (58, person("x", "not_regex", "["), [("a", False)]),
    (59, person("x", "regex", "ab"), [("xABx", False), ("cab", True)]),
    (60, person("x", "gt", 9), [("10", True), ("abc", False), (True, False)]),
    (61, person("x", "semver_gte", "3.8"), [("3.08", True), ("v3.10", True), ("3.8.0-rc.1", False)]),
    (62, person("x", "semver_tilde", "1.2"), [("1.2.9", True), ("1.3.0", False)]),
    (63, person("x", "semver_neq", "1.0.0"), [("n/a", False)]),
    (66, person("x", "is_date_exact", "2024-06-01"), [("2024-06-01T10:00:00Z", False)]),
]
FILTER_FLAGS = {
    f"row-{number}-{place}": flag(f"row-{number}-{place}", condition(one))
    for place, (number, one, _) in enumerate(FILTERS)
}
FILTER_ROWS = [
    Row(
        number,
        "one",
        f"row-{number}-{place}",
        "true condition_match@0" if matches else "false no_condition_match@0",
        {} if found is ABSENT else {"x": found},
    )
    for place, (number, _, cases) in enumerate(FILTERS)
    for found, matches in cases
]

# Projects: flags, in the order in which they are added.
PROJECTS: dict[str, list[Json]] = {
    "one": [
        flag("beta-search", condition(ENTERPRISE), payloads={"true": '{"cta":"x"}'}),
        flag("beta-search-rollout", ROLLOUT),
        flag("beta-search-staged", *STAGED),
        flag("beta-search-staged-reversed", *reversed(STAGED)),
        flag("beta-search-staged-early-exit", *STAGED, early_exit=True),
        flag("row-9", condition(ENTERPRISE, r=None)),
        flag("row-10"),
        flag("row-11", condition(person("plan", "exact", "a")), condition(person("plan", "exact", "b"))),
        flag("checkout-layout", *LAYOUT, multivariate=LAYOUTS),
        flag("checkout-layout-bad-override", condition(ENTERPRISE, v="wide"), multivariate=LAYOUTS),
        flag("row-17", condition(), multivariate=variants(control=40)),
        flag("row-18", condition(r=0)),
        flag("row-19", condition(), multivariate=HALVES),
        flag("org-dashboard", condition(in_group("tier", "gold"), r=60), aggregation_group_type_index=0),
        flag(
            "row-27",
            condition(person("plan", "exact", "x"), aggregation_group_type_index=None),
            condition(in_group("tier", "gold"), aggregation_group_type_index=0),
        ),
        flag("row-28", condition(aggregation_group_type_index=None), aggregation_group_type_index=0),
        flag("row-29-a", condition(ENTERPRISE)),
        flag("row-29-b", condition(on_flag("row-29-a", True))),
        flag("banner", condition(on_flag("checkout-layout", "compact"))),
        flag("row-32", condition({**on_flag("", True), "key": "987654321"})),
        flag("row-34-a", condition(), columns={"active": False}),
        flag("row-34-b", condition(on_flag("row-34-a", False))),
        flag(
            "checkout-experiment",
            condition(),
            multivariate=HALVES,
            holdout={"id": 7, "exclusion_percentage": 10},
        ),
        flag("row-38", condition(ENTERPRISE), holdout={"id": 7, "exclusion_percentage": 10}),
        flag("row-39", condition(r=0), feature_enrollment=True),
        flag("row-40", condition(), feature_enrollment=True, payloads={"true": '"p"'}),
        flag("row-67", condition(in_cohort("$cohort/x.io"))),
        flag("row-68", condition(in_cohort("$cohort/x.io", "not_in"))),
        flag("row-69", condition(in_cohort("$cohort/not beta"))),
        flag("row-70", condition(in_cohort("$cohort/static"))),
        flag("row-74", condition(person("$initial_browser", "exact", "Chrome"))),
        flag("row-75", condition(person("distinct_id", "exact", "user-17"))),
        flag("row-64", condition(person("x", "is_date_before", "-1d"))),
        flag("row-76", condition(), columns={"evaluation_runtime": "server"}),
        flag("row-78", condition(), columns={"evaluation_contexts": ["main-app"]}),
        flag("survey-targeting-1", condition()),
        *FILTER_FLAGS.values(),
    ],
    "two": [
        flag("beta-search", condition(r=50)),
        flag(
            "org-dashboard", condition(in_group("$group_key", "org-9"), r=60), aggregation_group_type_index=0
        ),
        flag("beta-search-rollout", ROLLOUT, columns={"bucketing_identifier": "device_id"}),
    ],
    "three": [flag("beta-search-rollout", ROLLOUT, columns={"ensure_experience_continuity": True})],
    "cycle": [
        flag("A", condition(on_flag("B", True))),
        flag("B", condition(on_flag("A", True))),
        flag("C", condition()),
    ],
    "cohort that is not there": [flag("row-71", condition(in_cohort(987654321))), flag("C", condition())],
    "new york": [flag("row-65", condition(person("x", "is_date_after", "2024-06-01")))],
}


def _tree(*leaves: Json) -> Json:
    return {"properties": {"type": "OR", "values": [{"type": "AND", "values": list(leaves)}]}}


COHORTS: dict[str, list[Json]] = {
    "one": [
        {"name": "x.io", "filters": _tree(person("email", "icontains", "@x.io"))},
        {"name": "not beta", "filters": _tree(person("beta", "exact", "yes", negation=True))},
        {"name": "static", "is_static": True, "version": None},
    ]
}
GOLD = {"group_properties": {"organization": {"tier": "gold"}}}


def _org(key: Any, properties: Json = GOLD) -> Json:
    return {"groups": {"organization": key}, **properties}


PAID, FREE = {"plan": "enterprise"}, {"plan": "free"}

ROWS = [
    Row(1, "one", "beta-search", "true condition_match@0", PAID, "user-17", payload='{"cta":"x"}'),
    Row(2, "one", "beta-search", "false no_condition_match@0", FREE, "user-17", payload=None),
    Row(3, "one", "beta-search-rollout", "true condition_match@0", {}, "user-61"),
    Row(4, "one", "beta-search-rollout", "false out_of_rollout_bound@0", {}, "user-105"),
    Row(5, "one", "beta-search-staged", "true condition_match@1", PAID, "user-105"),
    Row(6, "one", "beta-search-staged", "false out_of_rollout_bound@0", FREE, "user-105"),
    Row(7, "one", "beta-search-staged-reversed", "false out_of_rollout_bound@1", FREE, "user-105"),
    Row(8, "one", "beta-search-staged-early-exit", "false out_of_rollout_bound@0", PAID, "user-105"),
    Row(9, "one", "row-9", "true condition_match@0", PAID),
    Row(10, "one", "row-10", "false no_group_type@None"),
    Row(11, "one", "row-11", "false no_condition_match@1", {"plan": "c"}),
    Row(12, "one", "checkout-layout", "compact condition_match@1", FREE, "user-61"),
    Row(13, "one", "checkout-layout", "control condition_match@1", FREE, "user-17"),
    Row(14, "one", "checkout-layout", "spacious condition_match@0", PAID, "user-61"),
    Row(15, "one", "checkout-layout-bad-override", "compact condition_match@0", PAID, "user-17"),
    Row(18, "one", "row-18", "true condition_match@0", {}, ""),
    Row(19, "one", "row-19", "control condition_match@0", {}, ""),
    Row(21, "two", "beta-search", "true condition_match@0", {}, "a" * 205),
    Row(22, "one", "org-dashboard", "true condition_match@0", more=_org("org-9")),
    Row(23, "one", "org-dashboard", "false out_of_rollout_bound@0", more=_org("org-12")),
    Row(24, "one", "org-dashboard", "true condition_match@0", more=_org(42)),
    Row(25, "one", "org-dashboard", "false no_group_type@0"),
    Row(26, "two", "org-dashboard", "true condition_match@0", more=_org("org-9", {})),
    Row(27, "one", "row-27", "false no_condition_match@0", {"plan": "y"}),
    Row(28, "one", "row-28", "true condition_match@0"),
    Row(29, "one", "row-29-a", "true condition_match@0", PAID),
    Row(29, "one", "row-29-b", "true condition_match@0", PAID),
    Row(30, "one", "row-29-a", "false no_condition_match@0", FREE),
    Row(30, "one", "row-29-b", "false no_condition_match@0", FREE),
    Row(31, "one", "banner", "true condition_match@0", FREE, "user-61"),
    Row(31, "one", "banner", "false no_condition_match@0", FREE, "user-17"),
    Row(32, "one", "row-32", "false missing_dependency@None"),
    Row(34, "one", "row-34-a", "absent"),
    Row(34, "one", "row-34-b", "true condition_match@0"),
    Row(36, "one", "checkout-experiment", "holdout-7 holdout_condition_value@None", {}, "user-31"),
    Row(37, "one", "checkout-experiment", "test condition_match@0", {}, "user-77"),
    Row(38, "one", "row-38", "holdout-7 holdout_condition_value@None", FREE, "user-31"),
    Row(39, "one", "row-39", "true super_condition_value@0", {"$feature_enrollment/row-39": True}),
    Row(
        40,
        "one",
        "row-40",
        "false super_condition_value@0",
        {"$feature_enrollment/row-40": "false"},
        payload='"p"',
    ),
    Row(41, "one", "row-40", "true condition_match@0", payload='"p"'),
    Row(
        42, "two", "beta-search-rollout", "true condition_match@0", {}, "user-105", {"$device_id": "user-61"}
    ),
    Row(43, "two", "beta-search-rollout", "false out_of_rollout_bound@0", {}, "user-105"),
    Row(44, "two", "beta-search-rollout", "true condition_match@0", {"$device_id": "user-61"}, "user-105"),
    *FILTER_ROWS,
    Row(65, "new york", "row-65", "false no_condition_match@0", {"x": "2024-06-01T03:00:00Z"}),
    Row(65, "new york", "row-65", "true condition_match@0", {"x": "2024-06-01T04:00:01Z"}),
    Row(67, "one", "row-67", "true condition_match@0", {"email": "a@x.io"}),
    Row(68, "one", "row-68", "true condition_match@0", {"email": "a@y.io"}),
    Row(68, "one", "row-68", "false no_condition_match@0", {"email": "a@x.io"}),
    Row(69, "one", "row-69", "true condition_match@0"),
    Row(70, "one", "row-70", "false no_condition_match@0"),
    Row(74, "one", "row-74", "true condition_match@0", {"$browser": "Chrome"}),
    Row(75, "one", "row-75", "true condition_match@0", {}, "user-17"),
]
