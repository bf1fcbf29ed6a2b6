//! OTLP values and attributes as JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};

/// How raw bytes are spelled in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BytesAs {
    /// As AI events spell them.
    Hexadecimal,
    /// As logs, spans and metrics spell them.
    Base64,
}

/// The value inside, if there is one that belongs to this signal.
pub(crate) fn inner(value: Option<&AnyValue>) -> Option<&any_value::Value> {
    let value = value?.value.as_ref()?;
    // An index into the string table of the profiling signal, which no other signal has.
    (!matches!(value, any_value::Value::StringValueStrindex(_))).then_some(value)
}

/// Appends `value` as JSON; no value is `null`, and so is a number that JSON cannot spell.
pub(crate) fn push_value(out: &mut String, value: Option<&AnyValue>, bytes_as: BytesAs) {
    use any_value::Value;
    match inner(value) {
        None | Some(Value::StringValueStrindex(_)) => out.push_str("null"),
        Some(Value::StringValue(text)) => json::push_string(out, text),
        Some(Value::BoolValue(flag)) => out.push_str(if *flag { "true" } else { "false" }),
        Some(Value::IntValue(number)) => push_display(out, number),
        Some(Value::DoubleValue(number)) => push_number(out, *number),
        Some(Value::BytesValue(bytes)) => json::push_string(out, &spell(bytes, bytes_as)),
        Some(Value::ArrayValue(array)) => {
            out.push('[');
            for (index, item) in array.values.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                push_value(out, Some(item), bytes_as);
            }
            out.push(']');
        }
        Some(Value::KvlistValue(list)) => {
            out.push('{');
            for (key, value) in latest(&list.values) {
                json::push_key(out, key);
                push_value(out, value, bytes_as);
            }
            out.push('}');
        }
    }
}

/// The value as text: a string as it is, no value as the empty string, anything else as JSON.
pub(crate) fn flat(value: Option<&AnyValue>) -> String {
    match inner(value) {
        None => String::new(),
        Some(any_value::Value::StringValue(text)) => text.clone(),
        Some(any_value::Value::BytesValue(bytes)) => spell(bytes, BytesAs::Base64),
        Some(_) => {
            let mut out = String::new();
            push_value(&mut out, value, BytesAs::Base64);
            out
        }
    }
}

/// Appends attributes as an object of strings, with `extra` as one more member.
pub(crate) fn push_flat_attributes(out: &mut String, attributes: &[KeyValue], extra: Option<(&str, &str)>) {
    out.push('{');
    for (key, value) in latest(attributes) {
        if extra.is_none_or(|(name, _)| name != key) {
            json::push_key(out, key);
            json::push_string(out, &flat(value));
        }
    }
    if let Some((key, text)) = extra {
        json::push_key(out, key);
        json::push_string(out, text);
    }
    out.push('}');
}

/// The attributes by key, the last of a repeated key, in an order that does not depend on the sender's.
pub(crate) fn latest(attributes: &[KeyValue]) -> BTreeMap<&str, Option<&AnyValue>> {
    attributes.iter().map(|attribute| (attribute.key.as_str(), attribute.value.as_ref())).collect()
}

/// The first attribute with this key, if it is a string that is not empty.
pub(crate) fn text<'a>(attributes: &'a [KeyValue], key: &str) -> Option<&'a str> {
    let attribute = attributes.iter().find(|attribute| attribute.key == key)?;
    match inner(attribute.value.as_ref())? {
        any_value::Value::StringValue(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Appends a double as JSON; NaN and the infinities are `null`.
pub(crate) fn push_number(out: &mut String, number: f64) {
    if number.is_finite() {
        // Debug, not Display: it falls back to an exponent instead of hundreds of digits.
        let _ = write!(out, "{number:?}");
    } else {
        out.push_str("null");
    }
}

/// Appends what `value` displays, which must be JSON.
pub(crate) fn push_display(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}");
}

/// Bytes in hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn spell(bytes: &[u8], bytes_as: BytesAs) -> String {
    match bytes_as {
        BytesAs::Hexadecimal => hexadecimal(bytes),
        BytesAs::Base64 => STANDARD.encode(bytes),
    }
}
