//! Small work on JSON objects as text.

use std::borrow::Cow;

use json::{Kind, Value};

/// The object in `text`; nothing where it is empty, no JSON, or no object.
pub fn object(text: &str) -> Option<Value<'_>> {
    if text.is_empty() {
        return None;
    }
    Value::parse(text).ok().filter(|value| value.kind == Kind::Object)
}

/// The shallow merge of two objects: members of `over` win.
pub fn merged(under: Option<Value<'_>>, over: Option<Value<'_>>) -> String {
    let mut members: Vec<(Cow<'_, str>, Value<'_>)> = Vec::new();
    for (key, value) in under.iter().chain(over.iter()).flat_map(Value::members) {
        let key = key.decode();
        match members.iter_mut().find(|(known, _)| *known == key) {
            Some(member) => member.1 = value,
            None => members.push((key, value)),
        }
        if members.len() > MEMBERS_MAX {
            break;
        }
    }
    let mut out = String::from("{");
    for (key, value) in members {
        json::push_key(&mut out, &key);
        out.push_str(value.raw);
    }
    out.push('}');
    out
}

/// Members beyond these are left out of a merge, which compares each with each.
const MEMBERS_MAX: usize = 2_000;

/// A text as every catalog can keep it: a NUL becomes U+FFFD.
pub fn storable(text: Cow<'_, str>) -> Cow<'_, str> {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        text
    } else {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    }
}

/// A value as an id: strings as they are, other values as their text, `null` and what is empty not at all.
pub fn id_text<'b>(value: &Value<'b>) -> Option<Cow<'b, str>> {
    match value.kind {
        Kind::Null => None,
        Kind::String => value.string().filter(|text| !text.is_empty()).map(storable),
        _ => Some(Cow::Borrowed(value.raw)),
    }
}
