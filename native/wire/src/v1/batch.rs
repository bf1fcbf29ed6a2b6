//! The body of a v1 request: its fields must all be there and have their types, or nothing of it is taken.

use json::{Cursor, Error, Kind, Text, Value};
use uuid::Uuid;

use super::failure::Failure;
use super::properties::{Held, Written};
use crate::timestamp;

/// A body as it stands.
#[derive(Debug)]
pub struct Batch<'a> {
    created_at: Text<'a>,
    /// `batch`
    pub events: Vec<Event<'a>>,
    /// `historical_migration`
    pub is_historical: bool,
    /// Some string holds an unpaired surrogate escape.
    pub lone_surrogates: bool,
}

/// An event as it stands.
#[derive(Debug)]
pub struct Event<'a> {
    /// `event`
    pub name: Text<'a>,
    /// `uuid`
    pub uuid: Text<'a>,
    /// `distinct_id`
    pub distinct_id: Text<'a>,
    /// `timestamp`
    pub timestamp: Text<'a>,
    /// `session_id`
    pub session_id: Option<Text<'a>>,
    /// `window_id`
    pub window_id: Option<Text<'a>>,
    /// `options`, of any type.
    pub options: Option<Value<'a>>,
    /// `properties`, of any type; absent if null.
    pub properties: Option<Properties<'a>>,
    /// The length of the event's text.
    pub bytes: usize,
}

/// `properties` as they stand.
#[derive(Debug, Clone, Copy)]
pub struct Properties<'a> {
    /// Their text.
    pub raw: &'a str,
    /// Whether they are an object.
    pub is_object: bool,
    /// Where they hold properties that the server may write.
    pub held: Held,
    /// There is a `$product_tour_id` other than null.
    pub has_product_tour: bool,
}

/// A field with the wrong type, missing or twice; or no JSON at all.
struct Misfit;

impl From<Error> for Misfit {
    fn from(_: Error) -> Self {
        Self
    }
}

impl<'a> Batch<'a> {
    /// Reads a whole body.
    pub fn read(text: &'a str, events_max: usize) -> Result<Self, Failure> {
        let mut cursor = Cursor::new(text);
        let mut batch = Self::fields(&mut cursor, events_max).map_err(|_| {
            Failure::new(
                "request_parsing_error",
                "the body is not JSON, or a required field is missing or mistyped",
            )
        })?;
        if batch.events.len() > events_max {
            return Err(Failure::new("payload_too_large", "the batch holds too many events"));
        }
        batch.lone_surrogates = cursor.saw_lone_surrogates();
        Ok(batch)
    }

    fn fields(cursor: &mut Cursor<'a>, events_max: usize) -> Result<Self, Misfit> {
        let (mut created_at, mut events, mut historical, mut internal) = (None, None, None, None);
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            match &*key.decode() {
                "created_at" => once(&mut created_at, cursor.value()?)?,
                "batch" => once(&mut events, read_events(cursor, events_max)?)?,
                "historical_migration" => once(&mut historical, cursor.value()?)?,
                "capture_internal" => once(&mut internal, cursor.value()?)?,
                _ => cursor.skip()?,
            }
        }
        cursor.finish()?;
        optional_bool(internal)?;
        Ok(Self {
            created_at: created_at.and_then(|value| value.text()).ok_or(Misfit)?,
            events: events.ok_or(Misfit)?,
            is_historical: optional_bool(historical)?,
            lone_surrogates: false,
        })
    }

    /// Checks what concerns the batch as a whole; returns the events' uuids.
    pub fn check(&self) -> Result<Vec<Uuid>, Failure> {
        if self.events.is_empty() {
            return Err(Failure::new("empty_batch", "the batch holds no event"));
        }
        if timestamp::parse_rfc3339(&self.created_at.decode()).is_none() {
            return Err(Failure::new("invalid_batch", "created_at is not RFC 3339"));
        }
        let uuids = self.events.iter().map(Event::parse_uuid).collect::<Result<Vec<_>, _>>()?;
        // Sorted rather than hashed: a client picks the uuids, and could pick them to collide.
        let mut sorted = uuids.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Failure::new("duplicate_event_uuid", "two events have the same uuid"));
        }
        Ok(uuids)
    }
}

/// The events; one more than allowed says that there were too many.
fn read_events<'a>(cursor: &mut Cursor<'a>, events_max: usize) -> Result<Vec<Event<'a>>, Misfit> {
    let mut events = Vec::new();
    cursor.enter_array()?;
    while cursor.next_item()? {
        if events.len() > events_max {
            cursor.skip()?;
        } else {
            events.push(Event::read(cursor)?);
        }
    }
    Ok(events)
}

impl<'a> Event<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, Misfit> {
        let (mut name, mut uuid, mut distinct_id, mut timestamp) = (None, None, None, None);
        let (mut session_id, mut window_id, mut options, mut properties) = (None, None, None, None);
        cursor.peek()?;
        let start = cursor.at();
        cursor.enter_object()?;
        while let Some(key) = cursor.next_key()? {
            match &*key.decode() {
                "event" => once(&mut name, cursor.value()?)?,
                "uuid" => once(&mut uuid, cursor.value()?)?,
                "distinct_id" => once(&mut distinct_id, cursor.value()?)?,
                "timestamp" => once(&mut timestamp, cursor.value()?)?,
                "session_id" => once(&mut session_id, cursor.value()?)?,
                "window_id" => once(&mut window_id, cursor.value()?)?,
                "options" => once(&mut options, cursor.value()?)?,
                "properties" => once(&mut properties, Properties::read(cursor)?)?,
                _ => cursor.skip()?,
            }
        }
        let required = |value: Option<Value<'a>>| value.and_then(|value| value.text()).ok_or(Misfit);
        Ok(Self {
            name: required(name)?,
            uuid: required(uuid)?,
            distinct_id: required(distinct_id)?,
            timestamp: required(timestamp)?,
            session_id: optional_text(session_id)?,
            window_id: optional_text(window_id)?,
            options: options.filter(|value| !value.is_null()),
            properties: properties.flatten(),
            bytes: cursor.at() - start,
        })
    }

    fn parse_uuid(&self) -> Result<Uuid, Failure> {
        let text = self.uuid.decode();
        let text = text.trim();
        if text.is_empty() {
            return Err(Failure::new("missing_event_uuid", "an event has an empty uuid"));
        }
        Uuid::try_parse(text).map_err(|_| Failure::new("invalid_event_uuid", "an event's uuid is not a uuid"))
    }
}

impl<'a> Properties<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Option<Self>, Misfit> {
        let kind = cursor.peek()?;
        let start = cursor.at();
        let mut held = Held::default();
        let mut has_product_tour = false;
        if kind == Kind::Object {
            cursor.enter_object()?;
            let mut member_start = cursor.at();
            while let Some(key) = cursor.next_key()? {
                let property = Written::named(&key.decode());
                if property == Some(Written::ProductTourId) {
                    has_product_tour = cursor.peek()? != Kind::Null;
                }
                cursor.skip()?;
                if let Some(property) = property {
                    held.insert(property, member_start - start, cursor.at() - start);
                }
                member_start = cursor.at();
            }
        } else {
            cursor.skip()?;
        }
        let raw = cursor.since(start);
        let properties = Self { raw, is_object: kind == Kind::Object, held, has_product_tour };
        Ok((kind != Kind::Null).then_some(properties))
    }
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), Misfit> {
    if slot.replace(value).is_some() { Err(Misfit) } else { Ok(()) }
}

fn optional_text(value: Option<Value<'_>>) -> Result<Option<Text<'_>>, Misfit> {
    match value {
        Some(value) if !value.is_null() => value.text().map(Some).ok_or(Misfit),
        _ => Ok(None),
    }
}

fn optional_bool(value: Option<Value<'_>>) -> Result<bool, Misfit> {
    match value {
        Some(value) if !value.is_null() => value.bool().ok_or(Misfit),
        _ => Ok(false),
    }
}
