//! What a JSON value is as a text, as a number and as a truth.

use std::borrow::Cow;

use serde_json::Value;

/// The text of a value: of a string its characters, of anything else its compact JSON, objects by their keys.
pub(crate) fn text_of(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed("null"),
        Value::Bool(true) => Cow::Borrowed("true"),
        Value::Bool(false) => Cow::Borrowed("false"),
        Value::Number(number) => Cow::Owned(number.to_string()),
        nested => {
            let mut sorted = nested.clone();
            sorted.sort_all_objects();
            Cow::Owned(sorted.to_string())
        }
    }
}

/// The number that a value is, or that its whole text spells.
pub(crate) fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => number_in(text),
        _ => None,
    }
}

/// The number that a whole text spells. No number is longer than the limit, whatever it spells.
pub(crate) fn number_in(text: &str) -> Option<f64> {
    const NUMBER_BYTES_MAX: usize = 512;
    if text.len() > NUMBER_BYTES_MAX { None } else { text.parse().ok() }
}

/// Whether a value counts as true: `true`, that word, or nothing but such values in an array.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(truth) => *truth,
        Value::String(text) => text.eq_ignore_ascii_case("true"),
        Value::Array(values) => values.iter().all(is_true),
        _ => false,
    }
}

/// Whether a value is a truth at all: true, false, those words, or nothing but such values in an array.
pub(crate) fn is_truth(value: &Value) -> bool {
    match value {
        Value::Bool(_) => true,
        Value::String(text) => text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false"),
        Value::Array(values) => values.iter().all(is_truth),
        _ => false,
    }
}
