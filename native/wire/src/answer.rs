//! What to say to the client and what to keep of its request.

use std::borrow::Cow;

use record::Encoder;

use crate::DropReason;

/// The journal lane that records belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Lane {
    /// Analytics and AI events.
    Events = 0,
    /// Session recordings.
    Replay = 1,
    /// Logs, spans and metrics.
    Telemetry = 2,
}

/// The outcome of a request. The answer may be sent once the records are durable, and not before.
///
/// Headers that depend on the request's origin (CORS) are not here; `Date` and the echo of the request id,
/// which the v1 protocol asks for, are.
#[derive(Debug)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// HTTP body.
    pub body: Cow<'static, [u8]>,
    /// The body's type; `None` for an empty body.
    pub content_type: Option<&'static str>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// Where the records go.
    pub lane: Lane,
    /// What to keep; empty if nothing.
    pub records: Encoder,
    /// What was refused or dropped, and how often.
    pub dropped: Vec<(DropReason, u32)>,
}

/// The type of plain text answers.
pub(crate) const TEXT: &str = "text/plain; charset=utf-8";
/// The type of JSON answers.
pub(crate) const JSON: &str = "application/json";

/// The body of the v0 success.
pub const OK_BODY: &[u8] = b"{\"status\":\"Ok\"}";

impl Answer {
    /// An answer that keeps nothing.
    pub fn new(status: u16, content_type: Option<&'static str>, body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self {
            status,
            body: body.into(),
            content_type,
            headers: Vec::new(),
            lane: Lane::Events,
            records: Encoder::default(),
            dropped: Vec::new(),
        }
    }

    /// 200 with a JSON body.
    pub fn json(body: impl Into<Cow<'static, [u8]>>) -> Self {
        Self::new(200, Some(JSON), body)
    }

    /// The v0 success.
    pub fn ok() -> Self {
        Self::json(OK_BODY)
    }

    /// A success without a body.
    pub fn no_content() -> Self {
        Self::new(204, None, &b""[..])
    }

    /// A refusal of the whole request in plain text, counted under its reason.
    pub fn refuse(status: u16, reason: DropReason, text: impl Into<Cow<'static, str>>) -> Self {
        let body = match text.into() {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        };
        Self::new(status, Some(TEXT), body).with_dropped(reason, 1)
    }

    /// The same, keeping `records`.
    #[must_use]
    pub fn with_records(mut self, lane: Lane, records: Encoder) -> Self {
        self.lane = lane;
        self.records = records;
        self
    }

    /// The same, with `count` more under `reason`.
    #[must_use]
    pub fn with_dropped(mut self, reason: DropReason, count: u32) -> Self {
        self.count(reason, count);
        self
    }

    /// Counts `count` more under `reason`.
    pub fn count(&mut self, reason: DropReason, count: u32) {
        if count == 0 {
            return;
        }
        match self.dropped.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, counted)) => *counted += count,
            None => self.dropped.push((reason, count)),
        }
    }
}
