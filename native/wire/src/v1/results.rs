//! The answer to an accepted v1 request: one result an event.

use uuid::Uuid;

use super::verdict::Verdict;

/// Builds `{"results":{"<uuid>":{"result":…}}}`.
#[derive(Debug)]
pub struct Results {
    body: String,
}

impl Results {
    /// Room for `count` results.
    pub fn with_capacity(count: usize) -> Self {
        let mut body = String::with_capacity(16 + 56 * count);
        body.push_str("{\"results\":{");
        Self { body }
    }

    /// Appends the result of one event.
    pub fn push(&mut self, uuid: &Uuid, verdict: Verdict) {
        let mut buffer = Uuid::encode_buffer();
        json::push_key(&mut self.body, uuid.hyphenated().encode_lower(&mut buffer));
        let (result, details) = match verdict {
            Verdict::Keep => ("ok", None),
            Verdict::KeepPersonless => ("ok", Some("person_processing_disabled")),
            Verdict::Drop(_) if verdict.is_over_quota() => ("drop", Some("billing_limit_exceeded")),
            Verdict::Drop(reason) => ("drop", Some(reason.name())),
        };
        self.body.push_str("{\"result\":\"");
        self.body.push_str(result);
        if let Some(details) = details {
            self.body.push_str("\",\"details\":\"");
            self.body.push_str(details);
        }
        self.body.push_str("\"}");
    }

    /// The finished body.
    pub fn finish(mut self) -> Vec<u8> {
        self.body.push_str("}}");
        self.body.into_bytes()
    }
}
