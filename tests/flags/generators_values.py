"""Values that are easily mistaken for each other, by what operators make of them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    keys: list[str]
    operators: list[str]
    found: list[Any]
    """What properties hold."""
    wanted: list[Any]
    """What filters ask for."""


_TEXTS = [
    "a", "A", "b", "é", "É", "e\u0301", "ß", "straße", "STRASSE", "ΔΣ", "δς", "δ\u03c3", "İ", "i", "K", "true", "False",
    "null", "[]", "1", "1.0", "", "a@x.io", "A@X.IO", "xBARx", "ab", "xABx", "cab", "foo", "🦔",
]  # fmt: skip
_ODD = [None, True, False, 0, 1, 1.0, -0.0, 12345678901, [], ["a"], ["US", "CA"], {"a": 1}]
_TRUTHS = [
    True, False, "true", "TRUE", "false", "False", [], [True], ["true"], [True, "false"], [[True]], ["true", "a"],
    1, 0, None, "yes", "", {},
]  # fmt: skip
_NUMBERS = [
    0, 1, -1, 9, 10, 1.0, 2.5, 9.0, "10", "9", "1e3", "+5", ".5", "5.", " 5", "5 ", "0x10", "1_0", "abc", True, None,
    1000, "1E3", "-1", "--1", "",
]  # fmt: skip
_VERSIONS = [
    "1.2.3", "v1.2.3", "V1.2.3", "1.2", "1", "3.08", "3.8", "3.8.0-rc.1", "3.8.0-rc.2", "3.8.0-rc.10", "3.8.0-alpha",
    "1.2.9", "1.3.0", "1.3.0-beta", "0.0.1", "0.0.2", "0.1.0", "0.2.0", "1.2.3+build.5", "1.2.3.4", "n/a", " 1.2.3",
    "v 1.2.3", "1.2.3-", "01.2.3", "1..2", "2.0.0-0", "1.2.4-rc.1", 3.8, 1, True, None,
]  # fmt: skip
_DATES = [
    "2024-06-01", "2024-06-01T03:00:00Z", "2024-06-01T04:00:00Z", "2024-06-01T10:00:00+02:00", "2024-06-01 10:00",
    "2024-06-01T10:00:00.5", "2024-06-01T00:00", "-1d", "3d", "2024-03-10T02:30:00", "2024-11-03T01:30:00",
    "2024-11-03T05:30:00Z", "2024-02-30", "abc", "", "2024-05-31T22:00:00Z",
]  # fmt: skip
_PAST = [
    "-1d", "1d", "3d", "-12h", "-1h", "-2w", "-1m", "-2m", "-1y", "9999d", "9999h", "-0d", "10000d", "1s", "d", "-d",
]  # fmt: skip
_TIMES = [
    1717200000,
    1717214400,
    "1717200000",
    1711800000.5,
    1711886400,
    1767222000,
    "1767132000",
    None,
    True,
]

REGEXES = [
    "[", "(", "ab", "^a", "a$", "(?i)AB", "x.*x", "^[0-9]+$", "(?=a)", "([a-z])\\1", "", "é", "(?<!x)b", "true", "^$",
    "a|É", "(?:foo|bar)", "\\.io$",
]  # fmt: skip
WILDCARDS = ["*", "1.*", "1.2.*", "0.*", "3.8.*", "0.0.*"]
_TEXT_OPERATORS = [
    "exact", "is_not", "is_set", "is_not_set", "icontains", "not_icontains", "icontains_multi", "not_icontains_multi",
    "starts_with", "not_starts_with", "ends_with", "not_ends_with", "regex", "not_regex",
]  # fmt: skip

KINDS = {
    "text": Kind(
        ["t1", "t2", "ключ", "distinct_id"],
        _TEXT_OPERATORS,
        _TEXTS + _ODD,
        [*_TEXTS, *_ODD, ["US", "ca"], ["foo", "bar"]],
    ),
    "truth": Kind(["b1", "b2"], ["exact", "exact", "is_not"], _TRUTHS, _TRUTHS),
    "number": Kind(["n1", "n2"], ["gt", "gte", "lt", "lte", "exact"], _NUMBERS, _NUMBERS),
    "version": Kind(
        ["v1"],
        ["semver_eq", "semver_neq", "semver_gt", "semver_gte", "semver_lt", "semver_lte", "semver_tilde",
         "semver_caret", "semver_wildcard"],
        _VERSIONS,
        _VERSIONS,
    ),
    "date": Kind(
        ["d1", "d2"],
        ["is_date_exact", "is_date_before", "is_date_after"],
        _DATES + _TIMES,
        [*_DATES, *_PAST, *_PAST],
    ),
    "known": Kind(
        ["$browser", "$initial_browser", "utm_source", "$initial_utm_source", "$geoip_country_code",
         "$geoip_city_name"],
        ["exact", "is_not", "is_set", "is_not_set", "icontains"],
        ["Chrome", "US", "DE", "chrome"],
        ["Chrome", "US", "DE", ["us"], "zürich", "Zürich"],
    ),
}  # fmt: skip
