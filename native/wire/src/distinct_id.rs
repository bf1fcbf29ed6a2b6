//! Who did it: the distinct id as v0 makes it from any JSON, and the ids that v1 will not build persons on.

use std::borrow::Cow;

use json::{Kind, Value};

/// Ids are cut to this many characters.
const CHARACTERS_MAX: usize = 200;

/// The id that `value` stands for; `None` if it is blank.
pub fn from_value<'a>(value: &Value<'a>) -> Option<Cow<'a, str>> {
    let text = match value.kind {
        Kind::String => value.string()?,
        Kind::Number if is_plain_integer(value.raw) => Cow::Borrowed(value.raw),
        _ => Cow::Owned(canonical(value.raw)),
    };
    from_text(text)
}

/// The id that `text` is, cut to its limit; `None` if it is blank.
pub fn from_text(text: Cow<'_, str>) -> Option<Cow<'_, str>> {
    if text.trim().is_empty() {
        return None;
    }
    Some(without_nul(cut(text)))
}

/// `text` with each NUL replaced, because the store's texts end at none.
pub fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{FFFD}")) } else { text }
}

/// Ids that SDKs send by mistake and that would join strangers into one person, as v1 judges them.
pub fn is_illegal(id: &str) -> bool {
    const ILLEGAL: [&str; 20] = [
        "0",
        "00000000-0000-0000-0000-000000000000",
        "[object object]",
        "anonymous",
        "anonymous-user",
        "backend",
        "distinct_id",
        "distinctid",
        "email",
        "false",
        "guest",
        "id",
        "nan",
        "none",
        "not_authenticated",
        "null",
        "system",
        "true",
        "undefined",
        "user",
    ];
    ILLEGAL.iter().any(|illegal| id.eq_ignore_ascii_case(illegal))
}

fn cut(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.len() <= CHARACTERS_MAX {
        return text;
    }
    let Some((end, _)) = text.char_indices().nth(CHARACTERS_MAX) else {
        return text;
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(&text[..end]),
        Cow::Owned(mut text) => {
            text.truncate(end);
            Cow::Owned(text)
        }
    }
}

/// An integer that its own text writes in the only way.
fn is_plain_integer(raw: &str) -> bool {
    raw.len() < 19 && raw.bytes().all(|byte| byte.is_ascii_digit())
}

/// Compact JSON with sorted keys. A number that no double holds stays as it was written.
fn canonical(raw: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(raw) else {
        return raw.to_owned();
    };
    value.sort_all_objects();
    value.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(json: &str) -> Option<String> {
        from_value(&Value::parse(json).unwrap()).map(Cow::into_owned)
    }

    #[test]
    fn any_json_becomes_an_id_unless_it_is_blank() {
        for (json, expected) in [
            ("\"a\"", "a"),
            ("23", "23"),
            ("-5", "-5"),
            ("23.4", "23.4"),
            ("1e2", "100.0"),
            ("true", "true"),
            ("[\"a\", \"b\"]", "[\"a\",\"b\"]"),
            ("{\"string\":\"a\",\"number\":3}", "{\"number\":3,\"string\":\"a\"}"),
            (
                "{\"b\":{\"d\":1,\"c\":2},\"a\":[{\"z\":1,\"y\":2}]}",
                "{\"a\":[{\"y\":2,\"z\":1}],\"b\":{\"c\":2,\"d\":1}}",
            ),
            ("\"  hello  \"", "  hello  "),
            ("\"a\\u0000b\"", "a\u{FFFD}b"),
            ("1e999", "1e999"),
        ] {
            assert_eq!(id(json).as_deref(), Some(expected), "{json}");
        }
        assert_eq!(id("\" \\t\""), None);
        assert_eq!(id("\"\""), None);
    }

    #[test]
    fn long_ids_are_cut_by_characters() {
        assert_eq!(id(&format!("\"{}\"", "x".repeat(222))).unwrap(), "x".repeat(200));
        let euros = "€".repeat(150);
        assert_eq!(id(&format!("\"{euros}\"")).unwrap(), euros);
        assert_eq!(id(&format!("\"\\u20ac{}\"", "€".repeat(222))).unwrap(), "€".repeat(200));
    }
}
