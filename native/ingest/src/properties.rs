//! What the server adds to an event's properties, and what an event says of its person.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use jiff::Timestamp;
use json::Kind;
use persons::Property;
use record::Record;

use crate::keys::{Key, KeyIndex, Keys};
use crate::objects::object;
use crate::place::Place;
use crate::scan::{Scan, truthy};

/// Members added after the client's own, and the shredded columns they fill.
#[derive(Default)]
pub(crate) struct Additions<'b> {
    /// Members without braces.
    pub(crate) text: String,
    /// Index into the shredded columns, and text.
    pub(crate) columns: Vec<(usize, Cow<'b, str>)>,
    /// The time last written: events of one request share theirs.
    sent_at: (i64, String),
}

impl<'b> Additions<'b> {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.columns.clear();
    }

    /// Adds a known key's text in place of the client's.
    pub(crate) fn put_text(&mut self, scan: &mut Scan<'b>, key: Key, value: Cow<'b, str>) {
        scan.remove(key);
        self.name(Keys::get().known[key as usize].name);
        json::push_string(&mut self.text, &value);
        self.fill(key as KeyIndex, value);
    }

    /// Adds a known key's JSON in place of the client's. Not for keys that have a column.
    pub(crate) fn put_json(&mut self, scan: &mut Scan<'b>, key: Key, json: &str) {
        scan.remove(key);
        self.name(Keys::get().known[key as usize].name);
        self.text.push_str(json);
    }

    /// `$ip`, unless the client sent one or nobody may know it.
    pub(crate) fn address(&mut self, scan: &mut Scan<'b>, client_address: &'b str, hidden: bool) {
        if hidden {
            scan.remove(Key::Ip);
        } else if !client_address.is_empty() && !scan.truthy(Key::Ip) {
            self.put_text(scan, Key::Ip, Cow::Borrowed(client_address));
        }
    }

    /// `$sent_at`, where the time is known.
    pub(crate) fn sent_at(&mut self, scan: &mut Scan<'b>, record: &Record<'_>) {
        let Some(at_us) = record.sent_at_us else { return };
        if self.sent_at.0 != at_us || self.sent_at.1.is_empty() {
            let Ok(at) = Timestamp::from_microsecond(at_us) else { return };
            self.sent_at.0 = at_us;
            self.sent_at.1.clear();
            let _ = write!(self.sent_at.1, "\"{at:.3}\"");
        }
        scan.remove(Key::SentAt);
        self.name("$sent_at");
        self.text.push_str(&self.sent_at.1);
    }

    /// `$os` from `$os_name`. Servers' own systems are nobody's.
    pub(crate) fn operating_system(&mut self, scan: &mut Scan<'b>) {
        let absent = scan.get(Key::Os).is_none() && !is_server(scan);
        if let Some(name) = scan.string(Key::OsName).filter(|_| absent) {
            self.put_text(scan, Key::Os, name);
        }
    }

    /// The place's fields, in place of the client's.
    pub(crate) fn place(&mut self, scan: &mut Scan<'b>, place: &Place) {
        scan.remove_named(|name| {
            name.starts_with("$geoip_") && place.fields.iter().any(|field| field.name == name)
        });
        self.comma();
        self.text.push_str(&place.members);
    }

    /// Names of ours need no escapes.
    fn name(&mut self, name: &str) {
        self.comma();
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    fn comma(&mut self) {
        if !self.text.is_empty() {
            self.text.push(',');
        }
    }

    fn fill(&mut self, key: KeyIndex, value: Cow<'b, str>) {
        if let Some(index) = Keys::get().known[key as usize].shredded {
            self.columns.push((index, value));
        }
    }
}

/// What an event says of its person, in the order in which later (of `set`) or earlier (of `set_once`) entries
/// win. `'e` is shorter than the batch: places are remembered elsewhere.
#[derive(Default)]
pub(crate) struct Said<'e> {
    pub(crate) set: Vec<Property<'e>>,
    pub(crate) set_once: Vec<Property<'e>>,
    pub(crate) unset: Vec<Cow<'e, str>>,
}

impl<'e> Said<'e> {
    /// The same memory, empty, for values that live differently long.
    pub(crate) fn recycle<'f>(self) -> Said<'f> {
        Said {
            set: self.set.into_iter().map_while(|_| None).collect(),
            set_once: self.set_once.into_iter().map_while(|_| None).collect(),
            unset: self.unset.into_iter().map_while(|_| None).collect(),
        }
    }

    /// Gathers everything that `record` says.
    pub(crate) fn gather<'b: 'e>(
        &mut self,
        record: &Record<'b>,
        scan: &Scan<'b>,
        place: Option<&'e Arc<Place>>,
    ) {
        let lifts = !matches!(record.event, "$snapshot" | "$performance_event");
        push_members(&mut self.set_once, object(record.set_once));
        for field in place.iter().flat_map(|place| &place.fields) {
            self.set_once.push((Cow::Borrowed(&field.initial), &field.json));
        }
        push_members(&mut self.set_once, scan.get(Key::SetOnce));
        if lifts {
            self.lift(scan);
        }
        push_members(&mut self.set, scan.get(Key::Set));
        for field in place.iter().flat_map(|place| &place.fields) {
            self.set.push((Cow::Borrowed(&field.name), &field.json));
        }
        push_members(&mut self.set, object(record.set));
        if let Some(unset) = scan.get(Key::Unset) {
            self.unset.extend(unset.items().filter_map(|item| item.string()));
            self.unset.extend(unset.members().map(|(key, _)| key.decode()));
        }
    }

    fn lift<'b: 'e>(&mut self, scan: &Scan<'b>) {
        let keys = Keys::get();
        let server = is_server(scan);
        let has_os = scan.get(Key::Os).is_some();
        for member in scan.members() {
            let Some(known) = member.known else { continue };
            let Some(lifted) = &keys.known[known as usize].lifted else { continue };
            let of_server =
                known == Key::Os as u8 || known == Key::OsVersion as u8 || known == Key::OsName as u8;
            if (server && of_server) || (has_os && known == Key::OsName as u8) {
                continue;
            }
            self.set.push((Cow::Borrowed(lifted.current), member.value.raw));
            self.set_once.push((Cow::Borrowed(&lifted.initial), member.value.raw));
        }
    }
}

fn push_members<'e>(out: &mut Vec<Property<'e>>, object: Option<json::Value<'e>>) {
    if let Some(object) = object.filter(|value| value.kind == Kind::Object) {
        out.extend(object.members().map(|(key, value)| (key.decode(), value.raw)));
    }
}

fn is_server(scan: &Scan<'_>) -> bool {
    scan.get(Key::IsServer).is_some_and(|value| truthy(&value) && value.kind == Kind::Bool)
}
