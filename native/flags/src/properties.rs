//! The properties that filters look at: stored ones, what the request lays over them, and what follows from both.
//!
//! Only what some definition looks at is read out of documents; the rest of a large document is passed over.

use json::{Cursor, Kind};
use serde_json::Value;

use crate::compile::GroupType;
use crate::keys::Keys;
use crate::request::Request;

/// Properties that are copied to `$initial_…` where that is absent. Source: the flags contract, 4.
const WITH_INITIAL: [&str; 18] = [
    "$app_build",
    "$app_name",
    "$app_namespace",
    "$app_version",
    "$browser",
    "$browser_version",
    "$device_type",
    "$current_url",
    "$pathname",
    "$os",
    "$os_version",
    "$referring_domain",
    "$referrer",
    "$screen_height",
    "$screen_width",
    "$viewport_height",
    "$viewport_width",
    "$raw_user_agent",
];

/// As `WITH_INITIAL`; these have no `$` of their own.
const CAMPAIGN: [&str; 24] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_term",
    "gclid",
    "gad_source",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "fbclid",
    "msclkid",
    "twclid",
    "li_fat_id",
    "mc_cid",
    "igshid",
    "ttclid",
    "rdt_cid",
    "epik",
    "qclid",
    "sccid",
    "irclid",
    "_kx",
];

/// What is known of a place. Source: the flags contract, 4.
const PLACE: [&str; 7] = [
    "$geoip_country_name",
    "$geoip_city_name",
    "$geoip_country_code",
    "$geoip_continent_name",
    "$geoip_continent_code",
    "$geoip_postal_code",
    "$geoip_time_zone",
];

/// One property.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    Absent,
    /// It may be stored, and what is stored cannot be had.
    Unknown,
    Present(Value),
}

/// Stored properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored<'a> {
    /// There are none.
    Nothing,
    /// A JSON object.
    Document(&'a str),
    /// Nobody can tell.
    Unavailable,
}

/// Adds the sources of `$initial_…` properties that somebody looks at. Gives pairs of slots: to, from.
pub fn intern_initial(keys: &mut Keys) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for source in WITH_INITIAL.into_iter().chain(CAMPAIGN) {
        let initial = format!("$initial_{}", source.trim_start_matches('$'));
        if let Some(slot) = keys.get(&initial) {
            pairs.push((slot as u32, keys.intern(source)));
        }
    }
    pairs
}

/// The properties of the person who asks.
pub fn of_person(
    keys: &Keys,
    initial: &[(u32, u32)],
    request: &Request,
    stored: Stored<'_>,
    place: Option<&str>,
) -> Vec<Slot> {
    let stored = if request.only_given_properties { Stored::Nothing } else { stored };
    let mut slots = stored_slots(keys, stored);
    if let Some(slot) = keys.get("distinct_id") {
        slots[slot] = Slot::Present(Value::from(request.distinct_id.as_str()));
    }
    let mut given = vec![false; slots.len()];
    if let Some(properties) = &request.person_properties {
        lay_over(keys, properties, |slot, value| {
            given[slot] = !value.is_null();
            slots[slot] = Slot::Present(value);
        });
    }
    if let Some(place) = place.filter(|place| request.wants_place && !place.is_empty()) {
        let counting: Vec<usize> = PLACE.iter().filter_map(|key| keys.get(key)).collect();
        lay_over(keys, &format!("{{{place}}}"), |slot, value| {
            if !given[slot] && counting.contains(&slot) {
                slots[slot] = Slot::Present(value);
            }
        });
    }
    for (to, from) in initial {
        if slots[*to as usize] == Slot::Absent {
            slots[*to as usize] = slots[*from as usize].clone();
        }
    }
    slots
}

/// The properties of the group of a type that the request names.
pub fn of_group(kind: &GroupType, request: &Request, key: Option<&str>, stored: Stored<'_>) -> Vec<Slot> {
    let mut slots = stored_slots(&kind.keys, if key.is_some() { stored } else { Stored::Nothing });
    let Some(name) = kind.name.as_deref() else { return slots };
    let given = request.group_properties.iter().filter(|(kind, _)| kind == name);
    for (_, properties) in given {
        lay_over(&kind.keys, properties, |slot, value| slots[slot] = Slot::Present(value));
    }
    if let (Some(key), Some(slot)) = (key, kind.keys.get("$group_key")) {
        slots[slot] = Slot::Present(Value::from(key));
    }
    slots
}

/// Which slots a request fills itself, so that nothing stored is needed for them.
pub fn given_by_person(keys: &Keys, request: &Request) -> Vec<bool> {
    let mut given = vec![false; keys.len()];
    if let Some(slot) = keys.get("distinct_id") {
        given[slot] = true;
    }
    if let Some(properties) = &request.person_properties {
        members(keys, properties, |slot, _| given[slot] = true);
    }
    given
}

/// As `given_by_person`, for the group of a type.
pub fn given_by_group(kind: &GroupType, request: &Request) -> Vec<bool> {
    let mut given = vec![false; kind.keys.len()];
    if let Some(slot) = kind.keys.get("$group_key") {
        given[slot] = true;
    }
    let Some(name) = kind.name.as_deref() else { return given };
    for (_, properties) in request.group_properties.iter().filter(|(kind, _)| kind == name) {
        members(&kind.keys, properties, |slot, _| given[slot] = true);
    }
    given
}

fn stored_slots(keys: &Keys, stored: Stored<'_>) -> Vec<Slot> {
    let unread = if stored == Stored::Unavailable { Slot::Unknown } else { Slot::Absent };
    let mut slots = vec![unread; keys.len()];
    if let Stored::Document(document) = stored {
        lay_over(keys, document, |slot, value| slots[slot] = Slot::Present(value));
    }
    slots
}

fn lay_over(keys: &Keys, document: &str, mut set: impl FnMut(usize, Value)) {
    members(keys, document, |slot, value| set(slot, read(value)));
}

/// Walks the members of a document that somebody looks at. What is not an object has none.
fn members(keys: &Keys, document: &str, mut meet: impl FnMut(usize, json::Value<'_>)) {
    if keys.len() == 0 {
        return;
    }
    let mut cursor = Cursor::new(document);
    if cursor.enter_object().is_err() {
        return;
    }
    while let Ok(Some(key)) = cursor.next_key() {
        let Some(slot) = keys.get(&key.decode()) else {
            if cursor.skip().is_err() {
                return;
            }
            continue;
        };
        match cursor.value() {
            Ok(value) => meet(slot, value),
            Err(_) => return,
        }
    }
}

/// A value as filters take it. A number beyond doubles is null, as an infinity is.
fn read(value: json::Value<'_>) -> Value {
    match value.kind {
        Kind::Null => Value::Null,
        Kind::Bool => Value::Bool(value.raw == "true"),
        Kind::String => value.string().map_or(Value::Null, |text| Value::String(text.into_owned())),
        _ if value.lone_surrogates => {
            serde_json::from_str(&json::replace_lone_surrogates(value.raw)).unwrap_or(Value::Null)
        }
        _ => serde_json::from_str(value.raw).unwrap_or(Value::Null),
    }
}
