//! The `options` of a v1 event.

use std::borrow::Cow;

use json::{Kind, Value};

/// What the options say; absent where they say nothing.
#[derive(Debug, Default)]
pub struct Options<'a> {
    /// `cookieless_mode`
    pub cookieless_mode: Option<bool>,
    /// `disable_skew_correction`
    pub disable_skew_correction: Option<bool>,
    /// `process_person_profile`
    pub process_person_profile: Option<bool>,
    /// `product_tour_id`
    pub product_tour_id: Option<Cow<'a, str>>,
}

impl<'a> Options<'a> {
    /// Reads them; `None` if something has the wrong type.
    pub fn read(value: Option<Value<'a>>) -> Option<Self> {
        let mut options = Self::default();
        let Some(value) = value else {
            return Some(options);
        };
        if value.kind != Kind::Object {
            return None;
        }
        for (key, value) in value.members() {
            match &*key.decode() {
                "cookieless_mode" => options.cookieless_mode = bool_like(value)?,
                "disable_skew_correction" => options.disable_skew_correction = bool_like(value)?,
                "process_person_profile" => options.process_person_profile = bool_like(value)?,
                "product_tour_id" => options.product_tour_id = text_like(value)?,
                _ => {}
            }
        }
        Some(options)
    }
}

/// A boolean, a word or digit for one, or any number; `None` for anything else, `Some(None)` for null.
#[expect(clippy::option_option, reason = "wrong, absent and present are three different things")]
fn bool_like(value: Value<'_>) -> Option<Option<bool>> {
    match value.kind {
        Kind::Null => Some(None),
        Kind::Bool => Some(value.bool()),
        Kind::Number => Some(value.number().map(|number| number != 0.0)),
        Kind::String => match value.string()?.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Some(Some(true)),
            "false" | "0" => Some(Some(false)),
            _ => None,
        },
        Kind::Array | Kind::Object => None,
    }
}

/// A string, or an integer as a string.
#[expect(clippy::option_option, reason = "wrong, absent and present are three different things")]
fn text_like(value: Value<'_>) -> Option<Option<Cow<'_, str>>> {
    match value.kind {
        Kind::Null => Some(None),
        Kind::String => Some(value.string()),
        Kind::Number if !value.raw.contains(['.', 'e', 'E']) => Some(Some(Cow::Borrowed(value.raw))),
        _ => None,
    }
}
