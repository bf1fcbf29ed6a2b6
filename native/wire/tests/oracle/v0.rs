//! The v0 protocol, told slowly.

use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;
use wire::Route;

use super::fields::{Fields, Misfit};
use super::{Event, Expected, NOW_US, exceeded};

/// An event that fits.
#[derive(Debug)]
pub struct Model {
    pub name: Option<String>,
    pub token: Option<String>,
    pub distinct_id: Value,
    pub uuid: Option<Uuid>,
    pub timestamp: Option<String>,
    pub offset_ms: Option<i64>,
    pub properties: String,
    pub set: String,
    pub set_once: String,
}

impl Model {
    /// Reads all fields but the name.
    pub fn read(text: &str) -> Result<(Self, Fields), Misfit> {
        let fields = Fields::read(text)?;
        let uuid = match fields.optional_text(&["uuid"])?.as_deref() {
            None | Some("") => None,
            Some(text) => Some(Uuid::parse_str(text).map_err(|_| Misfit)?),
        };
        let offset_ms = match fields.one_of(&["offset"])? {
            None | Some("null") => None,
            Some(text) => Some(text.parse().map_err(|_| Misfit)?),
        };
        let distinct_id = fields.one_of(&["distinct_id", "$distinct_id"])?.unwrap_or("null");
        let properties = match fields.one_of(&["properties"])? {
            None => "{}".to_owned(),
            Some(text) if text.starts_with('{') => text.to_owned(),
            Some(_) => return Err(Misfit),
        };
        let model = Self {
            name: None,
            token: fields.optional_text(&["token", "$token", "api_key"])?,
            distinct_id: serde_json::from_str(distinct_id).unwrap(),
            uuid,
            timestamp: fields.optional_text(&["timestamp"])?,
            offset_ms,
            properties,
            set: fields.optional_object("$set")?,
            set_once: fields.optional_object("$set_once")?,
        };
        // A name may have any type here, but stand once.
        fields.one_of(&["event"])?;
        Ok((model, fields))
    }

    fn named(text: &str) -> Result<Self, Misfit> {
        let (model, fields) = Self::read(text)?;
        Ok(Self { name: Some(fields.text(&["event"])?), ..model })
    }

    pub fn property(&self, key: &str) -> Option<Value> {
        Fields::read(&self.properties).unwrap().last(key)
    }

    pub fn any_token(&self) -> Option<String> {
        self.token.clone().or_else(|| self.property("token")?.as_str().map(str::to_owned))
    }

    pub fn id(&self) -> Option<String> {
        let value = match &self.distinct_id {
            Value::Null => self.property("distinct_id")?,
            value => value.clone(),
        };
        let text = match value {
            Value::Null => return None,
            Value::String(text) => text,
            mut other => {
                other.sort_all_objects();
                other.to_string()
            }
        };
        let cut: String = text.chars().take(200).map(|c| if c == '\0' { '\u{FFFD}' } else { c }).collect();
        (!text.trim().is_empty()).then_some(cut)
    }

    fn event(&self, sent_at_us: Option<i64>, flags: u8) -> Result<Event, Expected> {
        let name = self.name.clone().unwrap_or("$identify".to_owned());
        if name.is_empty() {
            return Err(Expected::Refused(400, "event submitted with an empty event name"));
        }
        let distinct_id = self.id().ok_or(Expected::Refused(400, "event submitted without a distinct_id"))?;
        if self.property("$cookieless_mode").is_some_and(|mode| !mode.is_boolean()) {
            return Err(Expected::Refused(400, "event submitted with invalid cookieless mode"));
        }
        let trusted = self.property("$ignore_sent_at") == Some(Value::Bool(true));
        Ok(Event {
            name,
            distinct_id,
            properties: self.properties.clone(),
            set: self.set.clone(),
            set_once: self.set_once.clone(),
            uuid: self.uuid,
            timestamp_us: self.moment(sent_at_us.filter(|_| !trusted)),
            flags,
        })
    }

    /// The moment, unless a text is neither RFC 3339 nor nonsense.
    fn moment(&self, sent_at_us: Option<i64>) -> Option<i64> {
        let moment = match (self.offset_ms, self.timestamp.as_deref()) {
            (Some(offset_ms), _) => i128::from(NOW_US) - i128::from(offset_ms) * 1000,
            (None, None) => i128::from(NOW_US),
            (None, Some(text)) => {
                let moment = i128::from(rfc3339_moment(text)?);
                sent_at_us.map_or(moment, |sent_at_us| moment - i128::from(sent_at_us - NOW_US))
            }
        };
        let range = -62_167_219_200_000_000..253_402_300_800_000_000;
        Some(match moment {
            _ if moment > i128::from(NOW_US) + 23 * 3_600_000_000 => NOW_US,
            _ if !range.contains(&moment) => 0,
            _ => moment as i64,
        })
    }
}

/// RFC 3339, judged by its grammar and computed by `jiff`.
pub fn rfc3339_moment(text: &str) -> Option<i64> {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let head = ["0000-00-00T00:00:00", "0000-00-00t00:00:00", "0000-00-00 00:00:00"];
    let tail = head.iter().find_map(|head| shape.strip_prefix(head))?;
    let zone = match tail.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches('0'),
        None => tail,
    };
    let fraction = &text[19..text.len() - zone.len()];
    let offset = text[text.len() - zone.len()..].to_owned();
    let hours: i64 = offset.get(1..3).map_or(Some(0), |hours| hours.parse().ok())?;
    if !["Z", "z", "+00:00", "-00:00"].contains(&zone) || fraction == "." || hours > 23 {
        return None;
    }
    let is_leap = &text[17..19] == "60";
    let second = if is_leap { "59" } else { &text[17..19] };
    let digits = &fraction[..fraction.len().min(7)];
    let plain = format!("{}T{}{second}{digits}{}", &text[..10], &text[11..17], offset.to_uppercase());
    let moment: jiff::Timestamp = plain.parse().ok()?;
    let nanoseconds = moment.as_nanosecond() + if is_leap { 1_000_000_000 } else { 0 };
    Some(nanoseconds.div_euclid(1000) as i64)
}

pub fn token_fault(token: &str) -> Option<Expected> {
    let token = token.trim();
    let shape = if token.is_empty() {
        "API key is not valid: empty"
    } else if token.len() > 64 {
        "API key is not valid: too_long"
    } else if !token.is_ascii() {
        "API key is not valid: not_ascii"
    } else if token.starts_with("phx_") {
        "API key is not valid: personal_api_key"
    } else if token.contains('\0') {
        "API key is not valid: null_byte"
    } else if exceeded(token).is_none() {
        "project API key"
    } else {
        return None;
    };
    Some(Expected::Refused(401, shape))
}

struct Batch {
    token: Option<String>,
    events: Vec<Model>,
    historical: bool,
    sent_at: Option<String>,
}

fn read_batch(text: &str) -> Result<Batch, Misfit> {
    let fields = Fields::read(text)?;
    Ok(Batch {
        token: Some(fields.text(&["token", "api_key"])?),
        events: read_all(&fields.array("batch")?)?,
        historical: fields.optional_bool("historical_migration")?,
        sent_at: fields.optional_text(&["sent_at"])?,
    })
}

fn read_all(items: &[Box<RawValue>]) -> Result<Vec<Model>, Misfit> {
    items.iter().map(|item| Model::named(item.get())).collect()
}

fn shape(route: Route, text: &str) -> Result<Batch, Expected> {
    let alone = |events| Batch { token: None, events, historical: false, sent_at: None };
    let parsing = Expected::Refused(400, "failed to parse request: ");
    if let Ok(items) = serde_json::from_str::<Vec<Box<RawValue>>>(text) {
        return read_all(&items).map(alone).map_err(|_| parsing);
    }
    if let Ok(batch) = read_batch(text) {
        return Ok(batch);
    }
    if let Ok(event) = Model::named(text) {
        return Ok(alone(vec![event]));
    }
    match Model::read(text) {
        Ok((event, _)) if route == Route::Engage => Ok(alone(vec![event])),
        Ok((_, fields)) if fields.one_of(&["event"]) == Ok(None) => {
            Err(Expected::Refused(400, "failed to hydrate events from request: non-engage"))
        }
        _ => Err(parsing),
    }
}

pub fn expect(route: Route, text: &str) -> Expected {
    judge(route, text).unwrap_or_else(|refused| refused)
}

fn judge(route: Route, text: &str) -> Result<Expected, Expected> {
    let mut batch = shape(route, text)?;
    if batch.events.is_empty() {
        return Err(Expected::Refused(400, "request holds no event"));
    }
    batch.events.retain(|event| event.name.as_deref() != Some("$performance_event"));
    if batch.events.is_empty() {
        return Ok(Expected::Kept(Vec::new()));
    }
    let token = batch.token.take().map_or_else(|| common_token(&batch.events), Ok)?;
    token_fault(&token).map_or(Ok(()), Err)?;
    let mask = exceeded(token.trim()).unwrap_or(0);
    let is_ai = route == Route::AiBatch;
    batch.events.retain(|event| {
        let name = event.name.as_deref().unwrap_or("$identify");
        (name.starts_with("$ai_") || !is_ai) && mask & scope(name, event) == 0
    });
    let sent_at_us = batch.sent_at.as_deref().and_then(rfc3339_moment);
    let is_odd = sent_at_us.is_none() && batch.sent_at.as_deref().is_some_and(|text| text != "soon");
    let flags = |event: &Model| {
        let own = ["$exception", "$$heatmap", "$$client_ingestion_warning"];
        let historical = batch.historical && !own.contains(&event.name.as_deref().unwrap_or(""));
        u8::from(historical) + 8 * u8::from(is_ai)
    };
    let judge = |event: &Model| {
        let judged = event.event(sent_at_us, flags(event))?;
        Ok(Event { timestamp_us: judged.timestamp_us.filter(|_| !is_odd), ..judged })
    };
    batch.events.iter().map(judge).collect::<Result<_, _>>().map(Expected::Kept)
}

fn common_token(events: &[Model]) -> Result<String, Expected> {
    let mut tokens: Vec<_> = events.iter().filter_map(Model::any_token).collect();
    tokens.sort();
    tokens.dedup();
    match tokens.len() {
        0 => Err(Expected::Refused(401, "event submitted without an api_key")),
        1 => Ok(tokens.remove(0)),
        _ => Err(Expected::Refused(401, "batch submitted with inconsistent api_key values")),
    }
}

fn scope(name: &str, event: &Model) -> u8 {
    let tour = event.property("$product_tour_id").is_some_and(|tour| !tour.is_null());
    match name {
        "$exception" => 2,
        "survey sent" | "survey shown" | "survey dismissed" if !tour => 4,
        _ if name.starts_with("$ai_") => 8,
        _ => 1 | 32,
    }
}
