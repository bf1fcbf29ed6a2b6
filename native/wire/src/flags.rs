//! Requests for feature flags: query and body, through form, base64 and gzip, to JSON text.
//!
//! What the fields of that text mean is not decided here.

mod lenient;

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::inflate::{self, InflateError};
use crate::query;

/// How large a body may be once it is inflated.
pub const BODY_BYTES_MAX: usize = 10 << 20;

/// A gzip stream is known by these two bytes alone.
const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why a request could not be decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// It is not what it claims to be.
    Undecodable(Cow<'static, str>),
    /// It is, or would become, larger than [`BODY_BYTES_MAX`].
    TooLarge,
}

/// Compression that a query names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `gzip`, `gzip-js`
    Gzip,
    /// `base64`
    Base64,
}

/// What a query string asks for. Empty values count as absent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// `v` or `version`; what is not a number is 1.
    pub version: Option<i64>,
    /// `config`
    pub config: Option<bool>,
    /// `compression`
    pub compression: Option<Compression>,
    /// `only_evaluate_survey_feature_flags`
    pub only_survey_flags: bool,
    /// `only_use_override_person_properties`
    pub only_given_properties: bool,
}

impl Query {
    /// Reads a raw query string.
    pub fn read(text: &str) -> Result<Self, Failure> {
        let is_true = |value: Cow<'_, str>| matches!(&*value, "1" | "true" | "True" | "TRUE");
        let value = |name| query::value(text, name);
        Ok(Self {
            version: value("v").or_else(|| value("version")).map(|value| value.parse().unwrap_or(1)),
            config: value("config").map(is_true),
            compression: match value("compression").as_deref() {
                None => None,
                Some("gzip" | "gzip-js") => Some(Compression::Gzip),
                Some("base64") => Some(Compression::Base64),
                Some(_) => return Err(Failure::Undecodable("unsupported compression".into())),
            },
            only_survey_flags: value("only_evaluate_survey_feature_flags").is_some_and(is_true),
            only_given_properties: value("only_use_override_person_properties").is_some_and(is_true),
        })
    }
}

/// What is in a body: valid JSON (RFC 8259, apart from unpaired surrogate escapes) of bounded depth.
pub fn json<'a>(
    query: &Query,
    content_type: Option<&str>,
    content_encoding: Option<&str>,
    body: &'a [u8],
) -> Result<Cow<'a, str>, Failure> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Failure::TooLarge);
    }
    let content_type = content_type.unwrap_or("").split(';').next().unwrap_or("").trim();
    let encoding = content_encoding.unwrap_or("").to_ascii_lowercase();
    let is_gzip = query.compression == Some(Compression::Gzip)
        || encoding.contains("gzip")
        || body.starts_with(&GZIP_MAGIC);
    if content_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        if is_gzip {
            return Err(undecodable("gzip is not understood in a form"));
        }
        // curl calls any `--data` a form. No form and no base64 begins with a brace.
        if body.trim_ascii_start().starts_with(b"{") {
            return from_text(String::from_utf8_lossy(body));
        }
        return from_base64(form_data(body)).map(Cow::Owned);
    }
    if !["", "application/json", "text/plain"].iter().any(|known| content_type.eq_ignore_ascii_case(known)) {
        return Err(undecodable("unsupported content type"));
    }
    if !is_gzip {
        return from_text(String::from_utf8_lossy(body));
    }
    match inflate::gunzip(body, BODY_BYTES_MAX) {
        Ok(plain) => from_text(Cow::Owned(lossy(plain))),
        Err(InflateError::TooBig) => Err(Failure::TooLarge),
        Err(InflateError::Malformed) => Err(undecodable("invalid gzip data")),
    }
}

fn undecodable(why: &'static str) -> Failure {
    Failure::Undecodable(Cow::Borrowed(why))
}

/// JSON, what browsers and interpreters take for JSON, or base64 of either.
fn from_text(text: Cow<'_, str>) -> Result<Cow<'_, str>, Failure> {
    if let Some(json) = lenient::json(&text) {
        return Ok(json.map_or(text, Cow::Owned));
    }
    from_base64(&text.into_owned().into_bytes()).map(Cow::Owned)
}

/// What follows `data=`, or the whole form where no field is named so.
fn form_data(body: &[u8]) -> &[u8] {
    let mut fields = body.split(|byte| *byte == b'&');
    fields.find_map(|field| field.strip_prefix(b"data=")).unwrap_or(body)
}

fn from_base64(escaped: &[u8]) -> Result<String, Failure> {
    let mut encoded = query::percent_decode_base64(escaped).into_owned();
    encoded.retain(|byte| !byte.is_ascii_whitespace());
    let decoded = BASE64.decode(&encoded).map_err(|_| undecodable("neither JSON nor base64"))?;
    let text = lossy(decoded);
    let json = lenient::json(&text).ok_or_else(|| undecodable("no JSON inside base64"))?;
    Ok(json.unwrap_or(text))
}

/// Bytes as text, invalid sequences replaced.
fn lossy(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests;
