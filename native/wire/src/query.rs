//! Query strings and form bodies: the few fields that capture reads.

use std::borrow::Cow;

use crate::refusal::Refusal;
use crate::{DropReason, timestamp};

/// A compression that a client names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `gzip`, `gzip-js`
    Gzip,
    /// `lz64`, `lz-string`
    Lz64,
    /// `base64`, `b64`
    Base64,
}

impl Compression {
    /// Reads a name as it is spelled; unknown ones mean nothing.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "gzip" | "gzip-js" => Some(Self::Gzip),
            "lz64" | "lz-string" => Some(Self::Lz64),
            "base64" | "b64" => Some(Self::Base64),
            _ => None,
        }
    }

    fn from_field(value: &[u8]) -> Option<Self> {
        Self::named(&String::from_utf8_lossy(value).to_ascii_lowercase())
    }
}

/// What a query string says.
#[derive(Debug, Default)]
pub struct Parameters<'a> {
    /// `data`
    pub data: Option<Cow<'a, [u8]>>,
    /// `compression`
    pub compression: Option<Compression>,
    /// `_` or `sent_at`
    pub sent_at_us: Option<i64>,
    /// `beacon=1`
    pub is_beacon: bool,
}

impl<'a> Parameters<'a> {
    /// Reads a raw query string.
    pub fn read(query: &'a str) -> Result<Self, Refusal> {
        let mut parameters = Self::default();
        if query.is_empty() {
            return Ok(parameters);
        }
        let (mut data, mut compression, mut sent_at, mut beacon) = (Once, Once, Once, Once);
        for (key, value) in fields(query.as_bytes()) {
            match &*key {
                b"data" => {
                    data = data.again("data")?;
                    parameters.data = Some(value);
                }
                b"compression" => {
                    compression = compression.again("compression")?;
                    parameters.compression = Compression::from_field(&value);
                }
                b"_" | b"sent_at" => {
                    sent_at = sent_at.again("sent_at")?;
                    parameters.sent_at_us = timestamp::from_sent_at_ms(integer("sent_at", &value)?);
                }
                b"beacon" => {
                    beacon = beacon.again("beacon")?;
                    parameters.is_beacon = integer("beacon", &value)? == 1;
                }
                _ => {}
            }
        }
        Ok(parameters)
    }
}

/// What a form body says.
#[derive(Debug, Default)]
pub struct Form<'a> {
    /// `data`
    pub data: Option<Cow<'a, [u8]>>,
    /// `compression`
    pub compression: Option<Compression>,
}

impl<'a> Form<'a> {
    /// Reads a form body. Of repeated fields the last one counts.
    pub fn read(body: &'a [u8]) -> Self {
        let mut form = Self::default();
        for (key, value) in fields(body) {
            match &*key {
                b"data" => form.data = Some(value),
                b"compression" => form.compression = Compression::from_field(&value),
                _ => {}
            }
        }
        form
    }
}

/// Two states of a field that may stand once: not seen, and seen.
#[derive(Clone, Copy)]
enum Seen {
    Once,
    Twice,
}
use Seen::Once;

impl Seen {
    fn again(self, name: &str) -> Result<Self, Refusal> {
        match self {
            Once => Ok(Self::Twice),
            Self::Twice => Err(bad_query(&format!("duplicate field `{name}`"))),
        }
    }
}

fn bad_query(why: &str) -> Refusal {
    Refusal::new(400, DropReason::RejectedQuery, format!("failed to deserialize query string: {why}"))
}

fn integer(name: &str, value: &[u8]) -> Result<i64, Refusal> {
    let parsed = std::str::from_utf8(value).ok().and_then(|value| value.parse().ok());
    parsed.ok_or_else(|| bad_query(&format!("`{name}` is not an integer")))
}

/// The first value of `name` in a query string, for endpoints that only glance at it; `None` if it is empty.
pub fn value<'a>(query: &'a str, name: &str) -> Option<Cow<'a, str>> {
    let (_, value) = fields(query.as_bytes()).find(|(key, _)| **key == *name.as_bytes())?;
    let text = match value {
        Cow::Borrowed(bytes) => String::from_utf8_lossy(bytes),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8_lossy(&bytes).into_owned()),
    };
    Some(text).filter(|text| !text.is_empty())
}

/// The fields of `application/x-www-form-urlencoded` text.
pub fn fields(bytes: &[u8]) -> impl Iterator<Item = (Cow<'_, [u8]>, Cow<'_, [u8]>)> {
    bytes.split(|byte| *byte == b'&').filter(|field| !field.is_empty()).map(|field| {
        let at = field.iter().position(|byte| *byte == b'=');
        let (key, value) = at.map_or((field, &b""[..]), |at| (&field[..at], &field[at + 1..]));
        (percent_decode(key), percent_decode(value))
    })
}

/// `%41` and `+`; a percent sign without two digits stays what it is.
fn percent_decode(bytes: &[u8]) -> Cow<'_, [u8]> {
    unescape(bytes, b' ')
}

/// `%41`; a plus stays a plus, as base64 needs it.
pub fn percent_decode_base64(bytes: &[u8]) -> Cow<'_, [u8]> {
    unescape(bytes, b'+')
}

fn unescape(bytes: &[u8], plus: u8) -> Cow<'_, [u8]> {
    let Some(first) = bytes.iter().position(|byte| matches!(byte, b'%' | b'+')) else {
        return Cow::Borrowed(bytes);
    };
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&bytes[..first]);
    let mut rest = &bytes[first..];
    while let [byte, tail @ ..] = rest {
        rest = tail;
        match (byte, tail) {
            (b'+', _) => out.push(plus),
            (b'%', [high, low, after @ ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    out.push(high << 4 | low);
                    rest = after;
                }
                _ => out.push(b'%'),
            },
            _ => out.push(*byte),
        }
    }
    Cow::Owned(out)
}

fn hex(digit: u8) -> Option<u8> {
    (digit as char).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_fields_are_read_and_others_ignored() {
        let read =
            Parameters::read("ver=1&compression=GZip-JS&_=1758110400000&beacon=1&data=a%2Bb+c%zz&ip=1")
                .unwrap();
        assert_eq!(read.compression, Some(Compression::Gzip));
        assert_eq!(read.sent_at_us, Some(1_758_110_400_000_000));
        assert!(read.is_beacon);
        assert_eq!(read.data.as_deref(), Some(&b"a+b c%zz"[..]));
        assert!(!Parameters::read("beacon=2&compression=zstd").unwrap().is_beacon);
    }

    #[test]
    fn a_value_is_found_by_its_name_and_decoded() {
        let query = "a=1&token=phc_%41b+c%zz&token=second&empty=&%62=x";
        assert_eq!(value(query, "token").as_deref(), Some("phc_Ab c%zz"));
        assert_eq!(value(query, "b").as_deref(), Some("x"));
        assert_eq!((value(query, "empty"), value(query, "c")), (None, None));
    }

    #[test]
    fn fields_that_do_not_parse_or_repeat_are_refused() {
        for query in ["beacon=true", "beacon=", "_=x", "_=1&sent_at=2", "data=1&data=2", "beacon=1&beacon=1"]
        {
            assert_eq!(Parameters::read(query).unwrap_err().status, 400, "{query}");
        }
        assert!(Parameters::read("ver=1&ver=2&ip=0&ip=1").is_ok());
    }
}
