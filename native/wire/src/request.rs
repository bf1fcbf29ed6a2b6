//! A request as the HTTP server hands it over.

use crate::Route;

/// One request, borrowed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Which endpoint it came to.
    pub route: Route,
    /// GET rather than POST.
    pub is_get: bool,
    /// The raw query string, without the question mark.
    pub query: &'a str,
    /// The headers that capture reads.
    pub headers: Headers<'a>,
    /// The body as it was on the wire.
    pub body: &'a [u8],
    /// The client's address; empty where unknown.
    pub client_address: &'a str,
    /// Now, in microseconds since 1970.
    pub received_at_us: i64,
}

/// The headers that capture reads, as sent.
#[derive(Debug, Clone, Copy, Default)]
pub struct Headers<'a> {
    /// `Content-Type`
    pub content_type: Option<&'a str>,
    /// `Content-Encoding`
    pub content_encoding: Option<&'a str>,
    /// `User-Agent`
    pub user_agent: Option<&'a str>,
    /// `Authorization`
    pub authorization: Option<&'a str>,
    /// `PostHog-Sdk-Info`
    pub sdk_info: Option<&'a str>,
    /// `PostHog-Attempt`
    pub attempt: Option<&'a str>,
    /// `PostHog-Request-Id`
    pub request_id: Option<&'a str>,
    /// `PostHog-Request-Timestamp`
    pub request_timestamp: Option<&'a str>,
}

impl<'a> Headers<'a> {
    /// The token of `Authorization: Bearer <token>`, trimmed. `Some(None)` is another scheme.
    pub fn bearer(&self) -> Option<Option<&'a str>> {
        let header = self.authorization?.trim();
        let (scheme, token) = header.split_once([' ', '\t']).unwrap_or((header, ""));
        Some(scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()))
    }
}
