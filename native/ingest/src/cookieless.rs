//! Visitors who refused cookies: a distinct id that only this server, and only for a few days, can compute.
//!
//! The id is a hash of project, address, host's root domain, user agent and an extra, keyed by a random salt of
//! the event's day. Once the day's salt is deleted nobody can link the id to anything.
//!
//! A stateless project knows no more than that: one visitor, one session a day, no identify. A stateful one counts
//! the identifies of a visitor, and each gives the visitor after it another hash: who signs in after a sign-out is
//! somebody else. It also remembers when a visitor was last seen, so that sessions end.

use std::borrow::Cow;

use base64_text::encode;
use jiff::{Timestamp, tz::TimeZone};
use rustc_hash::FxHashMap;

use crate::keys::Key;
use crate::scan::Scan;
use crate::sessions::{Session, SessionKey, Sessions};
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

/// The distinct id that clients send for a visitor without one.
const SENTINEL: &str = "$posthog_cookieless";
/// Identifies of one visitor and day that are told apart.
const IDENTIFIES_MAX: u32 = 100;

/// The day's random salts, and what is remembered of the visitors of stateful projects.
#[derive(Debug, Default)]
pub struct Salts {
    by_day: FxHashMap<i32, [u8; 16]>,
    /// Of stateful projects only.
    pub(crate) sessions: Sessions,
}

/// What a cookieless event becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// The distinct id.
    pub distinct_id: String,
    /// The device.
    pub device_id: String,
    /// The session: an id shaped as version 7.
    pub session_id: String,
    /// The distinct id to merge into the event's own, for an identify.
    pub merged: Option<String>,
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
    /// What is remembered of the visitor is not in memory: a caller's mistake.
    NoSession(SessionKey),
}

impl Salts {
    /// Learns the salt of a day, counted from 1970-01-01.
    pub fn load(&mut self, day: i32, salt: [u8; 16]) {
        self.by_day.insert(day, salt);
    }

    /// Learns what is remembered of a visitor; perhaps nothing.
    pub fn load_session(&mut self, key: SessionKey, session: Session) {
        self.sessions.load(key, session);
    }

    /// Forgets the days before `day`, and with them whose events those were.
    pub fn forget_before(&mut self, day: i32) {
        self.by_day.retain(|kept, _| *kept >= day);
        self.sessions.forget_before(day);
    }

    /// Whether the day's salt is in memory.
    pub fn has(&self, day: i32) -> bool {
        self.by_day.contains_key(&day)
    }

    /// The visitor behind a cookieless event.
    pub fn visitor(&mut self, event: &CookielessEvent<'_, '_>) -> Result<Visitor, Refusal> {
        if event.is_unwanted() {
            return Err(Refusal::Unwanted);
        }
        let (traits, salt) = self.traits(event)?;
        if event.settings.cookieless_mode == CookielessMode::Stateful {
            return self.stateful(event, &traits, &salt);
        }
        let hash = traits.hash(&salt, 0);
        let start_ms = i64::from(traits.day) * DAY_S * 1000;
        Ok(Visitor {
            distinct_id: visitor_id(&hash),
            device_id: visitor_id(&hash),
            session_id: uuid_text(session_id(start_ms, &salt, &hash)),
            merged: None,
        })
    }

    fn stateful(
        &mut self,
        event: &CookielessEvent<'_, '_>,
        traits: &Traits,
        salt: &[u8; 16],
    ) -> Result<Visitor, Refusal> {
        let base = traits.key(salt, 0);
        let identifies = self.sessions.get(&base).ok_or(Refusal::NoSession(base))?.identifies;
        let identify = event.name == "$identify";
        let nameless = event.is_nameless();
        // A visitor who was named is still the one who was seen before that: same device, same session.
        let generation = if identify || nameless { identifies } else { identifies.saturating_sub(1) };
        let key = traits.key(salt, generation);
        let own = visitor_id(&key.hash);
        let session = self.sessions.use_at(key, event.timestamp_us, |at_us| {
            let mut seed = [0; 24];
            seed[..16].copy_from_slice(&key.hash);
            seed[16..].copy_from_slice(&at_us.to_le_bytes());
            session_id(at_us.div_euclid(1000), salt, &seed)
        });
        if identify {
            self.sessions.count_identify(base, IDENTIFIES_MAX);
        }
        Ok(Visitor {
            distinct_id: if nameless { own.clone() } else { event.distinct_id.to_string() },
            merged: identify.then(|| own.clone()),
            device_id: own,
            session_id: uuid_text(session),
        })
    }

    /// Under what the visitor behind an event is counted.
    pub(crate) fn base(&self, event: &CookielessEvent<'_, '_>) -> Result<SessionKey, Refusal> {
        let (traits, salt) = self.traits(event)?;
        Ok(traits.key(&salt, 0))
    }

    /// Who the visitor behind an event can be, where up to `identifies` identifies come before it. Only the base
    /// while nothing is known of the visitor: ask again then.
    pub(crate) fn visitors(
        &self,
        event: &CookielessEvent<'_, '_>,
        identifies: u32,
    ) -> Result<Vec<SessionKey>, Refusal> {
        let (traits, salt) = self.traits(event)?;
        let base = traits.key(&salt, 0);
        let Some(known) = self.sessions.get(&base).filter(|_| event.is_stateful()) else {
            return Ok(vec![base]);
        };
        let last = known.identifies.saturating_add(identifies).min(IDENTIFIES_MAX);
        Ok((known.identifies.saturating_sub(1)..=last).map(|at| traits.key(&salt, at)).collect())
    }

    fn traits(&self, event: &CookielessEvent<'_, '_>) -> Result<(Traits, [u8; 16]), Refusal> {
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
        let before = format!("{project_id}-{address}-{}-{user_agent}", root_domain(&host));
        Ok((Traits { project_id, day, before, extra }, *salt))
    }
}

/// What a visitor is told apart by, on one day.
struct Traits {
    project_id: u32,
    day: i32,
    before: String,
    extra: String,
}

impl Traits {
    fn hash(&self, salt: &[u8; 16], generation: u32) -> [u8; 16] {
        siphash128(salt, format!("{}-{generation}-{}", self.before, self.extra).as_bytes())
    }

    fn key(&self, salt: &[u8; 16], generation: u32) -> SessionKey {
        SessionKey { project_id: self.project_id, day: self.day, hash: self.hash(salt, generation) }
    }
}

/// The distinct id and device of a visitor.
pub(crate) fn visitor_id(hash: &[u8; 16]) -> String {
    format!("cookieless_{}", encode(hash))
}

/// An event that asks to be treated so.
pub struct CookielessEvent<'s, 'b> {
    /// The event's name.
    pub name: &'s str,
    /// The distinct id that the client sent.
    pub distinct_id: &'s str,
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

    /// Whether such an event means nothing for a visitor without a cookie.
    pub(crate) fn is_unwanted(&self) -> bool {
        match self.name {
            "$create_alias" | "$merge_dangerously" => true,
            "$identify" => !self.is_stateful() || self.is_nameless(),
            _ => false,
        }
    }

    /// Whether the client knows nobody's name.
    pub(crate) fn is_nameless(&self) -> bool {
        self.distinct_id == SENTINEL
    }

    /// Whether the project remembers visitors.
    pub(crate) fn is_stateful(&self) -> bool {
        self.settings.cookieless_mode == CookielessMode::Stateful
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

/// A `UUIDv7` of a time whose random bits come from a seed, so that a block made again has the same ids.
fn session_id(at_ms: i64, salt: &[u8; 16], seed: &[u8]) -> [u8; 16] {
    let random = siphash128(salt, seed);
    let mut tail = [0; 10];
    tail.copy_from_slice(&random[..10]);
    let milliseconds = u64::try_from(at_ms).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(milliseconds, &tail).into_uuid().into_bytes()
}

fn uuid_text(bytes: [u8; 16]) -> String {
    uuid::Uuid::from_bytes(bytes).to_string()
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
            distinct_id: SENTINEL,
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

    /// A day of one visitor of a stateful project: each event's distinct id, session and merged id.
    fn stateful(events: &[(&str, &str, i64)]) -> Vec<Visitor> {
        let mut salts = Salts::default();
        salts.load(19_675, [1; 16]);
        let mut scan = Scan::default();
        scan.read(r#"{"$raw_user_agent":"a","$host":"h"}"#).unwrap();
        let settings = ProjectSettings { cookieless_mode: CookielessMode::Stateful, ..settings() };
        let visit = |(name, distinct_id, minute): &(&str, &str, i64)| {
            let event = CookielessEvent {
                name,
                distinct_id,
                scan: &scan,
                client_address: "1.2.3.4",
                timestamp_us: NOW_US + minute * 60_000_000,
                received_at_us: NOW_US,
                settings: &settings,
            };
            while let Some(missing) =
                salts.visitors(&event, 1).unwrap().into_iter().find(|key| !salts.sessions.has(key))
            {
                salts.load_session(missing, Session::default());
            }
            salts.visitor(&event).unwrap()
        };
        events.iter().map(visit).collect()
    }

    #[test]
    fn an_identify_names_the_visitor_and_who_comes_after_a_sign_out_is_another() {
        let day = stateful(&[
            ("$pageview", SENTINEL, 0),
            ("$identify", "ada", 1),
            ("$pageview", "ada", 2),
            ("$pageview", SENTINEL, 3),
            ("$identify", "bob", 4),
            ("$pageview", "bob", 5),
        ]);
        let first = &day[0].distinct_id;
        assert_eq!((day[1].distinct_id.as_str(), day[1].merged.as_ref()), ("ada", Some(first)));
        assert_eq!((day[2].distinct_id.as_str(), &day[2].device_id, &day[2].merged), ("ada", first, &None));
        assert_eq!((&day[1].session_id, &day[2].session_id), (&day[0].session_id, &day[0].session_id));
        assert_ne!(&day[3].distinct_id, first);
        assert_ne!(day[3].session_id, day[0].session_id);
        assert_eq!(day[4].merged.as_ref(), Some(&day[3].distinct_id));
        assert_eq!(day[5].device_id, day[3].device_id);
    }

    #[test]
    fn a_session_ends_after_half_an_hour_without_events() {
        let day = stateful(&[
            ("a", SENTINEL, 0),
            ("a", SENTINEL, 30),
            ("a", SENTINEL, 60),
            ("a", SENTINEL, 91),
            ("a", SENTINEL, 62),
        ]);
        let sessions: Vec<_> = day.iter().map(|visitor| &visitor.session_id).collect();
        assert_eq!((sessions[0], sessions[1]), (sessions[1], sessions[2]));
        assert_ne!(sessions[2], sessions[3]);
        assert_eq!(sessions[3], sessions[4], "an event out of order ends nothing");
        assert_eq!(&sessions[3][14..15], "7");
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
