//! One event of the v0 protocol as it stands in its request: slices, no copies.

use json::{Cursor, Error, Kind, Text, Value};
use uuid::Uuid;

/// What an endpoint wants to know from inside `properties`, gathered while they are validated.
pub trait PropertyFacts<'a>: Default {
    /// Reads the value of a property if it is of interest; says whether it did.
    fn take(&mut self, key: &str, cursor: &mut Cursor<'a>) -> Result<bool, Error>;
}

/// An event's fields. It is read to its end even when a field does not fit, because another shape of the
/// request may fit then.
#[derive(Debug, Default)]
pub struct RawEvent<'a, P> {
    /// `event`, if it is a string.
    pub event: Option<Text<'a>>,
    /// `token`, `$token` or `api_key`
    pub token: Option<Text<'a>>,
    /// `distinct_id` or `$distinct_id`, if not null.
    pub distinct_id: Option<Value<'a>>,
    /// `uuid`, if neither null nor empty.
    pub uuid: Option<Uuid>,
    /// `timestamp`
    pub timestamp: Option<Text<'a>>,
    /// `offset`
    pub offset_ms: Option<i64>,
    /// `sent_at`, which only `/s` knows on an event.
    pub sent_at: Option<Value<'a>>,
    /// `properties` as they stand; `{}` if absent.
    pub properties: &'a str,
    /// `$set` as it stands; empty if absent.
    pub set: &'a str,
    /// `$set_once` as it stands; empty if absent.
    pub set_once: &'a str,
    /// What the properties say.
    pub facts: P,
    /// The length of the event's text.
    pub bytes: usize,
    /// Why the fields do not make an event, apart from `event` itself.
    pub misfit: Option<&'static str>,
    /// There is an `event`, but it is no string.
    pub event_mistyped: bool,
    seen: u16,
}

/// Fields that may stand once, in any of their spellings.
#[derive(Clone, Copy)]
enum Field {
    Event,
    Token,
    DistinctId,
    Uuid,
    Timestamp,
    Offset,
    Properties,
    Set,
    SetOnce,
}

impl<'a, P: PropertyFacts<'a>> RawEvent<'a, P> {
    /// Reads the value that comes next. `None` if it is no object; it is passed then too.
    pub fn read(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Error> {
        if cursor.peek()? != Kind::Object {
            cursor.skip()?;
            return Ok(None);
        }
        let start = cursor.at();
        let mut event = Self::default();
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            event.take(&key.decode(), cursor)?;
        }
        event.finish(cursor.at() - start);
        Ok(Some(event))
    }

    /// To be called after the last [`RawEvent::take`].
    pub fn finish(&mut self, bytes: usize) {
        self.bytes = bytes;
        if self.properties.is_empty() {
            self.properties = "{}";
        }
    }

    /// Reads the value of one member.
    pub fn take(&mut self, key: &str, cursor: &mut Cursor<'a>) -> Result<(), Error> {
        match key {
            "event" => {
                self.once(Field::Event);
                self.event = cursor.value()?.text();
                self.event_mistyped = self.event.is_none();
            }
            "properties" => self.take_properties(cursor)?,
            "token" | "$token" | "api_key" => {
                self.token = self.string(Field::Token, cursor.value()?);
            }
            "distinct_id" | "$distinct_id" => {
                self.once(Field::DistinctId);
                self.distinct_id = Some(cursor.value()?).filter(|value| !value.is_null());
            }
            "uuid" => {
                let uuid = self.string(Field::Uuid, cursor.value()?);
                self.uuid = self.parse_uuid(uuid);
            }
            "timestamp" => self.timestamp = self.string(Field::Timestamp, cursor.value()?),
            "offset" => self.offset_ms = self.integer(cursor.value()?),
            "$set" => self.set = self.object(Field::Set, cursor.value()?),
            "$set_once" => self.set_once = self.object(Field::SetOnce, cursor.value()?),
            "sent_at" => self.sent_at = Some(cursor.value()?),
            _ => cursor.skip()?,
        }
        Ok(())
    }

    /// The token, taken by a reader that needed the value itself.
    pub fn take_token(&mut self, value: Value<'a>) {
        self.token = self.string(Field::Token, value);
    }

    fn take_properties(&mut self, cursor: &mut Cursor<'a>) -> Result<(), Error> {
        self.once(Field::Properties);
        if cursor.peek()? != Kind::Object {
            self.misfit = Some("`properties` is not an object");
            return cursor.skip();
        }
        let start = cursor.at();
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            if !self.facts.take(&key.decode(), cursor)? {
                cursor.skip()?;
            }
        }
        self.properties = cursor.since(start);
        Ok(())
    }

    fn once(&mut self, field: Field) {
        let bit = 1 << field as u16;
        if self.seen & bit != 0 {
            self.misfit = Some("a field stands twice");
        }
        self.seen |= bit;
    }

    fn string(&mut self, field: Field, value: Value<'a>) -> Option<Text<'a>> {
        self.once(field);
        let text = value.text();
        if text.is_none() && !value.is_null() {
            self.misfit = Some("a text field is not a string");
        }
        text
    }

    fn parse_uuid(&mut self, text: Option<Text<'a>>) -> Option<Uuid> {
        let text = text?.decode();
        if text.is_empty() {
            return None;
        }
        let uuid = Uuid::try_parse(&text).ok();
        if uuid.is_none() {
            self.misfit = Some("`uuid` is not a uuid");
        }
        uuid
    }

    fn integer(&mut self, value: Value<'a>) -> Option<i64> {
        self.once(Field::Offset);
        let integer = value.integer();
        if integer.is_none() && !value.is_null() {
            self.misfit = Some("`offset` is not an integer");
        }
        integer
    }

    fn object(&mut self, field: Field, value: Value<'a>) -> &'a str {
        self.once(field);
        match value.kind {
            Kind::Object => value.raw,
            Kind::Null => "",
            _ => {
                self.misfit = Some("`$set` or `$set_once` is not an object");
                ""
            }
        }
    }
}
