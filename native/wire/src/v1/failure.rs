//! The refusal of a whole v1 request.

use crate::answer::JSON;
use crate::{Answer, DropReason};

/// A refusal with its tag, which SDKs read, and its description, which people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    tag: &'static str,
    description: &'static str,
    /// What is counted, where that is not the tag's own reason.
    dropped: Vec<(DropReason, u32)>,
}

impl Failure {
    /// A refusal under `tag`.
    pub fn new(tag: &'static str, description: &'static str) -> Self {
        Self { tag, description, dropped: Vec::new() }
    }

    /// A well-formed token of no project.
    pub fn unknown_token() -> Self {
        let description = "no project has this project API key; copy it from the project's settings";
        Self { dropped: vec![(DropReason::UnknownToken, 1)], ..Self::new("invalid_api_token", description) }
    }

    /// A request of which quotas leave nothing; each of its events is counted.
    pub fn over_quota(dropped: Vec<(DropReason, u32)>) -> Self {
        Self { dropped, ..Self::new("billing_limit_exceeded", "the project is over its quota") }
    }

    fn status(&self) -> u16 {
        match self.tag {
            "missing_authorization" | "invalid_api_token" => 401,
            "billing_limit_exceeded" => 402,
            "payload_too_large" => 413,
            "unsupported_content_type" | "unsupported_encoding" => 415,
            _ => 400,
        }
    }

    fn reason(&self) -> DropReason {
        match self.tag {
            "missing_authorization" | "invalid_api_token" => DropReason::RejectedToken,
            "missing_required_headers" | "invalid_header_value" => DropReason::RejectedHeaders,
            "unsupported_content_type" | "unsupported_encoding" => DropReason::RejectedUnsupported,
            "payload_too_large" => DropReason::RejectedTooBig,
            "empty_body" | "empty_batch" => DropReason::RejectedEmpty,
            "request_decoding_error" => DropReason::RejectedDecoding,
            "invalid_batch" => DropReason::InvalidBatch,
            "missing_event_uuid" | "invalid_event_uuid" | "duplicate_event_uuid" => {
                DropReason::InvalidEventUuid
            }
            _ => DropReason::RejectedParsing,
        }
    }
}

impl From<Failure> for Answer {
    fn from(failure: Failure) -> Self {
        let mut body = String::from("{");
        for (key, text) in [
            ("error", failure.tag),
            ("error_description", failure.description),
            ("error_uri", "https://posthog.com/docs/api"),
        ] {
            json::push_key(&mut body, key);
            json::push_string(&mut body, text);
        }
        body.push('}');
        let mut answer = Self::new(failure.status(), Some(JSON), body.into_bytes());
        if failure.dropped.is_empty() {
            answer.count(failure.reason(), 1);
        } else {
            answer.dropped = failure.dropped;
        }
        answer
    }
}
