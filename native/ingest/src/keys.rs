//! The properties that ingest looks at, found by one probe of a small table.

use std::sync::OnceLock;

use columns::shredded::SHREDDED;

macro_rules! keys {
    ($($name:ident $text:literal,)*) => {
        /// A property that some step asks for by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        #[expect(clippy::enum_variant_names, reason = "properties are called what they are called")]
        pub enum Key {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        const NAMED: &[&str] = &[$($text,)*];
    };
}

keys! {
    Ip "$ip",
    SentAt "$sent_at",
    Os "$os",
    OsName "$os_name",
    OsVersion "$os_version",
    IsServer "$is_server",
    GeoipDisable "$geoip_disable",
    ProcessPersonProfile "$process_person_profile",
    Set "$set",
    SetOnce "$set_once",
    Unset "$unset",
    Groups "$groups",
    GroupType "$group_type",
    GroupKey "$group_key",
    GroupSet "$group_set",
    Group0 "$group_0",
    Group1 "$group_1",
    Group2 "$group_2",
    Group3 "$group_3",
    Group4 "$group_4",
    Elements "$elements",
    ElementsChain "$elements_chain",
    HeatmapData "$heatmap_data",
    PreviousPathname "$prev_pageview_pathname",
    PreviousScroll "$prev_pageview_max_scroll",
    CurrentUrl "$current_url",
    ViewportWidth "$viewport_width",
    ViewportHeight "$viewport_height",
    SessionId "$session_id",
    DeviceId "$device_id",
    AnonymousDistinctId "$anon_distinct_id",
    Alias "alias",
    CookielessMode "$cookieless_mode",
    CookielessExtra "$cookieless_extra",
    RawUserAgent "$raw_user_agent",
    Host "$host",
    TimeZone "$timezone",
    ProductTourId "$product_tour_id",
    WarningMessage "$$client_ingestion_warning_message",
}

/// Copied to the person: to `$set` as they are, to `$set_once` as `$initial_…`.
const LIFTED: &[&str] = &[
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
    "$os_name",
    "$os_version",
    "$referring_domain",
    "$referrer",
    "$screen_height",
    "$screen_width",
    "$viewport_height",
    "$viewport_width",
    "$raw_user_agent",
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_content",
    "utm_name",
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
    "irclid",
    "_kx",
    "epik",
    "qclid",
    "sccid",
];

/// Removed from every event before it is stored.
const STRIPPED: &[&str] = &[
    "ph_product_tours",
    "$session_recording_remote_config",
    "$product_tours_activated",
    "$product_tours_enabled_server_side",
    "$surveys_activated",
    "$feature_flag_payloads",
    "$override_feature_flag_payloads",
];

/// What is known of a property by its name.
#[derive(Debug)]
pub struct Known {
    /// The property's name.
    pub name: &'static str,
    /// Its index in [`SHREDDED`].
    pub shredded: Option<usize>,
    /// Where lifted, its names on the person: now, and first seen.
    pub lifted: Option<Lifted>,
    /// Whether it is removed from every event.
    pub stripped: bool,
}

/// The names that a lifted property has on the person.
#[derive(Debug)]
pub struct Lifted {
    /// The key in `$set`.
    pub current: &'static str,
    /// The key in `$set_once`.
    pub initial: String,
}

/// An index into [`Keys::known`]. A [`Key`] is the index of its own entry.
pub type KeyIndex = u8;

/// Upper limit of known keys; `slots` of a scan have this length.
pub const KNOWN_MAX: usize = 160;
const PROBES: usize = 1024;
const EMPTY: u8 = u8::MAX;

/// Every known key and the table that finds it.
pub struct Keys {
    /// Named keys first, in the order of [`Key`].
    pub known: Vec<Known>,
    probes: [u8; PROBES],
}

impl Keys {
    /// The one table of this process.
    pub fn get() -> &'static Self {
        static KEYS: OnceLock<Keys> = OnceLock::new();
        KEYS.get_or_init(Self::build)
    }

    fn build() -> Self {
        let mut names: Vec<&'static str> = NAMED.to_vec();
        let rest = SHREDDED.iter().map(|shredded| shredded.property);
        for name in rest.chain(LIFTED.iter().copied()).chain(STRIPPED.iter().copied()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut probes = [EMPTY; PROBES];
        for (index, name) in names.iter().enumerate().take(KNOWN_MAX) {
            let mut at = hash(name) as usize % PROBES;
            while probes[at] != EMPTY {
                at = (at + 1) % PROBES;
            }
            probes[at] = index as u8;
        }
        Self { known: names.into_iter().map(Known::new).collect(), probes }
    }

    /// The index of `name`, whose hash is `hashed`, if it is a known key.
    #[inline]
    pub fn find(&self, name: &str, hashed: u64) -> Option<KeyIndex> {
        let mut at = hashed as usize % PROBES;
        loop {
            let index = self.probes[at];
            if index == EMPTY {
                return None;
            }
            if self.known[index as usize].name == name {
                return Some(index);
            }
            at = (at + 1) % PROBES;
        }
    }
}

impl Known {
    fn new(name: &'static str) -> Self {
        let lifted = LIFTED.contains(&name).then(|| {
            let current = if name == "$os_name" { "$os" } else { name };
            Lifted { current, initial: initial(current) }
        });
        Self {
            name,
            shredded: SHREDDED.iter().position(|shredded| shredded.property == name),
            lifted,
            stripped: STRIPPED.contains(&name),
        }
    }
}

/// The `$initial_…` twin of a person property.
pub fn initial(name: &str) -> String {
    format!("$initial_{}", name.strip_prefix('$').unwrap_or(name))
}

/// A quick hash of a property's name: its length and its first and last eight bytes.
#[inline]
pub fn hash(name: &str) -> u64 {
    const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;
    let bytes = name.as_bytes();
    let length = bytes.len();
    let (first, last) = if length >= 8 {
        (word(&bytes[..8]), word(&bytes[length - 8..]))
    } else if length >= 4 {
        (half(&bytes[..4]), half(&bytes[length - 4..]))
    } else {
        let ends = bytes.first().map_or(0, |first| u64::from(*first) << 8 | u64::from(bytes[length - 1]));
        (ends, u64::from(bytes.get(1).copied().unwrap_or(0)))
    };
    let mixed = (first ^ last.rotate_left(29) ^ (length as u64) << 56).wrapping_mul(MULTIPLIER);
    (mixed ^ mixed >> 32).wrapping_mul(MULTIPLIER) >> 16
}

fn word(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

fn half(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, |half| u64::from(u32::from_le_bytes(half)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_key_is_found_and_others_are_not() {
        let keys = Keys::get();
        assert!(keys.known.len() < KNOWN_MAX);
        for (index, known) in keys.known.iter().enumerate() {
            assert_eq!(keys.find(known.name, hash(known.name)), Some(index as u8));
        }
        assert_eq!(keys.known[Key::WarningMessage as usize].name, "$$client_ingestion_warning_message");
        for name in ["", "a", "$", "$browse", "$browser_", "utm_sourc", "日本"] {
            assert_eq!(keys.find(name, hash(name)), None);
        }
    }

    #[test]
    fn the_operating_system_name_is_lifted_as_the_operating_system() {
        let known = Keys::get().known.iter().find(|known| known.name == "$os_name").unwrap();
        let lifted = known.lifted.as_ref().unwrap();
        assert_eq!((lifted.current, lifted.initial.as_str()), ("$os", "$initial_os"));
        assert_eq!(initial("utm_source"), "$initial_utm_source");
    }
}
