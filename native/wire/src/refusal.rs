//! The refusal of a whole request, on its way to becoming an answer.

use std::borrow::Cow;

use crate::{Answer, DropReason};

/// What a plain text refusal says, and the reason it is counted under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// The reason.
    pub reason: DropReason,
    /// The body.
    pub text: Cow<'static, str>,
}

impl Refusal {
    /// A refusal with this text.
    pub fn new(status: u16, reason: DropReason, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status, reason, text: text.into() }
    }

    /// A payload that does not decode.
    pub fn decoding(why: &str) -> Self {
        Self::new(400, DropReason::RejectedDecoding, format!("failed to decode request: {why}"))
    }

    /// A payload that is not JSON of a known shape.
    pub fn parsing(why: impl std::fmt::Display) -> Self {
        Self::new(400, DropReason::RejectedParsing, format!("failed to parse request: {why}"))
    }

    /// Something larger than its limit.
    pub fn too_big(what: &str, limit: usize) -> Self {
        let text = format!("maximum event size exceeded: {what} over {limit} bytes");
        Self::new(413, DropReason::RejectedTooBig, text)
    }

    /// More events than one request may hold.
    pub fn too_many(limit: usize) -> Self {
        let text = format!("maximum event size exceeded: more than {limit} events in one request");
        Self::new(413, DropReason::RejectedTooBig, text)
    }

    /// A well-formed token of no project.
    pub fn unknown_token() -> Self {
        let text = "no project has this project API key; copy it from the project's settings";
        Self::new(401, DropReason::UnknownToken, text)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::refuse(refusal.status, refusal.reason, refusal.text)
    }
}
