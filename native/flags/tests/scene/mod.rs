//! What tests of filters share.
#![allow(dead_code, reason = "every test file takes what it needs")]

use flags::{PropertyFilter, Zone};
use serde_json::Value;

/// Noon on the 15th of June 2024, UTC.
pub const NOW_US: i64 = 1_718_452_800_000_000;

pub fn compiled_in(zone: &str, operator: &str, filter: &Value) -> PropertyFilter {
    let zone = Zone::named(zone).expect("the zone is known");
    PropertyFilter::compile("x", Some(operator), Some(filter), &zone, 1).expect("the operator is known")
}

pub fn compiled(operator: &str, filter: &Value) -> PropertyFilter {
    compiled_in("UTC", operator, filter)
}

/// Whether a value passes a filter, in UTC and with the legacy way of matching.
pub fn passes(operator: &str, filter: &Value, value: &Value) -> bool {
    compiled(operator, filter).matches(Some(value), NOW_US)
}

/// Whether somebody without the property passes.
pub fn passes_absent(operator: &str, filter: &Value) -> bool {
    compiled(operator, filter).matches(None, NOW_US)
}

/// Asserts every row: operator, filter, value, whether it passes.
pub fn assert_rows(rows: &[(&str, Value, Value, bool)]) {
    for (operator, filter, value, expected) in rows {
        assert_eq!(passes(operator, filter, value), *expected, "{value} {operator} {filter}");
    }
}
