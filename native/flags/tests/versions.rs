//! Filters on versions.

mod scene;

use std::cmp::Ordering;

use proptest::prelude::*;
use scene::{assert_rows, passes};
use serde_json::json;

#[test]
fn versions_are_ordered_as_versions() {
    assert_rows(&[
        ("semver_gte", json!("3.8"), json!("3.08"), true),
        ("semver_gte", json!("3.8"), json!("v3.10"), true),
        ("semver_gte", json!("3.8"), json!("3.8.0-rc.1"), false),
        ("semver_neq", json!("1.0.0"), json!("n/a"), false),
        ("semver_neq", json!("n/a"), json!("1.0.0"), false),
        ("semver_neq", json!("1.0.0"), json!("1.0.1"), true),
        ("semver_neq", json!("1.0.0"), json!("1"), false),
        ("semver_eq", json!("1.2"), json!("v1.2.0"), true),
        ("semver_eq", json!("1.2"), json!("V1.2.0"), false),
        ("semver_eq", json!("1.2"), json!("v 1.2 "), true),
        ("semver_eq", json!("1.2"), json!(" v1.2"), false),
        ("semver_eq", json!("1.2"), json!(1.2), true),
        ("semver_eq", json!(3), json!("3.0.0"), true),
        ("semver_eq", json!("1.0.0+a"), json!("1.0.0+b"), false),
        ("semver_eq", json!("1.0.0+a-b"), json!("1+a-b"), true),
        ("semver_gt", json!("1.2.3.4"), json!("2.0.0"), false),
        ("semver_lt", json!("2.0.0"), json!("1.2.3.4"), false),
        ("semver_gt", json!("1.0.0-alpha.9"), json!("1.0.0-alpha.10"), true),
        ("semver_gt", json!("1.0.0-alpha"), json!("1.0.0"), true),
        ("semver_lte", json!("2"), json!("2.0.0"), true),
        ("semver_lt", json!("2"), json!("2.0.0-rc.1"), true),
        ("semver_lt", json!("2"), json!(""), false),
        ("semver_lt", json!("2"), json!("1..2"), false),
        ("semver_lt", json!("2"), json!("1.0.0-"), false),
        ("semver_lt", json!("2"), json!("1.0.0-01"), false),
        ("semver_lt", json!("2"), json!("1.0.99999999999999999999"), false),
        ("semver_lt", json!("2"), json!(null), false),
    ]);
}

#[test]
fn ranges_of_versions_are_those_of_cargo() {
    assert_rows(&[
        ("semver_tilde", json!("1.2"), json!("1.2.9"), true),
        ("semver_tilde", json!("1.2"), json!("1.3.0"), false),
        ("semver_tilde", json!("1"), json!("1.0.7"), true),
        ("semver_tilde", json!("1"), json!("1.1.0"), false),
        ("semver_tilde", json!("1.2.3"), json!("1.2.2"), false),
        ("semver_tilde", json!("v01.2.3+build"), json!("1.2.4"), true),
        ("semver_caret", json!("1.2.3"), json!("1.9.0"), true),
        ("semver_caret", json!("1.2.3"), json!("2.0.0"), false),
        ("semver_caret", json!("0.2.3"), json!("0.2.9"), true),
        ("semver_caret", json!("0.2.3"), json!("0.3.0"), false),
        ("semver_caret", json!("0.0.3"), json!("0.0.4"), false),
        ("semver_caret", json!("1.2.3"), json!("1.9.0-rc.1"), false),
        ("semver_caret", json!("1.2.3-alpha"), json!("1.2.3-beta"), true),
        ("semver_caret", json!("1.2.3-alpha"), json!("1.2.4-beta"), false),
        ("semver_wildcard", json!("1.*"), json!("1.9"), true),
        ("semver_wildcard", json!("1.*"), json!("2.0"), false),
        ("semver_wildcard", json!("3.08.*"), json!("3.8.1"), true),
        ("semver_wildcard", json!("1.2.*"), json!("1.3.0"), false),
        ("semver_wildcard", json!("1.*.*"), json!("1.3.0"), true),
        ("semver_wildcard", json!("*"), json!("9.9.9"), true),
        ("semver_wildcard", json!("*"), json!("9.9.9-rc.1"), false),
        ("semver_wildcard", json!("1.*"), json!("x"), false),
    ]);
}

proptest! {
    #[test]
    fn three_numbers_are_ordered_like_a_tuple(left in any::<[u16; 3]>(), right in any::<[u16; 3]>()) {
        let text = |version: [u16; 3]| json!(version.map(|part| part.to_string()).join("."));
        let expected = left.cmp(&right);
        for (operator, holds) in [
            ("semver_eq", expected == Ordering::Equal),
            ("semver_neq", expected != Ordering::Equal),
            ("semver_gt", expected == Ordering::Greater),
            ("semver_gte", expected != Ordering::Less),
            ("semver_lt", expected == Ordering::Less),
            ("semver_lte", expected != Ordering::Greater),
        ] {
            prop_assert_eq!(passes(operator, &text(right), &text(left)), holds, "{}", operator);
        }
    }
}
