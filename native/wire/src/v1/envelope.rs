//! The headers of a v1 request.

use uuid::Uuid;

use super::failure::Failure;
use crate::{Headers, timestamp, token};

/// How the body is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// It is not.
    Identity,
    /// `gzip`
    Gzip,
    /// `deflate`, which is zlib.
    Deflate,
    /// `br`
    Brotli,
    /// `zstd`
    Zstd,
}

/// What the headers say.
#[derive(Debug, Clone, Copy)]
pub struct Envelope<'a> {
    /// The project's token.
    pub token: &'a str,
    /// The body's compression.
    pub encoding: Encoding,
    /// When the client sent the request, by its own clock.
    pub sent_at_us: i64,
    /// Name and version of the client's library.
    pub library: Option<(&'a str, &'a str)>,
}

/// `PostHog-Sdk-Info` over this length is ignored.
const LIBRARY_BYTES_MAX: usize = 200;

impl<'a> Envelope<'a> {
    /// Reads and checks the headers.
    pub fn read(headers: &Headers<'a>) -> Result<Self, Failure> {
        let bearer = headers
            .bearer()
            .ok_or_else(|| Failure::new("missing_authorization", "Authorization is missing"))?;
        let (Some(content_type), Some(_), Some(library), Some(attempt), Some(request_id), Some(sent_at)) = (
            headers.content_type,
            headers.user_agent,
            headers.sdk_info,
            headers.attempt,
            headers.request_id,
            headers.request_timestamp,
        ) else {
            return Err(Failure::new(
                "missing_required_headers",
                "Content-Type, User-Agent, PostHog-Sdk-Info, PostHog-Attempt, PostHog-Request-Id and \
                 PostHog-Request-Timestamp are required",
            ));
        };
        let bearer = bearer.ok_or_else(|| invalid("Authorization is not a Bearer token"))?;
        let token =
            token::check(bearer).map_err(|_| Failure::new("invalid_api_token", "not a project API key"))?;
        let media_type = content_type.split(';').next().unwrap_or("").trim();
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Failure::new("unsupported_content_type", "the body must be application/json"));
        }
        if !attempt.trim().parse::<u64>().is_ok_and(|attempt| attempt >= 1) {
            return Err(invalid("PostHog-Attempt is not a positive integer"));
        }
        if Uuid::try_parse(request_id.trim()).is_err() {
            return Err(invalid("PostHog-Request-Id is not a uuid"));
        }
        let sent_at_us = timestamp::parse_rfc3339(sent_at.trim())
            .ok_or_else(|| invalid("PostHog-Request-Timestamp is not RFC 3339"))?;
        let encoding = encoding(headers.content_encoding)?;
        Ok(Self { token, encoding, sent_at_us, library: split_library(library) })
    }
}

fn invalid(description: &'static str) -> Failure {
    Failure::new("invalid_header_value", description)
}

fn encoding(header: Option<&str>) -> Result<Encoding, Failure> {
    let name = header.unwrap_or("").trim().to_ascii_lowercase();
    match name.as_str() {
        "" | "identity" => Ok(Encoding::Identity),
        "gzip" => Ok(Encoding::Gzip),
        "deflate" => Ok(Encoding::Deflate),
        "br" => Ok(Encoding::Brotli),
        "zstd" => Ok(Encoding::Zstd),
        _ => Err(Failure::new("unsupported_encoding", "Content-Encoding must be gzip, deflate, br or zstd")),
    }
}

/// `<name>/<version>`, split at the last slash.
fn split_library(header: &str) -> Option<(&str, &str)> {
    let (name, version) = header.rsplit_once('/')?;
    let usable = header.len() <= LIBRARY_BYTES_MAX && !name.is_empty() && !version.is_empty();
    usable.then_some((name, version))
}
