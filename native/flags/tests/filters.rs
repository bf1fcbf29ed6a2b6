//! Filters on texts, truths and numbers: the rows of the contract, and what lies between them.

mod scene;

use flags::{FilterError, Operator, PropertyFilter, Zone};
use scene::{NOW_US, assert_rows, compiled, passes, passes_absent};
use serde_json::{Value, json};

/// Operators that say what a value is not.
const NEGATIVE: [&str; 7] = [
    "is_not",
    "not_icontains",
    "not_icontains_multi",
    "not_starts_with",
    "not_ends_with",
    "not_regex",
    "not_between",
];

#[test]
fn truths_are_compared_as_truths() {
    assert_rows(&[
        ("exact", json!("false"), json!("hello"), true),
        ("exact", json!(false), json!("hello"), true),
        ("exact", json!(false), json!(0), true),
        ("exact", json!(false), json!(true), false),
        ("exact", json!(false), json!({}), true),
        ("exact", json!(false), json!(null), true),
        ("exact", json!(false), json!([]), false),
        ("exact", json!("TRUE"), json!(true), true),
        ("exact", json!("TRUE"), json!("true"), true),
        ("exact", json!("TRUE"), json!(1), false),
        ("exact", json!(true), json!([true, "True"]), true),
        ("exact", json!(true), json!([true, "no"]), false),
        ("exact", json!(["true", true]), json!("true"), true),
        ("exact", json!(["true", "false"]), json!("false"), true),
        ("exact", json!(["true", "false"]), json!("true"), false),
        ("exact", json!([]), json!("us"), false),
        ("exact", json!([]), json!(true), true),
        ("is_not", json!([]), json!("us"), true),
        ("is_not", json!("true"), json!("true"), false),
    ]);
}

#[test]
fn the_newer_way_of_matching_knows_true_and_false_as_texts() {
    let passes = |filter: Value, value: Value| {
        let filter = PropertyFilter::compile("x", None, Some(&filter), &Zone::utc(), 2);
        filter.expect("no operator is exact").matches(Some(&value), NOW_US)
    };
    assert!(!passes(json!(false), json!("hello")));
    assert!(!passes(json!("false"), json!(0)));
    assert!(passes(json!("TRUE"), json!(true)));
    assert!(passes(json!(["true", "false"]), json!("true")));
    assert!(passes(json!([]), json!(true)), "an empty array means true, as ever");
    assert!(!passes(json!([]), json!("us")));
}

#[test]
fn equal_is_equal_as_text_whatever_the_case() {
    let many: Vec<String> = (0..50).map(|number| format!("Größe-{number}")).collect();
    assert_rows(&[
        ("exact", json!(["US", "CA"]), json!("us"), true),
        ("exact", json!(["US", "CA"]), json!("de"), false),
        ("exact", json!("1"), json!(1), true),
        ("exact", json!("1"), json!(1.0), false),
        ("exact", json!(1), json!("1"), true),
        ("exact", json!([1, 2]), json!("2"), true),
        ("exact", json!("É"), json!("é"), true),
        ("exact", json!("é"), json!("É"), true),
        ("exact", json!("k"), json!("\u{212a}"), true),
        ("exact", json!("\u{212a}"), json!("K"), true),
        ("exact", json!("ΟΔΟΣ"), json!("οδος"), true),
        ("exact", json!("null"), json!(null), true),
        ("exact", json!("[\"a\"]"), json!(["a"]), true),
        ("exact", json!(""), json!(""), true),
        ("exact", json!(""), json!("a"), false),
        ("exact", json!(many), json!("GRÖSSE-7"), false),
        ("exact", json!(many), json!("GRÖßE-7"), true),
        ("exact", json!(many), json!("größe-49"), true),
        ("exact", json!(many), json!("größe-50"), false),
        ("is_not", json!("a"), json!(null), true),
        ("is_not", json!("a"), json!("A"), false),
        ("is_not", json!(["a", "b"]), json!("c"), true),
    ]);
}

#[test]
fn a_null_is_there() {
    assert!(passes("is_set", &json!(null), &json!(null)));
    assert!(!passes("is_not_set", &json!("ignored"), &json!(null)));
    assert!(!passes_absent("is_set", &json!("ignored")));
    assert!(passes_absent("is_not_set", &json!(null)));
}

#[test]
fn only_negative_operators_hold_for_what_is_absent() {
    for operator in Operator::all() {
        let name = operator.name();
        let filter = if name.ends_with("between") { json!([1, 2]) } else { json!("1.0") };
        let expected = NEGATIVE.contains(&name) || operator == Operator::IsNotSet;
        assert_eq!(passes_absent(name, &filter), expected, "{name}");
    }
}

#[test]
fn without_a_value_nothing_holds() {
    for name in Operator::all().map(Operator::name).filter(|name| !matches!(*name, "is_set" | "is_not_set")) {
        for filter in [None, Some(&Value::Null)] {
            let filter =
                PropertyFilter::compile("x", Some(name), filter, &Zone::utc(), 1).expect("it is known");
            assert!(!filter.matches(None, NOW_US), "{name} holds for nothing");
            assert!(!filter.matches(Some(&json!("a")), NOW_US), "{name} holds");
            assert!(filter.warning().is_some(), "{name} warns");
        }
    }
}

#[test]
fn texts_are_found_whatever_the_case_of_ascii_letters() {
    assert_rows(&[
        ("icontains", json!("É"), json!("é"), false),
        ("icontains", json!("é"), json!("CAFé"), true),
        ("icontains", json!("@X.io"), json!("a@x.IO"), true),
        ("icontains", json!("2"), json!(123), true),
        ("icontains", json!(""), json!(""), true),
        ("icontains", json!("a"), json!(["A"]), true),
        ("icontains", json!(["a"]), json!("a"), false),
        ("icontains", json!("ull"), json!(null), true),
        ("not_icontains", json!("b"), json!("ABC"), false),
        ("not_icontains", json!("d"), json!("ABC"), true),
        ("icontains_multi", json!(["foo", "bar"]), json!("xBARx"), true),
        ("icontains_multi", json!(["foo", "bar"]), json!("xBAZx"), false),
        ("icontains_multi", json!("bar"), json!("xBARx"), true),
        ("icontains_multi", json!([]), json!("a"), false),
        ("icontains_multi", json!([1, true]), json!("is TRUE"), true),
        ("not_icontains_multi", json!(["foo", "bar"]), json!("xBARx"), false),
        ("not_icontains_multi", json!(["foo", "bar"]), json!("x"), true),
        ("not_icontains_multi", json!([]), json!("a"), true),
        ("starts_with", json!("AB"), json!("abc"), true),
        ("starts_with", json!("abcd"), json!("abc"), false),
        ("starts_with", json!("É"), json!("éa"), false),
        ("starts_with", json!(1), json!(12), true),
        ("not_starts_with", json!("b"), json!("abc"), true),
        ("not_starts_with", json!("A"), json!("abc"), false),
        ("ends_with", json!("BC"), json!("abc"), true),
        ("ends_with", json!("ab"), json!("abc"), false),
        ("ends_with", json!("zabc"), json!("abc"), false),
        ("not_ends_with", json!("C"), json!("abc"), false),
        ("not_ends_with", json!("a"), json!("abc"), true),
    ]);
}

#[test]
fn patterns_are_searched_for() {
    assert_rows(&[
        ("regex", json!("["), json!("a"), false),
        ("not_regex", json!("["), json!("a"), false),
        ("regex", json!("ab"), json!("xABx"), false),
        ("regex", json!("ab"), json!("cab"), true),
        ("not_regex", json!("ab"), json!("cab"), false),
        ("not_regex", json!("ab"), json!("abba".replace("ab", "")), true),
        ("regex", json!("^\\d{3}$"), json!(123), true),
        ("regex", json!("(?i)AB"), json!("xabx"), true),
        ("regex", json!("^(?!.*@corp\\.com$).+"), json!("a@corp.com"), false),
        ("regex", json!("^(?!.*@corp\\.com$).+"), json!("a@home.com"), true),
        ("regex", json!("(?<=@)home"), json!("a@home.com"), true),
        ("regex", json!("(\\w)\\1"), json!("hello"), true),
        ("regex", json!("(\\w)\\1"), json!("helo"), false),
        ("regex", json!("null"), json!(null), true),
    ]);
}

#[test]
fn a_search_that_takes_too_long_says_nothing() {
    let pattern = json!("^(?:a|ab|b)*(?<!b)$");
    let value = json!("ab".repeat(40));
    assert!(!passes("regex", &pattern, &value));
    assert!(!passes("not_regex", &pattern, &value));
    let endless = json!("a".repeat(1024 * 1024));
    assert!(!passes("regex", &json!("a"), &endless));
    assert!(!passes("not_regex", &json!("a"), &endless));
}

#[test]
fn numbers_are_compared_as_numbers() {
    assert_rows(&[
        ("gt", json!(9), json!("10"), true),
        ("gt", json!(9), json!("abc"), false),
        ("gt", json!(9), json!(true), false),
        ("gt", json!("9"), json!(10), true),
        ("gt", json!("abc"), json!(10), false),
        ("lt", json!("abc"), json!(10), false),
        ("gt", json!(9), json!(" 10"), false),
        ("gt", json!(9), json!("1e3"), true),
        ("gt", json!(9), json!(null), false),
        ("gt", json!(9), json!([10]), false),
        ("gt", json!(9), json!(9), false),
        ("gte", json!(9), json!(9.0), true),
        ("min", json!(9), json!(9), true),
        ("lt", json!(9), json!(8.999), true),
        ("lt", json!(9), json!(9), false),
        ("lte", json!(9), json!("9"), true),
        ("max", json!(9), json!(10), false),
        ("lt", json!(9), json!("nan"), false),
        ("gte", json!(9), json!("nan"), false),
        ("between", json!([1, 3]), json!(1), true),
        ("between", json!([1, "3"]), json!("3"), true),
        ("between", json!([1, 3]), json!(3.1), false),
        ("between", json!([3, 1]), json!(2), false),
        ("not_between", json!([3, 1]), json!(2), false),
        ("not_between", json!([1, 3]), json!(3.1), true),
        ("not_between", json!([1, 3]), json!("x"), false),
        ("not_between", json!([1]), json!(5), false),
        ("not_between", json!([1, 3]), json!("nan"), false),
    ]);
}

#[test]
fn cohorts_and_flags_are_not_asked_of_properties() {
    for operator in ["in", "not_in", "flag_evaluates_to"] {
        assert!(!passes(operator, &json!("a"), &json!("a")));
        assert!(!passes_absent(operator, &json!("a")));
        assert_eq!(
            compiled(operator, &json!("a")).warning().map(FilterError::code),
            Some("misplaced_operator")
        );
    }
}

#[test]
fn an_unknown_operator_is_refused() {
    for name in ["", "EXACT", "is", "contains", &"x".repeat(10_000)] {
        let error = PropertyFilter::compile("x", Some(name), Some(&json!(1)), &Zone::utc(), 1)
            .expect_err("there is no such operator");
        assert_eq!(error.code(), "unknown_operator");
        assert!(error.to_string().len() < 500, "the sentence is short");
    }
}

#[test]
fn what_can_never_match_says_why() {
    let cases = [
        ("regex", json!("(a"), "invalid_regex"),
        ("not_regex", json!("*"), "invalid_regex"),
        ("regex", json!("a".repeat(10_000)), "regex_too_long"),
        ("regex", json!("(?:\\w{1000}){1000}"), "invalid_regex"),
        ("regex", json!("(?!a)".repeat(500)), "regex_too_long"),
        ("regex", json!("(?:(?:(?=.*x)a?){1000}){1000}"), "regex_too_costly"),
        ("gt", json!("many"), "invalid_number"),
        ("lte", json!(["1"]), "invalid_number"),
        ("between", json!([2, 1]), "invalid_range"),
        ("semver_gt", json!("1.2.3.4"), "invalid_version"),
        ("semver_tilde", json!("x"), "invalid_version"),
        ("semver_wildcard", json!("1.*.3"), "invalid_version"),
        ("is_date_before", json!(17), "invalid_date"),
        ("is_date_after", json!("soon"), "invalid_date"),
    ];
    for (operator, filter, code) in cases {
        let compiled = compiled(operator, &filter);
        let warning = compiled.warning().unwrap_or_else(|| panic!("{operator} {filter} warns"));
        assert_eq!(warning.code(), code, "{operator} {filter}");
        assert!(warning.to_string().ends_with('.'), "{warning} is a sentence");
    }
    for (operator, filter) in
        [("exact", json!([])), ("regex", json!("a|b")), ("is_date_before", json!("-3m"))]
    {
        assert_eq!(compiled(operator, &filter).warning(), None);
    }
}

#[test]
fn every_operator_has_its_own_name() {
    for operator in Operator::all() {
        assert_eq!(Operator::from_name(Some(operator.name())), Some(operator));
    }
    assert_eq!(Operator::all().count(), 35);
    assert_eq!(Operator::from_name(None), Some(Operator::Exact));
}
