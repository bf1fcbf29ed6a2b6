"""Flags and people for whom the SDKs' own evaluation is compared with the server's.

Each case has a flag of its own. `server` is what the contract says of it; where an SDK is of another mind (section 3.1)
the case says so, and why. LEFT is an SDK that cannot decide and leaves the question to the server.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.flags import model
from tests.flags.conformance import (
    ENTERPRISE,
    HALVES,
    Json,
    condition,
    flag,
    in_cohort,
    in_group,
    on_flag,
    person,
    variants,
)

LEFT = "left to the server"
Value = bool | str


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    flag: Json
    server: Value
    person_properties: Json = field(default_factory=dict)
    python: Value | None = None
    """What the SDK says where it is not what the server says."""
    node: Value | None = None
    why: str = ""
    distinct_id: str = "user-17"
    device_id: str | None = None
    groups: Json = field(default_factory=dict)
    group_properties: Json = field(default_factory=dict)

    @property
    def key(self) -> str:
        key: str = self.flag["key"]
        return key


def _tree(kind: str, *values: Json) -> Json:
    return {"properties": {"type": kind, "values": list(values)}}


_OF_X_IO: Json = {"key": "id", "type": "cohort", "value": "$cohort/x.io"}
COHORTS: list[Json] = [
    {
        "name": "x.io",
        "filters": _tree("OR", {"type": "AND", "values": [person("email", "icontains", "@x.io")]}),
    },
    {
        "name": "nested",
        "filters": _tree(
            "AND",
            {"type": "OR", "values": [person("plan", "exact", "enterprise"), person("plan", "exact", "pro")]},
            {"type": "OR", "values": [person("beta", "exact", "yes", negation=True)]},
        ),
    },
    {
        "name": "of cohort",
        "filters": _tree(
            "OR", {"type": "AND", "values": [{"key": "id", "type": "cohort", "value": "$cohort/x.io"}]}
        ),
    },
    {
        "name": "property",
        "filters": _tree("AND", {"type": "property", "values": [person("plan", "exact", "pro")]}),
    },
    {"name": "or of nothing", "filters": _tree("OR")},
    {"name": "static", "is_static": True, "version": None},
]
GROUP_TYPES = {"organization": 0, "instance": 1}
_BY_DEVICE = {"bucketing_identifier": "device_id"}
GOLD = {"groups": {"organization": "org-9"}, "group_properties": {"organization": {"tier": "gold"}}}

# Property filters: the filter on `x`, what x is, what the server says, and what an SDK says that differs.
_FILTERS: list[tuple[Json, Any, bool, dict[str, Any]]] = [
    (person("x", "exact", "us"), "US", True, {}),
    (person("x", "exact", ["US", "CA"]), "us", True, {}),
    (person("x", "exact", ["US", "CA"]), "de", False, {}),
    (person("x", "exact", "É"), "é", True, {}),
    (person("x", None, "a"), "a", True, {}),
    (person("x", "is_not", "a"), "b", True, {}),
    (person("x", "is_not", ["a", "b"]), "B", False, {}),
    (person("x", "is_set", "is_set"), "", True, {}),
    (person("x", "is_not_set", "is_not_set"), "", False, {}),
    (person("x", "icontains", "BAR"), "foobar", True, {}),
    (person("x", "icontains", "baz"), "foobar", False, {}),
    (person("x", "icontains", "2"), 123, True, {}),
    (person("x", "not_icontains", "BAR"), "foobar", False, {}),
    (person("x", "starts_with", "FOO"), "foobar", True, {}),
    (person("x", "not_starts_with", "foo"), "barfoo", True, {}),
    (person("x", "ends_with", "BAR"), "foobar", True, {}),
    (person("x", "not_ends_with", "bar"), "foobar", False, {}),
    (person("x", "regex", "^fo+b"), "foobar", True, {}),
    (person("x", "regex", "OO"), "foobar", False, {}),
    (person("x", "not_regex", "^bar"), "foobar", True, {}),
    (person("x", "regex", "["), "foobar", False, {}),
    (person("x", "not_regex", "["), "foobar", False, {}),
    (person("x", "gt", 9), 10, True, {}),
    (person("x", "gt", 9), "10", True, {}),
    (person("x", "gte", "10"), 10, True, {}),
    (person("x", "lt", 9.5), 9, True, {}),
    (person("x", "lte", 8), 9, False, {}),
    (person("x", "semver_eq", "1.2.3"), "1.2.3", True, {}),
    (person("x", "semver_eq", "1.2"), "v1.2.0", True, {}),
    (person("x", "semver_neq", "1.2.3"), "1.2.4", True, {}),
    (person("x", "semver_gt", "1.2.3"), "1.10.0", True, {}),
    (person("x", "semver_gte", "3.8"), "3.7.9", False, {}),
    (person("x", "semver_lt", "2"), "1.9.9", True, {}),
    (person("x", "semver_lte", "2.0.0"), "2.0.0", True, {}),
    (person("x", "semver_tilde", "1.2.3"), "1.2.9", True, {}),
    (person("x", "semver_tilde", "1.2.3"), "1.3.0", False, {}),
    (person("x", "semver_caret", "1.2.3"), "1.9.0", True, {}),
    (person("x", "semver_caret", "0.2.3"), "0.3.0", False, {}),
    (person("x", "semver_wildcard", "1.2.*"), "1.2.7", True, {}),
    (person("x", "semver_wildcard", "1.*"), "2.0.0", False, {}),
    (person("x", "is_date_before", "2024-06-01"), "2024-05-31", True, {}),
    (person("x", "is_date_after", "2024-06-01"), "2024-06-01T00:00:01Z", True, {}),
    (person("x", "is_date_after", "2024-06-01T00:00:00Z"), "2024-05-31T23:00:00+00:00", False, {}),
    (person("x", "is_date_before", "-1d"), "2020-01-01", True, {}),
    (person("x", "is_date_after", "30d"), "2020-01-01", False, {}),
    (person("x", "is_date_after", "-1y"), "2100-01-01", True, {}),
    (person("x", "exact", "false"), "hello", True, {}),
    (person("x", "exact", "false"), True, False, {}),
    (person("x", "exact", "TRUE"), True, True, {}),
    (person("x", "exact", ["true", "false"]), "x", True, {}),
    (person("x", "exact", []), "us", False, {}),
    (person("x", "exact", []), True, True, {}),
    (person("x", "is_not", "a"), None, True, {}),
    (person("x", "is_set", "is_set"), None, True, {}),
    (person("x", "gt", 9), None, False, {}),
    (person("x", "semver_neq", "1.0.0"), None, False, {}),
    (person("x", "icontains", "ul"), None, True, {}),
]

_NUMBER = "JavaScript cannot tell 1 from 1.0"
_AS_TEXT = "what is no number is compared as text"
_PRE = "what comes behind the numbers is cut off"
_ZEROS = "leading zeros are an error"
_NO_VERSION = "what is no version is left to the server"
_NO_DATE = "what is no date is left to the server"
_UNKNOWN = "the SDK does not know this operator"
_REGEX = "this syntax is left to the server"


def _both(says: Value, why: str) -> dict[str, Any]:
    return {"python": says, "node": says, "why": why}


# Where an SDK differs, as section 3.1 says: each is held to differ.
_DIFFERENT: list[tuple[Json, Any, bool, dict[str, Any]]] = [
    (person("x", "exact", "1"), 1, True, {"node": LEFT, "why": _NUMBER}),
    (person("x", "exact", 1), "1", True, {"node": LEFT, "why": _NUMBER}),
    (person("x", "exact", "1"), 2, False, {"node": LEFT, "why": _NUMBER}),
    (person("x", "gt", 9), "abc", False, {"node": True, "why": _AS_TEXT}),
    (person("x", "gt", 9), True, False, {"node": True, "why": _AS_TEXT}),
    (person("x", "gt", 9), "10 apples", False, {"node": True, "why": "a number in front of a text counts"}),
    (person("x", "lt", "abc"), 10, False, {"python": LEFT, "node": True, "why": _AS_TEXT}),
    (person("x", "semver_gte", "3.8"), "3.8.0-rc.1", False, _both(True, _PRE)),
    (person("x", "semver_eq", "1.2.3"), "1.2.3+build.5", False, _both(True, _PRE)),
    (person("x", "semver_eq", "1.2.3"), "1.2.3.4", False, _both(True, "further parts are not looked at")),
    (person("x", "semver_eq", "1.2.3"), "V1.2.3", False, _both(True, "a capital V may be in front")),
    (person("x", "semver_gte", "3.8"), "3.08", True, _both(LEFT, _ZEROS)),
    (person("x", "semver_neq", "1.0.0"), "n/a", False, _both(LEFT, _NO_VERSION)),
    (person("x", "semver_wildcard", "*"), "1.0.0", True, _both(LEFT, "a star alone is no pattern")),
    (person("x", "is_date_exact", "2024-06-01"), "2024-06-01T00:00:00Z", True, _both(LEFT, _UNKNOWN)),
    (person("x", "icontains_multi", ["foo", "bar"]), "xBARx", True, _both(LEFT, _UNKNOWN)),
    (person("x", "not_icontains_multi", ["foo"]), "bar", True, _both(LEFT, _UNKNOWN)),
    (
        person("x", "is_date_after", "1990-01-01"),
        1_000_000_000,
        True,
        {"python": LEFT, "node": False, "why": "a number is not seconds but milliseconds, or no date at all"},
    ),
    (person("x", "is_date_after", "1990-01-01"), "1000000000", True, _both(LEFT, _NO_DATE)),
    (person("x", "is_date_before", "2100-01-01"), "-1d", True, _both(LEFT, _NO_DATE)),
    (person("x", "is_date_before", "2100-01-01"), "abc", False, _both(LEFT, _NO_DATE)),
    (person("x", "regex", "foo(?=bar)"), "foobar", True, _both(LEFT, _REGEX)),
    (person("x", "regex", "(o)\\1"), "foobar", True, _both(LEFT, _REGEX)),
]
# How values are written as texts: the Python SDK says that it does so like PostHog's server.
_TEXTS_OF: list[tuple[Any, str]] = [
    (True, "TRUE"), (None, "null"), ([], "[]"), (["a", 1.5], '["a",1.5]'),
    ({"b": [None], "a": "é"}, '{"a":"é","b":[null]}'),
    (0.1, "0.1"), (1.5e300, "1.5e+300"), (1e16, "1e+16"), (0.00001, "0.00001"), (1e-7, "1e-7"), (-0.5, "-0.5"),
    (2**53, "9007199254740992"), (123456789.125, "123456789.125"), (20.526523490650874, "20.526523490650874"),
]  # fmt: skip


def _filter_cases() -> Iterator[Case]:
    for number, (one, found, server, more) in enumerate([*_FILTERS, *_DIFFERENT]):
        name = f"x={found!r} {one.get('operator')} {one['value']!r}"
        yield Case(name, flag(f"filter-{number:03}", condition(one)), server, {"x": found}, **more)
    for number, (found, text) in enumerate(_TEXTS_OF):
        is_whole = isinstance(found, int | float) and not isinstance(found, bool) and found == int(found)
        more = {"node": LEFT, "why": _NUMBER} if is_whole else {}
        one = flag(f"text-{number:03}", condition(person("x", "exact", text)))
        yield Case(f"x={found!r} is written {text}", one, True, {"x": found}, **more)


_CASES = [
    Case("nothing asked", flag("all", condition()), True),
    Case("no conditions", flag("none"), False),
    Case("property missed", flag("plan", condition(ENTERPRISE)), False, {"plan": "free"}),
    Case("property met", flag("plan-met", condition(ENTERPRISE)), True, {"plan": "enterprise"}),
    Case(
        "second condition",
        flag("second", condition(r=0), condition(ENTERPRISE)),
        True,
        {"plan": "enterprise"},
    ),
    Case(
        "early exit",
        flag("early", condition(r=0), condition(ENTERPRISE), early_exit=True),
        False,
        {"plan": "enterprise"},
    ),
    Case("inactive", flag("inactive", condition(), columns={"active": False}), False),
    Case("variant", flag("variant", condition(), multivariate=HALVES), "control"),
    Case("variants that leave a gap", flag("gap", condition(), multivariate=variants(a=0, b=0)), True),
    Case("variant by condition", flag("overridden", condition(v="control"), multivariate=HALVES), "control"),
    Case(
        "variant by condition, undeclared",
        flag("undeclared", condition(v="wide"), multivariate=HALVES),
        "control",
    ),
    Case("dependency", flag("on-all", condition(on_flag("all", True))), True),
    Case("dependency on false", flag("on-none", condition(on_flag("none", False))), True),
    Case("dependency on a variant", flag("on-variant", condition(on_flag("variant", "control"))), True),
    Case("dependency on another variant", flag("on-other", condition(on_flag("variant", "test"))), False),
    Case("dependency on an inactive flag", flag("on-inactive", condition(on_flag("inactive", False))), True),
    Case("dependency of a dependency", flag("on-on-all", condition(on_flag("on-all", True))), True),
    Case("cohort", flag("cohort", condition(in_cohort("$cohort/x.io"))), True, {"email": "a@x.io"}),
    Case(
        "cohort missed",
        flag("cohort-missed", condition(in_cohort("$cohort/x.io"))),
        False,
        {"email": "a@y.io"},
    ),
    Case(
        "cohort not in",
        flag("cohort-not", condition(in_cohort("$cohort/x.io", "not_in"))),
        True,
        {"email": "a@y.io"},
    ),
    Case(
        "cohort nested",
        flag("nested-in", condition(in_cohort("$cohort/nested"))),
        True,
        {"plan": "PRO", "beta": "no"},
    ),
    Case(
        "cohort nested, negated",
        flag("nested-out", condition(in_cohort("$cohort/nested"))),
        False,
        {"plan": "pro", "beta": "yes"},
    ),
    Case(
        "cohort of a cohort",
        flag("of-cohort", condition(in_cohort("$cohort/of cohort"))),
        True,
        {"email": "a@x.io"},
    ),
    Case(
        "group",
        flag("group", condition(in_group("tier", "gold")), aggregation_group_type_index=0),
        True,
        **GOLD,
    ),
    Case(
        "group by rollout",
        flag("org-dashboard", condition(r=60), aggregation_group_type_index=0),
        True,
        **GOLD,
    ),
    Case(
        "group missed",
        flag("group-missed", condition(in_group("tier", "gold")), aggregation_group_type_index=0),
        False,
        groups={"organization": "org-9"},
        group_properties={"organization": {"tier": "silver"}},
    ),
    Case("group not given", flag("group-not-given", condition(), aggregation_group_type_index=0), False),
    Case(
        "group by its key",
        flag("group-key", condition(in_group("$group_key", "org-9")), aggregation_group_type_index=0),
        True,
        groups={"organization": "org-9"},
    ),
    Case(
        "group in one condition",
        flag(
            "mixed",
            condition(ENTERPRISE),
            condition(in_group("tier", "gold"), aggregation_group_type_index=0),
        ),
        True,
        {"plan": "free"},
        **GOLD,
    ),
    Case(
        "device",
        flag("device", condition(r=70), columns={"bucketing_identifier": "device_id"}),
        True,
        device_id="device-1",
    ),
    Case(
        "holdout",
        flag("held-out", condition(), multivariate=HALVES, holdout={"id": 7, "exclusion_percentage": 10}),
        "holdout-7",
        distinct_id="user-31",
    ),
    Case(
        "a person by id",
        flag("by-id", condition(person("distinct_id", "exact", "user-17"))),
        True,
    ),
    Case(
        "what was known first",
        flag("first-known", condition(person("$initial_browser", "exact", "Chrome"))),
        True,
        {"$browser": "Chrome"},
        python=LEFT,
        node=LEFT,
        why="only the server fills in what was known first",
    ),
    Case(
        "a cohort by another operator",
        flag("cohort-exact", condition(in_cohort("$cohort/x.io", "exact"))),
        False,
        {"email": "a@x.io"},
        python=True,
        node=True,
        why="to the SDK `exact` is `in`",
    ),
    Case(
        "a group of a cohort that is called a property",
        flag("cohort-property", condition(in_cohort("$cohort/property"))),
        True,
        {"plan": "pro"},
        python=LEFT,
        why="the SDK does not know this type",
    ),
    Case(
        "a dependency that is not there",
        flag("on-missing", condition({**on_flag("", False), "key": "987654321"})),
        False,
        python=LEFT,
        node=LEFT,
        why="what the chain lacks is left to the server",
    ),
    Case(
        "group with a number for a key",
        flag("group-number", condition(r=60), aggregation_group_type_index=0),
        model.bucket("group-number.", "42", "") <= 0.6,
        groups={"organization": 42},
    ),
    Case(
        "enrolled",
        flag("enrolled", condition(r=0), feature_enrollment=True),
        True,
        {"$feature_enrollment/enrolled": True},
        node=False,
        why="enrolment is not looked at",
    ),
    Case(
        "not enrolled",
        flag("not-enrolled", condition(), feature_enrollment=True),
        False,
        {"$feature_enrollment/not-enrolled": "false"},
        node=True,
        why="enrolment is not looked at",
    ),
    # What an SDK cannot know.
    Case(
        "an absent property",
        flag("absent", condition(ENTERPRISE)),
        False,
        python=LEFT,
        node=LEFT,
        why="a property that was not passed may be stored",
    ),
    Case(
        "an absent property that may be",
        flag("absent-not-set", condition(person("x", "is_not_set", "is_not_set"))),
        True,
        python=LEFT,
        node=LEFT,
        why="a property that was not passed may be stored",
    ),
    Case(
        "a static cohort",
        flag("static", condition(in_cohort("$cohort/static"))),
        False,
        python=LEFT,
        node=LEFT,
        why="who is in it is only known here",
    ),
    Case(
        "an experience that is kept",
        flag("kept", condition(), columns={"ensure_experience_continuity": True}),
        True,
        python=LEFT,
        node=LEFT,
        why="what was remembered is only known here",
    ),
    Case(
        "no device",
        flag("no-device", condition(r=50), columns=_BY_DEVICE),
        False,
        python=LEFT,
        node=LEFT,
        why="the device is not known",
    ),
    Case(
        "enrolment that is not known",
        flag("may-be-enrolled", condition(), feature_enrollment=True),
        True,
        python=LEFT,
        why="whether somebody enrolled may be stored",
    ),
    Case(
        "a cohort of nothing",
        flag("or-of-nothing", condition(in_cohort("$cohort/or of nothing"))),
        False,
        python=True,
        why="to the SDK an empty group matches",
    ),
]
CASES = [*_CASES, *_filter_cases()]
