//! The type that a property seems to have, guessed from its name and one value.

use json::{Kind, Value};

/// Six months, in seconds: an integer no older than this may be a time.
const RECENT_S: i64 = 183 * 86_400;
const DATE_BYTES_MAX: usize = 40;

/// The guesses, as the catalog writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PropertyType {
    /// Text.
    String,
    /// A number.
    Numeric,
    /// True or false.
    Boolean,
    /// A time.
    DateTime,
}

impl PropertyType {
    /// As the catalog writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::String => "String",
            Self::Numeric => "Numeric",
            Self::Boolean => "Boolean",
            Self::DateTime => "DateTime",
        }
    }
}

/// The guess for `name` from one `value`; nothing for lists, objects and `null` where the name tells nothing.
pub fn guess(name: &str, value: &Value<'_>, now_us: i64) -> Option<PropertyType> {
    const TEXT_PREFIXES: [&str; 4] = ["utm_", "$initial_utm_", "$feature/", "$survey_response"];
    if name == "$feature_flag_response" || TEXT_PREFIXES.iter().any(|prefix| name.starts_with(prefix)) {
        return Some(PropertyType::String);
    }
    if names_a_time(name) && may_be_time(value, now_us) {
        return Some(PropertyType::DateTime);
    }
    match value.kind {
        Kind::String => Some(guess_text(&value.string().unwrap_or_default())),
        Kind::Number => Some(PropertyType::Numeric),
        Kind::Bool => Some(PropertyType::Boolean),
        Kind::Null | Kind::Array | Kind::Object => None,
    }
}

fn names_a_time(name: &str) -> bool {
    const PARTS: [&str; 6] = ["time", "date", "_at", "-at", "createdat", "updatedat"];
    let lower = name.to_lowercase();
    PARTS.iter().any(|part| lower.contains(part))
}

fn may_be_time(value: &Value<'_>, now_us: i64) -> bool {
    match value.kind {
        Kind::String => is_date(&value.string().unwrap_or_default()),
        Kind::Number => value.integer().is_some_and(|seconds| seconds >= now_us / 1_000_000 - RECENT_S),
        _ => false,
    }
}

fn guess_text(text: &str) -> PropertyType {
    match text {
        "true" | "false" | "TRUE" | "FALSE" => PropertyType::Boolean,
        _ if is_date(text) => PropertyType::DateTime,
        _ => PropertyType::String,
    }
}

/// Whether a text reads as an ISO 8601 date, with or without a time of day.
fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    if bytes.len() < 10 || bytes.len() > DATE_BYTES_MAX || !is_day(&bytes[..10]) {
        return false;
    }
    match bytes.get(10) {
        None => true,
        Some(b'T' | b't' | b' ') => is_time(&bytes[11..]),
        Some(_) => false,
    }
}

fn is_day(day: &[u8]) -> bool {
    let separator = day[4];
    let number =
        |part: &[u8]| part.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit.wrapping_sub(b'0')));
    let digits = [&day[..4], &day[5..7], &day[8..]].iter().all(|part| part.iter().all(u8::is_ascii_digit));
    digits
        && matches!(separator, b'-' | b'/')
        && day[7] == separator
        && (1..=12).contains(&number(&day[5..7]))
        && (1..=31).contains(&number(&day[8..]))
}

fn is_time(time: &[u8]) -> bool {
    let clock =
        time.len() >= 5 && time[2] == b':' && time[..2].iter().chain(&time[3..5]).all(u8::is_ascii_digit);
    let allowed =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b':' | b'.' | b',' | b'+' | b'-' | b'Z' | b'z');
    clock && time[5..].iter().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_US: i64 = 1_700_000_000_000_000;

    fn of(name: &str, json: &str) -> Option<PropertyType> {
        guess(name, &Value::parse(json).unwrap(), NOW_US)
    }

    #[test]
    fn the_first_rule_that_matches_decides() {
        use PropertyType::{Boolean, DateTime, Numeric, String};
        for (name, json, expected) in [
            ("utm_source", "5", Some(String)),
            ("$initial_utm_x", "true", Some(String)),
            ("$feature/a", "true", Some(String)),
            ("$feature_flag_response", "false", Some(String)),
            ("$survey_response_2", "4", Some(String)),
            ("created_at", "1700000000", Some(DateTime)),
            ("created_at", "1600000000", Some(Numeric)),
            ("updatedAt", "\"2024-01-05\"", Some(DateTime)),
            ("timeout", "\"slow\"", Some(String)),
            ("a", "\"true\"", Some(Boolean)),
            ("a", "\"True\"", Some(String)),
            ("a", "\"2024-01-05T10:00:00.000Z\"", Some(DateTime)),
            ("a", "\"2024-13-05\"", Some(String)),
            ("a", "\"2024-01-05x\"", Some(String)),
            ("a", "1.5", Some(Numeric)),
            ("a", "true", Some(Boolean)),
            ("a", "null", None),
            ("a", "[1]", None),
            ("a", "{}", None),
        ] {
            assert_eq!(of(name, json), expected, "{name} {json}");
        }
    }
}
