//! The v1 protocol, told slowly. The request's headers are those of `check`: project `phc_a`, no library.

use serde_json::Value;
use uuid::Uuid;
use wire::Route;

use super::fields::{Fields, Misfit};
use super::v0::rfc3339_moment;
use super::{Event, Expected, NOW_US};

struct Model {
    fields: Fields,
    uuid: String,
    name: String,
    distinct_id: String,
    timestamp: String,
}

fn read(text: &str) -> Result<Model, Misfit> {
    let fields = Fields::read(text)?;
    fields.optional_text(&["session_id"])?;
    fields.optional_text(&["window_id"])?;
    fields.one_of(&["options"])?;
    fields.one_of(&["properties"])?;
    Ok(Model {
        uuid: fields.text(&["uuid"])?.trim().to_owned(),
        name: fields.text(&["event"])?,
        distinct_id: fields.text(&["distinct_id"])?.trim().to_owned(),
        timestamp: fields.text(&["timestamp"])?,
        fields,
    })
}

fn read_batch(text: &str) -> Result<(String, Vec<Model>, bool), Misfit> {
    let fields = Fields::read(text)?;
    fields.optional_bool("capture_internal")?;
    let events = fields.array("batch")?.iter().map(|event| read(event.get())).collect::<Result<_, _>>()?;
    Ok((fields.text(&["created_at"])?, events, fields.optional_bool("historical_migration")?))
}

pub fn expect(route: Route, text: &str) -> Expected {
    let Ok((created_at, events, historical)) = read_batch(text) else {
        return Expected::Refused(400, "request_parsing_error");
    };
    if events.is_empty() {
        return Expected::Refused(400, "empty_batch");
    }
    if rfc3339_moment(&created_at).is_none() {
        return Expected::Refused(400, "invalid_batch");
    }
    let mut uuids = Vec::new();
    for event in &events {
        match Uuid::parse_str(&event.uuid) {
            _ if event.uuid.is_empty() => return Expected::Refused(400, "missing_event_uuid"),
            Err(_) => return Expected::Refused(400, "invalid_event_uuid"),
            Ok(uuid) => uuids.push(uuid),
        }
    }
    if (1..uuids.len()).any(|at| uuids[..at].contains(&uuids[at])) {
        return Expected::Refused(400, "duplicate_event_uuid");
    }
    let (mut results, mut kept) = (Vec::new(), Vec::new());
    for (event, uuid) in events.iter().zip(uuids) {
        match judge(event, uuid, historical, route) {
            Err(details) => results.push(("drop", details)),
            Ok(event) => {
                let personless = event.flags & 2 != 0;
                results.push(("ok", if personless { "person_processing_disabled" } else { "" }));
                kept.push(event);
            }
        }
    }
    Expected::Judged(results, kept)
}

fn judge(event: &Model, uuid: Uuid, historical: bool, route: Route) -> Result<Event, &'static str> {
    let name = event.name.as_str();
    let faults = [
        (name == "$performance_event", "performance_event"),
        (name.is_empty(), "missing_event_name"),
        (name.len() > 200, "event_name_too_long"),
        (event.distinct_id.is_empty(), "missing_distinct_id"),
        (event.distinct_id.len() > 200, "distinct_id_too_large"),
        (rfc3339_moment(&event.timestamp).is_none(), "invalid_event_timestamp"),
    ];
    if let Some((_, details)) = faults.iter().find(|(fault, _)| *fault) {
        return Err(details);
    }
    let raw = match event.fields.one_of(&["properties"]).unwrap() {
        None | Some("null") => "{}",
        Some(text) if text.starts_with('{') => text,
        Some(_) => return Err("malformed_event_properties"),
    };
    let options = match event.fields.last("options") {
        None | Some(Value::Null) => Value::Object(serde_json::Map::new()),
        Some(options @ Value::Object(_)) => options,
        Some(_) => return Err("invalid_options"),
    };
    let cookieless = bool_like(&options["cookieless_mode"])?;
    let trusted = bool_like(&options["disable_skew_correction"])?;
    let profile = bool_like(&options["process_person_profile"])?;
    let tour = match &options["product_tour_id"] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => return Err("invalid_options"),
    };
    let text = |text: Option<String>| text.filter(|text| !text.is_empty()).map(Value::from);
    let written = [
        ("$session_id", text(event.fields.optional_text(&["session_id"]).unwrap())),
        ("$window_id", text(event.fields.optional_text(&["window_id"]).unwrap())),
        ("$cookieless_mode", cookieless.map(Value::from)),
        ("$ignore_sent_at", trusted.map(Value::from)),
        ("$product_tour_id", text(tour)),
        ("$process_person_profile", profile.map(Value::from)),
    ];
    let illegal = ["undefined", "0", "null", "guest"].contains(&event.distinct_id.to_lowercase().as_str());
    let own = ["$exception", "$$heatmap", "$$client_ingestion_warning"];
    let moment = rfc3339_moment(&event.timestamp).unwrap();
    let too_late = moment > NOW_US + 23 * 3_600_000_000 && trusted != Some(true);
    Ok(Event {
        name: event.name.clone(),
        distinct_id: event.distinct_id.replace('\0', "\u{FFFD}"),
        properties: overlay(raw, &written),
        set: String::new(),
        set_once: String::new(),
        uuid: Some(uuid),
        timestamp_us: Some(if too_late { NOW_US } else { moment })
            .filter(|_| moment > -62_000_000_000_000_000),
        flags: u8::from(historical && !own.contains(&name))
            + 2 * u8::from(illegal)
            + 8 * u8::from(route == Route::V1Ai),
    })
}

/// The properties with what the server writes: the sent text where nothing of it has to go.
fn overlay(raw: &str, written: &[(&str, Option<Value>)]) -> String {
    let written: Vec<_> = written.iter().filter_map(|(key, value)| Some((*key, value.clone()?))).collect();
    let keys: Vec<_> = written.iter().map(|(key, _)| *key).collect();
    let fields = Fields::read(raw).unwrap();
    let kept = fields.without(&keys);
    let mut out = if kept.len() == fields.without(&[]).len() {
        raw.trim_end_matches('}').to_owned() + &"}".repeat(raw.len() - raw.trim_end_matches('}').len() - 1)
    } else {
        let members: Vec<_> =
            kept.iter().map(|(key, value)| format!("{}:{value}", Value::from(key.as_str()))).collect();
        format!("{{{}", members.join(","))
    };
    out.truncate(out.trim_end().len());
    for (key, value) in written {
        if !out.ends_with('{') {
            out.push(',');
        }
        out += &format!("\"{key}\":{value}");
    }
    out + "}"
}

fn bool_like(value: &Value) -> Result<Option<bool>, &'static str> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(said) => Ok(Some(*said)),
        Value::Number(number) => Ok(Some(number.as_f64() != Some(0.0))),
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err("invalid_options"),
        },
        _ => Err("invalid_options"),
    }
}
