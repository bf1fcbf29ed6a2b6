//! A validated value, still as text.

use std::borrow::Cow;

use crate::{Cursor, Error, Text};

/// The kinds of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// One value as it stood in its text, without the whitespace around it.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    /// The value's own text.
    pub raw: &'a str,
    /// What it is.
    pub kind: Kind,
    /// Whether it holds, at any depth, an unpaired surrogate escape.
    pub lone_surrogates: bool,
    escaped: bool,
}

impl<'a> Value<'a> {
    pub(crate) fn new(raw: &'a str, kind: Kind, escaped: bool, lone_surrogates: bool) -> Self {
        Self { raw, kind, lone_surrogates, escaped }
    }

    /// Validates `text` as one JSON value.
    pub fn parse(text: &'a str) -> Result<Self, Error> {
        let mut cursor = Cursor::new(text);
        let value = cursor.value()?;
        cursor.finish()?;
        Ok(value)
    }

    /// The inside of a string; `None` for other kinds.
    pub fn text(&self) -> Option<Text<'a>> {
        (self.kind == Kind::String).then(|| Text::new(&self.raw[1..self.raw.len() - 1], self.escaped))
    }

    /// The string it means; `None` for other kinds.
    pub fn string(&self) -> Option<Cow<'a, str>> {
        self.text().map(|text| text.decode())
    }

    /// `true`, `false`, or `None` for other kinds.
    pub fn bool(&self) -> Option<bool> {
        (self.kind == Kind::Bool).then(|| self.raw == "true")
    }

    /// The number, if it is one without fraction or exponent that fits.
    pub fn integer(&self) -> Option<i64> {
        if self.kind == Kind::Number { self.raw.parse().ok() } else { None }
    }

    /// The number as a double, if it is one.
    pub fn number(&self) -> Option<f64> {
        if self.kind == Kind::Number { self.raw.parse().ok() } else { None }
    }

    /// Whether it is `null`.
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }

    /// Members of an object in their order, repeated keys included; nothing for other kinds.
    pub fn members(&self) -> impl Iterator<Item = (Text<'a>, Value<'a>)> + use<'a> {
        let mut cursor = Cursor::new(self.raw);
        let mut open = self.kind == Kind::Object && cursor.enter_object().is_ok();
        std::iter::from_fn(move || {
            if !open {
                return None;
            }
            let member = cursor.next_key().ok().flatten().and_then(|key| Some((key, cursor.value().ok()?)));
            open = member.is_some();
            member
        })
    }

    /// Items of an array; nothing for other kinds.
    pub fn items(&self) -> impl Iterator<Item = Value<'a>> + use<'a> {
        let mut cursor = Cursor::new(self.raw);
        let mut open = self.kind == Kind::Array && cursor.enter_array().is_ok();
        std::iter::from_fn(move || {
            if !open {
                return None;
            }
            let item = if cursor.next_item().ok()? { cursor.value().ok() } else { None };
            open = item.is_some();
            item
        })
    }

    /// The last member with this key, as parsers that build maps would see it.
    pub fn get(&self, key: &str) -> Option<Value<'a>> {
        self.members().filter(|(name, _)| name.is(key)).last().map(|(_, value)| value)
    }
}
