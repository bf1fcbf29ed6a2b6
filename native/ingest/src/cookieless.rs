//! Visitors who refused cookies: a distinct id that only this server, and only for a few days, can compute.
//!
//! The id is a hash of project, address, host's root domain, user agent and an extra, keyed by a random salt of
//! the event's day. Once the day's salt is deleted nobody can link the id to anything.

use std::borrow::Cow;

use base64_text::encode;
use jiff::{Timestamp, tz::TimeZone};
use rustc_hash::FxHashMap;

use crate::keys::Key;
use crate::scan::Scan;
use crate::settings::{CookielessMode, ProjectSettings};
use crate::siphash::siphash128;

/// Hours that events may come late: the day must still have existed somewhere on earth within them.
const LATE_HOURS: i64 = 72;
const HOUR_S: i64 = 3_600;
/// Earth's clocks reach from UTC-12 to UTC+14.
const WEST_HOURS: i64 = 12;
const EAST_HOURS: i64 = 14;
const DAY_S: i64 = 86_400;
const EXTRA_CHARS_MAX: usize = 100;

/// The day's random salts.
#[derive(Debug, Default)]
pub struct Salts {
    by_day: FxHashMap<i32, [u8; 16]>,
}

/// What a cookieless event becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "they are what the properties are called")]
pub struct Visitor {
    /// The distinct id.
    pub distinct_id: String,
    /// The device.
    pub device_id: String,
    /// The session: an id shaped as version 7 that starts with the day.
    pub session_id: String,
}

/// Why there is no visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The project does not want such events, or such events mean nothing.
    Unwanted,
    /// The warning's type.
    Warn(&'static str),
    /// The day's salt is not in memory: a caller's mistake.
    NoSalt(i32),
}

impl Salts {
    /// Learns the salt of a day, counted from 1970-01-01.
    pub fn load(&mut self, day: i32, salt: [u8; 16]) {
        self.by_day.insert(day, salt);
    }

    /// Forgets the days before `day`, and with them whose events those were.
    pub fn forget_before(&mut self, day: i32) {
        self.by_day.retain(|kept, _| *kept >= day);
    }

    /// Whether the day's salt is in memory.
    pub fn has(&self, day: i32) -> bool {
        self.by_day.contains_key(&day)
    }

    /// The visitor behind a cookieless event.
    pub fn visitor(&self, event: &CookielessEvent<'_, '_>) -> Result<Visitor, Refusal> {
        if matches!(event.name, "$identify" | "$create_alias" | "$merge_dangerously") {
            return Err(Refusal::Unwanted);
        }
        let day = event.day()?;
        let user_agent = event.needed(Key::RawUserAgent, "cookieless_missing_user_agent")?;
        let address = event.address()?;
        let host = event.needed(Key::Host, "cookieless_missing_host")?;
        let salt = self.by_day.get(&day).ok_or(Refusal::NoSalt(day))?;
        let extra: String = event
            .scan
            .string(Key::CookielessExtra)
            .unwrap_or_default()
            .chars()
            .take(EXTRA_CHARS_MAX)
            .collect();
        let project_id = event.settings.id;
        let text = format!("{project_id}-{address}-{}-{user_agent}-0-{extra}", root_domain(&host));
        let hash = siphash128(salt, text.as_bytes());
        let distinct_id = format!("cookieless_{}", encode(&hash));
        Ok(Visitor { device_id: distinct_id.clone(), distinct_id, session_id: session_id(day, salt, &hash) })
    }
}

/// An event that asks to be treated so.
pub struct CookielessEvent<'s, 'b> {
    /// The event's name.
    pub name: &'s str,
    /// Its properties.
    pub scan: &'s Scan<'b>,
    /// The client's address.
    pub client_address: &'s str,
    /// When it happened.
    pub timestamp_us: i64,
    /// When it was received.
    pub received_at_us: i64,
    /// The project's settings.
    pub settings: &'s ProjectSettings,
}

impl<'b> CookielessEvent<'_, 'b> {
    /// Whether properties ask for it.
    pub fn is_one(scan: &Scan<'_>) -> bool {
        scan.get(Key::CookielessMode).is_some_and(|value| value.raw == "true")
    }

    /// The visitor's day, counted from 1970-01-01, if such events are wanted and the day is not too far.
    pub fn day(&self) -> Result<i32, Refusal> {
        if self.settings.cookieless_mode == CookielessMode::Disabled {
            return Err(Refusal::Unwanted);
        }
        let day = self.local_day().ok_or(Refusal::Warn("cookieless_timestamp_out_of_range"))?;
        let start_s = i64::from(day) * DAY_S;
        let now_s = self.received_at_us.div_euclid(1_000_000);
        let earliest_s = start_s - EAST_HOURS * HOUR_S;
        let latest_s = start_s + DAY_S + WEST_HOURS * HOUR_S;
        if now_s < earliest_s || now_s > latest_s + LATE_HOURS * HOUR_S {
            return Err(Refusal::Warn("cookieless_timestamp_out_of_range"));
        }
        Ok(day)
    }

    fn local_day(&self) -> Option<i32> {
        let sent = self.scan.string(Key::TimeZone).and_then(|name| TimeZone::get(&name).ok());
        let zone = sent.or_else(|| TimeZone::get(&self.settings.timezone).ok()).unwrap_or(TimeZone::UTC);
        let instant = Timestamp::from_microsecond(self.timestamp_us).ok()?;
        let offset_s = i64::from(zone.to_offset(instant).seconds());
        i32::try_from((self.timestamp_us.div_euclid(1_000_000) + offset_s).div_euclid(DAY_S)).ok()
    }

    fn needed(&self, key: Key, missing: &'static str) -> Result<Cow<'b, str>, Refusal> {
        self.scan.string(key).filter(|text| !text.is_empty()).ok_or(Refusal::Warn(missing))
    }

    fn address(&self) -> Result<Cow<'_, str>, Refusal> {
        match self.scan.string(Key::Ip).filter(|address| !address.is_empty()) {
            Some(address) => Ok(address),
            None if self.client_address.is_empty() => Err(Refusal::Warn("cookieless_missing_ip")),
            None => Ok(Cow::Borrowed(self.client_address)),
        }
    }
}

/// The last two labels of a host, three where the last two are a country's `co.uk` kind; addresses stay whole.
fn root_domain(host: &str) -> String {
    let host = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_lowercase();
    if host.parse::<std::net::IpAddr>().is_ok() {
        return host;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let second = labels.len().checked_sub(2).map_or("", |at| labels[at]);
    let country = labels.last().is_some_and(|label| label.len() == 2);
    let shared = country && matches!(second, "co" | "com" | "net" | "org" | "gov" | "edu" | "ac");
    let keep = if shared { 3 } else { 2 };
    labels[labels.len().saturating_sub(keep)..].join(".")
}

/// One session a day: a `UUIDv7` of the day's start whose random bits come from the hash.
fn session_id(day: i32, salt: &[u8; 16], hash: &[u8; 16]) -> String {
    let milliseconds = u64::try_from(i64::from(day) * DAY_S * 1000).unwrap_or(0);
    let random = siphash128(salt, hash);
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &tail).into_uuid().to_string()
}

/// Base64 without padding, for sixteen bytes.
mod base64_text {
    pub(super) fn encode(bytes: &[u8; 16]) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::with_capacity(22);
        for chunk in bytes.chunks(3) {
            let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
                << (8 * (3 - chunk.len()));
            for sextet in 0..=chunk.len() {
                out.push(ALPHABET[(word >> (18 - 6 * sextet) & 63) as usize] as char);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_US: i64 = 1_700_000_000_000_000;

    fn settings() -> ProjectSettings {
        ProjectSettings { id: 1, cookieless_mode: CookielessMode::Stateless, ..ProjectSettings::default() }
    }

    fn visitor(properties: &str, timestamp_us: i64) -> Result<Visitor, Refusal> {
        let mut salts = Salts::default();
        salts.load(19_675, [1; 16]);
        let mut scan = Scan::default();
        scan.read(properties).unwrap();
        let settings = settings();
        salts.visitor(&CookielessEvent {
            name: "$pageview",
            scan: &scan,
            client_address: "1.2.3.4",
            timestamp_us,
            received_at_us: NOW_US,
            settings: &settings,
        })
    }

    #[test]
    fn the_same_visitor_has_the_same_id_all_day_and_others_have_others() {
        let one = visitor(r#"{"$raw_user_agent":"a","$host":"www.example.com"}"#, NOW_US).unwrap();
        let again = visitor(r#"{"$raw_user_agent":"a","$host":"app.example.com"}"#, NOW_US - 1).unwrap();
        let other = visitor(r#"{"$raw_user_agent":"b","$host":"example.com"}"#, NOW_US).unwrap();
        assert_eq!(one, again);
        assert_ne!(one.distinct_id, other.distinct_id);
        assert_eq!(one.distinct_id.len(), "cookieless_".len() + 22);
        assert_eq!(&one.session_id[14..15], "7");
    }

    #[test]
    fn what_is_missing_is_named() {
        let host = r#"{"$host":"h"}"#;
        assert_eq!(visitor(host, NOW_US), Err(Refusal::Warn("cookieless_missing_user_agent")));
        assert_eq!(
            visitor(r#"{"$raw_user_agent":"a"}"#, NOW_US),
            Err(Refusal::Warn("cookieless_missing_host"))
        );
        let old = visitor(host, NOW_US - 6 * 86_400_000_000);
        assert_eq!(old, Err(Refusal::Warn("cookieless_timestamp_out_of_range")));
    }

    #[test]
    fn root_domains_keep_the_registered_name() {
        for (host, root) in [
            ("a.b.example.com", "example.com"),
            ("x.example.co.uk:80", "example.co.uk"),
            ("1.2.3.4", "1.2.3.4"),
        ] {
            assert_eq!(root_domain(host), root);
        }
    }
}
