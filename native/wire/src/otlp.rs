//! OTLP requests, protobuf or JSON, as the generated types. What becomes of them is `otel`'s and `telemetry`'s.
//!
//! Promises:
//! - The content type is ignored: protobuf is tried first, then JSON, then JSON Lines, whose lines are merged.
//! - JSON is turned into protobuf and read by the same reader, so both forms of an export give the same records.
//! - A body is surveyed before it is decoded: [`MESSAGES_MAX`] bounds what a small body can take in memory.

pub(crate) mod schema;
mod survey;
mod transcode;
pub(crate) mod value;

use std::borrow::Cow;

use schema::Message;

use crate::inflate::{self, GZIP_MAGIC, InflateError};
use crate::refusal::Refusal;
use crate::{DropReason, Request, query};

/// How many messages (resources, records, attributes, values, …) one body may hold.
pub(crate) const MESSAGES_MAX: usize = 400_000;

/// The refusal of an export that breaks a rule of its endpoint.
pub(crate) fn invalid(why: impl std::fmt::Display) -> Refusal {
    Refusal::new(400, DropReason::InvalidOtlp, format!("failed to parse request: {why}"))
}

/// Why a body is not an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Undecodable {
    /// Neither protobuf nor JSON of the right shape.
    Shape(String),
    /// Over [`MESSAGES_MAX`].
    TooManyMessages,
}

impl std::fmt::Display for Undecodable {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Shape(why) => write!(formatter, "{why}"),
            Self::TooManyMessages => write!(formatter, "more than {MESSAGES_MAX} nested messages"),
        }
    }
}

/// The body, inflated if its first bytes, its header or the query say gzip. Both forms keep to `limit`.
pub(crate) fn inflated<'a>(request: &Request<'a>, limit: usize) -> Result<Cow<'a, [u8]>, Refusal> {
    if request.body.len() > limit {
        return Err(Refusal::too_big("request body", limit));
    }
    if !request.body.starts_with(&GZIP_MAGIC) && !claims_gzip(request) {
        return Ok(Cow::Borrowed(request.body));
    }
    inflate::gunzip(request.body, limit).map(Cow::Owned).map_err(|error| match error {
        InflateError::TooBig => Refusal::too_big("inflated request body", limit),
        InflateError::Malformed => Refusal::decoding("invalid GZIP data"),
    })
}

fn claims_gzip(request: &Request<'_>) -> bool {
    let is_gzip = |name: &str| name.trim().eq_ignore_ascii_case("gzip");
    request.headers.content_encoding.is_some_and(is_gzip)
        || query::value(request.query, "compression")
            .is_some_and(|name| is_gzip(&name) || name.eq_ignore_ascii_case("gzip-js"))
}

/// Reads `body` as the export that `message` describes. An empty body is an empty export.
pub(crate) fn decode<M: prost::Message + Default>(
    body: &[u8],
    message: &'static Message,
) -> Result<M, Undecodable> {
    let decoded = decode_protobuf::<M>(body, message);
    match &decoded {
        // Bytes that say nothing at all as protobuf may well say something as JSON.
        Ok(export) if body.is_empty() || export.encoded_len() > 0 => return decoded,
        Err(Undecodable::TooManyMessages) => return decoded,
        _ => {}
    }
    match transcode(body, message) {
        Ok(protobuf) => decode_protobuf(&protobuf, message),
        Err(why) => decoded.map_err(|_| Undecodable::Shape(why)),
    }
}

fn decode_protobuf<M: prost::Message + Default>(
    body: &[u8],
    message: &'static Message,
) -> Result<M, Undecodable> {
    match survey::messages(body, message, MESSAGES_MAX) {
        None => Err(Undecodable::Shape("not protobuf".to_owned())),
        Some(count) if count > MESSAGES_MAX => Err(Undecodable::TooManyMessages),
        Some(_) => M::decode(body).map_err(|error| Undecodable::Shape(error.to_string())),
    }
}

/// The protobuf of a JSON document, or of JSON Lines.
fn transcode(body: &[u8], message: &'static Message) -> Result<Vec<u8>, String> {
    let text = simdutf8::basic::from_utf8(body).map_err(|_| "neither protobuf nor UTF-8".to_owned())?;
    let text = text.trim_start_matches('\u{feff}');
    let mut protobuf = Vec::with_capacity(body.len());
    let Err(whole) = transcode::append(&mut protobuf, text, message) else { return Ok(protobuf) };
    // Protobuf merges by concatenation: the lines' resources end up in one list.
    protobuf.clear();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        if transcode::append(&mut protobuf, line, message).is_err() {
            return Err(whole.to_string());
        }
    }
    Ok(protobuf)
}
