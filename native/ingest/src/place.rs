//! Where an address is: the `$geoip_*` properties of events and persons.
//!
//! A `.mmdb` file (city or country schema) answers with all it knows. Without one the registries' own lists of
//! address blocks give the country. Loopback, private and other addresses that nobody can be at have no place.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;

use columns::shredded::SHREDDED;
use maxminddb::{Reader, geoip2};
use rustc_hash::FxHashMap;

use crate::countries::{continent_name, country};
use crate::keys::initial;

/// Addresses remembered before the memory starts anew.
const ADDRESSES_MAX: usize = 65_536;
/// Longer texts are no addresses.
const ADDRESS_BYTES_MAX: usize = 64;

/// A field that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// `$geoip_…`
    pub name: String,
    /// `$initial_geoip_…`
    pub initial: String,
    /// The value as JSON.
    pub json: String,
}

/// All that is known of an address, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The fields.
    pub fields: Vec<Field>,
    /// The fields as members of a JSON object, without braces.
    pub members: String,
    /// Index into [`SHREDDED`] and text of each field that has a column.
    pub shredded: Vec<(usize, String)>,
    /// Tells one set of fields' names from another.
    pub names_hash: u64,
}

/// Finds places.
#[derive(Default)]
pub struct Places {
    database: Option<Reader<Vec<u8>>>,
    remembered: FxHashMap<String, Option<Arc<Place>>>,
}

impl Places {
    /// Places from the `.mmdb` file at `path`, or from the registries' lists.
    pub fn open(path: Option<&Path>) -> Result<Self, maxminddb::MaxMindDbError> {
        let database = path.map(Reader::open_readfile).transpose()?;
        Ok(Self { database, remembered: FxHashMap::default() })
    }

    /// The place of an address written as text.
    pub fn find(&mut self, address: &str) -> Option<Arc<Place>> {
        if address.is_empty() || address.len() > ADDRESS_BYTES_MAX {
            return None;
        }
        if let Some(place) = self.remembered.get(address) {
            return place.clone();
        }
        let place = address.trim().parse().ok().and_then(|parsed| self.look_up(parsed)).map(Arc::new);
        if self.remembered.len() >= ADDRESSES_MAX {
            self.remembered.clear();
        }
        self.remembered.insert(address.to_string(), place.clone());
        place
    }

    fn look_up(&self, address: IpAddr) -> Option<Place> {
        let address = address.to_canonical();
        if !is_public(address) {
            return None;
        }
        let place = match &self.database {
            Some(database) => place_in(database, address)?,
            None => place_of_country(iptocc::country_code(address)?),
        };
        (!place.fields.is_empty()).then_some(place)
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || first == 0
        || shared)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    !(address.is_loopback()
        || address.is_unspecified()
        || address.is_multicast()
        || address.is_unique_local()
        || address.is_unicast_link_local())
}

fn place_of_country(code: &str) -> Place {
    let mut place = Place::default();
    match country(code) {
        Some(country) => {
            place.add_text("country_name", Some(country.name));
            place.add_text("country_code", Some(country.code));
            place.add_text("continent_name", continent_name(country.continent));
            place.add_text("continent_code", Some(country.continent));
        }
        None => place.add_text("country_code", Some(code)),
    }
    place
}

/// The city schema holds the country schema's fields, so one reading serves both kinds of file.
fn place_in(database: &Reader<Vec<u8>>, address: IpAddr) -> Option<Place> {
    let found: geoip2::City<'_> = database.lookup(address).ok()?.decode().ok()??;
    let mut place = Place::default();
    place.add_text("city_name", found.city.names.english);
    place.add_text("country_name", found.country.names.english);
    place.add_text("country_code", found.country.iso_code);
    place.add_text("continent_name", found.continent.names.english);
    place.add_text("continent_code", found.continent.code);
    place.add_text("postal_code", found.postal.code);
    place.add_number("latitude", found.location.latitude.filter(|degrees| degrees.is_finite()));
    place.add_number("longitude", found.location.longitude.filter(|degrees| degrees.is_finite()));
    place.add_number("accuracy_radius", found.location.accuracy_radius);
    place.add_text("time_zone", found.location.time_zone);
    for (at, subdivision) in found.subdivisions.iter().enumerate().map(|(at, found)| (at + 1, found)) {
        place.add_text(&format!("subdivision_{at}_code"), subdivision.iso_code);
        place.add_text(&format!("subdivision_{at}_name"), subdivision.names.english);
    }
    Some(place)
}

impl Place {
    fn add_text(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let mut json = String::new();
            json::push_string(&mut json, value);
            self.add(name, value, json);
        }
    }

    fn add_number(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.add(name, &value.to_string(), value.to_string());
        }
    }

    fn add(&mut self, name: &str, text: &str, json: String) {
        let name = format!("$geoip_{name}");
        if !self.members.is_empty() {
            self.members.push(',');
        }
        json::push_string(&mut self.members, &name);
        self.members.push(':');
        self.members.push_str(&json);
        if let Some(index) = SHREDDED.iter().position(|shredded| shredded.property == name) {
            self.shredded.push((index, text.to_string()));
        }
        self.names_hash = self.names_hash.rotate_left(7) ^ crate::keys::hash(&name);
        self.fields.push(Field { initial: initial(&name), name, json });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_has_a_country_without_any_database() {
        let place = Places::default().find("89.160.20.129").unwrap();
        assert_eq!(
            place.members,
            r#""$geoip_country_name":"Sweden","$geoip_country_code":"SE","$geoip_continent_name":"Europe","$geoip_continent_code":"EU""#
        );
        assert_eq!(place.fields[1].initial, "$initial_geoip_country_code");
        assert_eq!(place.shredded.len(), 3);
    }

    #[test]
    fn addresses_that_nobody_can_be_at_have_no_place() {
        let mut places = Places::default();
        for address in [
            "",
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.9.9",
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "not an address",
            "1.2.3",
            "255.255.255.255",
        ] {
            assert_eq!(places.find(address), None, "{address}");
        }
        assert!(places.find("::ffff:89.160.20.129").is_some());
    }

    #[test]
    fn a_file_that_is_no_database_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Places::open(Some(file.path())).is_err());
    }
}
