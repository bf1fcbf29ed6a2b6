//! The event that the parts of a request make up.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use json::{Kind, Value};
use uuid::Uuid;

use super::parts::Part;
use super::{blob, invalid};
use crate::refusal::Refusal;
use crate::timestamp::{self, Clues};
use crate::{DropReason, Limits, Route, distinct_id};

const EVENT_PART_BYTES_MAX: usize = 32 * 1024;
/// The event part and `event.properties` together.
const EVENT_AND_PROPERTIES_BYTES_MAX: usize = 960 * 1024;
const NAMES: [&str; 6] =
    ["$ai_generation", "$ai_trace", "$ai_span", "$ai_embedding", "$ai_metric", "$ai_feedback"];

/// An event, checked and complete.
#[derive(Debug)]
pub(super) struct Event<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) distinct_id: String,
    pub(super) uuid: Uuid,
    /// A JSON object, the blob parts inside.
    pub(super) properties: String,
    pub(super) set: String,
    pub(super) set_once: String,
    timestamp: Timestamp,
}

/// What the event says of its time.
#[derive(Debug, Clone, Copy)]
enum Timestamp {
    Absent,
    Unreadable,
    At(i64),
}

/// The parts by what they are for.
#[derive(Debug, Default)]
struct Sorted<'p, 'a> {
    event: Option<&'p Part<'a>>,
    properties: Option<&'p Part<'a>>,
    blobs: Vec<(&'p str, &'p Part<'a>)>,
}

impl Event<'_> {
    /// Checks the parts, first their sizes, and joins them.
    pub(super) fn assemble(parts: &[Part<'_>], limits: &Limits) -> Result<Self, Refusal> {
        let sorted = sort(parts)?;
        let Some(event) = sorted.event else {
            return Err(invalid("Missing required 'event' part in multipart data"));
        };
        check_sizes(&sorted, event, parts, limits.multipart_parts_bytes)?;
        let event_text = text(event, "Event")?;
        let event = parse(&event_text, "Event")?;
        if event.kind != Kind::Object {
            return Err(invalid("Event must be a JSON object"));
        }
        let own_text = sorted.properties.map(|part| text(part, "Properties")).transpose()?;
        let own = own_text.as_deref().map(|text| parse(text, "Properties")).transpose()?;
        if own.is_some() && event.get("properties").is_some() {
            return Err(invalid(
                "Event cannot have both embedded properties and a separate 'event.properties' part",
            ));
        }
        let properties = own.or_else(|| event.get("properties"));
        let properties = properties.map_or(Value::parse("{}"), Ok).map_err(Refusal::parsing)?;
        let name =
            required_text(&event, "event", "Event missing 'event' field", "Event name cannot be empty")?;
        let distinct_id = required_text(
            &event,
            "distinct_id",
            "Event missing 'distinct_id' field",
            "distinct_id cannot be empty",
        )?;
        let distinct_id =
            distinct_id::from_text(distinct_id).ok_or_else(|| invalid("distinct_id cannot be empty"))?;
        check_name(&name)?;
        let uuid = event.get("uuid").and_then(|uuid| uuid.string());
        let uuid = uuid.filter(|uuid| !uuid.is_empty()).ok_or_else(|| invalid("Event UUID is required"))?;
        let uuid = Uuid::try_parse(uuid.trim())
            .map_err(|error| invalid(format_args!("Invalid UUID format: {error}")))?;
        let object = |key: &str| {
            let value = event.get(key).filter(|value| value.kind == Kind::Object);
            value.map_or_else(String::new, |value| value.raw.to_owned())
        };
        let blobs = blobs_in_json(&sorted.blobs, limits)?;
        check_model(&properties, &blobs)?;
        Ok(Event {
            name: Cow::Owned(name.into_owned()),
            distinct_id: distinct_id.into_owned(),
            uuid,
            properties: join(&properties, &blobs, limits)?,
            set: object("$set"),
            set_once: object("$set_once"),
            timestamp: timestamp_of(&event),
        })
    }

    /// When it happened, and whether that had to be made up because its text is no moment.
    pub(super) fn settle(&self, received_at_us: i64) -> (i64, bool) {
        let timestamp_us = match self.timestamp {
            Timestamp::At(timestamp_us) => Some(timestamp_us),
            Timestamp::Absent | Timestamp::Unreadable => None,
        };
        let clues = Clues { timestamp_us, ..Clues::default() };
        (clues.settle(received_at_us), matches!(self.timestamp, Timestamp::Unreadable))
    }
}

fn sort<'p, 'a>(parts: &'p [Part<'a>]) -> Result<Sorted<'p, 'a>, Refusal> {
    let mut sorted = Sorted::default();
    let mut names = BTreeSet::new();
    for (index, part) in parts.iter().enumerate() {
        let name = &*part.name;
        if index == 0 && name != "event" {
            return Err(invalid(format_args!("First part must be 'event', got '{name}'")));
        }
        let blob = name.strip_prefix("event.properties.").filter(|property| !property.is_empty());
        match (name, blob) {
            ("event", _) if sorted.event.is_some() => return Err(invalid("Duplicate 'event' part found")),
            ("event", _) => sorted.event = Some(part),
            ("event.properties", _) if sorted.properties.is_some() => {
                return Err(invalid("Duplicate 'event.properties' part found"));
            }
            ("event.properties", _) => sorted.properties = Some(part),
            (_, Some(property)) if property.contains('.') => {
                return Err(invalid(format_args!(
                    "Blob property '{name}' contains nested properties (dots). Only top-level properties are allowed."
                )));
            }
            (_, Some(property)) if !names.insert(property) => {
                return Err(invalid(format_args!("Duplicate blob property: {name}")));
            }
            (_, Some(property)) => sorted.blobs.push((property, part)),
            _ => {
                return Err(invalid(format_args!(
                    "Unknown multipart field: '{name}'. Expected 'event', 'event.properties', or 'event.properties.<property_name>'"
                )));
            }
        }
    }
    Ok(sorted)
}

fn check_sizes(
    sorted: &Sorted<'_, '_>,
    event: &Part<'_>,
    parts: &[Part<'_>],
    parts_bytes_max: usize,
) -> Result<(), Refusal> {
    let event_bytes = event.body.len();
    let properties_bytes = sorted.properties.map_or(0, |part| part.body.len());
    let all_bytes = parts.iter().map(|part| part.body.len()).sum();
    for (what, size, limit) in [
        ("Event part size", event_bytes, EVENT_PART_BYTES_MAX),
        (
            "Combined event and properties size",
            event_bytes + properties_bytes,
            EVENT_AND_PROPERTIES_BYTES_MAX,
        ),
        ("Sum of all parts", all_bytes, parts_bytes_max),
    ] {
        if size > limit {
            let text = format!(
                "maximum event size exceeded: {what} ({size} bytes) exceeds maximum allowed size ({limit} bytes)"
            );
            return Err(Refusal::new(413, DropReason::RejectedTooBig, text));
        }
    }
    Ok(())
}

/// The part as text that every JSON reader accepts.
fn text<'a>(part: &Part<'a>, what: &str) -> Result<Cow<'a, str>, Refusal> {
    let text = simdutf8::basic::from_utf8(part.body)
        .map_err(|_| invalid(format_args!("{what} part must be valid UTF-8")))?;
    let has_lone_surrogates = parse(text, what)?.lone_surrogates;
    Ok(if has_lone_surrogates {
        Cow::Owned(json::replace_lone_surrogates(text))
    } else {
        Cow::Borrowed(text)
    })
}

fn parse<'a>(text: &'a str, what: &str) -> Result<Value<'a>, Refusal> {
    Value::parse(text).map_err(|_| invalid(format_args!("{what} part must be valid JSON")))
}

fn required_text<'a>(
    event: &Value<'a>,
    key: &str,
    missing: &'static str,
    empty: &'static str,
) -> Result<Cow<'a, str>, Refusal> {
    let text = event.get(key).and_then(|value| value.string()).ok_or_else(|| invalid(missing))?;
    if text.is_empty() { Err(invalid(empty)) } else { Ok(text) }
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if NAMES.contains(&name) {
        return Ok(());
    }
    Err(invalid(format_args!("Event name must be one of: {}, got '{name}'", NAMES.join(", "))))
}

fn timestamp_of(event: &Value<'_>) -> Timestamp {
    match event.get("timestamp") {
        None => Timestamp::Absent,
        Some(value) if value.is_null() => Timestamp::Absent,
        Some(value) => {
            let moment = value.string().and_then(|text| timestamp::parse(&text));
            moment.map_or(Timestamp::Unreadable, Timestamp::At)
        }
    }
}

/// The blob parts as JSON text, by the property that they fill.
fn blobs_in_json<'p>(
    blobs: &[(&'p str, &Part<'_>)],
    limits: &Limits,
) -> Result<BTreeMap<&'p str, String>, Refusal> {
    let limit = limits.event_bytes(Route::AiMultipart);
    let mut total = 0;
    let mut texts = BTreeMap::new();
    for (property, part) in blobs {
        let text = blob::to_json(part, limit)?;
        total += text.len();
        if total > limit {
            return Err(too_big(limit));
        }
        texts.insert(*property, text);
    }
    Ok(texts)
}

fn check_model(properties: &Value<'_>, blobs: &BTreeMap<&str, String>) -> Result<(), Refusal> {
    if properties.kind != Kind::Object {
        return Err(invalid("Event missing 'properties' field"));
    }
    let blob = blobs.get("$ai_model").and_then(|text| Value::parse(text).ok());
    let model = blob.or_else(|| properties.get("$ai_model"));
    let model = model.ok_or_else(|| invalid("Event properties must contain '$ai_model'"))?;
    let model = model.string().ok_or_else(|| invalid("$ai_model must be a string"))?;
    if model.is_empty() { Err(invalid("$ai_model cannot be empty")) } else { Ok(()) }
}

/// The properties as they stand, with those that came as parts in place of the ones of the same name.
fn join(properties: &Value<'_>, blobs: &BTreeMap<&str, String>, limits: &Limits) -> Result<String, Refusal> {
    let limit = limits.event_bytes(Route::AiMultipart);
    let size =
        properties.raw.len() + blobs.iter().map(|(key, text)| key.len() + text.len() + 4).sum::<usize>();
    if size > limit {
        return Err(too_big(limit));
    }
    if blobs.is_empty() {
        return Ok(properties.raw.to_owned());
    }
    let mut out = String::with_capacity(size);
    out.push('{');
    for (key, value) in properties.members() {
        if !blobs.contains_key(&*key.decode()) {
            json::push_key(&mut out, &key.decode());
            out.push_str(value.raw);
        }
    }
    for (key, text) in blobs {
        json::push_key(&mut out, key);
        out.push_str(text);
    }
    out.push('}');
    Ok(out)
}

fn too_big(limit: usize) -> Refusal {
    Refusal { reason: DropReason::AiEventTooBig, ..Refusal::too_big("the event with its parts", limit) }
}
