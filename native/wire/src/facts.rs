//! What capture reads from inside an event's properties.

use json::{Cursor, Error, Kind, Text, Value};

use crate::event::PropertyFacts;

/// `$cookieless_mode` as sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cookieless {
    /// Not sent.
    #[default]
    Absent,
    /// A boolean.
    Said(bool),
    /// Anything else.
    Invalid,
}

/// The properties that matter to every v0 endpoint. Of repeated keys the last one counts.
#[derive(Debug, Default)]
pub struct EventFacts<'a> {
    /// `token`, if it is a string.
    pub token: Option<Text<'a>>,
    /// `distinct_id`, if not null.
    pub distinct_id: Option<Value<'a>>,
    /// `$ignore_sent_at` is `true`.
    pub ignores_sent_at: bool,
    /// `$cookieless_mode`
    pub cookieless: Cookieless,
    /// There is a `$product_tour_id` other than null.
    pub has_product_tour: bool,
}

impl<'a> PropertyFacts<'a> for EventFacts<'a> {
    #[inline]
    fn take(&mut self, key: &str, cursor: &mut Cursor<'a>) -> Result<bool, Error> {
        match key {
            "token" => self.token = cursor.value()?.text(),
            "distinct_id" => self.distinct_id = Some(cursor.value()?).filter(|value| !value.is_null()),
            "$ignore_sent_at" => self.ignores_sent_at = cursor.value()?.bool() == Some(true),
            "$cookieless_mode" => {
                self.cookieless = cursor.value()?.bool().map_or(Cookieless::Invalid, Cookieless::Said);
            }
            "$product_tour_id" => self.has_product_tour = !cursor.value()?.is_null(),
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// The properties of a `/s` item.
#[derive(Debug, Default)]
pub struct ReplayFacts<'a> {
    /// Those that every endpoint reads.
    pub common: EventFacts<'a>,
    /// `$session_id`
    pub session_id: Option<Value<'a>>,
    /// `$window_id`, if it is a string.
    pub window_id: Option<Text<'a>>,
    /// `$snapshot_source` is the string `mobile`, or is there and something else.
    pub is_mobile: Option<bool>,
    /// `$snapshot_data`
    pub data: Option<Value<'a>>,
    /// `$lib`, if it is a string.
    pub library: Option<Text<'a>>,
}

impl<'a> PropertyFacts<'a> for ReplayFacts<'a> {
    fn take(&mut self, key: &str, cursor: &mut Cursor<'a>) -> Result<bool, Error> {
        match key {
            "$session_id" => self.session_id = Some(cursor.value()?).filter(|value| !value.is_null()),
            "$window_id" => self.window_id = cursor.value()?.text(),
            "$snapshot_source" => {
                let value = cursor.value()?;
                let is_mobile = value.text().is_some_and(|text| text.is("mobile"));
                self.is_mobile = (value.kind != Kind::Null).then_some(is_mobile);
            }
            "$snapshot_data" => self.data = Some(cursor.value()?),
            "$lib" => self.library = cursor.value()?.text(),
            other => return self.common.take(other, cursor),
        }
        Ok(true)
    }
}
